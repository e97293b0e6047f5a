// One call that waits: what it would change, before and after side by side, and the decision.
import { Alert, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { api } from '../../api/client';
import { Empty } from '../../components/Empty';
import { Json } from '../../components/Json';
import { LinkText } from '../../components/Link';
import { Loading } from '../../components/Loading';
import { PageTitle } from '../../components/PageTitle';
import { Problem } from '../../components/Problem';
import { When } from '../../components/When';
import { useCan } from '../../app/session';
import { AccountName, ServerName } from '../log/names';
import { Changes } from './Changes';
import { requestsOf } from './changes';
import { Decide } from './Decide';
import { StatePill, kStates } from './StatePill';
import type { Approval } from './changes';
import styles from './approvals.module.css';

const kBack = { to: '/approvals', label: 'Approvals' };

export default function ApprovalPage() {
  const { id } = useParams({ strict: false }) as { id: string };
  const can = useCan();
  const query = useQuery({
    queryKey: ['approval', id],
    enabled: can('admin'),
    queryFn: () => api.get<Approval>(`/approval/${encodeURIComponent(id)}`),
    refetchInterval: ({ state }) => (['pending', 'sending'].includes(state.data?.state ?? '') ? 5000 : false),
  });
  if (!can('admin')) {
    return (
      <>
        <PageTitle title="Approval" back={kBack} />
        <Empty title="Not for this API token">It needs scope admin.</Empty>
      </>
    );
  }
  if (query.isPending)
    return (
      <>
        <PageTitle title="Approval" back={kBack} />
        <Loading />
      </>
    );
  if (!query.data) {
    return (
      <>
        <PageTitle title="Approval" back={kBack} />
        <Problem error={query.error} onRetry={() => void query.refetch()} />
      </>
    );
  }
  return <Shown approval={query.data} />;
}

function Shown({ approval }: { approval: Approval }) {
  const state = kStates[approval.state];
  return (
    <Stack gap="md">
      <PageTitle
        title={approval.summary || approval.tool}
        back={kBack}
        mark={<StatePill state={approval.state} />}
      />
      {approval.state === 'pending' ? null : <Outcome approval={approval} says={state?.says ?? ''} />}
      {approval.notice ? (
        <Alert color="yellow" title="Note">
          <bdi>{approval.notice}</bdi>
        </Alert>
      ) : null}
      <div className={styles.page}>
        <div className={styles.main}>
          <Changes approval={approval} title={kChanged[approval.state] ?? 'What it would have changed'} />
          <Touched approval={approval} />
          <Request approval={approval} />
        </div>
        <div className={styles.side}>
          {approval.state === 'pending' ? <Decide approval={approval} /> : null}
          <Facts approval={approval} />
        </div>
      </div>
    </Stack>
  );
}

function Outcome({ approval, says }: { approval: Approval; says: string }) {
  const color = approval.state === 'done' ? 'green' : approval.state === 'failed' ? 'red' : 'yellow';
  return (
    <Alert color={color} title={says} role="status">
      <Stack gap="xs">
        {approval.reason ? (
          <Text size="sm">
            Reason: <bdi>{approval.reason}</bdi>
          </Text>
        ) : null}
        {approval.replaced_by ? (
          <Text size="sm">
            It is asked for again, as it is now:{' '}
            <LinkText to="/approvals/$id" params={{ id: approval.replaced_by }}>
              open the new one
            </LinkText>
          </Text>
        ) : null}
        {approval.error ? <Json value={approval.error} label="What went wrong" /> : null}
        {approval.result ? (
          <details>
            <summary>What the call gave</summary>
            <Json value={approval.result} label="What the call gave" />
          </details>
        ) : null}
      </Stack>
    </Alert>
  );
}

function Touched({ approval }: { approval: Approval }) {
  const { touches, names } = approval;
  return (
    <>
      {touches && touches.length > 0 ? (
        <section className="card">
          <h2 className={styles.title}>What else it touches</h2>
          <Json value={touches} label="Records that it touches" />
        </section>
      ) : null}
      {names && Object.keys(names).length > 0 ? (
        <section className="card">
          <h2 className={styles.title}>What each name became</h2>
          <Json value={names} label="What each name became" />
        </section>
      ) : null}
    </>
  );
}

const kChanged: Record<string, string> = {
  pending: 'What it would change',
  sending: 'What it changes',
  done: 'What was changed',
};
const kSent: Record<string, string> = {
  pending: 'What would be sent',
  sending: 'What is being sent',
  done: 'What was sent',
  unknown: 'What was sent',
};

function Request({ approval }: { approval: Approval }) {
  return (
    <section className="card">
      <h2 className={styles.title}>{kSent[approval.state] ?? 'What would have been sent'}</h2>
      {requestsOf(approval).map(([step, request]) => (
        <p key={step} className={styles.line}>
          <code>
            {String(request.method ?? '')} {String(request.path ?? '')}
          </code>
        </p>
      ))}
      {approval.to?.address ? (
        <Text size="sm">
          to <code>{approval.to.address}</code>
        </Text>
      ) : null}
      <details className={styles.more}>
        <summary>All of the request</summary>
        <Json value={approval.request} label="The request" />
      </details>
      <details className={styles.more}>
        <summary>What the call said</summary>
        <Json value={approval.arguments} label="Arguments" />
      </details>
    </section>
  );
}

function Facts({ approval }: { approval: Approval }) {
  return (
    <section className="card">
      <dl className="facts">
        <dt>Tool</dt>
        <dd>
          <code>{approval.tool}</code>
        </dd>
        <dt>Asked by</dt>
        <dd>
          <bdi>{approval.client ?? 'a client without a name'}</bdi>
        </dd>
        <dt>MCP server</dt>
        <dd>
          <ServerName account={approval.integrated_account_id} id={approval.mcp_server_id} />
        </dd>
        <dt>Account</dt>
        <dd>
          <AccountName id={approval.integrated_account_id} />
        </dd>
        <dt>Asked</dt>
        <dd>
          <When at={approval.asked_at} />
        </dd>
        {approval.decided_at ? (
          <>
            <dt>Decided</dt>
            <dd>
              <Group gap={4}>
                <When at={approval.decided_at} />
                <span>
                  by <code>{approval.decided_by ?? '–'}</code>
                </span>
              </Group>
            </dd>
          </>
        ) : (
          <>
            <dt>Expires</dt>
            <dd>
              <When at={approval.expires_at} />
            </dd>
          </>
        )}
        {approval.replaces ? (
          <>
            <dt>In place of</dt>
            <dd>
              <LinkText to="/approvals/$id" params={{ id: approval.replaces }}>
                a stale one
              </LinkText>
            </dd>
          </>
        ) : null}
      </dl>
    </section>
  );
}
