import { ActionIcon, Tooltip } from '@mantine/core';
import { Icon, type IconName } from './Icon';

/** A button with a picture alone, and its word under the pointer. */
export function IconButton(props: { label: string; icon: IconName; onClick: () => void }) {
  return (
    <Tooltip label={props.label}>
      <ActionIcon variant="default" size="lg" aria-label={props.label} onClick={props.onClick}>
        <Icon name={props.icon} />
      </ActionIcon>
    </Tooltip>
  );
}
