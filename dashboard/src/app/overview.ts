// What the home page, the banner and the navigation's counts ask for, once for all of them.
import { queryOptions } from '@tanstack/react-query';
import { api, type Api } from '../api/client';

export type Overview = Api['Overview'];

export const overviewQuery = queryOptions({
  queryKey: ['overview'],
  queryFn: ({ signal }) => api.get<Overview>('/overview', {}, signal),
  refetchInterval: 30_000,
});
