import { Group, Table, TextInput } from '@mantine/core';
import type { Api } from '../../api/client';
import { usePages } from '../../api/queries';
import { useAddress } from '../../app/address';
import { useEnvironment } from '../../app/environment';
import { useCan } from '../../app/session';
import { useTyped } from '../../app/useTyped';
import { AccountState } from '../../components/Badges';
import { Empty } from '../../components/Empty';
import { Icon } from '../../components/Icon';
import { LinkButton, LinkText } from '../../components/Link';
import { List } from '../../components/List';
import { PageTitle } from '../../components/PageTitle';
import { When } from '../../components/When';

type Account = Api['IntegratedAccount'];

export default function AccountsPage() {
  const can = useCan();
  const { id: environment_id, environments, canChoose } = useEnvironment();
  const [chosen, choose] = useAddress(['name', 'tenant_id'] as const);
  const accounts = usePages<Account>(['accounts'], '/integrated-account', { environment_id, ...chosen });
  const names = new Map(environments.map(({ id, name }) => [id, name]));
  const connect = can('admin') && (
    <LinkButton to="/accounts/new" leftSection={<Icon name="plus" size={16} />}>
      Connect an account
    </LinkButton>
  );
  const nothing = chosen.tenant_id ? (
    <Empty title="No account of that customer">The id has to be written out, as it was given.</Empty>
  ) : chosen.name ? (
    <Empty title="None has that in its name">Search for less.</Empty>
  ) : (
    <Empty title="Nothing is connected yet" action={connect}>
      An integrated account is one customer's connection to an API. MCP servers are minted from it.
    </Empty>
  );
  return (
    <>
      <PageTitle title="Integrated accounts" actions={connect} />
      <Group mb="md" gap="sm" role="search" aria-label="Filter the accounts">
        <Filter label="Search by name" value={chosen.name} onChange={(name) => choose({ name }, true)} />
        <Filter
          label="Your id of the customer"
          value={chosen.tenant_id}
          onChange={(tenant_id) => choose({ tenant_id }, true)}
        />
      </Group>
      <List
        label="Integrated accounts"
        pages={accounts}
        head={
          <>
            <Table.Th>Name</Table.Th>
            <Table.Th>Integration</Table.Th>
            <Table.Th>Status</Table.Th>
            <Table.Th>Customer</Table.Th>
            {canChoose && <Table.Th>Environment</Table.Th>}
            <Table.Th>Connected</Table.Th>
          </>
        }
        empty={<div className="card">{nothing}</div>}
      >
        {(account) => (
          <>
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
          </>
        )}
      </List>
    </>
  );
}

type FilterProps = { label: string; value: string | undefined; onChange: (value: string) => void };

function Filter({ label, value, onChange }: FilterProps) {
  const [typed, setTyped] = useTyped(value ?? '', (text) => onChange(text.trim()));
  return (
    <TextInput
      aria-label={label}
      placeholder={label}
      type="search"
      dir="auto"
      leftSection={<Icon name="search" size={16} />}
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
      w={280}
      maw="100%"
    />
  );
}
