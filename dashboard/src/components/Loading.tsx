import { Skeleton, Stack } from '@mantine/core';

/** While something comes: its outline, and a word for who does not see it. */
export function Loading({ rows = 4 }: { rows?: number }) {
  return (
    <Stack gap="sm" role="status" aria-busy="true">
      <span className="sr-only">Loading…</span>
      {Array.from({ length: rows }, (_, row) => (
        <Skeleton key={row} height={row === 0 ? 32 : 44} radius="md" />
      ))}
    </Stack>
  );
}
