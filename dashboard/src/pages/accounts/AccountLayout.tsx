// An account's title and tabs, around each of them.
import { Alert, Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Outlet, useNavigate, useParams, useRouterState, type LinkProps } from '@tanstack/react-router';
import { accountQuery } from '../../api/queries';
import { useCan } from '../../app/session';
import { AccountState } from '../../components/Badges';
import { Icon } from '../../components/Icon';
import { Loading } from '../../components/Loading';
import { PageTitle } from '../../components/PageTitle';
import { Problem } from '../../components/Problem';

const tabs = [
  { name: 'overview', label: 'Overview', needs: 'read' },
  { name: 'servers', label: 'MCP servers', needs: 'read' },
  { name: 'tools', label: 'Tools', needs: 'read' },
  { name: 'activity', label: 'Activity', needs: 'read' },
] as const;
// What a mint token may look at beside its servers.
const forMinting = new Set<string>(['overview', 'servers', 'tools']);

export default function AccountLayout() {
  const { id } = useParams({ strict: false }) as { id: string };
  const account = useQuery(accountQuery(id));
  const can = useCan();
  const navigate = useNavigate();
  const open = useRouterState({
    select: ({ location }) => location.pathname.split('/').at(3) ?? 'overview',
  });
  if (account.isPending) return <Loading />;
  if (account.error) return <Problem error={account.error} onRetry={() => void account.refetch()} />;
  const { name, status, last_error } = account.data;
  return (
    <>
      <PageTitle
        title={name}
        back={{ to: '/accounts', label: 'Integrated accounts' }}
        mark={<AccountState status={status} />}
      />
      {status !== 'active' && (
        <Alert
          color="red"
          variant="light"
          mb="md"
          icon={<Icon name="alert" />}
          title="Calls of this account fail"
        >
          {last_error}
        </Alert>
      )}
      <Tabs
        value={open}
        onChange={(tab) =>
          void navigate({ to: `/accounts/$id/${tab}` as LinkProps['to'], params: { id } as never })
        }
        mb="lg"
      >
        <div className="tabs-row">
          <Tabs.List className="tabs-list" aria-label="Parts of the account">
            {tabs
              .filter(({ name: tab, needs }) => can(needs) || (can('mint') && forMinting.has(tab)))
              .map(({ name: tab, label }) => (
                <Tabs.Tab key={tab} value={tab}>
                  {label}
                </Tabs.Tab>
              ))}
          </Tabs.List>
        </div>
        <Tabs.Panel value={open} pt="lg">
          <Outlet />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}
