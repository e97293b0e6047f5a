// Of an account that a person signs in: the link by which they do, for whoever sends it to them.
import { Alert, Button, Code, Group, NativeSelect, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { api, type Api } from '../../api/client';
import { accountQuery } from '../../api/queries';
import { useCan } from '../../app/session';
import { CopyButton } from '../../components/CopyButton';
import { Icon } from '../../components/Icon';
import { Problem } from '../../components/Problem';
import { When } from '../../components/When';

type Account = Api['IntegratedAccount'];
type Link = Api['ConnectLink'];

const kLifetimes = [
  { value: '3600', label: '1 hour' },
  { value: '86400', label: '1 day' },
  { value: '604800', label: '7 days' },
];
// How often it is asked whether somebody has signed in, while a link waits for them.
const kLookEveryMs = 5_000;

/** Nothing where the account signs in by its credentials, or the session may make no link. */
export function ConnectLink({ account }: { account: Account }) {
  const can = useCan();
  const title = useId();
  const [lifetime, setLifetime] = useState('3600');
  const [made, setMade] = useState<{ link: Link; waited: boolean }>();
  const make = useMutation({
    mutationFn: () =>
      api.post<Link>(`/integrated-account/${account.id}/connect-link`, {
        expires_in_seconds: Number(lifetime),
      }),
    onSuccess: (link) => setMade({ link, waited: account.status !== 'active' }),
  });
  const waits = made !== undefined && account.status !== 'active';
  useQuery({ ...accountQuery(account.id), enabled: waits, refetchInterval: waits ? kLookEveryMs : false });
  if (!account.integration.by_connect_link || !can('admin')) return null;
  const { label } = account.integration;
  const signedIn = made?.waited === true && account.status === 'active';
  return (
    <section className="card" aria-labelledby={title}>
      <Title order={2} size="h4" id={title}>
        Sign in at {label}
      </Title>
      <Text size="sm" c="dimmed" mb="md">
        A person signs this account in, in their own browser. Make a link for them: it shows what it is for,
        leads to {label}, and serves until somebody has signed in with it.
      </Text>
      <div aria-live="polite">
        {signedIn ? (
          <Alert color="green" variant="light" icon={<Icon name="check" />} title="Somebody has signed in">
            The account works from now on, and the link is used up.
          </Alert>
        ) : (
          made && <Made link={made.link} onDone={() => setMade(undefined)} />
        )}
      </div>
      {(!made || signedIn) && (
        <Stack gap="md" mt={signedIn ? 'md' : 0}>
          {make.error && <Problem error={make.error} />}
          <Group align="flex-end" justify="space-between">
            <NativeSelect
              label="The link holds for"
              value={lifetime}
              onChange={(event) => setLifetime(event.currentTarget.value)}
              data={kLifetimes}
            />
            <Button
              variant={account.status === 'active' ? 'default' : 'filled'}
              loading={make.isPending}
              onClick={() => make.mutate()}
            >
              Make a connect link
            </Button>
          </Group>
        </Stack>
      )}
    </section>
  );
}

function Made({ link, onDone }: { link: Link; onDone: () => void }) {
  return (
    <Alert color="yellow" variant="light" title="The link is shown this once">
      <Stack gap="sm">
        <Text size="sm">
          Send it to the person who signs in, and to nobody else: whoever opens it connects an account of
          their own. It ends <When at={link.expires_at} />, or when somebody has signed in.
        </Text>
        <Code block data-secret className="mono" tabIndex={0} aria-label="Connect link">
          {link.url}
        </Code>
        <Group gap="xs">
          <CopyButton value={link.url} label="Copy the link" />
          <Button size="xs" variant="subtle" onClick={onDone}>
            I have it
          </Button>
        </Group>
        <Text size="sm">
          The client has to be registered at the authorization server with the redirect URI{' '}
          <span className="mono" data-redirect>
            {link.redirect_uri}
          </span>
          .
        </Text>
      </Stack>
    </Alert>
  );
}
