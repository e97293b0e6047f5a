// What several pages ask for, under the same keys, so that it is asked for once.
import { keepPreviousData, QueryClient, queryOptions, useInfiniteQuery } from '@tanstack/react-query';
import { api, ApiError, type Api, type Page, type Query } from './client';

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      // What was refused is refused again; only what could not be reached is worth another try.
      retry: (count, error) =>
        count < 2 && (!(error instanceof ApiError) || error.status === 0 || error.status === 503),
    },
  },
});

/** A list over its cursors: `rows` so far, and more on demand. */
export function usePages<T>(key: readonly unknown[], path: string, query: Query = {}, enabled = true) {
  const pages = useInfiniteQuery({
    queryKey: [...key, path, query],
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<T>>(path, { limit: 50, ...query, next_cursor: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    placeholderData: keepPreviousData,
    enabled,
  });
  const rows = pages.data?.pages.flatMap((page) => page.result) ?? [];
  return { ...pages, rows };
}

export const accountQuery = (id: string) =>
  queryOptions({
    queryKey: ['account', id],
    queryFn: ({ signal }) => api.get<Api['IntegratedAccount']>(`/integrated-account/${id}`, {}, signal),
  });

export const integrationQuery = (name: string) =>
  queryOptions({
    queryKey: ['integration', name],
    queryFn: ({ signal }) => api.get<Api['Integration']>(`/integration/${name}`, {}, signal),
    staleTime: 60_000,
  });

export const integrationsQuery = queryOptions({
  queryKey: ['integrations'],
  queryFn: ({ signal }) => api.get<Page<Api['IntegrationSummary']>>('/integration', {}, signal),
  staleTime: 60_000,
});

export const environmentsQuery = queryOptions({
  queryKey: ['environments', 'all'],
  queryFn: ({ signal }) => api.get<Page<Api['Environment']>>('/environment', { limit: 1000 }, signal),
  staleTime: 30_000,
});

export const capabilitiesQuery = (id: string) =>
  queryOptions({
    queryKey: ['capabilities', id],
    queryFn: ({ signal }) =>
      api.get<Api['Capabilities']>(`/integrated-account/${id}/capabilities`, {}, signal),
    staleTime: 60_000,
  });

export const mcpServerQuery = (account: string, id: string) =>
  queryOptions({
    queryKey: ['mcp-server', account, id],
    queryFn: ({ signal }) =>
      api.get<Api['McpServer']>(`/integrated-account/${account}/mcp/${id}`, {}, signal),
  });
