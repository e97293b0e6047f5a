import { ActionIcon, Menu, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Icon } from '../components/Icon';
import { When } from '../components/When';
import { useSession } from './session';
import { signOut } from './signOut';

const scopes = {
  admin: 'May do everything',
  read: 'May look, and change nothing',
  mint: 'May mint MCP servers',
  mcp: 'Second factor only',
};

export function UserMenu() {
  const { api_token, expires_at } = useSession();
  const out = useMutation({ mutationFn: signOut });
  return (
    <Menu width={280} position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="default" size="lg" aria-label="Your session">
          <Icon name="user" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text size="sm" fw={600} c="var(--mantine-color-text)">
            <bdi>{api_token.name}</bdi>
          </Text>
          <Text size="xs">
            {scopes[api_token.scope]}
            {api_token.environment_id === null ? ', in every environment' : ', in one environment'}
          </Text>
          <Text size="xs">
            The session ends <When at={expires_at} />
          </Text>
        </Menu.Label>
        <Menu.Divider />
        <Menu.Item onClick={() => out.mutate(false)}>Sign out</Menu.Item>
        <Menu.Item onClick={() => out.mutate(true)}>Sign out everywhere</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
