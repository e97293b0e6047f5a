import { Button, Group } from '@mantine/core';
import { useIntersection } from '@mantine/hooks';
import { useEffect, useEffectEvent } from 'react';

type LoadMoreProps = {
  hasNextPage: boolean;
  fetchNextPage: () => unknown;
  isFetchingNextPage?: boolean;
  error?: unknown;
};

/** The next page of a list, below those that are there: it comes when somebody gets that far. */
export function LoadMore({ hasNextPage, fetchNextPage, isFetchingNextPage = false, error }: LoadMoreProps) {
  const { ref, entry } = useIntersection({ rootMargin: '300px' });
  const isNear = entry?.isIntersecting ?? false;
  // What failed is not asked for again and again.
  const isWanted = isNear && hasNextPage && !isFetchingNextPage && !error;
  const fetchIt = useEffectEvent(() => fetchNextPage());
  useEffect(() => {
    if (isWanted) fetchIt();
  }, [isWanted]);
  if (!hasNextPage) return null;
  return (
    <Group justify="center" p="md" ref={ref}>
      <Button variant="default" loading={isFetchingNextPage} onClick={() => fetchNextPage()}>
        Load more
      </Button>
    </Group>
  );
}
