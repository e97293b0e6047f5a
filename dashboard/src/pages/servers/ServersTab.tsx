import { Group, Table, Text } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import type { Api } from '../../api/client';
import { usePages } from '../../api/queries';
import { useCan } from '../../app/session';
import { ServerState } from '../../components/Badges';
import { Empty } from '../../components/Empty';
import { Icon } from '../../components/Icon';
import { LinkButton, LinkText } from '../../components/Link';
import { Loading } from '../../components/Loading';
import { LoadMore } from '../../components/LoadMore';
import { count } from '../../components/numbers';
import { Problem } from '../../components/Problem';
import { When } from '../../components/When';
import rowStyle from '../../components/rows.module.css';

export default function ServersTab() {
  const { id } = useParams({ strict: false }) as { id: string };
  const can = useCan();
  const servers = usePages<Api['McpServer']>(['mcp-servers', id], `/integrated-account/${id}/mcp`);
  const create = can('mint') && (
    <LinkButton to="/accounts/$id/servers/new" params={{ id }} leftSection={<Icon name="plus" size={16} />}>
      Create MCP server
    </LinkButton>
  );
  if (servers.isPending) return <Loading />;
  if (servers.error) return <Problem error={servers.error} onRetry={() => void servers.refetch()} />;
  if (servers.rows.length === 0) {
    return (
      <div className="card">
        <Empty title="No MCP server yet" action={create}>
          An MCP server is a URL with its own scope and lifetime. An AI client that opens it gets this
          account's tools, as far as the server gives them.
        </Empty>
      </div>
    );
  }
  return (
    <>
      <Group justify="space-between" mb="md">
        <Text c="dimmed" size="sm">
          Newest first
        </Text>
        {create}
      </Group>
      <div className="card card-flush">
        <Servers account={id} rows={servers.rows} />
        <LoadMore {...servers} />
      </div>
    </>
  );
}

function Servers({ account, rows }: { account: string; rows: Api['McpServer'][] }) {
  return (
    <div className="table-scroll">
      <Table highlightOnHover className={rowStyle.rows}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Name</Table.Th>
            <Table.Th>State</Table.Th>
            <Table.Th>Tools</Table.Th>
            <Table.Th>Methods</Table.Th>
            <Table.Th>Calls today</Table.Th>
            <Table.Th>Last used</Table.Th>
            <Table.Th>Ends</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((server) => (
            <Table.Tr key={server.id}>
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
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}
