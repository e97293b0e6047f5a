// What `GET /activity` answers, and how it is asked.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { api } from '../../api/client';
import { spanOf, stepOf } from './range';
import type { Chosen } from '../../app/address';

type Counted = { calls: number; errors: number };
type Ms = number | null;

export type Activity = {
  from: string;
  to: string;
  step_seconds: number;
  complete: boolean;
  whole_from: string | null; // of one that is not complete: what lies before was not counted
  totals: Counted & {
    writes: number;
    tokens_saved_estimate: number;
    p50_ms: Ms;
    p95_ms: Ms;
    p99_ms: Ms;
    upstream_p50_ms: Ms;
  };
  buckets: Array<Counted & { at: string; writes: number; p50_ms: Ms; p95_ms: Ms }>;
  tools: Array<Counted & { tool: string; p95_ms: Ms }>;
  servers: Array<Counted & { mcp_server_id: string; name: string | null }>;
  clients: Array<Counted & { client: string }>;
};

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
