// API tokens: who may ask this API, and for what.
import { Button, Group, Modal, Stack, Table, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api, type Api } from '../../api/client';
import { refresh, usePages } from '../../api/queries';
import { useEnvironment } from '../../app/environment';
import { useCan, useSession } from '../../app/session';
import { ConfirmByName } from '../../components/ConfirmByName';
import { Empty } from '../../components/Empty';
import { ActionsHead, List } from '../../components/List';
import { Needs } from '../../components/Needs';
import { PageTitle } from '../../components/PageTitle';
import { SecretOnce } from '../../components/SecretOnce';
import { When } from '../../components/When';
import { Pill, type Tone } from '../../components/Pill';
import { some } from '../../components/numbers';
import { TokenForm } from './TokenForm';
import rows from '../../components/rows.module.css';

type Token = Api['ApiToken'];

const kTones: Record<Token['scope'], Tone> = { admin: 'bad', read: 'plain', mint: 'info', mcp: 'good' };
const kSoon = 7 * 24 * 3_600_000;

export default function TokensPage() {
  return (
    <Needs ability="read" title="API tokens">
      <Tokens />
    </Needs>
  );
}

function Tokens() {
  const can = useCan();
  const [creating, setCreating] = useState(false);
  const pages = usePages<Token>(['api-tokens'], '/api-token');
  const [now] = useState(() => Date.now());
  const create = can('admin') && <Button onClick={() => setCreating(true)}>Create API token</Button>;
  return (
    <Stack gap="md">
      <PageTitle title="API tokens" actions={create} />
      <List
        label="API tokens"
        pages={pages}
        head={
          <>
            <Table.Th>Name</Table.Th>
            <Table.Th>Scope</Table.Th>
            <Table.Th className="only-wide">Reaches</Table.Th>
            <Table.Th className="only-wide">Made</Table.Th>
            <Table.Th>Expires</Table.Th>
            {can('admin') && <ActionsHead />}
          </>
        }
        empty={
          <Empty title="No API token of this environment" action={create}>
            Tokens of the whole instance are seen by those of the whole instance.
          </Empty>
        }
      >
        {(token) => <Cells token={token} now={now} />}
      </List>
      <Create opened={creating} onClose={() => setCreating(false)} />
    </Stack>
  );
}

function Cells({ token, now }: { token: Token; now: number }) {
  const can = useCan();
  const { api_token } = useSession();
  const { environments } = useEnvironment();
  const [open, setOpen] = useState<'edit' | 'revoke'>();
  const soon = token.expires_at && Date.parse(token.expires_at) - now < kSoon;
  const environment =
    environments.find(({ id }) => id === token.environment_id)?.name ?? token.environment_id;
  return (
    <>
      <Table.Td className="name-cell">
        <bdi>{token.name}</bdi> {token.id === api_token.id ? <Pill tone="info">this session</Pill> : null}
        <Text size="xs" c="dimmed">
          {token.id}
        </Text>
      </Table.Td>
      <Table.Td>
        <Pill tone={kTones[token.scope]}>{token.scope}</Pill>
        <Text size="xs" c="dimmed">
          {limitsInWords(token)}
        </Text>
      </Table.Td>
      <Table.Td className="only-wide">
        <bdi>{environment ?? 'the whole instance'}</bdi>
      </Table.Td>
      <Table.Td className={`only-wide ${rows.time}`}>
        <When at={token.created_at} />
      </Table.Td>
      <Table.Td className={rows.time} data-label="Expires">
        {soon ? (
          <Pill tone="warn">
            <When at={token.expires_at} />
          </Pill>
        ) : (
          <When at={token.expires_at} none="never" />
        )}
      </Table.Td>
      {can('admin') ? (
        <Table.Td>
          <Group gap="xs" wrap="nowrap">
            <Button
              size="xs"
              variant="default"
              onClick={() => setOpen('edit')}
              aria-label={`Edit ${token.name}`}
            >
              Edit
            </Button>
            <Button
              size="xs"
              variant="light"
              color="red"
              onClick={() => setOpen('revoke')}
              aria-label={`Revoke ${token.name}`}
            >
              Revoke
            </Button>
          </Group>
          <Edit token={token} opened={open === 'edit'} onClose={() => setOpen(undefined)} />
          <Revoke
            token={token}
            own={token.id === api_token.id}
            opened={open === 'revoke'}
            onClose={() => setOpen(undefined)}
          />
        </Table.Td>
      ) : null}
    </>
  );
}

function limitsInWords({ limits }: Token): string {
  const { integrated_account_ids: accounts, mcp_server_ids: servers, methods, tags } = limits;
  return [
    accounts && some(accounts.length, 'account'),
    servers && some(servers.length, 'MCP server'),
    methods && `methods ${methods.join(', ')}`,
    tags && `tags ${tags.join(', ')}`,
  ]
    .filter(Boolean)
    .join('; ');
}

type Dialog = { opened: boolean; onClose: () => void };

function Create({ opened, onClose }: Dialog) {
  const create = useMutation({
    mutationFn: (body: Api['NewApiToken']) => api.post<Api['MintedApiToken']>('/api-token', body),
    onSuccess: () => refresh(['api-tokens']),
  });
  const close = () => {
    create.reset();
    onClose();
  };
  return (
    <Modal
      opened={opened}
      onClose={close}
      title="Create API token"
      size="lg"
      closeOnClickOutside={!create.data}
    >
      {create.data ? (
        <SecretOnce label="API token" value={create.data.token} onDone={close} />
      ) : (
        <TokenForm
          action="Create"
          pending={create.isPending}
          error={create.error}
          onCancel={close}
          onSubmit={(body) => create.mutate(body)}
        />
      )}
    </Modal>
  );
}

function Edit({ token, opened, onClose }: Dialog & { token: Token }) {
  const update = useMutation({
    mutationFn: (body: Api['ApiTokenPatch']) => api.patch<Token>(`/api-token/${token.id}`, body),
    onSuccess: async () => {
      await refresh(['api-tokens'], ['session']);
      onClose();
    },
  });
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={
        <>
          Edit <bdi>{token.name}</bdi>
        </>
      }
      size="lg"
    >
      <TokenForm
        token={token}
        action="Save"
        pending={update.isPending}
        error={update.error}
        onCancel={onClose}
        onSubmit={({ name, scope, limits }) => update.mutate({ name, scope, limits })}
      />
    </Modal>
  );
}

function Revoke({ token, own, opened, onClose }: Dialog & { token: Token; own: boolean }) {
  const revoke = async () => {
    await api.delete<Api['Deleted']>(`/api-token/${token.id}`);
    // One's own ends this session with it: the next question is answered with 401, which leads to signing in.
    await refresh(['api-tokens']);
  };
  return (
    <ConfirmByName
      opened={opened}
      onClose={onClose}
      name={token.name}
      title="Revoke API token"
      action="Revoke"
      onConfirm={revoke}
    >
      <Text size="sm">
        Whoever uses it is refused from now on, and sessions of the dashboard that began with it end.
        {own ? ' This session is one of them.' : ''}
      </Text>
    </ConfirmByName>
  );
}
