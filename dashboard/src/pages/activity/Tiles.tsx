// The numbers of the whole span.
import type { Activity } from './data';
import { compact, count, duration, percent } from '../../components/numbers';
import styles from './activity.module.css';

export function Tiles({ totals }: { totals: Activity['totals'] }) {
  const tiles = [
    { name: 'Calls', value: compact(totals.calls), exact: count(totals.calls) },
    { name: 'Failed', value: percent(totals.errors, totals.calls), exact: `${count(totals.errors)} calls` },
    { name: 'Writes', value: compact(totals.writes), exact: count(totals.writes) },
    { name: 'p50', value: duration(totals.p50_ms), exact: 'Half of the calls are faster' },
    { name: 'p95', value: duration(totals.p95_ms), exact: '95 of 100 calls are faster' },
    { name: 'p99', value: duration(totals.p99_ms), exact: '99 of 100 calls are faster' },
    {
      name: 'Upstream p50',
      value: duration(totals.upstream_p50_ms),
      exact: 'Of the time in which requests were on their way',
    },
    {
      name: 'Tokens saved ≈',
      value: compact(totals.tokens_saved_estimate),
      exact: `${count(totals.tokens_saved_estimate)}, an estimate: a token for each four bytes that were not passed on`,
    },
  ];
  return (
    <dl className={styles.tiles}>
      {tiles.map(({ name, value, exact }) => (
        <div key={name} title={exact}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
