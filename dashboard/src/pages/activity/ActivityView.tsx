// Activity, of everything or of what the place where it stands decides (one account, one MCP server).
import { Alert, Stack } from '@mantine/core';
import { useCallback, useMemo } from 'react';
import { Empty } from '../../components/Empty';
import { Loading } from '../../components/Loading';
import { Problem } from '../../components/Problem';
import { useEnvironment } from '../../app/environment';
import { useCan } from '../../app/session';
import { Charts } from './Charts';
import { Filters } from './Filters';
import { LiveTail } from './LiveTail';
import { Rankings } from './Rankings';
import { RateLimits } from './RateLimits';
import { Tiles } from './Tiles';
import { useAddress } from '../../app/address';
import { kActivityNames, useActivity } from './data';
import type { Activity, ActivityChoice, ActivityName } from './data';
import '../../components/tones.css';

export function useActivityChoice(fixed?: ActivityChoice) {
  const [own, choose] = useAddress(kActivityNames);
  const environment = useEnvironment().id ?? undefined;
  const chosen = useMemo(
    () => ({
      ...own,
      ...(environment && !fixed && { environment_id: environment }),
      ...fixed,
    }),
    [own, environment, fixed],
  );
  return [chosen, choose] as const;
}

export function ActivityView({ fixed }: { fixed?: ActivityChoice }) {
  const key = JSON.stringify(fixed ?? {});
  const held = useMemo(() => JSON.parse(key) as ActivityChoice, [key]);
  const [chosen, choose] = useActivityChoice(key === '{}' ? undefined : held);
  const can = useCan();
  if (!can('read')) return <Empty title="Not for this API token">It needs scope read or admin.</Empty>;
  return <Looked chosen={chosen} choose={choose} fixed={Object.keys(held) as ActivityName[]} />;
}

function Looked({
  chosen,
  choose,
  fixed,
}: {
  chosen: ActivityChoice;
  choose: (changes: ActivityChoice, replace?: boolean) => void;
  fixed: ActivityName[];
}) {
  const query = useActivity(chosen);
  const zoom = useCallback((from: string, to: string) => choose({ range: 'custom', from, to }), [choose]);
  return (
    <Stack gap="lg">
      <Filters chosen={chosen} choose={choose} fixed={fixed} activity={query.data} />
      {query.error ? <Problem error={query.error} onRetry={() => void query.refetch()} /> : null}
      {query.isPending ? <Loading /> : null}
      {query.data ? <Shown activity={query.data} chosen={chosen} choose={choose} zoom={zoom} /> : null}
      <RateLimits account={chosen.integrated_account_id} environment={chosen.environment_id} />
      <LiveTail chosen={chosen} />
    </Stack>
  );
}

function Shown({
  activity,
  chosen,
  choose,
  zoom,
}: {
  activity: Activity;
  chosen: ActivityChoice;
  choose: (changes: ActivityChoice) => void;
  zoom: (from: string, to: string) => void;
}) {
  const filtered = Boolean(chosen.mcp_server_id || chosen.tool || chosen.client || chosen.outcome);
  return (
    <>
      {activity.complete ? null : (
        <Alert color="yellow" title="Not all of this time">
          There are more events than are read at once: the numbers are whole from{' '}
          {new Date(activity.whole_from ?? activity.from).toLocaleString()} on. Choose a shorter time, or
          filter more.
        </Alert>
      )}
      {activity.totals.calls === 0 ? (
        <Empty title="No calls in this time">
          {filtered
            ? 'Take a filter away, or choose a longer time.'
            : 'When an AI program calls a tool, it shows here.'}
        </Empty>
      ) : (
        <>
          <Tiles totals={activity.totals} />
          <Charts activity={activity} onZoom={zoom} />
          <Rankings activity={activity} choose={choose} />
        </>
      )}
    </>
  );
}
