import '@mantine/core/styles.layer.css';
import './styles/theme.css';
import './styles/base.css';
import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { createRoot } from 'react-dom/client';
import { onSessionEnded } from './api/client';
import { queryClient } from './api/queries';
import { router } from './app/router';
import { theme } from './app/theme';

// Wherever the session is found to have ended. The way leads back here after signing in.
onSessionEnded(() => {
  const here = router.state.location;
  if (here.pathname === '/sign-in') return;
  void router.navigate({ to: '/sign-in', search: { to: here.href, ended: 'yes' }, replace: true });
});

const place = document.getElementById('root');
if (place) {
  createRoot(place).render(
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      withCssVariables={false}
      withGlobalClasses={false}
      withStaticClasses={false}
    >
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>,
  );
}
