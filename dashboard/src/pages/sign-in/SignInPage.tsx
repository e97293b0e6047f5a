import { Alert, Button, PasswordInput, Stack, Text, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useRouter, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { api } from '../../api/client';
import { queryClient } from '../../api/queries';
import { Brand } from '../../app/Brand';
import { sessionQuery, type Session } from '../../app/session';
import { Icon } from '../../components/Icon';
import { Problem } from '../../components/Problem';

// The link's secret stands behind the # so that it reaches no log. It is taken out of the address before
// anything else is done, once: it works once.
function takeLink(): string | undefined {
  const link = new URLSearchParams(window.location.hash.slice(1)).get('link') ?? undefined;
  if (link)
    window.history.replaceState(window.history.state, '', window.location.pathname + window.location.search);
  return link;
}
const link = takeLink();
let linkUsed = false;

/** Only a way within the dashboard: never another site. */
const within = (to: string | undefined) =>
  to && /^\/(?![/\\])/.test(to) && !to.startsWith('/sign-in') ? to : '/';

export default function SignInPage() {
  const router = useRouter();
  const { to, ended } = useSearch({ from: '/sign-in' });
  const [token, setToken] = useState('');
  const signIn = useMutation({
    mutationFn: (proof: { token: string } | { link: string }) =>
      api.quietly<Session>('POST', '/session', proof),
    onSuccess: (session) => {
      queryClient.clear();
      queryClient.setQueryData(sessionQuery.queryKey, session);
      setToken('');
      router.history.replace(router.options.basepath + within(to));
    },
  });
  // Not where the session is found to have ended: pages that still stand there would ask for it anew, and fail.
  useEffect(() => queryClient.clear(), []);
  useEffect(() => {
    document.title = 'Sign in · Patchbay';
    if (!link || linkUsed) return;
    linkUsed = true;
    signIn.mutate({ link });
  }, [signIn]);

  return (
    <main className="sign-in">
      <form
        className="card"
        onSubmit={(event) => {
          event.preventDefault();
          signIn.mutate({ token: token.trim() });
        }}
      >
        <Stack gap="md">
          <Brand />
          <Title order={1} size="h3">
            Sign in
          </Title>
          {ended && !signIn.error && (
            <Alert color="blue" variant="light" icon={<Icon name="alert" />} role="status">
              Your session has ended. Sign in to go on where you were.
            </Alert>
          )}
          <PasswordInput
            label="API token"
            description="It begins with pba_. The first one is in the file first-api-token of the data folder."
            placeholder="pba_…"
            value={token}
            onChange={(event) => setToken(event.currentTarget.value)}
            autoComplete="current-password"
            autoFocus
            required
            withAsterisk={false}
            visibilityToggleButtonProps={{ 'aria-label': 'Show the token' }}
          />
          {signIn.error && <Problem error={signIn.error} />}
          <Button type="submit" loading={signIn.isPending} disabled={!token.trim()}>
            Sign in
          </Button>
          <Text size="sm" c="dimmed">
            Without one at hand: <code>patchbay dashboard</code> prints a link that signs you in, once.
          </Text>
        </Stack>
      </form>
    </main>
  );
}
