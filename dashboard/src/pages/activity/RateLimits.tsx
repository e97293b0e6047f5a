// How much of each account's rate limit is left, where its API tells.
import { Progress, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { api, type Api, type Page } from '../../api/client';
import { When } from '../../components/When';
import { LinkText } from '../../components/Link';
import { count } from '../../components/numbers';
import styles from './activity.module.css';

const kMostAccounts = 100; // that are looked at, and of those
const kMostShown = 12; // the nearest to their end

type Account = Api['IntegratedAccount'];
type Known = Account & { rate_limit: NonNullable<Account['rate_limit']> };

const left = ({ rate_limit: { limit, remaining } }: Known) =>
  limit === null || remaining === null ? 1 : remaining / Math.max(limit, 1);

export function RateLimits({ account, environment }: { account?: string; environment?: string }) {
  const accounts = useQuery({
    queryKey: ['rate limits', account, environment],
    queryFn: async ({ signal }) =>
      account
        ? [await api.get<Account>(`/integrated-account/${account}`, {}, signal)]
        : (
            await api.get<Page<Account>>(
              '/integrated-account',
              { limit: kMostAccounts, environment_id: environment },
              signal,
            )
          ).result,
    refetchInterval: 15_000,
  });
  const known = (accounts.data ?? [])
    .filter((one): one is Known => one.rate_limit !== null)
    .sort((one, other) => left(one) - left(other))
    .slice(0, kMostShown);
  if (known.length === 0) return null;
  return (
    <section className={styles.limits}>
      <h2>Rate limits upstream</h2>
      <Text size="sm" c="dimmed">
        As the API last told this node; others ask it too.
      </Text>
      {known.map(({ id, name, rate_limit: { limit, remaining, resets_at } }) => (
        <div key={id}>
          <Text size="sm" component="div" className={styles.limit}>
            <LinkText inherit to="/accounts/$id/overview" params={{ id }}>
              <bdi>{name}</bdi>
            </LinkText>
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
