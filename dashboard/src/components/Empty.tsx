import { Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

type EmptyProps = { title: string; children?: ReactNode; action?: ReactNode };

/** Where nothing is yet: what would be here, and how it comes. */
export function Empty({ title, children, action }: EmptyProps) {
  return (
    <Stack className="empty" gap="xs" align="center">
      <Title order={2} size="h4">
        {title}
      </Title>
      {children && (
        <Text c="dimmed" maw={520}>
          {children}
        </Text>
      )}
      {action}
    </Stack>
  );
}
