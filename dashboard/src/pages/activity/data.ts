// What `GET /activity` answers, and how it is asked.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { api, type Api } from '../../api/client';
import { spanOf, stepOf } from './range';
import type { Chosen } from '../../app/address';

export type Activity = Api['Activity'];

export const kActivityNames = ['range', 'from', 'to', 'mcp_server_id', 'tool', 'client', 'outcome'] as const;
export type ActivityName = (typeof kActivityNames)[number] | 'environment_id' | 'integrated_account_id';
export type ActivityChoice = Chosen<ActivityName>;

// Those of them that `GET /log` takes as well.
export function logFilters(chosen: ActivityChoice): Record<string, string | undefined> {
  const { environment_id, integrated_account_id, mcp_server_id, tool, client, outcome } = chosen;
  return { environment_id, integrated_account_id, mcp_server_id, tool, client, outcome };
}

export function useActivity(chosen: ActivityChoice) {
  return useQuery({
    queryKey: ['activity', chosen],
    queryFn: () => {
      const { from, to, seconds } = spanOf(chosen, Date.now());
      return api.get<Activity>('/activity', {
        ...logFilters(chosen),
        from,
        to,
        step: String(stepOf(seconds)),
      });
    },
    placeholderData: keepPreviousData,
    // What has two fixed ends stays as it is.
    refetchInterval: chosen.from && chosen.to ? false : 15_000,
  });
}
