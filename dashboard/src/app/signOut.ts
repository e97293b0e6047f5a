import { api } from '../api/client';
import { queryClient } from '../api/queries';
import { router } from './router';

/** Ends this session, or all of the same API token; then nothing of it stays on the page. */
export async function signOut(everywhere: boolean): Promise<void> {
  await api.delete('/session', { everywhere: everywhere || undefined });
  await router.navigate({ to: '/sign-in' });
  queryClient.clear();
}
