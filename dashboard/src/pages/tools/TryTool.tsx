// One tool: what it says of itself, its arguments as a form, and a call of it.
import { Badge, Button, Group, Select, Stack, Switch, Text, Title } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, type Api } from '../../api/client';
import { useCan } from '../../app/session';
import { Json } from '../../components/Json';
import { Loading } from '../../components/Loading';
import { count } from '../../components/numbers';
import { Problem } from '../../components/Problem';
import { ArgumentField } from './ArgumentField';
import { argumentsOf, typedOf, type Schema, type Typed } from './schema';
import { TryResult } from './TryResult';

type Details = Api['ToolDetails'];

export function TryTool({ account, name }: { account: string; name: string }) {
  const tool = useQuery({
    queryKey: ['tool', account, name],
    queryFn: ({ signal }) => api.get<Details>(`/integrated-account/${account}/tool/${name}`, {}, signal),
    staleTime: 60_000,
  });
  if (tool.isPending) return <Loading />;
  if (tool.error) return <Problem error={tool.error} onRetry={() => void tool.refetch()} />;
  return (
    <Stack gap="md">
      <About tool={tool.data} />
      <Trial account={account} tool={tool.data} />
    </Stack>
  );
}

function About({ tool }: { tool: Details }) {
  return (
    <section className="card" aria-labelledby="tool">
      <Group justify="space-between" gap="sm" mb={4}>
        <Title order={2} size="h4" id="tool">
          {tool.title}
        </Title>
        <Group gap={6}>
          <Badge variant="light" color={tool.writes ? 'orange' : 'blue'} tt="none">
            {tool.writes ? 'Writes' : 'Reads'}
          </Badge>
          <Badge variant="light" color="gray" tt="none">
            {count(tool.tokens_estimate)} tokens in the listing
          </Badge>
        </Group>
      </Group>
      <Text className="mono" c="dimmed" mb="sm">
        {tool.name}
      </Text>
      <Text className="as-written">{tool.description}</Text>
      {tool.tags.length > 0 && (
        <Text size="sm" c="dimmed" mt="sm">
          Tags: {tool.tags.join(', ')}
        </Text>
      )}
      <details className="mt">
        <summary>Input schema</summary>
        <Json value={tool.input_schema} label="Input schema" />
      </details>
    </section>
  );
}

function Trial({ account, tool }: { account: string; tool: Details }) {
  const can = useCan();
  const schema = tool.input_schema as Schema;
  const required = schema.required ?? [];
  const optional = Object.keys(schema.properties ?? {}).filter(
    (name) => !required.includes(name) && name !== 'dry_run',
  );
  const [typed, setTyped] = useState<Typed>({});
  const [added, setAdded] = useState<string[]>([]);
  const [isDry, setDry] = useState(true);
  const [told, setTold] = useState(false);
  const { values, faults } = argumentsOf(schema, typed);
  const dry = tool.writes && tool.has_dry_run && isDry;
  const run = useMutation({
    mutationFn: (given: { arguments: Record<string, unknown>; dry_run?: boolean }) =>
      api.post<Api['ToolTry']>(`/integrated-account/${account}/tool/${tool.name}/try`, given),
  });
  const fill = (example: Record<string, unknown>) => {
    const { dry_run: _, ...rest } = example;
    setTyped(Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, typedOf(value)])));
    setAdded(Object.keys(rest).filter((name) => !required.includes(name)));
  };
  return (
    <>
      <form
        className="card"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setTold(true);
          if (Object.keys(faults).length === 0)
            run.mutate({ arguments: values, ...(tool.writes && { dry_run: dry }) });
        }}
      >
        <Group justify="space-between" mb="md">
          <Title order={3} size="h4">
            Arguments
          </Title>
          <Group gap="xs">
            {tool.examples.slice(0, 3).map((example, index) => (
              <Button key={index} size="compact-sm" variant="subtle" onClick={() => fill(example)}>
                Example{tool.examples.length > 1 ? ` ${index + 1}` : ''}
              </Button>
            ))}
          </Group>
        </Group>
        <Stack gap="md">
          {[...required, ...added].map((name) => (
            <ArgumentField
              key={name}
              account={account}
              tool={tool.name}
              name={name}
              property={schema.properties?.[name] ?? {}}
              isRequired={required.includes(name)}
              completes={tool.completes.includes(name)}
              context={values}
              value={typed[name] ?? ''}
              onChange={(value) => setTyped({ ...typed, [name]: value })}
              fault={told ? faults[name] : undefined}
            />
          ))}
          <Select
            label="Add an argument"
            placeholder={`${optional.length - added.length} more`}
            data={optional.filter((name) => !added.includes(name))}
            value={null}
            onChange={(name) => name && setAdded([...added, name])}
            searchable
            nothingFoundMessage="No such argument"
          />
          {can('admin') ? (
            <Group justify="space-between">
              {tool.writes ? (
                <Switch
                  label="Dry run"
                  description={
                    tool.has_dry_run ? 'Shows what would be sent, and sends nothing.' : 'This tool has none.'
                  }
                  checked={dry}
                  disabled={!tool.has_dry_run}
                  onChange={(event) => setDry(event.currentTarget.checked)}
                />
              ) : (
                <span />
              )}
              <Button type="submit" loading={run.isPending} color={tool.writes && !dry ? 'red' : undefined}>
                {!tool.writes ? 'Run it' : dry ? 'Run it dry' : 'Run it for real'}
              </Button>
            </Group>
          ) : (
            <Text size="sm" c="dimmed">
              To run it, sign in with an API token of scope admin.
            </Text>
          )}
        </Stack>
      </form>
      {run.error && <Problem error={run.error} />}
      {run.data && <TryResult result={run.data} wasDry={run.variables?.dry_run === true} />}
    </>
  );
}
