// Names in place of ids: asked for once, and kept for a few minutes. What is gone keeps its id.
import { useQuery } from '@tanstack/react-query';
import { api, type Api } from '../../api/client';
import { LinkText } from '../../components/Link';
import styles from './log.module.css';

const kKept = { staleTime: 300_000, retry: false, refetchOnWindowFocus: false } as const;

export function useAccountName(id: string | null | undefined): string | undefined {
  return useQuery({
    ...kKept,
    queryKey: ['name', 'account', id],
    enabled: Boolean(id),
    queryFn: () => api.get<Api['IntegratedAccount']>(`/integrated-account/${id}`).then(({ name }) => name),
  }).data;
}

export function useServerName(account: string | null | undefined, id: string | null | undefined) {
  return useQuery({
    ...kKept,
    queryKey: ['name', 'server', account, id],
    enabled: Boolean(account && id),
    queryFn: () =>
      api.get<Api['McpServer']>(`/integrated-account/${account}/mcp/${id}`).then(({ name }) => name),
  }).data;
}

export function AccountName({ id }: { id: string | null | undefined }) {
  const name = useAccountName(id);
  if (!id) return <>–</>;
  return (
    <LinkText inherit to="/accounts/$id/overview" params={{ id }} className={styles.name} title={id}>
      <bdi>{name ?? id}</bdi>
    </LinkText>
  );
}

export function ServerName({
  account,
  id,
}: {
  account: string | null | undefined;
  id: string | null | undefined;
}) {
  const name = useServerName(account, id);
  if (!id || !account) return <>{id ?? '–'}</>;
  return (
    <LinkText
      inherit
      to="/accounts/$id/servers/$mcp"
      params={{ id: account, mcp: id }}
      className={styles.name}
      title={id}
    >
      <bdi>{name ?? id}</bdi>
    </LinkText>
  );
}
