// Environments: the walls between customers, and what each one's audit log keeps.
import { Button, Group, Modal, Stack, Table, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, type Api } from '../../api/client';
import { refresh, usePages } from '../../api/queries';
import { useCan } from '../../app/session';
import { ConfirmByName } from '../../components/ConfirmByName';
import { Empty } from '../../components/Empty';
import { ActionsHead, List } from '../../components/List';
import { Needs } from '../../components/Needs';
import { PageTitle } from '../../components/PageTitle';
import { Problem } from '../../components/Problem';
import { When } from '../../components/When';
import { count, some } from '../../components/numbers';
import { SettingsForm } from './SettingsForm';
import { kKept } from './kept';
import rows from '../../components/rows.module.css';

type Environment = Api['Environment'];
type Dialog = { opened: boolean; onClose: () => void };

export default function EnvironmentsPage() {
  return (
    <Needs ability="read" title="Environments">
      <Environments />
    </Needs>
  );
}

function Environments() {
  const can = useCan();
  const [creating, setCreating] = useState(false);
  const pages = usePages<Environment>(['environments'], '/environment');
  return (
    <Stack gap="md">
      <PageTitle
        title="Environments"
        actions={can('instance') && <Button onClick={() => setCreating(true)}>Create environment</Button>}
      />
      <List
        label="Environments"
        pages={pages}
        head={
          <>
            <Table.Th>Name</Table.Th>
            <Table.Th>The log keeps</Table.Th>
            <Table.Th className="only-wide">Made</Table.Th>
            {can('instance') && <ActionsHead />}
          </>
        }
        empty={<Empty title="No environment">A start of the server makes the first one.</Empty>}
      >
        {(environment) => <Cells environment={environment} />}
      </List>
      <Create opened={creating} onClose={() => setCreating(false)} />
    </Stack>
  );
}

function Cells({ environment }: { environment: Environment }) {
  const can = useCan();
  const [open, setOpen] = useState<'edit' | 'delete'>();
  const { audit } = environment;
  return (
    <>
      <Table.Td className="name-cell">
        <bdi>{environment.name}</bdi>
        <Text size="xs" c="dimmed">
          {environment.id}
        </Text>
      </Table.Td>
      <Table.Td>
        {some(audit.keep_days, 'day')}, {count(audit.keep_entries)} entries
        <Text size="xs" c="dimmed">
          {kKept[audit.arguments].shown}
        </Text>
      </Table.Td>
      <Table.Td className={`only-wide ${rows.time}`}>
        <When at={environment.created_at} />
      </Table.Td>
      {can('instance') ? (
        <Table.Td>
          <Group gap="xs" wrap="nowrap">
            <Button
              size="xs"
              variant="default"
              onClick={() => setOpen('edit')}
              aria-label={`Edit ${environment.name}`}
            >
              Edit
            </Button>
            <Button
              size="xs"
              variant="light"
              color="red"
              onClick={() => setOpen('delete')}
              aria-label={`Delete ${environment.name}`}
            >
              Delete
            </Button>
          </Group>
          <Edit environment={environment} opened={open === 'edit'} onClose={() => setOpen(undefined)} />
          <Delete environment={environment} opened={open === 'delete'} onClose={() => setOpen(undefined)} />
        </Table.Td>
      ) : null}
    </>
  );
}

function Create({ opened, onClose }: Dialog) {
  const [name, setName] = useState('');
  const create = useMutation({
    mutationFn: () => api.post<Environment>('/environment', { name: name.trim() }),
    onSuccess: async () => {
      await refresh(['environments']);
      close();
    },
  });
  const close = () => {
    setName('');
    create.reset();
    onClose();
  };
  return (
    <Modal opened={opened} onClose={close} title="Create environment">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate();
        }}
      >
        <Stack gap="md">
          <TextInput
            label="Name"
            required
            maxLength={200}
            dir="auto"
            data-autofocus
            value={name}
            description="Nothing crosses from one environment into another."
            onChange={(event) => setName(event.currentTarget.value)}
          />
          {create.error ? <Problem error={create.error} /> : null}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={create.isPending} disabled={!name.trim()}>
              Create
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function Edit({ environment, opened, onClose }: Dialog & { environment: Environment }) {
  const update = useMutation({
    mutationFn: (body: Api['EnvironmentPatch']) =>
      api.patch<Environment>(`/environment/${environment.id}`, body),
    onSuccess: async () => {
      await refresh(['environments']);
      onClose();
    },
  });
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={
        <>
          Edit <bdi>{environment.name}</bdi>
        </>
      }
      size="lg"
    >
      <SettingsForm
        environment={environment}
        pending={update.isPending}
        error={update.error}
        onCancel={onClose}
        onSubmit={(body) => update.mutate(body)}
      />
    </Modal>
  );
}

function Delete({ environment, opened, onClose }: Dialog & { environment: Environment }) {
  const queries = useQueryClient();
  const counted = useQuery({
    queryKey: ['environment', environment.id, 'counts'],
    enabled: opened,
    queryFn: () => api.get<Environment>(`/environment/${environment.id}`),
  });
  const remove = async () => {
    await api.delete<Api['Deleted']>(`/environment/${environment.id}`);
    await queries.invalidateQueries();
  };
  return (
    <ConfirmByName
      opened={opened}
      onClose={onClose}
      name={environment.name}
      title="Delete environment"
      action="Delete"
      onConfirm={remove}
    >
      <Text size="sm">
        With it go{' '}
        {counted.data ? (
          <b>
            {some(counted.data.integrated_account_count ?? 0, 'account')},{' '}
            {some(counted.data.mcp_server_count ?? 0, 'MCP server')}
          </b>
        ) : (
          'its accounts and MCP servers'
        )}
        , its API tokens and webhooks. Every URL of its servers stops working at once. This cannot be taken
        back.
      </Text>
    </ConfirmByName>
  );
}
