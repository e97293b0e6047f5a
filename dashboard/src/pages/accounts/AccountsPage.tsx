import { Group, Table, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import type { Api } from '../../api/client';
import { usePages } from '../../api/queries';
import { useEnvironment } from '../../app/environment';
import { useCan } from '../../app/session';
import { AccountState } from '../../components/Badges';
import { Empty } from '../../components/Empty';
import { Icon } from '../../components/Icon';
import { LinkButton, LinkText } from '../../components/Link';
import { Loading } from '../../components/Loading';
import { LoadMore } from '../../components/LoadMore';
import { PageTitle } from '../../components/PageTitle';
import { Problem } from '../../components/Problem';
import { When } from '../../components/When';
import rowStyle from '../../components/rows.module.css';

export default function AccountsPage() {
  const can = useCan();
  const environment = useEnvironment();
  const [tenant, setTenant] = useState('');
  const [tenantId] = useDebouncedValue(tenant.trim(), 300);
  const accounts = usePages<Api['IntegratedAccount']>(['accounts'], '/integrated-account', {
    environment_id: environment.id,
    tenant_id: tenantId,
  });
  const connect = can('admin') && (
    <LinkButton to="/accounts/new" leftSection={<Icon name="plus" size={16} />}>
      Connect an account
    </LinkButton>
  );
  return (
    <>
      <PageTitle title="Integrated accounts" actions={connect} />
      <Group mb="md">
        <TextInput
          aria-label="Your id of the customer"
          placeholder="Your id of the customer (tenant)"
          leftSection={<Icon name="search" size={16} />}
          value={tenant}
          onChange={(event) => setTenant(event.currentTarget.value)}
          w={300}
          maw="100%"
        />
      </Group>
      {accounts.isPending ? (
        <Loading />
      ) : accounts.error ? (
        <Problem error={accounts.error} onRetry={() => void accounts.refetch()} />
      ) : accounts.rows.length === 0 ? (
        <div className="card">
          {tenantId ? (
            <Empty title="No account of that customer">The id has to be written out, as it was given.</Empty>
          ) : (
            <Empty title="Nothing is connected yet" action={connect}>
              An integrated account is one customer's connection to an API. MCP servers are minted from it.
            </Empty>
          )}
        </div>
      ) : (
        <div className="card card-flush">
          <Accounts rows={accounts.rows} environments={environment} />
          <LoadMore {...accounts} />
        </div>
      )}
    </>
  );
}

type AccountsProps = {
  rows: Api['IntegratedAccount'][];
  environments: ReturnType<typeof useEnvironment>;
};

function Accounts({ rows, environments: { environments, canChoose } }: AccountsProps) {
  const names = new Map(environments.map(({ id, name }) => [id, name]));
  return (
    <div className="table-scroll">
      <Table highlightOnHover className={rowStyle.rows}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Name</Table.Th>
            <Table.Th>Integration</Table.Th>
            <Table.Th>Status</Table.Th>
            <Table.Th>Customer</Table.Th>
            {canChoose && <Table.Th>Environment</Table.Th>}
            <Table.Th>Connected</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((account) => (
            <Table.Tr key={account.id}>
              <Table.Td className="name-cell">
                <LinkText to="/accounts/$id/servers" params={{ id: account.id }} fw={600}>
                  <bdi>{account.name}</bdi>
                </LinkText>
              </Table.Td>
              <Table.Td>{account.integration.label}</Table.Td>
              <Table.Td>
                <AccountState status={account.status} />
              </Table.Td>
              <Table.Td data-label="Customer">
                <bdi>{account.tenant_id || '—'}</bdi>
              </Table.Td>
              {canChoose && (
                <Table.Td data-label="Environment">
                  <bdi>{names.get(account.environment_id) ?? account.environment_id}</bdi>
                </Table.Td>
              )}
              <Table.Td data-label="Connected">
                <When at={account.created_at} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}
