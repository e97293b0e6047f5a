// Calls that wait for a person's yes, and what became of those that did.
import { NativeSelect, Stack, Table } from '@mantine/core';
import { usePages } from '../../api/queries';
import { Empty } from '../../components/Empty';
import { LinkText } from '../../components/Link';
import { List } from '../../components/List';
import { Needs } from '../../components/Needs';
import { PageTitle } from '../../components/PageTitle';
import { When } from '../../components/When';
import type { Api } from '../../api/client';
import { useAddress } from '../../app/address';
import { useEvery } from '../../app/useEvery';
import { AccountName, ServerName } from '../log/names';
import { StatePill, kStates } from './StatePill';
import styles from './approvals.module.css';
import rows from '../../components/rows.module.css';

type Row = Api['Approval'];

export default function ApprovalsPage() {
  return (
    <Needs ability="admin" title="Approvals" why="They show customers’ data: it needs scope admin.">
      <Approvals />
    </Needs>
  );
}

function Approvals() {
  const [chosen, choose] = useAddress(['state', 'mcp_server_id', 'integrated_account_id'] as const);
  const state = chosen.state ?? 'pending';
  const pages = usePages<Row>(['approvals'], '/approval', {
    ...chosen,
    state: state === 'all' ? undefined : state,
  });
  useEvery(5000, () => void pages.refetch());
  return (
    <Stack gap="md">
      <PageTitle title="Approvals" />
      <NativeSelect
        label="Show"
        className={styles.state}
        value={state}
        onChange={(event) =>
          choose({ state: event.currentTarget.value === 'pending' ? undefined : event.currentTarget.value })
        }
        data={[
          { value: 'pending', label: 'What waits' },
          { value: 'all', label: 'All' },
          ...Object.entries(kStates)
            .filter(([name]) => name !== 'pending')
            .map(([name, { word }]) => ({
              value: name,
              label: `${word.charAt(0).toUpperCase()}${word.slice(1)}`,
            })),
        ]}
      />
      <List
        label="Approvals"
        pages={pages}
        head={
          <>
            <Table.Th>What</Table.Th>
            <Table.Th>State</Table.Th>
            <Table.Th className="only-wide">Asked by</Table.Th>
            <Table.Th className="only-wide">Account</Table.Th>
            <Table.Th>Asked</Table.Th>
            <Table.Th>Expires or decided</Table.Th>
          </>
        }
        empty={<Nothing state={state} />}
      >
        {(one) => <Cells approval={one} />}
      </List>
    </Stack>
  );
}

function Nothing({ state }: { state: string }) {
  if (state !== 'pending') return <Empty title="None">Approvals are kept for 30 days.</Empty>;
  return (
    <Empty title="Nothing waits for you">
      An MCP server’s “calls that need a yes” say what waits here before it is sent.
    </Empty>
  );
}

function Cells({ approval: one }: { approval: Row }) {
  return (
    <>
      <Table.Td className="name-cell">
        <LinkText to="/approvals/$id" params={{ id: one.id }}>
          <bdi>{one.summary || one.tool}</bdi>
        </LinkText>
      </Table.Td>
      <Table.Td>
        <StatePill state={one.state} />
      </Table.Td>
      <Table.Td className="only-wide">
        <bdi>{one.client ?? 'unnamed'}</bdi>
        {' by '}
        <ServerName account={one.integrated_account_id} id={one.mcp_server_id} />
      </Table.Td>
      <Table.Td className="only-wide">
        <AccountName id={one.integrated_account_id} />
      </Table.Td>
      <Table.Td className={rows.time} data-label="Asked">
        <When at={one.asked_at} />
      </Table.Td>
      <Table.Td className={rows.time} data-label={one.decided_at ? 'Decided' : 'Expires'}>
        <When at={one.decided_at ?? one.expires_at} />
      </Table.Td>
    </>
  );
}
