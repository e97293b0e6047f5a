// One integration: its resources with their methods and tags, its credentials, how much of it is documented.
import { NativeSelect, Stack, Table, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { Api } from '../../api/client';
import { integrationQuery } from '../../api/queries';
import { useCan } from '../../app/session';
import { Empty } from '../../components/Empty';
import { LinkButton } from '../../components/Link';
import { Loading } from '../../components/Loading';
import { PageTitle } from '../../components/PageTitle';
import { Problem } from '../../components/Problem';
import { Pill, type Tone } from '../../components/Pill';
import { useAddress } from '../../app/address';
import { some } from '../../components/numbers';
import { Coverage } from './Coverage';
import { Definition } from './Definition';
import styles from './integrations.module.css';
import rows from '../../components/rows.module.css';

type Integration = Api['Integration'];
const kBack = { to: '/integrations', label: 'Integrations' };

export default function IntegrationPage() {
  const { name } = useParams({ strict: false }) as { name: string };
  const query = useQuery(integrationQuery(encodeURIComponent(name)));
  if (query.isPending)
    return (
      <>
        <PageTitle title={name} back={kBack} />
        <Loading />
      </>
    );
  if (!query.data) {
    return (
      <>
        <PageTitle title={name} back={kBack} />
        <Problem error={query.error} onRetry={() => void query.refetch()} />
      </>
    );
  }
  return <Shown integration={query.data} />;
}

function Shown({ integration }: { integration: Integration }) {
  const can = useCan();
  return (
    <Stack gap="md">
      <PageTitle
        title={integration.label}
        back={kBack}
        actions={
          can('admin') ? (
            <LinkButton to="/accounts/new" search={{ integration: integration.name }}>
              Connect an account
            </LinkButton>
          ) : undefined
        }
      />
      <Text size="sm" c="dimmed">
        {integration.name}, version {integration.version}; {some(integration.resource_count, 'resource')},{' '}
        {some(integration.tool_count, 'tool')}
      </Text>
      <div className="cols cols-2">
        <Coverage integration={integration} />
        <Credentials fields={integration.credentials} />
      </div>
      <Definition integration={integration} />
      <Resources integration={integration} />
    </Stack>
  );
}

function Credentials({ fields }: { fields: Integration['credentials'] }) {
  return (
    <section className="card">
      <h2 className={styles.title}>Credentials</h2>
      <dl className="facts">
        {fields.map((field) => (
          <Field key={field.name} field={field} />
        ))}
      </dl>
    </section>
  );
}

function Field({ field }: { field: Integration['credentials'][number] }) {
  return (
    <>
      <dt>{field.label}</dt>
      <dd>
        {field.help} {field.required ? null : <Pill>may be left out</Pill>}{' '}
        {field.secret ? <Pill tone="warn">secret</Pill> : null}{' '}
        {field.personal ? <Pill tone="info">personal</Pill> : null}
      </dd>
    </>
  );
}

const kMethods: Record<string, Tone> = {
  list: 'good',
  get: 'good',
  create: 'info',
  update: 'info',
  delete: 'bad',
};

function Resources({ integration }: { integration: Integration }) {
  const [chosen, choose] = useAddress(['tag', 'resource'] as const);
  const [text, setText] = useState(chosen.resource ?? '');
  const wanted = text.trim().toLowerCase();
  const resources = integration.resources.filter(
    ({ name, label, description, tags }) =>
      (!chosen.tag || tags.includes(chosen.tag)) &&
      [name, label, description].some((word) => word.toLowerCase().includes(wanted)),
  );
  return (
    <section>
      <h2 className={styles.title}>Resources</h2>
      <div className={styles.filters} role="search" aria-label="Filter the resources">
        <TextInput
          label="Search"
          type="search"
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value);
            choose({ resource: event.currentTarget.value }, true);
          }}
        />
        <NativeSelect
          label="Tag"
          value={chosen.tag ?? ''}
          onChange={(event) => choose({ tag: event.currentTarget.value })}
          data={[{ value: '', label: 'All' }, ...integration.tags]}
        />
      </div>
      {resources.length === 0 ? (
        <Empty title="None fits">Search for less, or take the tag away.</Empty>
      ) : (
        <div className="card card-flush table-scroll" role="region" aria-label="Resources" tabIndex={0}>
          <Table className={rows.rows}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Resource</Table.Th>
                <Table.Th>Methods</Table.Th>
                <Table.Th className="only-wide">Tags</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {resources.map((one) => (
                <Table.Tr key={one.name} className={styles.row}>
                  <Table.Td className="name-cell">
                    <b>
                      <bdi>{one.label || one.name}</bdi>
                    </b>{' '}
                    <code className={styles.quiet}>{one.name}</code>
                    <Text size="sm" c="dimmed">
                      {one.description}
                    </Text>
                  </Table.Td>
                  <Table.Td>
                    <div className={styles.words}>
                      {one.methods.map((method) => (
                        <Pill key={method} tone={kMethods[method] ?? 'plain'}>
                          {method}
                        </Pill>
                      ))}
                    </div>
                  </Table.Td>
                  <Table.Td className="only-wide">
                    <div className={styles.words}>
                      {one.tags.map((tag) => (
                        <Pill key={tag}>{tag}</Pill>
                      ))}
                    </div>
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
