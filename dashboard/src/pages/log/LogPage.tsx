// The audit log: every call and every change, newest first.
import { Button, NativeSelect, Stack, TextInput } from '@mantine/core';
import { usePages } from '../../api/queries';
import { Empty } from '../../components/Empty';
import { LoadMore } from '../../components/LoadMore';
import { Needs } from '../../components/Needs';
import { Loading } from '../../components/Loading';
import { PageTitle } from '../../components/PageTitle';
import { Problem } from '../../components/Problem';
import { useEnvironment } from '../../app/environment';
import { useAddress } from '../../app/address';
import type { Chosen } from '../../app/address';
import { fromLocal, toLocal } from '../../components/localTime';
import { useTyped } from '../../app/useTyped';
import { EventTable } from './EventTable';
import type { Event } from './EventTable';
import { Export } from './Export';
import { Verification } from './Verification';
import styles from './log.module.css';

const kNames = [
  'text',
  'kind',
  'outcome',
  'tool',
  'from',
  'to',
  'integrated_account_id',
  'mcp_server_id',
] as const;
type Name = (typeof kNames)[number];

const kKinds = [
  { value: '', label: 'All' },
  { value: 'read', label: 'Reads' },
  { value: 'write', label: 'Writes' },
  { value: 'change', label: 'Changes here' },
  { value: 'note', label: 'Notes of the log' },
];
const kOutcomes = [
  { value: '', label: 'All' },
  { value: 'done', label: 'Done' },
  { value: 'failed', label: 'Failed' },
  { value: 'unknown', label: 'Unknown' },
  { value: 'started', label: 'Under way' },
];

export default function LogPage() {
  return (
    <Needs ability="read" title="Audit log">
      <Log />
    </Needs>
  );
}

function Log() {
  const [chosen, choose] = useAddress(kNames);
  const environment = useEnvironment();
  const filters = { ...chosen, environment_id: environment.id ?? undefined };
  return (
    <Stack gap="md">
      <PageTitle
        title="Audit log"
        actions={
          <>
            <Export filters={filters} />
            <Verification />
          </>
        }
      />
      <Filters chosen={chosen} choose={choose} />
      <Events
        filters={filters}
        filtered={Object.keys(chosen).length > 0}
        clear={() => choose(Object.fromEntries(kNames.map((name) => [name, undefined])))}
      />
    </Stack>
  );
}

type FilterProps = { chosen: Chosen<Name>; choose: (changes: Chosen<Name>, replace?: boolean) => void };

function Filters({ chosen, choose }: FilterProps) {
  const bound = (name: Name) => ({
    value: chosen[name] ?? '',
    onChange: (event: { currentTarget: { value: string } }) => choose({ [name]: event.currentTarget.value }),
  });
  const time = (name: 'from' | 'to') => ({
    type: 'datetime-local',
    value: toLocal(chosen[name]),
    onChange: (event: { currentTarget: { value: string } }) =>
      choose({ [name]: fromLocal(event.currentTarget.value) }),
  });
  return (
    <div className={styles.filters} role="search" aria-label="Filter the log">
      <Typed
        label="Text"
        placeholder="In all that an event shows"
        name="text"
        chosen={chosen}
        choose={choose}
      />
      <NativeSelect label="Kind" data={kKinds} {...bound('kind')} />
      <NativeSelect label="Outcome" data={kOutcomes} {...bound('outcome')} />
      <Typed label="Tool or operation" name="tool" chosen={chosen} choose={choose} />
      <TextInput label="From" {...time('from')} />
      <TextInput label="Until" {...time('to')} />
      {(['integrated_account_id', 'mcp_server_id'] as const)
        .filter((name) => chosen[name])
        .map((name) => (
          <Button key={name} variant="default" onClick={() => choose({ [name]: undefined })}>
            {name === 'mcp_server_id' ? 'Of one MCP server' : 'Of one account'}: show all
          </Button>
        ))}
    </div>
  );
}

// What is typed is asked for when the fingers rest.
function Typed({
  label,
  name,
  placeholder,
  chosen,
  choose,
}: FilterProps & {
  label: string;
  name: Name;
  placeholder?: string;
}) {
  const [typed, setTyped] = useTyped(chosen[name] ?? '', (text) => choose({ [name]: text }, true));
  return (
    <TextInput
      label={label}
      placeholder={placeholder}
      value={typed}
      dir="auto"
      onChange={(event) => setTyped(event.currentTarget.value)}
    />
  );
}

function Events({
  filters,
  filtered,
  clear,
}: {
  filters: Record<string, string | undefined>;
  filtered: boolean;
  clear: () => void;
}) {
  const pages = usePages<Event>(['log'], '/log', filters);
  if (pages.isPending) return <Loading />;
  if (pages.error && pages.rows.length === 0)
    return <Problem error={pages.error} onRetry={() => void pages.refetch()} />;
  if (pages.rows.length === 0 && !pages.hasNextPage) {
    return (
      <Empty
        title={filtered ? 'No event fits' : 'Nothing happened yet'}
        action={
          filtered ? (
            <Button variant="default" onClick={clear}>
              Show all events
            </Button>
          ) : undefined
        }
      >
        {filtered
          ? 'Take a filter away to see more.'
          : 'Calls of AI programs and changes made here will stand here.'}
      </Empty>
    );
  }
  return (
    <>
      <EventTable events={pages.rows} label="Events" />
      {pages.error ? <Problem error={pages.error} onRetry={() => void pages.refetch()} /> : null}
      <LoadMore {...pages} />
    </>
  );
}
