import { Button, Group } from '@mantine/core';

type LoadMoreProps = { hasNextPage: boolean; fetchNextPage: () => unknown; isFetchingNextPage?: boolean };

/** The next page of a list, below those that are there. */
export function LoadMore({ hasNextPage, fetchNextPage, isFetchingNextPage = false }: LoadMoreProps) {
  if (!hasNextPage) return null;
  return (
    <Group justify="center" p="md">
      <Button variant="default" loading={isFetchingNextPage} onClick={() => fetchNextPage()}>
        Load more
      </Button>
    </Group>
  );
}
