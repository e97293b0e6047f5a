// What was used most: tools, MCP servers, clients. A click on one looks at it alone.
import { UnstyledButton } from '@mantine/core';
import { Pill } from '../../components/Pill';
import type { Activity, ActivityChoice } from './data';
import { compact, duration, percent } from '../../components/numbers';
import styles from './activity.module.css';

type Row = { key: string; name: string; calls: number; errors: number; p95?: number | null };

export function Rankings({
  activity,
  choose,
}: {
  activity: Activity;
  choose: (changes: ActivityChoice) => void;
}) {
  return (
    <div className={styles.rankings}>
      <Ranking
        title="Tools"
        onPick={(tool) => choose({ tool })}
        rows={activity.tools.map((one) => ({ ...one, key: one.tool, name: one.tool, p95: one.p95_ms }))}
      />
      <Ranking
        title="MCP servers"
        onPick={(id) => choose({ mcp_server_id: id })}
        rows={activity.servers.map((one) => ({
          ...one,
          key: one.mcp_server_id,
          name: one.name || one.mcp_server_id,
        }))}
      />
      <Ranking
        title="Clients"
        onPick={(client) => choose({ client })}
        rows={activity.clients.map((one) => ({ ...one, key: one.client, name: one.client || 'unnamed' }))}
      />
    </div>
  );
}

function Ranking({ title, rows, onPick }: { title: string; rows: Row[]; onPick: (key: string) => void }) {
  const most = Math.max(1, ...rows.map(({ calls }) => calls));
  return (
    <section className={styles.ranking}>
      <h2>{title}</h2>
      {rows.length === 0 ? (
        <p>None in this time.</p>
      ) : (
        <ol>
          {rows.map(({ key, name, calls, errors, p95 }) => (
            <li key={key}>
              <UnstyledButton
                className={styles.pick}
                disabled={!key}
                onClick={() => onPick(key)}
                title={`Only ${name}`}
              >
                <span className={styles.pickName}>
                  <bdi>{name}</bdi>
                </span>
                <span className={styles.pickNumbers}>
                  {errors > 0 ? (
                    <Pill tone="bad" title={`${errors} failed`}>
                      {percent(errors, calls)} failed
                    </Pill>
                  ) : null}
                  {p95 === undefined ? null : <span title="95 of 100 calls are faster">{duration(p95)}</span>}
                  <b>{compact(calls)}</b>
                </span>
                <svg
                  className={styles.share}
                  viewBox="0 0 100 1"
                  preserveAspectRatio="none"
                  aria-hidden="true"
                >
                  <rect width={(100 * calls) / most} height="1" />
                </svg>
              </UnstyledButton>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
