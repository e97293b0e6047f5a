// One event: what was asked, by whom, what came of it, and where the time went.
import { Alert, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { Fragment, type ReactNode } from 'react';
import { api } from '../../api/client';
import { CopyButton } from '../../components/CopyButton';
import { Json } from '../../components/Json';
import { Loading } from '../../components/Loading';
import { PageTitle } from '../../components/PageTitle';
import { Problem } from '../../components/Problem';
import { When } from '../../components/When';
import { KindPill, OutcomePill } from '../../components/Pill';
import { bytes, count, duration, percent, took } from '../../components/numbers';
import type { Event } from './EventTable';
import { AccountName, ServerName } from './names';
import styles from './log.module.css';

// What the log has no words of its own for, since the call was answered before it came to run.
const kWhy: Record<string, string> = {
  unknown_tool: 'The MCP server has no such tool.',
  rate_limited: 'The MCP server’s quota was used up.',
  confirmation_required: 'The user was to be asked first.',
  approval_required: 'It waits for a person’s approval, and was not sent.',
  approval_refused: 'A person refused it. It was not sent.',
  approval_expired: 'Nobody decided in time. It was not sent.',
};

export default function EventPage() {
  const { event: id } = useParams({ strict: false }) as { event: string };
  const query = useQuery({
    queryKey: ['event', id],
    queryFn: () => api.get<Event>(`/log/${encodeURIComponent(id)}`),
    // One that is under way has its end soon.
    refetchInterval: ({ state }) => (state.data?.outcome === 'started' ? 2000 : false),
  });
  const back = { to: '/log', label: 'Audit log' };
  if (query.isPending)
    return (
      <>
        <PageTitle title="Event" back={back} />
        <Loading />
      </>
    );
  if (!query.data) {
    return (
      <>
        <PageTitle title="Event" back={back} />
        <Problem error={query.error} onRetry={() => void query.refetch()} />
      </>
    );
  }
  return <Detail event={query.data} back={back} />;
}

function Detail({ event, back }: { event: Event; back: { to: string; label: string } }) {
  return (
    <Stack gap="md">
      <PageTitle
        title={event.tool ?? 'Note'}
        back={back}
        actions={<CopyButton value={event.id} label="Copy its id" />}
      />
      <Group gap="xs">
        <KindPill kind={event.kind} />
        <OutcomePill outcome={event.outcome} />
        <When at={event.at} />
      </Group>
      {event.check ? (
        <Alert color="yellow" title="Nobody knows what came of it">
          {event.check}
        </Alert>
      ) : null}
      {event.why || event.error_code ? (
        <Alert color={event.outcome === 'failed' ? 'red' : 'gray'} title={event.error_code ?? 'Why'}>
          {event.why ?? kWhy[event.error_code ?? '']}
        </Alert>
      ) : null}
      <div className="cols cols-2">
        <Card title="Who">
          <Fact name="Client">{joined(event.client, event.client_version)}</Fact>
          <Fact name="Member">{event.member}</Fact>
          <Fact name="API token">{event.api_token_id}</Fact>
          <Fact name="Let through by">{event.approved_by}</Fact>
          <Fact name="Session">{event.session_id}</Fact>
          <Fact name="Request">{event.request_id}</Fact>
        </Card>
        <Card title="Where">
          <Fact name="MCP server">
            {event.mcp_server_id ? (
              <ServerName account={event.integrated_account_id} id={event.mcp_server_id} />
            ) : null}
          </Fact>
          <Fact name="Account">
            {event.integrated_account_id ? <AccountName id={event.integrated_account_id} /> : null}
          </Fact>
          <Fact name="Environment">{event.environment_id ?? 'The instance itself'}</Fact>
          <Fact name="Resource">{event.resource}</Fact>
          <Fact name="Record">{event.record_id}</Fact>
          <Fact name="Path">{event.target}</Fact>
        </Card>
        <Time event={event} />
        <Size event={event} />
        <Card title="Arguments">
          {event.arguments ? (
            <Json value={event.arguments} />
          ) : (
            <Text size="sm">
              {event.arguments_digest ? 'The environment keeps none of them.' : 'Not recorded.'}
            </Text>
          )}
          {event.arguments_digest ? <Fact name="Digest">{event.arguments_digest}</Fact> : null}
        </Card>
        {event.summary ? (
          <Card title="Summary of the answer">
            <Json value={event.summary} />
          </Card>
        ) : null}
        <Card title="In the chain">
          <Fact name="Id">{event.id}</Fact>
          <Fact name="Number">{count(event.number)}</Fact>
          <Fact name="Its end">{event.ended_number === null ? null : count(event.ended_number)}</Fact>
        </Card>
      </div>
    </Stack>
  );
}

function Time({ event }: { event: Event }) {
  const all = event.duration_ms;
  if (all === null || all === undefined) {
    return (
      <Card title="Time">
        <Fact name="Took">{event.outcome === 'done' ? took(event) : null}</Fact>
        <Fact name="Ended">
          {event.ended_at ? (
            <When at={event.ended_at} />
          ) : event.outcome === 'started' ? (
            'Not yet'
          ) : (
            'At once'
          )}
        </Fact>
      </Card>
    );
  }
  const parts = partsOf(event, all);
  const share = (ms: number) => (all ? (100 * ms) / all : 0);
  return (
    <div className="card">
      <h2 className={styles.title}>Time: {duration(all)}</h2>
      <svg
        className={styles.bar}
        width="100%"
        height="12"
        preserveAspectRatio="none"
        viewBox="0 0 100 1"
        role="img"
        aria-label={parts.map(({ name, ms }) => `${name} ${fine(ms)}`).join(', ')}
      >
        {parts.map(({ name, fill, ms, before }) => (
          <rect key={name} className={fill} x={share(before)} width={share(ms)} height="1" />
        ))}
      </svg>
      <dl className="facts">
        {parts.map(({ name, fill, ms }) => (
          <Fragment key={name}>
            <dt>
              <svg className={styles.key} width="10" height="10" aria-hidden="true">
                <rect className={fill} width="10" height="10" rx="2" />
              </svg>{' '}
              {name}
            </dt>
            <dd>
              {fine(ms)} ({percent(ms, all)})
            </dd>
          </Fragment>
        ))}
        <dt>Began</dt>
        <dd>
          <When at={event.at} />
        </dd>
        {event.ended_at ? (
          <>
            <dt>Ended</dt>
            <dd>
              <When at={event.ended_at} />
            </dd>
          </>
        ) : null}
        {event.upstream_status ? (
          <>
            <dt>Upstream's status</dt>
            <dd>{event.upstream_status}</dd>
          </>
        ) : null}
      </dl>
    </div>
  );
}

const fine = (ms: number) => (ms > 0 && ms < 10 ? `${ms.toFixed(ms < 1 ? 2 : 1)} ms` : duration(ms));

/** What explains the time, in the order in which it mostly passes. Some of it may have passed at once. */
function partsOf(event: Event, all: number) {
  let rest = all;
  const take = (ms: number) => {
    const taken = Math.min(ms, rest);
    rest -= taken;
    return taken;
  };
  const upstream = take(event.upstream_duration_ms ?? 0);
  const waited = take(event.waited_ms ?? 0);
  const shaping = take((event.shaping_us ?? 0) / 1000);
  return [
    { name: 'Waited its turn', ms: waited, before: 0, fill: styles.waitedFill },
    { name: 'Upstream', ms: upstream, before: waited, fill: styles.upstreamFill },
    { name: 'Shaping', ms: shaping, before: waited + upstream, fill: styles.shapingFill },
    { name: 'Patchbay', ms: rest, before: all - rest, fill: styles.ownFill },
  ].filter(({ name, ms }) => ms > 0 || name === 'Upstream' || name === 'Patchbay');
}

function Size({ event }: { event: Event }) {
  if (!event.upstream_bytes && !event.result_bytes) return null;
  return (
    <Card title="Size">
      <Fact name="Upstream sent">{bytes(event.upstream_bytes)}</Fact>
      <Fact name="The model got">{bytes(event.result_bytes)}</Fact>
      <Fact name="Tokens saved">
        {event.tokens_saved_estimate ? `about ${count(event.tokens_saved_estimate)}` : null}
      </Fact>
    </Card>
  );
}

function Card({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="card">
      <h2 className={styles.title}>{title}</h2>
      <div className={styles.body}>{children}</div>
    </section>
  );
}

// One that says nothing is left out.
function Fact({ name, children }: { name: string; children: ReactNode }) {
  if (children === null || children === undefined || children === '') return null;
  return (
    <dl className="facts">
      <dt>{name}</dt>
      <dd>{typeof children === 'string' ? <bdi>{children}</bdi> : children}</dd>
    </dl>
  );
}

function joined(name: string | null | undefined, version: string | null | undefined) {
  return name ? [name, version].filter(Boolean).join(' ') : null;
}
