// Read in ten seconds: is everything well, what did the AI change today, what waits for a person.
import { Alert, Group, Stack, Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { overviewQuery, type Overview } from '../../app/overview';
import { useCan } from '../../app/session';
import { Empty } from '../../components/Empty';
import { Icon } from '../../components/Icon';
import { LinkButton, LinkText } from '../../components/Link';
import { Loading } from '../../components/Loading';
import { compact, count, some } from '../../components/numbers';
import { PageTitle } from '../../components/PageTitle';
import { Problem } from '../../components/Problem';
import { When } from '../../components/When';
import rowStyle from '../../components/rows.module.css';

export default function HomePage() {
  const can = useCan();
  const overview = useQuery({ ...overviewQuery, enabled: can('read') });
  if (!can('read')) return <MintersHome />;
  return (
    <>
      <PageTitle
        title="Home"
        actions={
          can('admin') && (
            <LinkButton to="/accounts/new" variant="default" leftSection={<Icon name="plus" size={16} />}>
              Connect an account
            </LinkButton>
          )
        }
      />
      {overview.isPending ? (
        <Loading />
      ) : overview.error ? (
        <Problem error={overview.error} onRetry={() => void overview.refetch()} />
      ) : (
        <Stack gap="lg">
          <Verdict overview={overview.data} />
          <Figures overview={overview.data} />
          <div className="cols cols-2">
            <Changes overview={overview.data} />
            <Expiring overview={overview.data} />
          </div>
          <Text size="sm" c="dimmed">
            Patchbay {overview.data.version}
          </Text>
        </Stack>
      )}
    </>
  );
}

function MintersHome() {
  return (
    <>
      <PageTitle title="Home" />
      <Empty
        title="This token mints MCP servers"
        action={<LinkButton to="/accounts">To the integrated accounts</LinkButton>}
      >
        It sees accounts and their MCP servers; figures and the audit log need a token of scope read or admin.
      </Empty>
    </>
  );
}

const storeWords: Record<string, string> = {
  unwritten: 'Something that was taken away could not be written to the database yet: make room on its disk.',
  altered: 'Rows of the database are not as they were written, and are not served: look at the log.',
};

/** Everything that needs a person, or that nothing does. */
function Verdict({ overview }: { overview: Overview }) {
  const { accounts, approvals_waiting, store } = overview;
  const faults: ReactNode[] = [];
  if (store !== 'ok') faults.push(<>{storeWords[store] ?? `The database: ${store}.`}</>);
  const broken = accounts.needs_reauth + accounts.validation_error;
  if (broken > 0) {
    faults.push(
      <>
        {some(broken, 'account')} cannot be used:{' '}
        <LinkText to="/accounts" underline="always">
          look at them
        </LinkText>
        .
      </>,
    );
  }
  if (approvals_waiting > 0) {
    faults.push(
      <>
        {approvals_waiting === 1 ? 'One call waits' : `${count(approvals_waiting)} calls wait`} for a person:{' '}
        <LinkText to="/approvals" underline="always">
          decide
        </LinkText>
        .
      </>,
    );
  }
  if (accounts.active + broken === 0) {
    return (
      <Empty
        title="Nothing is connected yet"
        action={<LinkButton to="/accounts/new">Connect an account</LinkButton>}
      >
        Connect an account of a SaaS API, then mint an MCP server from it: a URL that an AI client opens.
      </Empty>
    );
  }
  return faults.length === 0 ? (
    <Alert color="green" variant="light" icon={<Icon name="check" />} title="Everything is well">
      {some(accounts.active, 'account')} active, nothing waits for you.
    </Alert>
  ) : (
    <Alert color="orange" variant="light" icon={<Icon name="alert" />} title="Something needs you">
      <ul className="plain-list">
        {faults.map((fault, index) => (
          <li key={index}>{fault}</li>
        ))}
      </ul>
    </Alert>
  );
}

function Tile({
  label,
  value,
  to,
  note,
}: {
  label: string;
  value: string;
  to: '/activity' | '/log' | '/approvals';
  note: string;
}) {
  return (
    <Link to={to} className="card tile">
      <Text size="sm" c="dimmed">
        {label}
      </Text>
      <Text fz={30} fw={650} lh={1.2}>
        {value}
      </Text>
      <Text size="xs" c="dimmed">
        {note}
      </Text>
    </Link>
  );
}

function Figures({ overview: { today, approvals_waiting } }: { overview: Overview }) {
  const rate = today?.calls
    ? `${((100 * today.errors) / today.calls).toFixed(1)} % of the calls`
    : 'no calls yet';
  return (
    <section aria-label="Today" className="cols cols-tiles">
      <Tile
        label="Calls today"
        value={count(today?.calls)}
        to="/activity"
        note={today ? `${count(today.writes)} of them writes` : 'no log is kept'}
      />
      <Tile label="Errors today" value={count(today?.errors)} to="/activity" note={rate} />
      <Tile
        label="Tokens saved today"
        value={compact(today?.tokens_saved_estimate)}
        to="/activity"
        note="an estimate, four bytes each"
      />
      <Tile label="Waits for you" value={count(approvals_waiting)} to="/approvals" note="approvals" />
    </section>
  );
}

function Changes({ overview: { changes_today } }: { overview: Overview }) {
  return (
    <section className="card card-flush" aria-labelledby="changes">
      <Group justify="space-between" p="md">
        <Title order={2} size="h4" id="changes">
          What the AI changed today
        </Title>
        <LinkText to="/log" search={{ kind: 'write' }} size="sm">
          All writes
        </LinkText>
      </Group>
      {changes_today.length === 0 ? (
        <Text c="dimmed" px="md" pb="md">
          Nothing so far.
        </Text>
      ) : (
        <div className="table-scroll">
          <Table className={rowStyle.rows}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Tool</Table.Th>
                <Table.Th>Record</Table.Th>
                <Table.Th>Outcome</Table.Th>
                <Table.Th>When</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {changes_today.map((event) => (
                <Table.Tr key={event.id}>
                  <Table.Td className="name-cell">
                    <LinkText to="/log/$event" params={{ event: event.id }} className="mono">
                      {event.tool}
                    </LinkText>
                  </Table.Td>
                  <Table.Td data-label="Record">{event.record_id ?? '—'}</Table.Td>
                  <Table.Td data-label="Outcome">{event.outcome}</Table.Td>
                  <Table.Td>
                    <When at={event.at} />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </div>
      )}
    </section>
  );
}

function Expiring({ overview: { expiring_soon } }: { overview: Overview }) {
  return (
    <section className="card card-flush" aria-labelledby="expiring">
      <Title order={2} size="h4" id="expiring" p="md">
        MCP servers that end within a week
      </Title>
      {expiring_soon.length === 0 ? (
        <Text c="dimmed" px="md" pb="md">
          None.
        </Text>
      ) : (
        <div className="table-scroll">
          <Table className={rowStyle.rows}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Name</Table.Th>
                <Table.Th>Ends</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {expiring_soon.map((server) => (
                <Table.Tr key={server.id}>
                  <Table.Td className="name-cell">
                    <LinkText
                      to="/accounts/$id/servers/$mcp"
                      params={{ id: server.integrated_account_id, mcp: server.id }}
                    >
                      <bdi>{server.name}</bdi>
                    </LinkText>
                  </Table.Td>
                  <Table.Td data-label="Ends">
                    <When at={server.expires_at} />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </div>
      )}
    </section>
  );
}
