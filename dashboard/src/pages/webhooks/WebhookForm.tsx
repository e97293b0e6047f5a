// The form of a webhook: where to, of which events.
import { Button, Checkbox, Group, NativeSelect, Stack, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import type { Api } from '../../api/client';
import { useEnvironment } from '../../app/environment';
import { Problem } from '../../components/Problem';

type Events = Api['WebhookEvents'];

const kEvents: { value: Events[number]; label: string; description: string }[] = [
  { value: 'approval.wanted', label: 'approval.wanted', description: 'A call waits for a person’s yes.' },
  {
    value: 'integrated_account.needs_reauth',
    label: 'integrated_account.needs_reauth',
    description: 'An account’s credentials are refused.',
  },
  { value: 'mcp_server.created', label: 'mcp_server.created', description: 'An MCP server was minted.' },
  { value: 'mcp_server.expiring', label: 'mcp_server.expiring', description: 'One expires soon.' },
  { value: 'mcp_server.expired', label: 'mcp_server.expired', description: 'One has expired and is gone.' },
  { value: 'quota.reached', label: 'quota.reached', description: 'The last of a quota was handed out.' },
];

type Props = {
  webhook?: Api['Webhook']; // the one that is edited
  action: string;
  pending: boolean;
  error: unknown;
  onCancel: () => void;
  onSubmit: (body: Api['NewWebhook']) => void;
};

export function WebhookForm({ webhook, action, pending, error, onCancel, onSubmit }: Props) {
  const environment = useEnvironment();
  const [url, setUrl] = useState(webhook?.url ?? '');
  const [description, setDescription] = useState(webhook?.description ?? '');
  const [events, setEvents] = useState<string[]>(webhook?.events ?? ['approval.wanted']);
  const [place, setPlace] = useState(environment.id ?? environment.environments[0]?.id ?? '');
  const chooses = !webhook && environment.canChoose;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit({
      url: url.trim(),
      events: events as Events,
      ...((description !== '' || webhook) && { description }),
      ...(chooses && place && { environment_id: place }),
    });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <TextInput
          label="URL"
          type="url"
          required
          placeholder="https://…"
          dir="ltr"
          data-autofocus
          value={url}
          description="https, and reachable from here"
          onChange={(event) => setUrl(event.currentTarget.value)}
        />
        <Checkbox.Group label="Events" value={events} onChange={setEvents}>
          <Stack gap="xs" mt="xs">
            {kEvents.map((one) => (
              <Checkbox key={one.value} {...one} />
            ))}
          </Stack>
        </Checkbox.Group>
        <TextInput
          label="Description"
          dir="auto"
          value={description}
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
        {chooses ? (
          <NativeSelect
            label="Environment"
            value={place}
            onChange={(event) => setPlace(event.currentTarget.value)}
            data={environment.environments.map(({ id, name }) => ({ value: id, label: name }))}
          />
        ) : null}
        {error ? <Problem error={error} /> : null}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" loading={pending} disabled={!url.trim() || events.length === 0}>
            {action}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
