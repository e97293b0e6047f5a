// Which tools a config gives, what they cost a model, and which clients would not take them all.
import { Badge, Group, Loader, Stack, Text, Title } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useRef, type ReactNode } from 'react';
import { compact, count, some } from '../../components/numbers';
import { Problem } from '../../components/Problem';
import { Advice, type Remedies } from './Advice';
import type { Config } from './draft';
import { previewQuery, type McpPreview } from './preview';

type PreviewProps = Remedies & { account: string; config: Config };

export function Preview({ account, config, onRemedy, ...remedies }: PreviewProps) {
  // A config's identity is what it says: a new object of the same words asks nothing anew.
  const [said] = useDebouncedValue(JSON.stringify(config), 300);
  const section = useRef<HTMLElement>(null);
  const preview = useQuery(
    previewQuery(
      account,
      useMemo(() => JSON.parse(said) as Config, [said]),
    ),
  );
  return (
    <section
      className="card stays"
      aria-labelledby="preview"
      aria-busy={preview.isFetching}
      ref={section}
      tabIndex={-1}
    >
      <Group justify="space-between" mb="sm">
        <Title order={2} size="h4" id="preview">
          What the AI will get
        </Title>
        {preview.isFetching && <Loader size="xs" aria-label="Asking" />}
      </Group>
      {preview.error ? (
        <Problem error={preview.error} />
      ) : preview.data ? (
        <Shown
          preview={preview.data}
          advice={
            <Advice
              preview={preview.data}
              config={config}
              onRemedy={
                onRemedy &&
                ((remedy) => {
                  onRemedy(remedy);
                  // The button goes with what it is against; whoever pressed it stays here.
                  section.current?.focus();
                })
              }
              {...remedies}
            />
          }
        />
      ) : (
        <Text c="dimmed">Counting…</Text>
      )}
    </section>
  );
}

function Shown({ preview, advice }: { preview: McpPreview; advice: ReactNode }) {
  const writes = preview.tools.filter(({ read_only }) => !read_only).length;
  return (
    <Stack gap="md">
      <Group gap="xl" aria-live="polite">
        <Figure value={count(preview.tool_count)} label={preview.tool_count === 1 ? 'tool' : 'tools'} />
        <Figure value={count(writes)} label={writes === 1 ? 'can write' : 'can write'} />
        <Figure value={compact(preview.tokens_estimate)} label="tokens of its context" />
      </Group>
      {advice}
      <ToolList tools={preview.tools} />
      {preview.found_by_search && preview.found_by_search.length > 0 && (
        <details>
          <summary>{some(preview.found_by_search.length, 'tool')} found by a search</summary>
          <ToolList tools={preview.found_by_search} label="Tools that are found by a search" />
        </details>
      )}
    </Stack>
  );
}

function Figure({ value, label }: { value: string; label: string }) {
  return (
    <div>
      <Text fz={26} fw={650} lh={1.1}>
        {value}
      </Text>
      <Text size="sm" c="dimmed">
        {label}
      </Text>
    </div>
  );
}

/** By resource, opened one by one: there may be hundreds. */
export function ToolList({
  tools,
  label = 'Tools by resource',
}: {
  tools: McpPreview['tools'];
  label?: string;
}) {
  const byResource = useMemo(() => {
    const found = new Map<string, McpPreview['tools']>();
    for (const tool of tools) {
      const resource = tool.resource ?? 'approvals';
      found.set(resource, [...(found.get(resource) ?? []), tool]);
    }
    return [...found].sort(([one], [other]) => one.localeCompare(other));
  }, [tools]);
  return (
    <div className="tool-list" tabIndex={0} role="region" aria-label={label}>
      {byResource.map(([resource, its]) => (
        <details key={resource}>
          <summary>
            <Text component="span" fw={600} size="sm">
              {resource.replaceAll('_', ' ')}
            </Text>{' '}
            <Text component="span" size="sm" c="dimmed">
              {some(its.length, 'tool')}
            </Text>
          </summary>
          <ul className="plain-list">
            {its.map((tool) => (
              <li key={tool.name}>
                <span className="mono">{tool.name}</span>{' '}
                {!tool.read_only && (
                  <Badge size="xs" color="orange" variant="light" tt="none">
                    writes
                  </Badge>
                )}{' '}
                <Text component="span" size="xs" c="dimmed">
                  {count(tool.tokens_estimate)} tokens
                </Text>
              </li>
            ))}
          </ul>
        </details>
      ))}
    </div>
  );
}
