import { Group, Table, TextInput } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import type { Api } from '../../api/client';
import { usePages } from '../../api/queries';
import { useAddress } from '../../app/address';
import { useCan } from '../../app/session';
import { useTyped } from '../../app/useTyped';
import { ServerState } from '../../components/Badges';
import { Empty } from '../../components/Empty';
import { Icon } from '../../components/Icon';
import { LinkButton, LinkText } from '../../components/Link';
import { List } from '../../components/List';
import { count } from '../../components/numbers';
import { When } from '../../components/When';

export default function ServersTab() {
  const { id } = useParams({ strict: false }) as { id: string };
  const can = useCan();
  const [{ name }, choose] = useAddress(['name'] as const);
  const [typed, setTyped] = useTyped(name ?? '', (text) => choose({ name: text.trim() }, true));
  const servers = usePages<Api['McpServer']>(['mcp-servers', id], `/integrated-account/${id}/mcp`, { name });
  const create = can('mint') && (
    <LinkButton to="/accounts/$id/servers/new" params={{ id }} leftSection={<Icon name="plus" size={16} />}>
      Create MCP server
    </LinkButton>
  );
  const nothing = name ? (
    <Empty title="None has that in its name">Search for less.</Empty>
  ) : (
    <Empty title="No MCP server yet" action={create}>
      An MCP server is a URL with its own scope and lifetime. An AI client that opens it gets this account's
      tools, as far as the server gives them.
    </Empty>
  );
  const isFirst = !name && !typed && servers.rows.length === 0;
  return (
    <>
      {!isFirst && (
        <Group justify="space-between" mb="md" gap="sm">
          <TextInput
            aria-label="Search by name"
            placeholder="Search by name"
            type="search"
            dir="auto"
            leftSection={<Icon name="search" size={16} />}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            w={300}
            maw="100%"
          />
          {create}
        </Group>
      )}
      <List
        label="MCP servers"
        pages={servers}
        head={
          <>
            <Table.Th>Name</Table.Th>
            <Table.Th>State</Table.Th>
            <Table.Th>Tools</Table.Th>
            <Table.Th>Methods</Table.Th>
            <Table.Th>Calls today</Table.Th>
            <Table.Th>Last used</Table.Th>
            <Table.Th>Ends</Table.Th>
          </>
        }
        empty={<div className="card">{nothing}</div>}
      >
        {(server) => <Cells account={id} server={server} />}
      </List>
    </>
  );
}

function Cells({ account, server }: { account: string; server: Api['McpServer'] }) {
  return (
    <>
      <Table.Td className="name-cell">
        <LinkText to="/accounts/$id/servers/$mcp" params={{ id: account, mcp: server.id }} fw={600}>
          <bdi>{server.name}</bdi>
        </LinkText>
      </Table.Td>
      <Table.Td>
        <ServerState server={server} />
      </Table.Td>
      <Table.Td data-label="Tools">{count(server.tool_count)}</Table.Td>
      <Table.Td data-label="Methods">{server.config.methods?.join(', ') ?? 'all'}</Table.Td>
      <Table.Td data-label="Calls today">
        {count(server.calls_today)}
        {server.errors_today ? ` (${count(server.errors_today)} failed)` : ''}
      </Table.Td>
      <Table.Td data-label="Last used">
        <When at={server.last_used_at} none="never" />
      </Table.Td>
      <Table.Td data-label="Ends">
        <When at={server.expires_at} none="no end" />
      </Table.Td>
    </>
  );
}
