// What came of a webhook's messages, an attempt after the other; one can be sent again.
import { Button, NativeSelect, Stack, Table, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { api, type Api } from '../../api/client';
import { refresh, usePages } from '../../api/queries';
import { useCan } from '../../app/session';
import { Empty } from '../../components/Empty';
import { ActionsHead, List } from '../../components/List';
import { Problem } from '../../components/Problem';
import { When } from '../../components/When';
import { Pill, type Tone } from '../../components/Pill';
import { useAddress } from '../../app/address';
import { useEvery } from '../../app/useEvery';
import { duration } from '../../components/numbers';
import styles from './webhooks.module.css';
import rows from '../../components/rows.module.css';

type Delivery = Api['WebhookDelivery'];

const kStates: Record<Delivery['state'], { tone: Tone; word: string }> = {
  pending: { tone: 'info', word: 'on its way' },
  delivered: { tone: 'good', word: 'delivered' },
  given_up: { tone: 'bad', word: 'given up' },
};

export function Deliveries({ webhook }: { webhook: Api['Webhook'] }) {
  const can = useCan();
  const [chosen, choose] = useAddress(['state'] as const);
  const pages = usePages<Delivery>(['deliveries', webhook.id], `/webhook/${webhook.id}/deliveries`, {
    state: chosen.state,
  });
  const pending = pages.rows.some(({ state }) => state === 'pending');
  useEvery(pending ? 2000 : 10_000, () => void pages.refetch());
  return (
    <section>
      <h2 className={styles.title}>Deliveries</h2>
      <Stack gap="md">
        <NativeSelect
          label="Show"
          className={styles.state}
          value={chosen.state ?? ''}
          onChange={(event) => choose({ state: event.currentTarget.value })}
          data={[
            { value: '', label: 'All' },
            ...Object.entries(kStates).map(([value, { word }]) => ({ value, label: word })),
          ]}
        />
        <List
          label="Deliveries"
          pages={pages}
          head={
            <>
              <Table.Th>Event</Table.Th>
              <Table.Th>State</Table.Th>
              <Table.Th>Attempts</Table.Th>
              <Table.Th className="only-wide">Made</Table.Th>
              {can('admin') && <ActionsHead />}
            </>
          }
          empty={
            <Empty title={chosen.state ? 'None of these' : 'Nothing sent yet'}>
              Messages are kept for seven days.
            </Empty>
          }
        >
          {(one) => <Cells delivery={one} webhook={webhook} />}
        </List>
      </Stack>
    </section>
  );
}

function Cells({ delivery: one, webhook }: { delivery: Delivery; webhook: Api['Webhook'] }) {
  const can = useCan();
  return (
    <>
      <Table.Td className="name-cell">
        {one.event}
        <Text size="xs" c="dimmed">
          {one.id}
        </Text>
      </Table.Td>
      <Table.Td>
        <Pill tone={kStates[one.state].tone}>{kStates[one.state].word}</Pill>
        {one.next_attempt_at ? (
          <Text size="xs" c="dimmed">
            again <When at={one.next_attempt_at} />
          </Text>
        ) : null}
      </Table.Td>
      <Table.Td>
        <Attempts of={one} />
      </Table.Td>
      <Table.Td className={`only-wide ${rows.time}`}>
        <When at={one.created_at} />
      </Table.Td>
      {can('admin') ? (
        <Table.Td>
          <Replay delivery={one} disabled={!webhook.enabled} />
        </Table.Td>
      ) : null}
    </>
  );
}

function Attempts({ of }: { of: Delivery }) {
  if (of.attempts.length === 0) return <>none yet</>;
  return (
    <ol className={styles.attempts}>
      {of.attempts.map((attempt) => (
        <li key={attempt.at}>
          {attempt.status ?? 'no answer'}, {duration(attempt.duration_ms)}, <When at={attempt.at} />
          {attempt.error ? (
            <Text size="xs" c="dimmed">
              <bdi>{attempt.error}</bdi>
            </Text>
          ) : null}
        </li>
      ))}
    </ol>
  );
}

function Replay({ delivery, disabled }: { delivery: Delivery; disabled: boolean }) {
  const replay = useMutation({
    mutationFn: () =>
      api.post(`/webhook/${delivery.webhook_id}/deliveries/${encodeURIComponent(delivery.id)}/replay`),
    onSuccess: () => refresh(['deliveries']),
  });
  return (
    <>
      <Button
        size="xs"
        variant="default"
        loading={replay.isPending}
        disabled={disabled || delivery.state === 'pending'}
        onClick={() => replay.mutate()}
        aria-label={`Send again: ${delivery.event} of ${delivery.created_at}`}
      >
        Send again
      </Button>
      {replay.error ? <Problem error={replay.error} /> : null}
    </>
  );
}
