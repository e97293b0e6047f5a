// What the home page, the banner and the navigation's counts ask for, once for all of them.
import { queryOptions } from '@tanstack/react-query';
import { api, type Api } from '../api/client';

export type Overview = {
  accounts: { active: number; needs_reauth: number; validation_error: number };
  approvals_waiting: number;
  expiring_soon: Api['McpServer'][];
  today: { calls: number; errors: number; writes: number; tokens_saved_estimate: number };
  changes_today: Api['Event'][];
  store: string;
  version: string;
  sandbox?: boolean;
};

export const overviewQuery = queryOptions({
  queryKey: ['overview'],
  queryFn: ({ signal }) => api.get<Overview>('/overview', {}, signal),
  refetchInterval: 30_000,
});
