import { Group, Text } from '@mantine/core';

export function Brand() {
  return (
    <Group component="span" gap={8} wrap="nowrap" display="inline-flex">
      <svg width="28" height="28" viewBox="0 0 32 32" aria-hidden="true">
        <rect width="32" height="32" rx="8" fill="#1864ab" />
        <circle cx="10" cy="10" r="4" fill="#fff" />
        <circle cx="22" cy="22" r="4" fill="#fff" />
        <path d="M10 10c0 8 12 4 12 12" fill="none" stroke="#fff" strokeWidth="2.5" />
      </svg>
      <Text component="span" fw={650} size="lg" className="brand-name">
        Patchbay
      </Text>
    </Group>
  );
}
