import { Group, Title } from '@mantine/core';
import type { LinkProps } from '@tanstack/react-router';
import { useEffect, type ReactNode } from 'react';
import { Icon } from './Icon';
import { LinkText } from './Link';

type PageTitleProps = {
  title: string;
  back?: { to: string; label: string };
  actions?: ReactNode;
  /** Beside the title: a badge. */
  mark?: ReactNode;
};

export function PageTitle({ title, back, actions, mark }: PageTitleProps) {
  useEffect(() => {
    document.title = `${title} · Patchbay`;
  }, [title]);
  return (
    <header>
      {back && (
        <LinkText to={back.to as LinkProps['to']} size="sm" mb={4} display="inline-block">
          <Group component="span" gap={4} wrap="nowrap" display="inline-flex">
            <Icon name="back" size={14} />
            <bdi>{back.label}</bdi>
          </Group>
        </LinkText>
      )}
      <Group justify="space-between" align="center" mb="lg" gap="sm">
        <Group gap="sm" miw={0}>
          <Title order={1} size="h2">
            <bdi>{title}</bdi>
          </Title>
          {mark}
        </Group>
        {actions && <Group gap="xs">{actions}</Group>}
      </Group>
    </header>
  );
}
