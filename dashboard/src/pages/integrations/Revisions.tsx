// Definitions that were uploaded or imported before, and the way back to one.
import { Button, Group, Modal, Stack, Table, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client';
import { usePages } from '../../api/queries';
import { useCan } from '../../app/session';
import { ActionsHead, List } from '../../components/List';
import { count } from '../../components/numbers';
import { Loading } from '../../components/Loading';
import { Pill } from '../../components/Pill';
import { Problem } from '../../components/Problem';
import { When } from '../../components/When';
import { Changes, Faults } from './Changes';
import { isBreaking, type Outcome, type Revision } from './definitions';
import { definitionChanged, faultsOf } from './Import';
import styles from './integrations.module.css';

export function Revisions({ name }: { name: string }) {
  const can = useCan();
  const path = `/integration/${encodeURIComponent(name)}`;
  const revisions = usePages<Revision>(['revisions', name], `${path}/revisions`);
  const [back, setBack] = useState<Revision>();
  return (
    <section>
      <h2 className={styles.title}>Revisions</h2>
      <List
        label="Revisions"
        pages={revisions}
        idOf={({ revision }) => String(revision)}
        head={
          <>
            <Table.Th>Revision</Table.Th>
            <Table.Th>From</Table.Th>
            <Table.Th>Tools</Table.Th>
            <Table.Th className="only-wide">By</Table.Th>
            <Table.Th>Made</Table.Th>
            {can('instance') && <ActionsHead />}
          </>
        }
        empty={
          <Text size="sm" c="dimmed">
            None: nothing was uploaded or imported so far.
          </Text>
        }
      >
        {(one) => (
          <>
            <Table.Td>
              {one.revision} {one.is_current && <Pill tone="good">in force</Pill>}
            </Table.Td>
            <Table.Td>{one.origin}</Table.Td>
            <Table.Td data-label="Tools">{count(one.tools)}</Table.Td>
            <Table.Td className="only-wide">{one.created_by}</Table.Td>
            <Table.Td data-label="Made">
              <When at={one.created_at} />
            </Table.Td>
            {can('instance') && (
              <Table.Td>
                {!one.is_current && (
                  <Button
                    size="xs"
                    variant="default"
                    aria-label={`Roll back to revision ${one.revision}`}
                    onClick={() => setBack(one)}
                  >
                    Roll back…
                  </Button>
                )}
              </Table.Td>
            )}
          </>
        )}
      </List>
      <Modal
        opened={back !== undefined}
        onClose={() => setBack(undefined)}
        title={`Back to revision ${back?.revision ?? ''}`}
        size="lg"
      >
        {back && <RollBack path={path} revision={back.revision} onDone={() => setBack(undefined)} />}
      </Modal>
    </section>
  );
}

function RollBack({ path, revision, onDone }: { path: string; revision: number; onDone: () => void }) {
  const preview = useQuery({
    queryKey: ['rollback', path, revision],
    queryFn: () => api.post<Outcome>(`${path}/rollback?preview=true`, { revision }),
    staleTime: 0,
    retry: false,
  });
  const roll = useMutation({
    mutationFn: () => api.post<Outcome>(`${path}/rollback`, { revision }),
    onSuccess: async () => {
      await definitionChanged();
      onDone();
    },
  });
  const error = roll.error ?? preview.error;
  const faults = faultsOf(error);
  return (
    <Stack gap="md">
      {preview.isPending && <Loading rows={3} />}
      {preview.data && <Changes outcome={preview.data} />}
      {faults.length > 0 ? (
        <Faults title="That definition has faults by now. Nothing was changed." faults={faults} />
      ) : (
        error && <Problem error={error} />
      )}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onDone}>
          Leave it
        </Button>
        <Button
          color={preview.data && isBreaking(preview.data) ? 'red' : undefined}
          disabled={!preview.data}
          loading={roll.isPending}
          onClick={() => roll.mutate()}
        >
          Roll back
        </Button>
      </Group>
    </Stack>
  );
}
