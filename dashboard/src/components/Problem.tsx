import { Alert, Button, Group, Text } from '@mantine/core';
import { ApiError } from '../api/client';
import { Icon } from './Icon';

/** What went wrong, what to do, and another try where there is one. */
export function Problem({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const message = error instanceof Error ? error.message : String(error);
  const hint = error instanceof ApiError ? error.hint : undefined;
  return (
    <Alert color="red" variant="light" role="alert" icon={<Icon name="alert" />} title={message}>
      <Group justify="space-between" gap="sm">
        <Text size="sm">{hint ?? ''}</Text>
        {onRetry && (
          <Button size="xs" variant="default" onClick={onRetry}>
            Try again
          </Button>
        )}
      </Group>
    </Alert>
  );
}
