import { Alert, Button, Group, PasswordInput, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Icon } from '../../components/Icon';
import { some } from '../../components/numbers';
import { handshake, HandshakeError, type Handshake } from './handshake';

/** Opens the URL as an AI client does, and lists what it sees. */
export function TestIt({ url, secondFactor }: { url: string; secondFactor: boolean }) {
  const [token, setToken] = useState('');
  const test = useMutation({ mutationFn: () => handshake(url, token.trim() || undefined) });
  return (
    <Stack gap="sm">
      <Group align="flex-end" gap="sm">
        {secondFactor && (
          <PasswordInput
            label="API token, as the client will send it"
            value={token}
            onChange={(event) => setToken(event.currentTarget.value)}
            autoComplete="off"
            flex="1 1 260px"
            visibilityToggleButtonProps={{ 'aria-label': 'Show the token' }}
          />
        )}
        <Button
          variant="light"
          leftSection={<Icon name="play" size={14} />}
          loading={test.isPending}
          onClick={() => test.mutate()}
        >
          Test it
        </Button>
      </Group>
      <div aria-live="polite">
        {test.data && <Seen seen={test.data} />}
        {test.error && (
          <Alert color="red" variant="light" icon={<Icon name="alert" />} title={test.error.message}>
            {test.error instanceof HandshakeError && test.error.status === 401
              ? 'The server asks for an API token of its environment, best one of scope mcp.'
              : 'This is what an AI client would be told.'}
          </Alert>
        )}
      </div>
    </Stack>
  );
}

function Seen({ seen }: { seen: Handshake }) {
  return (
    <Stack gap="xs">
      <Alert
        color="green"
        variant="light"
        icon={<Icon name="check" />}
        title={`A client sees ${some(seen.tools.length, 'tool')}`}
      >
        <Text size="sm">
          {seen.server}, speaking MCP {seen.revisions.join(', ')}
        </Text>
      </Alert>
      <ul className="plain-list tool-list" tabIndex={0} aria-label="Tools that a client sees">
        {seen.tools.map(({ name, title }) => (
          <li key={name}>
            <span className="mono">{name}</span>{' '}
            <Text component="span" size="sm" c="dimmed">
              {title}
            </Text>
          </li>
        ))}
      </ul>
    </Stack>
  );
}
