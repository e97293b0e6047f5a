// What a token of scope mint or mcp is limited to. What is left empty limits nothing.
import { MultiSelect, NativeSelect, Stack, TagsInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, type Api, type Page } from '../../api/client';
import { integrationsQuery } from '../../api/queries';

export type LimitsDraft = Api['ScopeLimits'];

const kMethods = ['read', 'write', 'custom', 'list', 'get', 'create', 'update', 'delete'];
const kMost = 1000; // of one page: who has more limits a token by the API
const kShown = 50;

// Those that the scope takes; an empty list is none.
export function givenLimits(scope: Api['Scope'], draft: LimitsDraft): LimitsDraft {
  const names =
    scope === 'mint'
      ? (['integrated_account_ids', 'methods', 'tags'] as const)
      : scope === 'mcp'
        ? (['mcp_server_ids'] as const)
        : [];
  const given: LimitsDraft = {};
  for (const name of names) {
    const list = draft[name];
    if (list && list.length > 0) given[name] = list;
  }
  return given;
}

type Props = { value: LimitsDraft; onChange: (limits: LimitsDraft) => void };

export function Limits({ scope, ...props }: Props & { scope: Api['Scope'] }) {
  if (scope === 'mint') return <MintLimits {...props} />;
  if (scope === 'mcp') return <ServerLimits {...props} />;
  return null;
}

function useAccounts() {
  return (
    useQuery({
      queryKey: ['accounts', 'choice'],
      queryFn: () => api.get<Page<Api['IntegratedAccount']>>('/integrated-account', { limit: kMost }),
      staleTime: 60_000,
    }).data?.result ?? []
  );
}

// What is chosen stays among what can be, also where it is gone.
function withChosen(options: { value: string; label: string }[], chosen: string[]) {
  const known = new Set(options.map(({ value }) => value));
  return [...options, ...chosen.filter((id) => !known.has(id)).map((id) => ({ value: id, label: id }))];
}

function MintLimits({ value, onChange }: Props) {
  const accounts = useAccounts();
  const integrations = useQuery(integrationsQuery).data?.result ?? [];
  const chosen = value.integrated_account_ids ?? [];
  const tags = [...new Set(integrations.flatMap((one) => one.tags))].sort();
  return (
    <Stack gap="md">
      <MultiSelect
        label="Only these accounts"
        placeholder={chosen.length ? undefined : 'All'}
        searchable
        limit={kShown}
        data={withChosen(
          accounts.map(({ id, name }) => ({ value: id, label: name })),
          chosen,
        )}
        value={chosen}
        onChange={(ids) => onChange({ ...value, integrated_account_ids: ids })}
      />
      <TagsInput
        label="Only servers with these methods"
        placeholder={value.methods?.length ? undefined : 'Any'}
        data={kMethods}
        value={value.methods ?? []}
        onChange={(methods) => onChange({ ...value, methods })}
      />
      <TagsInput
        label="Only servers with these tags"
        placeholder={value.tags?.length ? undefined : 'Any'}
        data={tags}
        value={value.tags ?? []}
        onChange={(list) => onChange({ ...value, tags: list })}
      />
    </Stack>
  );
}

function ServerLimits({ value, onChange }: Props) {
  const accounts = useAccounts();
  const [account, setAccount] = useState('');
  const servers =
    useQuery({
      queryKey: ['mcp-servers', 'choice', account],
      enabled: account !== '',
      queryFn: () => api.get<Page<Api['McpServer']>>(`/integrated-account/${account}/mcp`, { limit: kMost }),
    }).data?.result ?? [];
  const chosen = value.mcp_server_ids ?? [];
  return (
    <Stack gap="md">
      <NativeSelect
        label="Show the MCP servers of"
        value={account}
        onChange={(event) => setAccount(event.currentTarget.value)}
        data={[
          { value: '', label: 'Choose an account' },
          ...accounts.map(({ id, name }) => ({ value: id, label: name })),
        ]}
      />
      <MultiSelect
        label="Only these MCP servers"
        placeholder={chosen.length ? undefined : 'All'}
        searchable
        limit={kShown}
        data={withChosen(
          servers.map(({ id, name }) => ({ value: id, label: name })),
          chosen,
        )}
        value={chosen}
        onChange={(ids) => onChange({ ...value, mcp_server_ids: ids })}
      />
    </Stack>
  );
}
