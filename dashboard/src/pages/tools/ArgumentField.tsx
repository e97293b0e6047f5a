// One argument of a tool, by its kind; names are completed from the account.
import { Autocomplete, Select, Textarea, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { api, type Api } from '../../api/client';
import { kindOf, typesOf, type Property } from './schema';

type ArgumentFieldProps = {
  account: string;
  tool: string;
  name: string;
  property: Property;
  isRequired: boolean;
  completes: boolean;
  /** The other arguments: a status is one of its board. */
  context: Record<string, unknown>;
  value: string;
  onChange: (value: string) => void;
  fault?: string;
};

export function ArgumentField(props: ArgumentFieldProps) {
  const { name, property, isRequired, value, onChange, fault } = props;
  const shared = {
    label: name,
    description: property.description,
    required: isRequired,
    error: fault,
  };
  const kind = kindOf(property);
  if (props.completes) return <Completed {...props} />;
  if (kind === 'choice' || kind === 'boolean') {
    return (
      <Select
        {...shared}
        data={
          kind === 'boolean'
            ? ['true', 'false']
            : (property.enum ?? []).filter((each) => each !== null).map(String)
        }
        value={value || null}
        onChange={(chosen) => onChange(chosen ?? '')}
        clearable
        clearButtonProps={{ 'aria-label': `Clear ${name}` }}
      />
    );
  }
  if (kind === 'json') {
    return (
      <Textarea
        {...shared}
        placeholder={typesOf(property).includes('array') ? 'one, two' : '{ … }'}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        autosize
        minRows={1}
        maxRows={12}
        spellCheck={false}
        className="mono-input"
      />
    );
  }
  return (
    <TextInput
      {...shared}
      inputMode={kind === 'number' ? 'decimal' : undefined}
      placeholder={property.format === 'date-time' ? '2026-12-31T18:00:00Z' : undefined}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      autoComplete="off"
    />
  );
}

function Completed({
  account,
  tool,
  name,
  property,
  isRequired,
  context,
  value,
  onChange,
  fault,
}: ArgumentFieldProps) {
  const [asked] = useDebouncedValue(value, 250);
  const { [name]: _, ...others } = context;
  const found = useQuery({
    queryKey: ['complete', account, tool, name, asked, others],
    queryFn: ({ signal }) =>
      api.get<Api['ToolCompletion']>(
        `/integrated-account/${account}/tool/${tool}/complete`,
        {
          argument: name,
          value: asked,
          context: Object.keys(others).length ? JSON.stringify(others) : undefined,
        },
        signal,
      ),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    retry: false,
  });
  return (
    <Autocomplete
      label={name}
      description={property.description}
      required={isRequired}
      error={fault}
      data={[...new Set(found.data?.values ?? [])]}
      // The account has filtered them already.
      filter={({ options }) => options}
      value={value}
      onChange={onChange}
      placeholder="A name, or an id"
      autoComplete="off"
    />
  );
}
