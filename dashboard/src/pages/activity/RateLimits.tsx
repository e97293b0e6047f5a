// How much of each account's rate limit is left, where its API tells.
import { Progress, Text } from '@mantine/core';
import { useQueries, useQuery } from '@tanstack/react-query';
import { api, type Api, type Page } from '../../api/client';
import { When } from '../../components/When';
import { AccountName } from '../log/names';
import { count } from '../../components/numbers';
import styles from './activity.module.css';

const kMostAccounts = 8; // of which each is asked for by itself
type Account = Api['IntegratedAccount'] & {
  rate_limit?: { limit: number | null; remaining: number | null; resets_at: string | null } | null;
};

export function RateLimits({ account, environment }: { account?: string; environment?: string }) {
  const listed = useQuery({
    queryKey: ['accounts', 'few', environment],
    enabled: !account,
    staleTime: 60_000,
    queryFn: () =>
      api.get<Page<Account>>('/integrated-account', {
        limit: String(kMostAccounts),
        environment_id: environment,
      }),
  });
  const ids = account ? [account] : (listed.data?.result ?? []).map(({ id }) => id);
  const known = useQueries({
    queries: ids.map((id) => ({
      queryKey: ['account', id, 'rate limit'],
      queryFn: () => api.get<Account>(`/integrated-account/${id}`),
      refetchInterval: 15_000,
    })),
  }).flatMap(({ data }) => (data?.rate_limit ? [{ id: data.id, name: data.name, ...data.rate_limit }] : []));
  if (known.length === 0) return null;
  return (
    <section className={styles.limits}>
      <h2>Rate limits upstream</h2>
      {known.map(({ id, name, limit, remaining, resets_at }) => (
        <div key={id}>
          <Text size="sm" component="div" className={styles.limit}>
            <AccountName id={id} />
            <span>
              {count(remaining)} {limit === null ? '' : `of ${count(limit)} `}left
              {resets_at ? (
                <>
                  , anew <When at={resets_at} />
                </>
              ) : null}
            </span>
          </Text>
          <Progress
            value={limit ? (100 * (remaining ?? 0)) / limit : 0}
            aria-label={`Left of the rate limit of ${name}`}
            color={limit && (remaining ?? 0) < limit / 10 ? 'red' : 'blue'}
          />
        </div>
      ))}
    </section>
  );
}
