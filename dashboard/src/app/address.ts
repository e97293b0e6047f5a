// What a page shows stands in its address: it can be linked, and the back button goes back in it.
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';

export type Chosen<K extends string> = Partial<Record<K, string>>;

export function useAddress<K extends string>(names: readonly K[]) {
  const search = useSearch({ strict: false }) as Record<string, unknown>;
  const navigate = useNavigate();
  const key = names.map((name) => text(search[name])).join('\n');
  const chosen = useMemo(() => {
    const found: Chosen<K> = {};
    for (const name of names) {
      const value = text(search[name]);
      if (value) found[name] = value;
    }
    return found;
    // `key` stands for what is read of `search`, which is another object after each navigation.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [key]);

  // What is given as undefined or '' goes. `replace`: without an entry of its own in the history.
  const choose = useCallback(
    (changes: Chosen<K>, replace = false) => {
      void navigate({
        to: '.',
        replace,
        search: (before: Record<string, unknown>) => {
          const after: Record<string, unknown> = { ...before, ...changes };
          for (const [name, value] of Object.entries(after)) {
            if (value === undefined || value === '') delete after[name];
          }
          return after;
        },
      } as never);
    },
    [navigate],
  );
  return [chosen, choose] as const;
}

function text(value: unknown): string {
  return value === undefined || value === null ? '' : String(value);
}
