// What of the activity is looked at; all of it stands in the page's address.
import { Autocomplete, Button, NativeSelect, TextInput } from '@mantine/core';
import type { Activity, ActivityChoice, ActivityName } from './data';
import { fromLocal, toLocal } from '../../components/localTime';
import { kDefaultPreset, kPresets } from './range';
import { useTyped } from '../../app/useTyped';
import styles from './activity.module.css';

type Props = {
  chosen: ActivityChoice;
  choose: (changes: ActivityChoice, replace?: boolean) => void;
  fixed: readonly ActivityName[]; // decided by where the page stands: not offered
  activity: Activity | undefined;
};

const kOutcomes = [
  { value: '', label: 'All' },
  { value: 'done', label: 'Done' },
  { value: 'failed', label: 'Failed' },
  { value: 'unknown', label: 'Unknown' },
  { value: 'started', label: 'Under way' },
];

export function Filters({ chosen, choose, fixed, activity }: Props) {
  const custom = Boolean(chosen.from) || chosen.range === 'custom';
  const pickRange = (range: string) =>
    choose(
      range === 'custom'
        ? { range }
        : { range: range === kDefaultPreset ? undefined : range, from: undefined, to: undefined },
    );
  const filtered = kClearable.some((name) => chosen[name] && !fixed.includes(name));
  return (
    <div className={styles.filters} role="search" aria-label="Filter the activity">
      <NativeSelect
        label="Time"
        value={custom ? 'custom' : (chosen.range ?? kDefaultPreset)}
        onChange={(event) => pickRange(event.currentTarget.value)}
        data={[
          ...kPresets.map(({ value, label }) => ({ value, label })),
          { value: 'custom', label: 'From … until …' },
        ]}
      />
      {custom ? (
        <>
          <TextInput
            type="datetime-local"
            label="From"
            value={toLocal(chosen.from)}
            onChange={(event) => choose({ range: 'custom', from: fromLocal(event.currentTarget.value) })}
          />
          <TextInput
            type="datetime-local"
            label="Until"
            value={toLocal(chosen.to)}
            onChange={(event) => choose({ range: 'custom', to: fromLocal(event.currentTarget.value) })}
          />
        </>
      ) : null}
      {fixed.includes('mcp_server_id') ? null : (
        <ServerSelect chosen={chosen} choose={choose} activity={activity} />
      )}
      <Suggested
        label="Tool"
        name="tool"
        chosen={chosen}
        choose={choose}
        known={activity?.tools.map(({ tool }) => tool) ?? []}
      />
      <Suggested
        label="Client"
        name="client"
        chosen={chosen}
        choose={choose}
        known={activity?.clients.map(({ client }) => client) ?? []}
      />
      <NativeSelect
        label="Outcome"
        data={kOutcomes}
        value={chosen.outcome ?? ''}
        onChange={(event) => choose({ outcome: event.currentTarget.value })}
      />
      {filtered ? (
        <Button
          variant="default"
          onClick={() =>
            choose(
              Object.fromEntries(
                kClearable.filter((name) => !fixed.includes(name)).map((name) => [name, undefined]),
              ),
            )
          }
        >
          Clear filters
        </Button>
      ) : null}
    </div>
  );
}

const kClearable: readonly ActivityName[] = ['mcp_server_id', 'tool', 'client', 'outcome'];

// Those that had calls in this time; one that is chosen stays among them.
function ServerSelect({ chosen, choose, activity }: Omit<Props, 'fixed'>) {
  const id = chosen.mcp_server_id;
  const known = (activity?.servers ?? []).map((one) => ({
    value: one.mcp_server_id,
    label: one.name || one.mcp_server_id,
  }));
  if (id && !known.some(({ value }) => value === id)) known.unshift({ value: id, label: id });
  return (
    <NativeSelect
      label="MCP server"
      value={id ?? ''}
      data={[{ value: '', label: 'All' }, ...known]}
      onChange={(event) => choose({ mcp_server_id: event.currentTarget.value })}
    />
  );
}

// Text that is asked for when it is picked, or the fingers rest.
function Suggested({
  label,
  name,
  chosen,
  choose,
  known,
}: Pick<Props, 'chosen' | 'choose'> & {
  label: string;
  name: 'tool' | 'client';
  known: string[];
}) {
  const [typed, setTyped] = useTyped(chosen[name] ?? '', (text) => choose({ [name]: text }, true));
  return (
    <Autocomplete
      label={label}
      placeholder="All"
      value={typed}
      onChange={setTyped}
      limit={20}
      data={[...new Set(known.filter(Boolean))]}
    />
  );
}
