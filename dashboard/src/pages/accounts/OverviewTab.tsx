import { Alert, Button, Group, Modal, Stack, Text, TextInput, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { api, type Api } from '../../api/client';
import { accountQuery, capabilitiesQuery, integrationQuery, refresh } from '../../api/queries';
import { useCan } from '../../app/session';
import { ConfirmByName } from '../../components/ConfirmByName';
import { Icon } from '../../components/Icon';
import { Loading } from '../../components/Loading';
import { count, some } from '../../components/numbers';
import { Problem } from '../../components/Problem';
import { When } from '../../components/When';
import { ConnectLink } from './ConnectLink';
import { CredentialFields, faultOf, givenOf } from './CredentialFields';
import { TimeZone } from './TimeZone';

type Account = Api['IntegratedAccount'];

export default function OverviewTab() {
  const { id } = useParams({ strict: false }) as { id: string };
  const account = useQuery(accountQuery(id));
  const can = useCan();
  if (account.isPending) return <Loading />;
  if (account.error) return <Problem error={account.error} onRetry={() => void account.refetch()} />;
  return (
    <div className="cols cols-2">
      <Stack gap="md">
        <Facts account={account.data} />
        {can('admin') && <ConnectLink account={account.data} />}
        {can('admin') && <Probe account={account.data} />}
      </Stack>
      {can('admin') && (
        <Stack gap="md">
          <Settings key={account.data.updated_at} account={account.data} />
          <Danger account={account.data} />
        </Stack>
      )}
    </div>
  );
}

function Facts({ account }: { account: Account }) {
  const capabilities = useQuery(capabilitiesQuery(account.id));
  const limit = account.rate_limit;
  return (
    <section className="card" aria-labelledby="facts">
      <Title order={2} size="h4" mb="md" id="facts">
        Connection
      </Title>
      <dl className="facts">
        <dt>Integration</dt>
        <dd>{account.integration.label}</dd>
        <dt>Tools</dt>
        <dd>{capabilities.data ? count(capabilities.data.tool_count) : '…'}</dd>
        <dt>MCP servers</dt>
        <dd>{count(account.mcp_server_count)}</dd>
        <dt>Rate limit</dt>
        <dd>
          {limit ? (
            <>
              {count(limit.remaining)} of {count(limit.limit)} left
              {limit.resets_at && (
                <>
                  , anew <When at={limit.resets_at} />
                </>
              )}
            </>
          ) : (
            'Not told by the API so far'
          )}
        </dd>
        <dt>Your id of the customer</dt>
        <dd>
          <bdi>{account.tenant_id || '—'}</bdi>
        </dd>
        <dt>Credentials set</dt>
        <dd>{Object.keys(account.credentials).join(', ')}</dd>
        <dt>Time zone</dt>
        <dd>{account.settings.time_zone ?? 'UTC'}</dd>
        <dt>Connected</dt>
        <dd>
          <When at={account.created_at} />
        </dd>
        <dt>Id</dt>
        <dd className="mono">{account.id}</dd>
      </dl>
    </section>
  );
}

function Probe({ account }: { account: Account }) {
  const probe = useMutation({
    mutationFn: () => api.post<Account>(`/integrated-account/${account.id}/probe`),
    onSettled: () => refresh(['account', account.id]),
  });
  return (
    <section className="card" aria-labelledby="probe">
      <Group justify="space-between">
        <div>
          <Title order={2} size="h4" id="probe">
            Prove the connection
          </Title>
          <Text size="sm" c="dimmed">
            Signs in at the API with what is stored.
          </Text>
        </div>
        <Button variant="default" loading={probe.isPending} onClick={() => probe.mutate()}>
          Probe now
        </Button>
      </Group>
      <div aria-live="polite">
        {probe.data &&
          (probe.data.status === 'active' ? (
            <Alert
              color="green"
              variant="light"
              mt="md"
              icon={<Icon name="check" />}
              title="The API accepted it"
            >
              Everything is well with this connection.
            </Alert>
          ) : (
            <Alert
              color="red"
              variant="light"
              mt="md"
              icon={<Icon name="alert" />}
              title="The API did not accept it"
            >
              {probe.data.last_error}
            </Alert>
          ))}
        {probe.error && <Problem error={probe.error} />}
      </div>
    </section>
  );
}

function Settings({ account }: { account: Account }) {
  const client = useQueryClient();
  const [name, setName] = useState(account.name);
  const [tenant, setTenant] = useState(account.tenant_id);
  const [zone, setZone] = useState(account.settings.time_zone ?? 'UTC');
  const [credentialsOpened, credentials] = useDisclosure(false);
  const save = useMutation({
    mutationFn: () =>
      api.patch<Account>(`/integrated-account/${account.id}`, {
        name: name.trim(),
        tenant_id: tenant.trim() || null,
        settings: { time_zone: zone },
      }),
    onSuccess: (changed) => {
      client.setQueryData(accountQuery(account.id).queryKey, { ...account, ...changed });
      void refresh(['accounts']);
    },
  });
  return (
    <section className="card" aria-labelledby="settings">
      <Title order={2} size="h4" mb="md" id="settings">
        Settings
      </Title>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Stack gap="md">
          <TextInput
            label="Name"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            maxLength={200}
            required
          />
          <TextInput
            label="Your id of the customer"
            value={tenant}
            onChange={(event) => setTenant(event.currentTarget.value)}
            maxLength={200}
          />
          <TimeZone value={zone} onChange={setZone} />
          {save.error && <Problem error={save.error} />}
          <Group justify="space-between">
            <Button variant="default" onClick={credentials.open}>
              Change credentials…
            </Button>
            <Button type="submit" loading={save.isPending} disabled={!name.trim()}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
      <Modal opened={credentialsOpened} onClose={credentials.close} title="Change credentials" size="lg">
        {credentialsOpened && <ChangeCredentials account={account} onDone={credentials.close} />}
      </Modal>
    </section>
  );
}

function ChangeCredentials({ account, onDone }: { account: Account; onDone: () => void }) {
  const integration = useQuery(integrationQuery(account.integration.name));
  const [values, setValues] = useState<Record<string, string>>({});
  const change = useMutation({
    mutationFn: () =>
      api.patch<Account>(`/integrated-account/${account.id}`, { credentials: givenOf(values) }),
    onSuccess: async () => {
      await refresh(['account', account.id]);
      onDone();
    },
  });
  if (integration.isPending) return <Loading />;
  if (integration.error) return <Problem error={integration.error} />;
  const fields = integration.data.credentials;
  const faults = Object.fromEntries(
    fields.map((field) => [field.name, faultOf(field, values[field.name] ?? '', false)]),
  );
  const given = Object.keys(givenOf(values)).length > 0;
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        change.mutate();
      }}
    >
      <Stack gap="md">
        <Text size="sm" c="dimmed">
          They are proved before they take the place of the present ones. Stored values are never shown.
        </Text>
        <CredentialFields
          fields={fields}
          values={values}
          onChange={setValues}
          faults={faults}
          stored={account.credentials}
        />
        {change.error && <Problem error={change.error} />}
        <Group justify="flex-end">
          <Button
            type="submit"
            loading={change.isPending}
            disabled={!given || Object.values(faults).some((fault) => fault !== undefined)}
          >
            Prove and save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Danger({ account }: { account: Account }) {
  const navigate = useNavigate();
  const [opened, confirm] = useDisclosure(false);
  return (
    <section className="card" aria-labelledby="delete">
      <Group justify="space-between">
        <div>
          <Title order={2} size="h4" id="delete">
            Delete the account
          </Title>
          <Text size="sm" c="dimmed">
            With its credentials and {some(account.mcp_server_count ?? 0, 'MCP server')}, at once.
          </Text>
        </div>
        <Button color="red" variant="light" onClick={confirm.open}>
          Delete…
        </Button>
      </Group>
      <ConfirmByName
        opened={opened}
        onClose={confirm.close}
        name={account.name}
        title="Delete the account?"
        action="Delete the account"
        onConfirm={async () => {
          await api.delete(`/integrated-account/${account.id}`);
          void refresh(['accounts'], ['overview']);
          await navigate({ to: '/accounts' });
        }}
      >
        <Text size="sm">
          {some(account.mcp_server_count ?? 0, 'MCP server')} of it will stop working for every AI client that
          uses one. What was recorded in the audit log stays.
        </Text>
      </ConfirmByName>
    </section>
  );
}
