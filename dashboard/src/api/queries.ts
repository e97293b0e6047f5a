// What several pages ask for, under the same keys, so that it is asked for once.
import { keepPreviousData, QueryClient, queryOptions, useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
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

const kPage = 100;
// What was read so far is asked for again by itself only where that is a few questions.
const kFewPages = 3;
const isShort = ({ state }: { state: { data?: unknown } }) =>
  ((state.data as { pages?: unknown[] } | undefined)?.pages?.length ?? 0) <= kFewPages;

/** What is shown under these keys has changed: it is asked for again, of a long list its beginning. */
export async function refresh(...keys: ReadonlyArray<readonly unknown[]>) {
  await Promise.all(
    keys.map(async (queryKey) => {
      await queryClient.resetQueries({ queryKey, predicate: (query) => !isShort(query) });
      await queryClient.invalidateQueries({ queryKey });
    }),
  );
}

/** A list over its cursors: `rows` so far, and more on demand. */
export function usePages<T>(key: readonly unknown[], path: string, query: Query = {}, enabled = true) {
  const pages = useInfiniteQuery({
    queryKey: [...key, path, query],
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<T>>(path, { limit: kPage, ...query, next_cursor: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    placeholderData: keepPreviousData,
    refetchOnMount: isShort,
    refetchOnWindowFocus: isShort,
    enabled,
  });
  const rows = useMemo(() => pages.data?.pages.flatMap((page) => page.result) ?? [], [pages.data]);
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
