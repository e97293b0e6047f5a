// The parts of the dashboard: for the navigation and the command palette.
import type { IconName } from '../components/Icon';
import type { Ability } from './session';

export type Section = { to: string; label: string; icon: IconName; needs: Ability; words?: string };

export const sections: readonly Section[] = [
  { to: '/', label: 'Home', icon: 'home', needs: 'read' },
  {
    to: '/accounts',
    label: 'Integrated accounts',
    icon: 'accounts',
    needs: 'read',
    words: 'mcp servers mint connect',
  },
  {
    to: '/activity',
    label: 'Activity',
    icon: 'activity',
    needs: 'read',
    words: 'calls charts latency errors',
  },
  {
    to: '/approvals',
    label: 'Approvals',
    icon: 'approvals',
    needs: 'admin',
    words: 'approve refuse waiting',
  },
  { to: '/log', label: 'Audit log', icon: 'log', needs: 'read', words: 'events verify export' },
  {
    to: '/integrations',
    label: 'Integrations',
    icon: 'integrations',
    needs: 'read',
    words: 'openapi import',
  },
  { to: '/tokens', label: 'API tokens', icon: 'tokens', needs: 'read' },
  { to: '/webhooks', label: 'Webhooks', icon: 'webhooks', needs: 'read' },
  { to: '/environments', label: 'Environments', icon: 'environments', needs: 'read' },
];

/** A mint token sees accounts as well: it mints from them. */
export function visible(section: Section, can: (what: Ability) => boolean): boolean {
  return (
    can(section.needs) || (can('mint') && (section.to === '/accounts' || section.to === '/integrations'))
  );
}
