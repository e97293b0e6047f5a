// Which environment the lists show. A token of one environment has no choice; one of the whole instance
// sees all until it chooses.
import { useLocalStorage } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { environmentsQuery } from '../api/queries';
import { useSession } from './session';

export function useEnvironment() {
  const { api_token } = useSession();
  const [stored, setStored] = useLocalStorage<string>({
    key: 'patchbay-environment',
    defaultValue: '',
    getInitialValueInEffect: false,
  });
  const reads = api_token.scope === 'admin' || api_token.scope === 'read';
  const list = useQuery({ ...environmentsQuery, enabled: reads });
  const environments = list.data?.result ?? [];
  const chosen = api_token.environment_id ?? (environments.some(({ id }) => id === stored) ? stored : null);
  return {
    /** null: all. */
    id: chosen,
    environments,
    canChoose: api_token.environment_id === null && environments.length > 1,
    choose: (id: string | null) => setStored(id ?? ''),
  };
}
