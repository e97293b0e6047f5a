import type { Api } from '../../api/client';
import { Pill } from '../../components/Pill';

export function EnabledPill({ webhook }: { webhook: Api['Webhook'] }) {
  if (webhook.enabled) return <Pill tone="good">enabled</Pill>;
  if (webhook.disabled_because === 'gone')
    return (
      <Pill tone="bad" title="Its receiver answered 410">
        receiver gone
      </Pill>
    );
  return <Pill>disabled</Pill>;
}
