// Integrations: which APIs can be connected, and what of them there is.
import { Stack, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { integrationsQuery } from '../../api/queries';
import { useCan } from '../../app/session';
import { Empty } from '../../components/Empty';
import { LinkText } from '../../components/Link';
import { Loading } from '../../components/Loading';
import { PageTitle } from '../../components/PageTitle';
import { Problem } from '../../components/Problem';
import { Pill } from '../../components/Pill';
import { some } from '../../components/numbers';
import { NewIntegration } from './NewIntegration';
import styles from './integrations.module.css';

const kMostTags = 12;

export default function IntegrationsPage() {
  const can = useCan();
  const list = useQuery(integrationsQuery);
  const [text, setText] = useState('');
  const all = list.data?.result ?? [];
  const wanted = text.trim().toLowerCase();
  const shown = all.filter(({ name, label, tags }) =>
    [name, label, ...tags].some((word) => word.toLowerCase().includes(wanted)),
  );
  return (
    <Stack gap="md">
      <PageTitle
        title="Integrations"
        actions={
          can('instance') && list.data ? <NewIntegration taken={all.map(({ name }) => name)} /> : undefined
        }
      />
      {list.isPending ? <Loading /> : null}
      {list.error ? <Problem error={list.error} onRetry={() => void list.refetch()} /> : null}
      {all.length > 5 ? (
        <TextInput
          label="Search"
          type="search"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      ) : null}
      {list.data && shown.length === 0 ? (
        <Empty title={all.length > 0 ? 'None fits' : 'No integration yet'}>
          {all.length > 0
            ? 'Search for less.'
            : 'An integration is a folder of YAML; an OpenAPI document can be imported with `patchbay integration import`.'}
        </Empty>
      ) : null}
      <div className="cols cols-2">
        {shown.map((one) => (
          <section key={one.name} className="card">
            <h2 className={styles.title}>
              <LinkText to="/integrations/$name" params={{ name: one.name }}>
                <bdi>{one.label}</bdi>
              </LinkText>
            </h2>
            <Text size="sm" c="dimmed">
              {one.name}, version {one.version}; {some(one.resource_count, 'resource')},{' '}
              {some(one.tool_count, 'tool')}
            </Text>
            {one.faults.length > 0 && <Pill tone="bad">a newer definition has faults</Pill>}
            <div className={styles.words}>
              {one.tags.slice(0, kMostTags).map((tag) => (
                <Pill key={tag}>{tag}</Pill>
              ))}
              {one.tags.length > kMostTags ? (
                <Text size="sm">and {one.tags.length - kMostTags} more</Text>
              ) : null}
            </div>
          </section>
        ))}
      </div>
    </Stack>
  );
}
