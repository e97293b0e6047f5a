// The states that several pages show, in words as well as colours.
import { Badge } from '@mantine/core';
import type { Api } from '../api/client';

const accountStates = {
  active: ['green', 'Active'],
  needs_reauth: ['red', 'Needs new credentials'],
  validation_error: ['orange', 'Cannot be reached'],
} as const;

export function AccountState({ status }: { status: Api['IntegratedAccount']['status'] }) {
  const [color, label] = accountStates[status];
  return (
    <Badge color={color} variant="light" tt="none" miw="max-content">
      {label}
    </Badge>
  );
}

/** What an MCP server does at this moment: the worst first. */
export function ServerState({ server }: { server: Api['McpServer'] }) {
  const [color, label] =
    server.status === 'needs_reauth'
      ? ['red', 'Needs new credentials']
      : server.config.paused
        ? ['yellow', 'Paused']
        : ['green', 'Serving'];
  return (
    <Badge color={color} variant="light" tt="none" miw="max-content">
      {label}
    </Badge>
  );
}
