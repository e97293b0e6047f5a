// Webhooks: URLs that are told of what happens.
import { Button, Modal, Stack, Table, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api, type Api } from '../../api/client';
import { refresh, usePages } from '../../api/queries';
import { useCan } from '../../app/session';
import { Empty } from '../../components/Empty';
import { LinkText } from '../../components/Link';
import { List } from '../../components/List';
import { Needs } from '../../components/Needs';
import { PageTitle } from '../../components/PageTitle';
import { SecretOnce } from '../../components/SecretOnce';
import { When } from '../../components/When';
import { Pill } from '../../components/Pill';
import { EnvironmentName } from './EnvironmentName';
import { EnabledPill } from './EnabledPill';
import { WebhookForm } from './WebhookForm';
import rows from '../../components/rows.module.css';

type Webhook = Api['Webhook'];

export default function WebhooksPage() {
  return (
    <Needs ability="read" title="Webhooks">
      <Webhooks />
    </Needs>
  );
}

function Webhooks() {
  const can = useCan();
  const [creating, setCreating] = useState(false);
  const pages = usePages<Webhook>(['webhooks'], '/webhook');
  const create = can('admin') && <Button onClick={() => setCreating(true)}>Create webhook</Button>;
  return (
    <Stack gap="md">
      <PageTitle title="Webhooks" actions={create} />
      <List
        label="Webhooks"
        pages={pages}
        head={
          <>
            <Table.Th>URL</Table.Th>
            <Table.Th>State</Table.Th>
            <Table.Th className="only-wide">Events</Table.Th>
            <Table.Th className="only-wide">Environment</Table.Th>
            <Table.Th className="only-wide">Made</Table.Th>
          </>
        }
        empty={
          <Empty title="No webhook yet" action={create}>
            A webhook is a URL of yours that is told when a call waits for a yes, a server expires, a quota is
            reached.
          </Empty>
        }
      >
        {(one) => (
          <>
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
          </>
        )}
      </List>
      <Create opened={creating} onClose={() => setCreating(false)} />
    </Stack>
  );
}

function Create({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const navigate = useNavigate();
  const create = useMutation({
    mutationFn: (body: Api['NewWebhook']) => api.post<Api['MintedWebhook']>('/webhook', body),
    onSuccess: () => refresh(['webhooks']),
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
