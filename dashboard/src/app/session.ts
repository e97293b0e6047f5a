// Who is signed in, and what that API token may do.
import { queryOptions, useSuspenseQuery } from '@tanstack/react-query';
import { api, type Api } from '../api/client';

export type Session = Api['Session'];

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: () => api.quietly<Session>('GET', '/session'),
  staleTime: 5 * 60_000,
  retry: false,
});

/** The present session; only below the shell, whose route does not open without one. */
export function useSession(): Session {
  return useSuspenseQuery(sessionQuery).data;
}

export type Ability = 'admin' | 'read' | 'mint' | 'instance';

export function allowed(token: Session['api_token'], what: Ability): boolean {
  switch (what) {
    case 'admin':
      return token.scope === 'admin';
    case 'read':
      return token.scope === 'admin' || token.scope === 'read';
    case 'mint':
      return token.scope === 'admin' || token.scope === 'mint';
    case 'instance':
      return token.scope === 'admin' && token.environment_id === null;
  }
}

/** Whether the session may do something: what it may not is not offered. */
export function useCan(): (what: Ability) => boolean {
  const { api_token } = useSession();
  return (what) => allowed(api_token, what);
}
