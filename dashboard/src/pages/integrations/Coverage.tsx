// How much of the integration is documented: what has no description makes no tool. Looked up through one of its
// accounts, which is where capabilities are asked for.
import { Progress, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { api, type Api, type Page } from '../../api/client';
import { Loading } from '../../components/Loading';
import { Problem } from '../../components/Problem';
import { count, some } from '../../components/numbers';
import styles from './integrations.module.css';

type Capabilities = Api['Capabilities'];

export function Coverage({ integration }: { integration: Api['Integration'] }) {
  const query = useQuery({
    queryKey: ['coverage', integration.name],
    staleTime: 60_000,
    queryFn: async () => {
      const {
        result: [account],
      } = await api.get<Page<Api['IntegratedAccount']>>('/integrated-account', {
        integration: integration.name,
        limit: 1,
      });
      if (!account) return null;
      return api.get<Capabilities>(`/integrated-account/${account.id}/capabilities`, {
        has_description: false,
      });
    },
  });
  return (
    <section className="card">
      <h2 className={styles.title}>Documentation coverage</h2>
      {query.isPending ? <Loading rows={2} /> : null}
      {query.error ? <Problem error={query.error} onRetry={() => void query.refetch()} /> : null}
      {query.data === null ? <Text size="sm">Known once an account of it is connected.</Text> : null}
      {query.data ? <Told capabilities={query.data} /> : null}
    </section>
  );
}

function Told({ capabilities }: { capabilities: Capabilities }) {
  const {
    proxy_methods: all,
    proxy_methods_with_descriptions: described,
    ai_ready_score: score,
  } = capabilities.ai_readiness;
  const missing = capabilities.proxy.flatMap(({ resource, methods }) =>
    methods.filter((one) => !one.has_description).map(({ method }) => `${resource}.${method}`),
  );
  const lacking = (member: 'has_query_schema' | 'has_body_schema' | 'has_response_schema') =>
    capabilities.proxy.reduce((sum, { methods }) => sum + methods.filter((one) => !one[member]).length, 0);
  return (
    <>
      <Text size="sm">
        {count(described)} of {some(all, 'method')} have a description, and are tools.
      </Text>
      <Progress value={100 * score} my="xs" aria-label={`Documented: ${Math.round(100 * score)} of 100`} />
      <Text size="sm" c="dimmed">
        {some(lacking('has_response_schema'), 'method')} without a schema of the answer,{' '}
        {count(lacking('has_query_schema'))} without one of the query, {count(lacking('has_body_schema'))}{' '}
        without one of the body.
      </Text>
      {missing.length > 0 ? (
        <details>
          <summary>{some(missing.length, 'method')} without a description</summary>
          <ul className={styles.missing}>
            {missing.map((name) => (
              <li key={name}>
                <code>{name}</code>
              </li>
            ))}
          </ul>
        </details>
      ) : null}
    </>
  );
}
