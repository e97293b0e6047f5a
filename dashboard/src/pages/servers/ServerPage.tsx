// One MCP server: what it is, what it gives, and its changes.
import { Button, Group, Modal, SegmentedControl, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { api, type Api } from '../../api/client';
import { capabilitiesQuery, mcpServerQuery, refresh } from '../../api/queries';
import { useCan, useSession } from '../../app/session';
import { ServerState } from '../../components/Badges';
import { ConfirmByName } from '../../components/ConfirmByName';
import { Icon } from '../../components/Icon';
import { LinkButton } from '../../components/Link';
import { Loading } from '../../components/Loading';
import { count } from '../../components/numbers';
import { Problem } from '../../components/Problem';
import { When } from '../../components/When';
import { configOfRemedy, type Remedy } from './Advice';
import { configOf, draftOf, expiryOf, patchOf, personOf } from './draft';
import { Minted } from './Minted';
import { Preview } from './Preview';
import { SectionTitle } from './SectionTitle';
import { goToTags, ServerForm } from './ServerForm';

type Server = Api['McpServer'];
type Place = { account: string; server: Server };

/** Every change goes through here, so that the list and the page show it. */
function useChange({ account, server }: Place) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: Record<string, unknown>) =>
      api.patch<Server>(`/integrated-account/${account}/mcp/${server.id}`, change),
    onSuccess: (changed) => {
      client.setQueryData(mcpServerQuery(account, server.id).queryKey, changed);
      void refresh(['mcp-servers', account]);
    },
  });
}

export default function ServerPage() {
  const { id, mcp } = useParams({ strict: false }) as { id: string; mcp: string };
  const can = useCan();
  const server = useQuery(mcpServerQuery(id, mcp));
  const [rotated, setRotated] = useState<Api['MintedMcpServer']>();
  const [isEditing, editing] = useDisclosure(false);
  if (server.isPending) return <Loading />;
  if (server.error) return <Problem error={server.error} onRetry={() => void server.refetch()} />;
  const place = { account: id, server: server.data };
  if (rotated) {
    return (
      <>
        <SectionTitle title={rotated.name} account={id} />
        <Minted server={rotated} onDone={() => setRotated(undefined)} />
      </>
    );
  }
  return (
    <>
      <SectionTitle title={server.data.name} account={id} mark={<ServerState server={server.data} />}>
        <LinkButton
          to="/activity"
          search={{ mcp_server_id: mcp }}
          variant="default"
          leftSection={<Icon name="activity" size={16} />}
        >
          Activity
        </LinkButton>
        {can('mint') && !isEditing && (
          <Button variant="default" leftSection={<Icon name="edit" size={16} />} onClick={editing.open}>
            Edit
          </Button>
        )}
      </SectionTitle>
      {isEditing ? (
        <Edit key={server.data.updated_at} {...place} onDone={editing.close} />
      ) : (
        <div className="side-by-side">
          <Stack gap="md">
            <Facts server={server.data} />
            {can('mint') && <Actions {...place} onRotated={setRotated} />}
          </Stack>
          <Given {...place} onEdit={editing.open} />
        </div>
      )}
    </>
  );
}

// What it gives; whoever may change it can follow the advice from here.
function Given({ account, server, onEdit }: Place & { onEdit: () => void }) {
  const can = useCan();
  const change = useChange({ account, server });
  const remedies = can('mint') && {
    onRemedy: (remedy: Remedy) => change.mutate({ config: configOfRemedy(remedy) }),
    onNarrow: onEdit,
    isPending: change.isPending,
  };
  return (
    <Stack gap="md">
      {change.error && <Problem error={change.error} />}
      <Preview account={account} config={server.config} {...remedies} />
    </Stack>
  );
}

function Facts({ server }: { server: Server }) {
  const { config } = server;
  const limits = config.argument_limits ? JSON.stringify(config.argument_limits) : 'none';
  const quota = Object.entries(config.quota ?? {}).map(
    ([name, value]) => `${count(value)} ${name.replaceAll('_', ' ')}`,
  );
  const approvals = (config.require_approval ?? []).map((rule) =>
    typeof rule === 'string' ? rule : `${rule.tool}: ${rule.argument} over ${rule.over}`,
  );
  return (
    <section className="card" aria-labelledby="facts">
      <Title order={3} size="h4" mb="md" id="facts">
        What it is
      </Title>
      {server.last_error && (
        <Text c="red" mb="sm">
          {server.last_error}
        </Text>
      )}
      <dl className="facts">
        <dt>Methods</dt>
        <dd>{config.methods?.join(', ') ?? 'all'}</dd>
        <dt>Tags</dt>
        <dd>{config.tags?.join(', ') ?? 'all'}</dd>
        <dt>Ends</dt>
        <dd>
          <When at={server.expires_at} none="no end" />
        </dd>
        <dt>Second factor</dt>
        <dd>{config.require_api_token_auth ? 'an API token as well' : 'none: the URL alone opens it'}</dd>
        <dt>Held to</dt>
        <dd>{limits}</dd>
        <dt>Quota</dt>
        <dd>{quota.join(', ') || 'no bound'}</dd>
        <dt>Approvals</dt>
        <dd>{approvals.join(', ') || 'none'}</dd>
        <dt>Person</dt>
        <dd>
          <bdi>{server.member ? `${server.member.name} (${server.member.login})` : 'nobody’s'}</bdi>
        </dd>
        <dt>Calls today</dt>
        <dd>
          {count(server.calls_today)}, {count(server.errors_today)} failed
        </dd>
        <dt>Last used</dt>
        <dd>
          <When at={server.last_used_at} none="never" />
        </dd>
        {server.previous_token_expires_at && (
          <>
            <dt>URL before</dt>
            <dd>
              opens it too, until <When at={server.previous_token_expires_at} />
            </dd>
          </>
        )}
        <dt>Created</dt>
        <dd>
          <When at={server.created_at} />
        </dd>
        <dt>Id</dt>
        <dd className="mono">{server.id}</dd>
      </dl>
    </section>
  );
}

function Actions({
  account,
  server,
  onRotated,
}: Place & { onRotated: (server: Api['MintedMcpServer']) => void }) {
  const navigate = useNavigate();
  const pause = useChange({ account, server });
  const [rotateOpened, rotate] = useDisclosure(false);
  const [deleteOpened, remove] = useDisclosure(false);
  const isPaused = server.config.paused ?? false;
  const path = `/integrated-account/${account}/mcp/${server.id}`;
  return (
    <section className="card" aria-labelledby="actions">
      <Title order={3} size="h4" mb="md" id="actions">
        Change it
      </Title>
      <Group gap="xs">
        <Button
          variant="default"
          leftSection={<Icon name={isPaused ? 'play' : 'pause'} size={16} />}
          loading={pause.isPending}
          onClick={() => pause.mutate({ config: { paused: isPaused ? null : true } })}
        >
          {isPaused ? 'Serve again' : 'Pause'}
        </Button>
        <Button variant="default" leftSection={<Icon name="rotate" size={16} />} onClick={rotate.open}>
          New URL…
        </Button>
        <Button
          color="red"
          variant="light"
          leftSection={<Icon name="trash" size={16} />}
          onClick={remove.open}
        >
          Delete…
        </Button>
      </Group>
      {pause.error && <Problem error={pause.error} />}
      <Modal opened={rotateOpened} onClose={rotate.close} title="A new URL">
        {rotateOpened && (
          <Rotate
            path={path}
            onRotated={(minted) => {
              void refresh(['mcp-server', account, server.id]);
              rotate.close();
              onRotated(minted);
            }}
          />
        )}
      </Modal>
      <ConfirmByName
        opened={deleteOpened}
        onClose={remove.close}
        name={server.name}
        title="Delete the MCP server?"
        action="Delete the MCP server"
        onConfirm={async () => {
          await api.delete(path);
          void refresh(['mcp-servers', account], ['account', account]);
          await navigate({ to: '/accounts/$id/servers', params: { id: account } });
        }}
      >
        <Text size="sm">
          Its URL stops working at once, and calls that run end. This cannot be taken back.
        </Text>
      </ConfirmByName>
    </section>
  );
}

const overlaps = [
  { value: '0', label: 'At once' },
  { value: '3600', label: '1 hour' },
  { value: '86400', label: '1 day' },
  { value: '604800', label: '7 days' },
];

function Rotate({ path, onRotated }: { path: string; onRotated: (minted: Api['MintedMcpServer']) => void }) {
  const [overlap, setOverlap] = useState('0');
  const rotate = useMutation({
    mutationFn: () =>
      api.post<Api['MintedMcpServer']>(`${path}/rotate`, { overlap_seconds: Number(overlap) }),
    onSuccess: onRotated,
  });
  return (
    <Stack gap="md">
      <Text size="sm" id="overlap">
        The new URL is shown once. When does the old one stop?
      </Text>
      <SegmentedControl
        data={overlaps}
        value={overlap}
        onChange={setOverlap}
        aria-labelledby="overlap"
        fullWidth
      />
      {rotate.error && <Problem error={rotate.error} />}
      <Group justify="flex-end">
        <Button loading={rotate.isPending} onClick={() => rotate.mutate()}>
          Make a new URL
        </Button>
      </Group>
    </Stack>
  );
}

type EditProps = Place & { onDone: () => void };

function Edit(props: EditProps) {
  const capabilities = useQuery(capabilitiesQuery(props.account));
  if (capabilities.isPending) return <Loading />;
  if (capabilities.error) return <Problem error={capabilities.error} />;
  return <EditForm {...props} capabilities={capabilities.data} />;
}

function EditForm({
  account,
  server,
  onDone,
  capabilities,
}: EditProps & { capabilities: Api['Capabilities'] }) {
  const { api_token } = useSession();
  const owner = capabilities.owner?.argument;
  const [draft, setDraft] = useState(() => draftOf(server, owner));
  const change = useChange({ account, server });
  const save = () => {
    const before = draftOf(server, owner);
    const config = patchOf(configOf(before), configOf(draft));
    const endsElse = draft.lifetime !== before.lifetime || draft.endsAt !== before.endsAt;
    change.mutate(
      {
        name: draft.name.trim(),
        ...(Object.keys(config).length > 0 && { config }),
        ...(endsElse && { expires_at: expiryOf(draft) }),
        ...personOf(draft, before),
      },
      { onSuccess: onDone },
    );
  };
  return (
    <div className="side-by-side">
      <ServerForm
        draft={draft}
        onChange={setDraft}
        capabilities={capabilities}
        limits={api_token.limits}
        hasOwnCredentials={server.has_own_credentials}
        onSubmit={save}
        action="Save"
        isPending={change.isPending}
      >
        {change.error && <Problem error={change.error} />}
        <Group justify="flex-end">
          <Button variant="subtle" onClick={onDone}>
            Leave it as it was
          </Button>
        </Group>
      </ServerForm>
      <Preview
        account={account}
        config={configOf(draft)}
        onRemedy={(remedy) => setDraft((now) => ({ ...now, ...remedy }))}
        onNarrow={goToTags}
      />
    </div>
  );
}
