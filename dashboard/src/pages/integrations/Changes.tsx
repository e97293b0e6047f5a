// What another definition would change, or has changed: tools, and the MCP servers that have them.
import { Alert, List, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Icon } from '../../components/Icon';
import { Pill } from '../../components/Pill';
import { some } from '../../components/numbers';
import { changesNothing, isBreaking, type Fault, type Outcome } from './definitions';
import styles from './integrations.module.css';

const kShown = 200; // of each; a document may have three thousand

export function Changes({ outcome }: { outcome: Outcome }) {
  const { diff, mcp_servers, left_out, operations, tools } = outcome;
  return (
    <Stack gap="sm">
      <Text size="sm">
        {operations > 0 && `${some(operations, 'operation')} in the document, `}
        {some(tools, 'tool')} in all.
      </Text>
      {changesNothing(diff) ? (
        <Text size="sm">Nothing changes: the tools are as they were.</Text>
      ) : isBreaking(outcome) ? (
        <Alert color="orange" variant="light" icon={<Icon name="alert" />} title="Some of it breaks">
          Calls that were right may be refused afterwards: look at what goes, and at what is marked.
        </Alert>
      ) : null}
      <Part title="New" count={diff.added.length} unit="tool">
        {diff.added.slice(0, kShown).map((tool) => (
          <li key={tool} className="mono">
            {tool}
          </li>
        ))}
      </Part>
      <Part title="Gone" count={diff.removed.length} unit="tool" isOpen>
        {diff.removed.slice(0, kShown).map((tool) => (
          <li key={tool} className="mono">
            {tool}
          </li>
        ))}
      </Part>
      <Part title="Changed" count={diff.changed.length} unit="tool" isOpen>
        {[...diff.changed]
          .sort((one, other) => Number(other.is_breaking) - Number(one.is_breaking))
          .slice(0, kShown)
          .map(({ tool, is_breaking, what }) => (
            <li key={tool}>
              <span className="mono">{tool}</span> {is_breaking && <Pill tone="bad">breaks</Pill>}
              <Text size="sm" c="dimmed">
                {what.join('; ')}
              </Text>
            </li>
          ))}
      </Part>
      <Part title="MCP servers" count={mcp_servers.length} unit="server" isOpen>
        {mcp_servers.slice(0, kShown).map((server) => (
          <li key={server.id}>
            <bdi>{server.name}</bdi> {server.is_breaking && <Pill tone="bad">breaks</Pill>}{' '}
            <Text component="span" size="sm" c="dimmed">
              {server.added.length} new, {server.removed.length} gone, {server.changed.length} changed
            </Text>
          </li>
        ))}
      </Part>
      <Part title="Left out" count={left_out.length} unit="operation">
        {left_out.slice(0, kShown).map(({ operation, reason }) => (
          <li key={operation}>
            <span className="mono">{operation}</span>{' '}
            <Text component="span" size="sm" c="dimmed">
              {reason}
            </Text>
          </li>
        ))}
      </Part>
    </Stack>
  );
}

type PartProps = { title: string; count: number; unit: string; isOpen?: boolean; children: ReactNode };

function Part({ title, count, unit, isOpen, children }: PartProps) {
  if (count === 0) return null;
  return (
    <details open={isOpen || undefined}>
      <summary>
        <b>{title}</b>: {some(count, unit)}
      </summary>
      <ul className={`plain-list ${styles.long}`}>
        {children}
        {count > kShown && <li>and {some(count - kShown, 'more', 'more')}</li>}
      </ul>
    </details>
  );
}

/** What is wrong with a definition, where, and how it is mended. */
export function Faults({ title, faults }: { title: string; faults: readonly Fault[] }) {
  if (faults.length === 0) return null;
  return (
    <Alert color="red" variant="light" role="alert" icon={<Icon name="alert" />} title={title}>
      <List size="sm" className={styles.long}>
        {faults.slice(0, kShown).map(({ file, line, message, hint }) => (
          <List.Item key={`${file}:${line}:${message}`}>
            <span className="mono">
              {file}
              {line > 0 && `:${line}`}
            </span>{' '}
            {message} {hint}
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}
