// Whose records an MCP server is held to: by name where the session may look names up, and by id everywhere.
import { Autocomplete, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, type Api } from '../../api/client';
import { useCan } from '../../app/session';
import type { Schema } from '../tools/schema';

type OwnerProps = {
  account: string;
  owner: NonNullable<Api['Capabilities']['owner']>;
  /** An id; empty: nobody's. */
  value: string;
  /** `isUnclear`: somebody is named of whom it is not known who that is. */
  onChange: (id: string, isUnclear: boolean) => void;
};

const isId = (text: string) => /^\d+$/.test(text);

export function Owner(props: OwnerProps) {
  const { owner, value, onChange } = props;
  const can = useCan();
  const what = owner.resource.replaceAll('_', ' ');
  const one = what.replace(/ies$/, 'y').replace(/s$/, '');
  const words = {
    label: `Held to one ${one}`,
    description: `Tools show and write the records of that ${one} only.`,
  };
  if (can('admin') && owner.tool) return <ByName {...props} tool={owner.tool} one={one} words={words} />;
  return (
    <TextInput
      {...words}
      placeholder="Its id"
      inputMode="numeric"
      value={value}
      onChange={(event) => onChange(event.currentTarget.value.replace(/\D/g, ''), false)}
    />
  );
}

type Named = { id: number; name: string };

const kAtOnce = 20;
const kUnnarrowed = 500; // of a tool that cannot look for a name

/** The first of those that have the text in their name. */
async function lookUp(account: string, tool: string, text: string, signal: AbortSignal): Promise<Named[]> {
  const path = `/integrated-account/${account}/tool/${tool}`;
  const wanted = text.trim();
  const { input_schema } = await api.get<Api['ToolDetails']>(path, {}, signal);
  const narrows = 'nameContains' in ((input_schema as Schema).properties ?? {});
  const { text: told, is_error } = await api.post<Api['ToolTry']>(
    `${path}/try`,
    {
      arguments: {
        fields: 'id,name',
        limit: narrows ? kAtOnce : kUnnarrowed,
        ...(narrows && wanted && { nameContains: wanted }),
      },
    },
    signal,
  );
  if (is_error) return [];
  const { result } = JSON.parse(told) as { result: Named[] };
  return result
    .filter(({ id, name }) => typeof id === 'number' && typeof name === 'string')
    .filter(({ name }) => name.toLowerCase().includes(wanted.toLowerCase()));
}

type ByNameProps = OwnerProps & { tool: string; one: string; words: { label: string; description: string } };

function ByName({ account, tool, one, words, value, onChange }: ByNameProps) {
  const [typed, setTyped] = useState(value);
  const [asked] = useDebouncedValue(isId(typed) ? '' : typed, 250);
  const found = useQuery({
    queryKey: ['owners', account, tool, asked],
    queryFn: ({ signal }) => lookUp(account, tool, asked, signal),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    retry: false,
  });
  // null: several are called so.
  const ids = new Map<string, number | null>();
  for (const { id, name } of found.data ?? []) ids.set(name, ids.has(name) ? null : id);
  const take = (text: string) => {
    setTyped(text);
    const id = isId(text.trim()) ? text.trim() : ids.get(text);
    onChange(id ? String(id) : '', !id && text.trim() !== '');
  };
  const fault =
    typed.trim() === '' || value !== ''
      ? undefined
      : ids.get(typed) === null
        ? 'Several are called so: write the id of the one that is meant.'
        : `Choose a ${one}, or write its id.`;
  return (
    <Autocomplete
      {...words}
      placeholder="A name, or an id"
      data={[...ids.keys()]}
      // The account has filtered them already.
      filter={({ options }) => options}
      value={typed}
      onChange={take}
      error={fault}
      rightSection={value !== '' && !isId(typed) ? <Text size="xs">id {value}</Text> : null}
      rightSectionWidth={80}
      autoComplete="off"
    />
  );
}
