// Calls, how many of them failed, and how long they took, over time.
import { useMemo } from 'react';
import { Chart } from './Chart';
import type { Activity } from './data';
import type { Plot } from './plot';
import { compact, count, duration, percent } from '../../components/numbers';
import styles from './activity.module.css';

export function Charts({
  activity,
  onZoom,
}: {
  activity: Activity;
  onZoom: (from: string, to: string) => void;
}) {
  const plots = useMemo(() => {
    const { buckets } = activity;
    const zoom = (from: number, to: number) =>
      onZoom(new Date(from * 1000).toISOString(), new Date(to * 1000).toISOString());
    const times = buckets.map(({ at }) => Date.parse(at) / 1000);
    const calls: Plot = {
      times,
      onZoom: zoom,
      format: (value) => compact(Math.round(value)),
      mostAtLeast: 4,
      series: [
        { label: 'Calls', color: '--line-calls', bars: true, values: buckets.map((one) => one.calls) },
        { label: 'Failed', color: '--line-errors', bars: true, values: buckets.map((one) => one.errors) },
      ],
    };
    const errors: Plot = {
      times,
      onZoom: zoom,
      format: (value) => `${Number(value.toFixed(1))} %`,
      mostAtLeast: 5,
      series: [
        {
          label: 'Failed',
          color: '--line-errors',
          values: buckets.map((one) => (one.calls ? (100 * one.errors) / one.calls : null)),
        },
      ],
    };
    const latency: Plot = {
      times,
      onZoom: zoom,
      format: (value) => duration(value),
      mostAtLeast: 10,
      series: [
        {
          label: 'p50',
          color: '--line-calls',
          values: buckets.map((one) => (one.calls ? one.p50_ms : null)),
        },
        {
          label: 'p95',
          color: '--line-slow',
          values: buckets.map((one) => (one.calls ? one.p95_ms : null)),
        },
      ],
    };
    return { calls, errors, latency };
  }, [activity, onZoom]);
  const { totals } = activity;
  return (
    <div className={styles.charts}>
      <Chart
        title="Calls"
        plot={plots.calls}
        summary={`${count(totals.calls)} calls over the time chosen, ${count(totals.errors)} of them failed`}
      />
      <Chart
        title="Error rate"
        plot={plots.errors}
        summary={`${percent(totals.errors, totals.calls)} of the calls failed`}
      />
      <Chart
        title="Latency"
        plot={plots.latency}
        summary={`Half of the calls took no more than ${duration(totals.p50_ms)}, 95 of 100 no more than ${duration(totals.p95_ms)}`}
      />
    </div>
  );
}
