// What a config would give, asked while one chooses.
import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query';
import { api, type Api } from '../../api/client';
import type { Config } from './draft';

/** What should be changed before a client opens it. */
export type Warning = Api['McpServerWarning'];
/** `warnings`, `found_by_search`: of a server that knows other exposures than all tools. */
export type McpPreview = Api['McpPreview'] & {
  warnings?: Warning[];
  found_by_search?: Api['McpPreview']['tools'];
};

export const previewQuery = (account: string, config: Config) =>
  queryOptions({
    queryKey: ['mcp-preview', account, config],
    queryFn: ({ signal }) =>
      api.post<McpPreview>(`/integrated-account/${account}/mcp/preview`, { config }, signal),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    retry: false,
  });

/** Whether tools may be left to a search, and have short names. */
export function useOtherExposures(account: string): boolean {
  return useQuery(previewQuery(account, {})).data?.warnings !== undefined;
}
