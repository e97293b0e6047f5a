import { Button } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { Icon } from './Icon';

type CopyButtonProps = { value: string; label?: string; size?: string };

/** Copies, and says so for two seconds, also to a screen reader. */
export function CopyButton({ value, label = 'Copy', size = 'xs' }: CopyButtonProps) {
  const { copy, copied, error } = useClipboard({ timeout: 2000 });
  return (
    <>
      <Button
        size={size}
        variant={copied ? 'light' : 'default'}
        leftSection={<Icon name={copied ? 'check' : 'copy'} size={14} />}
        onClick={() => copy(value)}
      >
        {error ? 'Select and copy it' : copied ? 'Copied' : label}
      </Button>
      <span className="sr-only" aria-live="polite">
        {copied ? 'Copied' : ''}
      </span>
    </>
  );
}
