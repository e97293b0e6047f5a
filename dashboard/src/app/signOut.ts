import { api } from '../api/client';
import { router } from './router';

/** Ends this session, or all of the same API token. The page of signing in forgets what was read with it. */
export async function signOut(everywhere: boolean): Promise<void> {
  await api.delete('/session', { everywhere: everywhere || undefined });
  await router.navigate({ to: '/sign-in' });
}
