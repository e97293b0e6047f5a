import { Alert, Button, Code, Group, Stack, Text } from '@mantine/core';
import { CopyButton } from './CopyButton';

type SecretOnceProps = { label: string; value: string; onDone?: () => void };

/** A secret that is shown this once: only its hash is kept. */
export function SecretOnce({ label, value, onDone }: SecretOnceProps) {
  return (
    <Alert color="yellow" variant="light" title={`${label}: shown this once`}>
      <Stack gap="sm">
        <Text size="sm">Copy it now. It is kept as a hash only, and cannot be shown again.</Text>
        <Code block data-secret className="mono" tabIndex={0} aria-label={label}>
          {value}
        </Code>
        <Group gap="xs">
          <CopyButton value={value} label={`Copy ${label}`} />
          {onDone && (
            <Button size="xs" variant="subtle" onClick={onDone}>
              I have it
            </Button>
          )}
        </Group>
      </Stack>
    </Alert>
  );
}
