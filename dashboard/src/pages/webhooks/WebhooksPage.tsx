// Webhooks: URLs that are told of what happens.
import { Button, Modal, Stack, Table, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api, type Api } from '../../api/client';
import { usePages } from '../../api/queries';
import { useCan } from '../../app/session';
import { Empty } from '../../components/Empty';
import { LinkText } from '../../components/Link';
import { LoadMore } from '../../components/LoadMore';
import { Loading } from '../../components/Loading';
import { PageTitle } from '../../components/PageTitle';
import { Problem } from '../../components/Problem';
import { SecretOnce } from '../../components/SecretOnce';
import { When } from '../../components/When';
import { Pill } from '../../components/Pill';
import { EnvironmentName } from './EnvironmentName';
import { EnabledPill } from './EnabledPill';
import { WebhookForm } from './WebhookForm';
import rows from '../../components/rows.module.css';

type Webhook = Api['Webhook'];

export default function WebhooksPage() {
  const can = useCan();
  const [creating, setCreating] = useState(false);
  if (!can('read')) {
    return (
      <>
        <PageTitle title="Webhooks" />
        <Empty title="Not for this API token">It needs scope read or admin.</Empty>
      </>
    );
  }
  return (
    <Stack gap="md">
      <PageTitle
        title="Webhooks"
        actions={can('admin') ? <Button onClick={() => setCreating(true)}>Create webhook</Button> : undefined}
      />
      <Webhooks onCreate={() => setCreating(true)} />
      <Create opened={creating} onClose={() => setCreating(false)} />
    </Stack>
  );
}

function Webhooks({ onCreate }: { onCreate: () => void }) {
  const can = useCan();
  const pages = usePages<Webhook>(['webhooks'], '/webhook');
  if (pages.isPending) return <Loading />;
  if (pages.error && pages.rows.length === 0)
    return <Problem error={pages.error} onRetry={() => void pages.refetch()} />;
  if (pages.rows.length === 0) {
    return (
      <Empty
        title="No webhook yet"
        action={can('admin') ? <Button onClick={onCreate}>Create webhook</Button> : undefined}
      >
        A webhook is a URL of yours that is told when a call waits for a yes, a server expires, a quota is
        reached.
      </Empty>
    );
  }
  return (
    <>
      <div className="card card-flush table-scroll" role="region" aria-label="Webhooks" tabIndex={0}>
        <Table highlightOnHover className={rows.rows}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>URL</Table.Th>
              <Table.Th>State</Table.Th>
              <Table.Th className="only-wide">Events</Table.Th>
              <Table.Th className="only-wide">Environment</Table.Th>
              <Table.Th className="only-wide">Made</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {pages.rows.map((one) => (
              <Table.Tr key={one.id}>
                <Table.Td className="name-cell">
                  <LinkText to="/webhooks/$id" params={{ id: one.id }}>
                    <bdi>{one.url}</bdi>
                  </LinkText>
                  <Text size="xs" c="dimmed">
                    <bdi>{one.description}</bdi>
                  </Text>
                </Table.Td>
                <Table.Td>
                  <EnabledPill webhook={one} />
                </Table.Td>
                <Table.Td className="only-wide">
                  {one.events.map((event) => (
                    <Pill key={event}>{event}</Pill>
                  ))}
                </Table.Td>
                <Table.Td className="only-wide">
                  <EnvironmentName id={one.environment_id} />
                </Table.Td>
                <Table.Td className={`only-wide ${rows.time}`}>
                  <When at={one.created_at} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
      {pages.error ? <Problem error={pages.error} onRetry={() => void pages.refetch()} /> : null}
      <LoadMore {...pages} />
    </>
  );
}

function Create({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const create = useMutation({
    mutationFn: (body: Api['NewWebhook']) => api.post<Api['MintedWebhook']>('/webhook', body),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['webhooks'] }),
  });
  const close = () => {
    create.reset();
    onClose();
  };
  const done = (id: string) => {
    close();
    void navigate({ to: '/webhooks/$id', params: { id } });
  };
  return (
    <Modal
      opened={opened}
      onClose={close}
      title="Create webhook"
      size="lg"
      closeOnClickOutside={!create.data}
    >
      {create.data ? (
        <SecretOnce label="Signing secret" value={create.data.secret} onDone={() => done(create.data.id)} />
      ) : (
        <WebhookForm
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
