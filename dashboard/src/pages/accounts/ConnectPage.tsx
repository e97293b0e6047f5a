// From an integration to an account whose connection is proved.
import { Alert, Button, Group, Select, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { api, type Api } from '../../api/client';
import { accountQuery, capabilitiesQuery, integrationsQuery, refresh } from '../../api/queries';
import { useEnvironment } from '../../app/environment';
import { useCan } from '../../app/session';
import { Empty } from '../../components/Empty';
import { Icon } from '../../components/Icon';
import { LinkButton } from '../../components/Link';
import { Loading } from '../../components/Loading';
import { some } from '../../components/numbers';
import { PageTitle } from '../../components/PageTitle';
import { Problem } from '../../components/Problem';
import { ConnectLink } from './ConnectLink';
import { CredentialFields, faultOf, givenOf, initialCredentials } from './CredentialFields';
import { TimeZone } from './TimeZone';

type Account = Api['IntegratedAccount'];

export default function ConnectPage() {
  const can = useCan();
  const integrations = useQuery(integrationsQuery);
  const search = useSearch({ strict: false }) as { integration?: string };
  const [chosen, setChosen] = useState<string | undefined>(search.integration);
  const [connected, setConnected] = useState<Account>();
  const title = (
    <PageTitle title="Connect an account" back={{ to: '/accounts', label: 'Integrated accounts' }} />
  );
  if (!can('admin')) {
    return (
      <>
        {title}
        <Empty title="This needs an API token of scope admin" />
      </>
    );
  }
  if (connected) return <Connected account={connected} onAnother={() => setConnected(undefined)} />;
  if (integrations.isPending) return <Loading />;
  if (integrations.error) {
    return <Problem error={integrations.error} onRetry={() => void integrations.refetch()} />;
  }
  const all = integrations.data.result;
  const integration = all.find(({ name }) => name === chosen) ?? (all.length === 1 ? all[0] : undefined);
  return (
    <>
      {title}
      <Stack maw={640} gap="lg">
        <Select
          label="Integration"
          data={all.map(({ name, label }) => ({ value: name, label }))}
          value={integration?.name ?? null}
          onChange={(name) => setChosen(name ?? undefined)}
          searchable={all.length > 8}
          allowDeselect={false}
          placeholder="Choose one"
        />
        {integration && (
          <ConnectForm key={integration.name} integration={integration} onConnected={setConnected} />
        )}
      </Stack>
    </>
  );
}

type ConnectFormProps = { integration: Api['IntegrationSummary']; onConnected: (account: Account) => void };

function ConnectForm({ integration, onConnected }: ConnectFormProps) {
  const environment = useEnvironment();
  const [name, setName] = useState('');
  const [tenant, setTenant] = useState('');
  const [zone, setZone] = useState(() => Intl.DateTimeFormat().resolvedOptions().timeZone);
  const [environmentId, setEnvironmentId] = useState<string | null>(environment.id);
  const [values, setValues] = useState(() => initialCredentials(integration.credentials));
  const [told, setTold] = useState(false); // faults are told from the first attempt on
  const connect = useMutation({
    mutationFn: () =>
      api.post<Account>('/integrated-account', {
        integration: integration.name,
        ...(name.trim() && { name: name.trim() }),
        ...(tenant.trim() && { tenant_id: tenant.trim() }),
        ...(environment.canChoose && environmentId && { environment_id: environmentId }),
        credentials: givenOf(values),
        settings: { time_zone: zone },
      }),
    onSuccess: (account) => {
      void refresh(['accounts'], ['overview']);
      onConnected(account);
    },
  });
  const faults = Object.fromEntries(
    integration.credentials.map((field) => [field.name, faultOf(field, values[field.name] ?? '', true)]),
  );
  const valid = Object.values(faults).every((fault) => fault === undefined);
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setTold(true);
        if (valid) connect.mutate();
        else event.currentTarget.querySelector<HTMLElement>('[aria-invalid="true"], [required]')?.focus();
      }}
    >
      <Stack gap="lg">
        <div className="card">
          <CredentialFields
            fields={integration.credentials}
            values={values}
            onChange={setValues}
            faults={told ? faults : {}}
          />
        </div>
        <div className="card">
          <Stack gap="md">
            <TextInput
              label="Name"
              description="How you will find it here."
              placeholder={integration.label}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
              maxLength={200}
            />
            <TextInput
              label="Your id of the customer"
              description="Of your own choice, to find the account by."
              value={tenant}
              onChange={(event) => setTenant(event.currentTarget.value)}
              maxLength={200}
            />
            {environment.canChoose && (
              <Select
                label="Environment"
                required
                data={environment.environments.map(({ id, name: label }) => ({ value: id, label }))}
                value={environmentId}
                onChange={setEnvironmentId}
                error={told && !environmentId ? 'Choose whose account it is' : undefined}
              />
            )}
            <TimeZone value={zone} onChange={setZone} />
          </Stack>
        </div>
        {connect.error && <Refused error={connect.error} />}
        <Group justify="flex-end">
          <Text size="sm" c="dimmed" role="status">
            {connect.isPending
              ? `Signing in at ${integration.label}…`
              : 'The connection is proved before anything is stored.'}
          </Text>
          <Button type="submit" loading={connect.isPending}>
            Connect
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Refused({ error }: { error: Error }) {
  return (
    <div>
      <Text fw={600} mb={6}>
        Not connected. Nothing was stored.
      </Text>
      <Problem error={error} />
    </div>
  );
}

function Connected({ account: created, onAnother }: { account: Account; onAnother: () => void }) {
  const can = useCan();
  // Its state changes while this page is open: somebody signs it in.
  const now = useQuery({ ...accountQuery(created.id), initialData: created });
  const account = { ...now.data, notices: created.notices };
  const capabilities = useQuery(capabilitiesQuery(account.id));
  const waits = account.status !== 'active'; // of those that a person signs in, by a connect link
  return (
    <>
      <PageTitle title={account.name} back={{ to: '/accounts', label: 'Integrated accounts' }} />
      <Stack maw={640} gap="md">
        <Alert
          color={waits ? 'yellow' : 'green'}
          variant="light"
          icon={<Icon name={waits ? 'alert' : 'check'} />}
          title={
            waits
              ? 'Stored: somebody has to sign it in'
              : created.status !== 'active'
                ? `Connected: somebody signed it in at ${account.integration.label}`
                : `Connected: ${account.integration.label} accepted these credentials`
          }
          role="status"
        >
          {waits && <Text size="sm">{account.last_error}</Text>}
          {account.notices?.map((notice) => (
            <Text size="sm" key={notice}>
              {notice}
            </Text>
          ))}
          <Text size="sm">
            {capabilities.data
              ? `It offers ${some(capabilities.data.tool_count, 'tool')}. An MCP server gives an AI client a part of them.`
              : 'Looking at its tools…'}
          </Text>
        </Alert>
        <ConnectLink account={account} />
        <Group>
          {can('mint') && (
            <LinkButton to="/accounts/$id/servers/new" params={{ id: account.id }}>
              Create an MCP server
            </LinkButton>
          )}
          <LinkButton variant="default" to="/accounts/$id/tools" params={{ id: account.id }}>
            Its tools
          </LinkButton>
          <Button variant="subtle" onClick={onAnother}>
            Connect another
          </Button>
        </Group>
      </Stack>
    </>
  );
}
