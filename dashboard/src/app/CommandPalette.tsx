// Ctrl K: a page, an account or an action by a few letters of its name.
import {
  Modal,
  Text,
  TextInput,
  UnstyledButton,
  useMantineColorScheme,
  useComputedColorScheme,
} from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, type LinkProps } from '@tanstack/react-router';
import { useId, useMemo, useState, type KeyboardEvent } from 'react';
import { api, type Api, type Page } from '../api/client';
import { Icon, type IconName } from '../components/Icon';
import { sections, visible } from './sections';
import { useCan } from './session';
import { signOut } from './signOut';

type Command = { key: string; label: string; note: string; icon: IconName; words: string; run: () => void };

function useCommands(opened: boolean): Command[] {
  const can = useCan();
  const navigate = useNavigate();
  const { setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  const scheme = useComputedColorScheme('light');
  const accounts = useQuery({
    queryKey: ['accounts', 'palette'],
    queryFn: ({ signal }) =>
      api.get<Page<Api['IntegratedAccount']>>('/integrated-account', { limit: 200 }, signal),
    enabled: opened && (can('read') || can('mint')),
    staleTime: 30_000,
  });
  return useMemo(() => {
    const go = (to: string, params?: Record<string, string>) => () =>
      void navigate({ to: to as LinkProps['to'], params: params as never });
    const commands: Command[] = sections
      .filter((section) => visible(section, can))
      .map(({ to, label, icon, words }) => ({
        key: to,
        label,
        note: 'Page',
        icon,
        words: words ?? '',
        run: go(to),
      }));
    for (const { id, name, integration } of accounts.data?.result ?? []) {
      const servers = { icon: 'accounts' as const, note: integration.label };
      commands.push({
        ...servers,
        key: id,
        label: name,
        words: 'account',
        run: go('/accounts/$id/overview', { id }),
      });
      if (can('mint')) {
        commands.push({
          key: `${id}/new`,
          label: `Create an MCP server for ${name}`,
          note: 'Action',
          icon: 'plus',
          words: 'mint',
          run: go('/accounts/$id/servers/new', { id }),
        });
      }
      if (can('admin')) {
        commands.push({
          key: `${id}/tools`,
          label: `Try the tools of ${name}`,
          note: 'Action',
          icon: 'play',
          words: 'search',
          run: go('/accounts/$id/tools', { id }),
        });
      }
    }
    if (can('admin')) {
      commands.push({
        key: 'connect',
        label: 'Connect an account',
        note: 'Action',
        icon: 'plus',
        words: 'new',
        run: go('/accounts/new'),
      });
    }
    const other = scheme === 'dark' ? 'light' : 'dark';
    commands.push(
      {
        key: 'scheme',
        label: `To ${other} colours`,
        note: 'Action',
        icon: other === 'dark' ? 'moon' : 'sun',
        words: 'theme mode',
        run: () => setColorScheme(other),
      },
      {
        key: 'out',
        label: 'Sign out',
        note: 'Action',
        icon: 'user',
        words: 'leave end session',
        run: () => void signOut(false),
      },
    );
    return commands;
  }, [accounts.data, can, navigate, scheme, setColorScheme]);
}

export function CommandPalette({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    // It fades in at a frame's pace otherwise, and what is typed until then is lost.
    <Modal.Root
      opened={opened}
      onClose={onClose}
      size="lg"
      lockScroll={false}
      transitionProps={{ duration: 0 }}
    >
      <Modal.Overlay />
      <Modal.Content aria-label="Go to">
        <Modal.Body p={0}>{opened && <Palette onClose={onClose} />}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

function Palette({ onClose }: { onClose: () => void }) {
  const list = useId();
  const commands = useCommands(true);
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const found = commands
    .filter(({ label, words: more }) =>
      words.every((word) => `${label} ${more}`.toLowerCase().includes(word)),
    )
    .slice(0, 12);
  const run = (command: Command | undefined) => {
    if (!command) return;
    onClose();
    command.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && found.length) setAt((before) => (before + step + found.length) % found.length);
    else if (event.key === 'Enter') run(found[at]);
    else return;
    event.preventDefault();
  };
  return (
    <>
      <TextInput
        // At once: the dialog's own focus comes some moments later, and takes the first letters.
        autoFocus
        data-autofocus
        aria-label="Go to a page, an account or an action"
        placeholder="A page, an account, an action…"
        size="lg"
        variant="unstyled"
        px="md"
        leftSection={<Icon name="search" />}
        value={text}
        role="combobox"
        aria-expanded
        aria-controls={list}
        aria-activedescendant={found[at] ? `${list}-${at}` : undefined}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div role="listbox" id={list} aria-label="Found" className="palette-list">
        {found.map((command, index) => (
          <UnstyledButton
            key={command.key}
            id={`${list}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === at}
            className="palette-item"
            onMouseMove={() => setAt(index)}
            onClick={() => run(command)}
          >
            <Icon name={command.icon} />
            <bdi className="grow">{command.label}</bdi>
            <Text component="span" size="xs" c="dimmed">
              {command.note}
            </Text>
          </UnstyledButton>
        ))}
      </div>
      {found.length === 0 && (
        <Text c="dimmed" p="md" role="status">
          Nothing of that name.
        </Text>
      )}
    </>
  );
}
