// The frame around every page that needs a session.
import { ActionIcon, Alert, Burger, Button, Drawer, Kbd, Text } from '@mantine/core';
import { useDisclosure, useHotkeys, useIdle } from '@mantine/hooks';
import { focusManager, useQuery } from '@tanstack/react-query';
import { Outlet, useRouterState } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { Icon } from '../components/Icon';
import { LinkText } from '../components/Link';
import { Brand } from './Brand';
import { ColorSchemeSwitch } from './ColorSchemeSwitch';
import { CommandPalette } from './CommandPalette';
import { EnvironmentSwitch } from './EnvironmentSwitch';
import { Navigation } from './Navigation';
import { overviewQuery } from './overview';
import { useCan } from './session';
import { UserMenu } from './UserMenu';

export function Shell() {
  const [menuOpened, menu] = useDisclosure(false);
  const [paletteOpened, palette] = useDisclosure(false);
  useHotkeys([
    ['mod+K', palette.open],
    ['/', palette.open],
  ]);
  const path = useRouterState({ select: (state) => state.location.pathname });
  // A page that was opened from the menu takes its place.
  useEffect(() => menu.close(), [path, menu.close]); // eslint-disable-line react/exhaustive-deps
  useQuietWhenIdle();
  useFocusOnNewPage(path);
  return (
    <div className="frame">
      <a className="skip" href="#content">
        Skip to the content
      </a>
      <header className="frame-header">
        <Burger
          className="only-narrow"
          size="sm"
          opened={menuOpened}
          onClick={menu.open}
          aria-label="Open the menu"
        />
        <LinkText to="/" c="inherit" underline="never" display="flex" aria-label="Patchbay, home">
          <Brand />
        </LinkText>
        <div className="grow" />
        <Button
          className="only-wide"
          variant="default"
          size="sm"
          leftSection={<Icon name="search" size={16} />}
          rightSection={<Kbd size="xs">Ctrl K</Kbd>}
          onClick={palette.open}
        >
          Go to…
        </Button>
        <ActionIcon
          className="only-narrow"
          variant="default"
          size="lg"
          aria-label="Go to…"
          onClick={palette.open}
        >
          <Icon name="search" />
        </ActionIcon>
        <div className="only-wide">
          <EnvironmentSwitch />
        </div>
        <ColorSchemeSwitch />
        <UserMenu />
      </header>
      <div className="frame-side">
        <Navigation />
      </div>
      <Drawer opened={menuOpened} onClose={menu.close} size={280} title={<Brand />}>
        <EnvironmentSwitch />
        <Navigation />
      </Drawer>
      <main className="frame-main" id="content" tabIndex={-1}>
        <SandboxBanner />
        <Outlet />
      </main>
      <CommandPalette opened={paletteOpened} onClose={palette.close} />
    </div>
  );
}

const kIdleAfterMs = 15 * 60_000;

/** A page that nobody looks at asks for nothing, so that its session ends when it is not used. */
function useQuietWhenIdle() {
  const isIdle = useIdle(kIdleAfterMs, { initialState: false });
  useEffect(() => focusManager.setFocused(isIdle ? false : undefined), [isIdle]);
}

/** A screen reader goes on where the new page begins, and not at a link that is gone. */
function useFocusOnNewPage(path: string) {
  const before = useRef(path);
  useEffect(() => {
    if (before.current === path) return;
    before.current = path;
    document.getElementById('content')?.focus({ preventScroll: true });
  }, [path]);
}

function SandboxBanner() {
  const can = useCan();
  const overview = useQuery({ ...overviewQuery, enabled: can('read') });
  if (!overview.data?.sandbox) return null;
  return (
    <Alert color="violet" variant="light" mb="md" py="xs" icon={<Icon name="flask" />}>
      <Text size="sm">
        <b>Sandbox.</b> This is the demo: an imitation of ConnectWise PSA with made-up data. Nothing here
        reaches a real system, and all of it is gone when the demo ends.
      </Text>
    </Alert>
  );
}
