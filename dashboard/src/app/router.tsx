// Addresses and their pages. Each page is a file of its own that is loaded when it is first opened.
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { ApiError } from '../api/client';
import { queryClient } from '../api/queries';
import { Loading } from '../components/Loading';
import { NotFound } from '../components/NotFound';
import { Problem } from '../components/Problem';
import { sessionQuery } from './session';
import { Shell } from './Shell';

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound });

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (search: Record<string, unknown>): { to?: string; ended?: string } => ({
    ...(typeof search.to === 'string' && { to: search.to }),
    ...(typeof search.ended === 'string' && { ended: search.ended }),
  }),
  component: lazyRouteComponent(() => import('../pages/sign-in/SignInPage')),
});

// Everything that needs a session.
const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  component: Shell,
  beforeLoad: async ({ location }) => {
    try {
      await queryClient.ensureQueryData(sessionQuery);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
      throw redirect({ to: '/sign-in', search: location.href === '/' ? {} : { to: location.href } });
    }
  },
});

type Search = Record<string, string>;
// Values of an address stay the texts that they are.
const plainSearch = (search: Record<string, unknown>): Search =>
  Object.fromEntries(
    Object.entries(search).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );

function page<const Path extends string>(path: Path, load: () => Promise<{ default: React.ComponentType }>) {
  return createRoute({
    getParentRoute: () => shell,
    path,
    validateSearch: plainSearch,
    component: lazyRouteComponent(load),
  });
}

const account = createRoute({
  getParentRoute: () => shell,
  path: '/accounts/$id',
  validateSearch: plainSearch,
  component: lazyRouteComponent(() => import('../pages/accounts/AccountLayout')),
});

function tab<const Path extends string>(path: Path, load: () => Promise<{ default: React.ComponentType }>) {
  return createRoute({
    getParentRoute: () => account,
    path,
    validateSearch: plainSearch,
    component: lazyRouteComponent(load),
  });
}

const accountIndex = createRoute({
  getParentRoute: () => account,
  path: '/',
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/accounts/$id/overview', params, replace: true });
  },
});

const routes = root.addChildren([
  signIn,
  shell.addChildren([
    page('/', () => import('../pages/home/HomePage')),
    page('/accounts', () => import('../pages/accounts/AccountsPage')),
    page('/accounts/new', () => import('../pages/accounts/ConnectPage')),
    account.addChildren([
      accountIndex,
      tab('/overview', () => import('../pages/accounts/OverviewTab')),
      tab('/servers', () => import('../pages/servers/ServersTab')),
      tab('/servers/new', () => import('../pages/servers/MintPage')),
      tab('/servers/$mcp', () => import('../pages/servers/ServerPage')),
      tab('/tools', () => import('../pages/tools/ToolsTab')),
      tab('/activity', () => import('../pages/accounts/ActivityTab')),
    ]),
    page('/activity', () => import('../pages/activity/ActivityPage')),
    page('/log', () => import('../pages/log/LogPage')),
    page('/log/$event', () => import('../pages/log/EventPage')),
    page('/approvals', () => import('../pages/approvals/ApprovalsPage')),
    page('/approvals/$id', () => import('../pages/approvals/ApprovalPage')),
    page('/integrations', () => import('../pages/integrations/IntegrationsPage')),
    page('/integrations/$name', () => import('../pages/integrations/IntegrationPage')),
    page('/tokens', () => import('../pages/tokens/TokensPage')),
    page('/webhooks', () => import('../pages/webhooks/WebhooksPage')),
    page('/webhooks/$id', () => import('../pages/webhooks/WebhookPage')),
    page('/environments', () => import('../pages/environments/EnvironmentsPage')),
  ]),
]);

export const router = createRouter({
  routeTree: routes,
  basepath: '/dashboard',
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: (search) => {
    const parameters = new URLSearchParams();
    for (const [name, value] of Object.entries(search)) {
      if (typeof value === 'string' && value !== '') parameters.set(name, value);
    }
    const text = parameters.toString();
    return text && `?${text}`;
  },
  defaultPendingComponent: Loading,
  defaultErrorComponent: ({ error, reset }) => <Problem error={error} onRetry={reset} />,
  defaultNotFoundComponent: NotFound,
  defaultPreload: 'intent',
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
