// The form of an API token: what it is called, what it may do, how far it reaches, how long.
import { Button, Group, NativeSelect, Radio, Stack, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import type { Api } from '../../api/client';
import { useEnvironment } from '../../app/environment';
import { useSession } from '../../app/session';
import { Problem } from '../../components/Problem';
import { fromLocal } from '../../components/localTime';
import { Limits, givenLimits, type LimitsDraft } from './Limits';

type Scope = Api['Scope'];

const kScopes: { value: Scope; label: string; description: string }[] = [
  { value: 'read', label: 'read', description: 'Look at everything, change nothing.' },
  {
    value: 'mint',
    label: 'mint',
    description: 'MCP servers: list, create, change, rotate, delete; within limits.',
  },
  {
    value: 'mcp',
    label: 'mcp',
    description: 'The second factor of MCP servers, and nothing here. For AI programs.',
  },
  {
    value: 'admin',
    label: 'admin',
    description: 'Everything, approvals included. Keep it away from AI programs.',
  },
];

const kLifetimes = [
  { value: '', label: 'Until it is revoked' },
  { value: '1', label: 'A day' },
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: 'A year' },
  { value: 'date', label: 'Until a date' },
];

type Props = {
  token?: Api['ApiToken']; // the one that is edited
  action: string;
  pending: boolean;
  error: unknown;
  onCancel: () => void;
  onSubmit: (body: Api['NewApiToken']) => void;
};

export function TokenForm({ token, action, pending, error, onCancel, onSubmit }: Props) {
  const [name, setName] = useState(token?.name ?? '');
  const [scope, setScope] = useState<Scope>(token?.scope ?? 'read');
  const [limits, setLimits] = useState<LimitsDraft>(token?.limits ?? {});
  const [lifetime, setLifetime] = useState('');
  const [date, setDate] = useState('');
  const reach = useReach();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit({
      name: name.trim(),
      scope,
      limits: givenLimits(scope, limits),
      ...(token ? {} : { expires_at: expiry(lifetime, date) }),
      ...(token || !reach.id ? {} : { environment_id: reach.id }),
    });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <TextInput
          label="Name"
          required
          maxLength={200}
          dir="auto"
          data-autofocus
          value={name}
          description="Who or what uses it"
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Radio.Group label="Scope" value={scope} onChange={(value) => setScope(value as Scope)}>
          <Stack gap="xs" mt="xs">
            {kScopes.map((one) => (
              <Radio key={one.value} {...one} />
            ))}
          </Stack>
        </Radio.Group>
        <Limits scope={scope} value={limits} onChange={setLimits} />
        {token ? null : reach.select}
        {token ? null : (
          <NativeSelect
            label="How long"
            data={kLifetimes}
            value={lifetime}
            onChange={(event) => setLifetime(event.currentTarget.value)}
          />
        )}
        {lifetime === 'date' ? (
          <TextInput
            label="Until"
            type="datetime-local"
            required
            value={date}
            onChange={(event) => setDate(event.currentTarget.value)}
          />
        ) : null}
        {error ? <Problem error={error} /> : null}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" loading={pending} disabled={!name.trim()}>
            {action}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

// How far it reaches: a choice only for who holds a token of the whole instance.
function useReach() {
  const { api_token } = useSession();
  const { environments } = useEnvironment();
  const [id, setId] = useState('');
  if (api_token.environment_id !== null) return { id: '', select: null };
  return {
    id,
    select: (
      <NativeSelect
        label="Reaches"
        value={id}
        onChange={(event) => setId(event.currentTarget.value)}
        data={[
          { value: '', label: 'The whole instance' },
          ...environments.map((one) => ({ value: one.id, label: `Environment ${one.name}` })),
        ]}
      />
    ),
  };
}

function expiry(lifetime: string, date: string): string | null {
  if (lifetime === 'date') return fromLocal(date) ?? null;
  return lifetime ? new Date(Date.now() + Number(lifetime) * 86_400_000).toISOString() : null;
}
