import { Group, Title } from '@mantine/core';
import { useEffect, type ReactNode } from 'react';
import { LinkText } from '../../components/Link';

type SectionTitleProps = { title: string; account: string; mark?: ReactNode; children?: ReactNode };

/** The title of a page below an account's tab, and the way back to the list. */
export function SectionTitle({ title, account, mark, children }: SectionTitleProps) {
  useEffect(() => {
    document.title = `${title} · Patchbay`;
  }, [title]);
  return (
    <>
      <LinkText to="/accounts/$id/servers" params={{ id: account }} size="sm">
        All MCP servers of this account
      </LinkText>
      <Group justify="space-between" mb="md" mt={4} gap="sm">
        <Group gap="sm" miw={0}>
          <Title order={2} size="h3">
            <bdi>{title}</bdi>
          </Title>
          {mark}
        </Group>
        <Group gap="xs">{children}</Group>
      </Group>
    </>
  );
}
