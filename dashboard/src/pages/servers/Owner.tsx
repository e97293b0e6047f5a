// Whose records an MCP server is held to: by name where the session may look names up, and by id everywhere.
import { Autocomplete, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, type Api } from '../../api/client';
import { useCan } from '../../app/session';

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

type ByNameProps = OwnerProps & { tool: string; one: string; words: { label: string; description: string } };

function ByName({ account, tool, one, words, value, onChange }: ByNameProps) {
  const [typed, setTyped] = useState(value);
  const [asked] = useDebouncedValue(isId(typed) ? '' : typed, 250);
  const found = useQuery({
    queryKey: ['complete', account, tool, asked],
    queryFn: ({ signal }) =>
      api.get<Api['ToolCompletion']>(
        `/integrated-account/${account}/tool/${tool}/complete`,
        { value: asked },
        signal,
      ),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    retry: false,
  });
  const ids = new Map((found.data?.values ?? []).map((name, at) => [name, found.data?.ids[at] ?? null]));
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
