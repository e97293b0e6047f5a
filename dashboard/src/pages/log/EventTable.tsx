// Events of the log, a row each; each leads to its detail.
import { Table } from '@mantine/core';
import { Body } from '../../components/Body';
import { LinkText } from '../../components/Link';
import { When } from '../../components/When';
import type { Api } from '../../api/client';
import { KindPill, OutcomePill } from '../../components/Pill';
import { count, took } from '../../components/numbers';
import { AccountName, ServerName } from './names';
import styles from './log.module.css';
import rows from '../../components/rows.module.css';

export type Event = Api['Event'];

export function EventTable({
  events,
  label,
  fresh,
}: {
  events: readonly Event[];
  label: string;
  fresh?: ReadonlySet<string>;
}) {
  return (
    <div className="card card-flush table-scroll" role="region" aria-label={label} tabIndex={0}>
      <Table withRowBorders={false} className={`${styles.table} ${rows.rows}`}>
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">What</th>
            <th scope="col">Outcome</th>
            <th scope="col" className={styles.wide}>
              MCP server or account
            </th>
            <th scope="col" className={styles.wide}>
              Client
            </th>
            <th scope="col" className={styles.number}>
              Took
            </th>
            <th scope="col" className={`${styles.number} ${styles.widest}`}>
              Tokens saved
            </th>
          </tr>
        </thead>
        <Body
          rows={events}
          idOf={({ id }) => id}
          rowClassName={({ id }) => (fresh?.has(id) ? styles.fresh : undefined)}
        >
          {(event) => (
            <>
              <td className={styles.when}>
                <When at={event.at} />
              </td>
              <td className={styles.what}>
                <LinkText inherit to="/log/$event" params={{ event: event.id }} className={styles.tool}>
                  <bdi>{event.tool ?? 'note'}</bdi>
                </LinkText>
                <span className={styles.below}>
                  <KindPill kind={event.kind} />
                  {event.target ? <bdi className={styles.target}>{event.target}</bdi> : null}
                </span>
              </td>
              <td>
                <OutcomePill outcome={event.outcome} />
                {event.error_code ? <span className={styles.code}>{event.error_code}</span> : null}
              </td>
              <td className={styles.wide}>
                {event.mcp_server_id ? (
                  <ServerName account={event.integrated_account_id} id={event.mcp_server_id} />
                ) : (
                  <AccountName id={event.integrated_account_id} />
                )}
              </td>
              <td className={styles.wide}>
                <bdi>{event.client ?? '–'}</bdi>
              </td>
              <td className={styles.number} data-label="Took">
                {took(event)}
              </td>
              <td className={`${styles.number} ${styles.widest}`}>{count(event.tokens_saved_estimate)}</td>
            </>
          )}
        </Body>
      </Table>
    </div>
  );
}
