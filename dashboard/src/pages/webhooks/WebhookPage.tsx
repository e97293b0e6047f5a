// One webhook: what it is told of, a test, its secret, and what came of each message.
import { Alert, Button, Group, Modal, NativeSelect, Stack, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { api, type Api } from '../../api/client';
import { refresh } from '../../api/queries';
import { useCan } from '../../app/session';
import { ConfirmByName } from '../../components/ConfirmByName';
import { Loading } from '../../components/Loading';
import { PageTitle } from '../../components/PageTitle';
import { Problem } from '../../components/Problem';
import { SecretOnce } from '../../components/SecretOnce';
import { When } from '../../components/When';
import { Pill } from '../../components/Pill';
import { Deliveries } from './Deliveries';
import { EnabledPill } from './EnabledPill';
import { EnvironmentName } from './EnvironmentName';
import { WebhookForm } from './WebhookForm';

type Webhook = Api['Webhook'];
const kBack = { to: '/webhooks', label: 'Webhooks' };

export default function WebhookPage() {
  const { id } = useParams({ strict: false }) as { id: string };
  const query = useQuery({
    queryKey: ['webhook', id],
    queryFn: () => api.get<Webhook>(`/webhook/${encodeURIComponent(id)}`),
  });
  if (query.isPending)
    return (
      <>
        <PageTitle title="Webhook" back={kBack} />
        <Loading />
      </>
    );
  if (!query.data) {
    return (
      <>
        <PageTitle title="Webhook" back={kBack} />
        <Problem error={query.error} onRetry={() => void query.refetch()} />
      </>
    );
  }
  return <Shown webhook={query.data} />;
}

function Shown({ webhook }: { webhook: Webhook }) {
  const can = useCan();
  return (
    <Stack gap="md">
      <PageTitle title={webhook.url} back={kBack} mark={<EnabledPill webhook={webhook} />} />
      {webhook.disabled_because === 'gone' ? (
        <Alert color="red" title="Its receiver answered 410 Gone">
          Nothing is sent any more until it is enabled again.
        </Alert>
      ) : null}
      <div className="card">
        <dl className="facts">
          {webhook.description ? (
            <>
              <dt>Description</dt>
              <dd>
                <bdi>{webhook.description}</bdi>
              </dd>
            </>
          ) : null}
          <dt>Events</dt>
          <dd>
            <Group gap="xs">
              {webhook.events.map((event) => (
                <Pill key={event}>{event}</Pill>
              ))}
            </Group>
          </dd>
          <dt>Environment</dt>
          <dd>
            <EnvironmentName id={webhook.environment_id} />
          </dd>
          <dt>Made</dt>
          <dd>
            <When at={webhook.created_at} />
          </dd>
          {webhook.previous_secret_until ? (
            <>
              <dt>Old secret</dt>
              <dd>
                signs as well, until <When at={webhook.previous_secret_until} />
              </dd>
            </>
          ) : null}
        </dl>
        {can('admin') ? <Actions webhook={webhook} /> : null}
      </div>
      <Deliveries webhook={webhook} />
    </Stack>
  );
}

function Actions({ webhook }: { webhook: Webhook }) {
  const navigate = useNavigate();
  const [open, setOpen] = useState<'edit' | 'rotate' | 'delete'>();
  const close = () => setOpen(undefined);
  const path = `/webhook/${webhook.id}`;
  const again = () => refresh(['webhook'], ['webhooks'], ['deliveries']);
  const test = useMutation({ mutationFn: () => api.post(`${path}/test`), onSuccess: again });
  const change = useMutation({
    mutationFn: (body: Api['WebhookPatch']) => api.patch<Webhook>(path, body),
    onSuccess: async () => {
      await again();
      close();
    },
  });
  const remove = async () => {
    await api.delete<Api['Deleted']>(path);
    await refresh(['webhooks']);
    void navigate({ to: '/webhooks' });
  };
  return (
    <>
      <Group gap="xs" mt="md">
        <Button loading={test.isPending} disabled={!webhook.enabled} onClick={() => test.mutate()}>
          Send a test
        </Button>
        <Button variant="default" onClick={() => setOpen('edit')}>
          Edit
        </Button>
        <Button
          variant="default"
          loading={change.isPending && open === undefined}
          onClick={() => change.mutate({ enabled: !webhook.enabled })}
        >
          {webhook.enabled ? 'Disable' : 'Enable'}
        </Button>
        <Button variant="default" onClick={() => setOpen('rotate')}>
          Rotate secret
        </Button>
        <Button variant="light" color="red" onClick={() => setOpen('delete')}>
          Delete
        </Button>
      </Group>
      <Text size="sm" mt="xs" role="status">
        {test.isSuccess ? 'A test is on its way; what came of it stands below.' : ''}
      </Text>
      {test.error ? <Problem error={test.error} /> : null}
      {change.error && open === undefined ? <Problem error={change.error} /> : null}
      <Modal opened={open === 'edit'} onClose={close} title="Edit webhook" size="lg">
        <WebhookForm
          webhook={webhook}
          action="Save"
          pending={change.isPending}
          error={change.error}
          onCancel={close}
          onSubmit={({ url, events, description }) => change.mutate({ url, events, description })}
        />
      </Modal>
      <Rotate webhook={webhook} opened={open === 'rotate'} onClose={close} onDone={again} />
      <ConfirmByName
        opened={open === 'delete'}
        onClose={close}
        name={webhook.url}
        title="Delete webhook"
        action="Delete"
        onConfirm={remove}
      >
        <Text size="sm">What waits to be sent to it goes with it.</Text>
      </ConfirmByName>
    </>
  );
}

const kOverlaps = [
  { value: '86400', label: 'A day' },
  { value: '3600', label: 'An hour' },
  { value: '604800', label: 'A week' },
  { value: '0', label: 'Not at all' },
];

function Rotate({
  webhook,
  opened,
  onClose,
  onDone,
}: {
  webhook: Webhook;
  opened: boolean;
  onClose: () => void;
  onDone: () => unknown;
}) {
  const [overlap, setOverlap] = useState('86400');
  const rotate = useMutation({
    mutationFn: () =>
      api.post<Api['MintedWebhook']>(`/webhook/${webhook.id}/rotate`, { overlap_seconds: Number(overlap) }),
    onSuccess: onDone,
  });
  const close = () => {
    rotate.reset();
    onClose();
  };
  return (
    <Modal opened={opened} onClose={close} title="Rotate secret" closeOnClickOutside={!rotate.data}>
      {rotate.data ? (
        <SecretOnce label="Signing secret" value={rotate.data.secret} onDone={close} />
      ) : (
        <Stack gap="md">
          <NativeSelect
            label="The old secret signs as well"
            description="So that receivers can change over"
            data={kOverlaps}
            value={overlap}
            onChange={(event) => setOverlap(event.currentTarget.value)}
          />
          {rotate.error ? <Problem error={rotate.error} /> : null}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button loading={rotate.isPending} onClick={() => rotate.mutate()}>
              Rotate
            </Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}
