// Before and after side by side, a field a row; of a stale approval also how it is now.
import { Text } from '@mantine/core';
import { changesOf, fieldName, isDeletion, ofStep, readable, requestsOf } from './changes';
import type { Approval } from './changes';
import styles from './approvals.module.css';

export function Changes({ approval, title }: { approval: Approval; title: string }) {
  const changes = changesOf(approval);
  const deletes = isDeletion(approval);
  const now = nowOf(approval);
  if (changes.length === 0) {
    return (
      <section className="card">
        <h2 className={styles.title}>{title}</h2>
        <Text size="sm">
          {deletes ? 'The record is deleted. It could not be read before.' : 'The request names no field.'}
        </Text>
      </section>
    );
  }
  return (
    <section className="card card-flush">
      <h2 className={`${styles.title} ${styles.inset}`}>{title}</h2>
      <table className={styles.changes}>
        <thead>
          <tr>
            <th scope="col">Field</th>
            <th scope="col">Before</th>
            {now ? <th scope="col">Now</th> : null}
            <th scope="col">After</th>
          </tr>
        </thead>
        <tbody>
          {changes.map((change) => (
            <tr key={change.field}>
              <th scope="row">
                <bdi>{change.field}</bdi>
              </th>
              <td data-label="Before" className={deletes || change.differs ? styles.before : undefined}>
                <Value
                  shown={change.hasBefore}
                  value={change.before}
                  otherwise={approval.before ? '—' : 'nothing'}
                />
              </td>
              {now ? (
                <td data-label="Now" className={styles.now}>
                  <Value shown value={now[change.field]} otherwise="—" />
                </td>
              ) : null}
              <td data-label="After" className={!deletes && change.differs ? styles.after : undefined}>
                {deletes ? (
                  <em>deleted</em>
                ) : (
                  <Value shown={change.hasAfter} value={change.after} otherwise="as before" />
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Value({ shown, value, otherwise }: { shown: boolean; value: unknown; otherwise: string }) {
  if (!shown) return <span className={styles.quiet}>{otherwise}</span>;
  return <bdi className={styles.value}>{readable(value)}</bdi>;
}

function nowOf(approval: Approval): Record<string, unknown> | undefined {
  const before = approval.changed?.before;
  if (typeof before !== 'object' || before === null) return undefined;
  return Object.fromEntries(
    requestsOf(approval).flatMap(([step]) =>
      Object.entries(ofStep(before, step)).map(([field, value]) => [fieldName(step, field), value]),
    ),
  );
}
