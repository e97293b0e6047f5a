// What a config would give, asked while one chooses.
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, type Api } from '../../api/client';
import type { Config } from './draft';

export type McpPreview = Api['McpPreview'];

export const previewQuery = (account: string, config: Config) =>
  queryOptions({
    queryKey: ['mcp-preview', account, config],
    queryFn: ({ signal }) =>
      api.post<McpPreview>(`/integrated-account/${account}/mcp/preview`, { config }, signal),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    retry: false,
  });
