// Whether an event was altered or removed: asked for by hand, since the whole log is read for it.
import { Button, Modal, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api, type Api } from '../../api/client';
import { CopyButton } from '../../components/CopyButton';
import { LinkText } from '../../components/Link';
import { Loading } from '../../components/Loading';
import { Problem } from '../../components/Problem';
import { Pill } from '../../components/Pill';
import { some } from '../../components/numbers';

export function Verification() {
  const [opened, setOpened] = useState(false);
  const verify = useMutation({ mutationFn: () => api.get<Api['LogVerification']>('/log/verify') });
  const open = () => {
    setOpened(true);
    verify.mutate();
  };
  return (
    <>
      <Button variant="default" onClick={open}>
        Verify
      </Button>
      <Modal opened={opened} onClose={() => setOpened(false)} title="Was the log altered?" size="lg">
        <div aria-live="polite">
          {verify.isPending ? <Loading /> : null}
          {verify.error ? <Problem error={verify.error} onRetry={() => verify.mutate()} /> : null}
          {verify.data ? <Verdict found={verify.data} /> : null}
        </div>
      </Modal>
    </>
  );
}

function Verdict({ found }: { found: Api['LogVerification'] }) {
  return (
    <Stack gap="md">
      <Text>
        <Pill tone={found.valid ? 'good' : 'bad'}>{found.valid ? 'Whole' : 'Altered'}</Pill>{' '}
        {some(found.events, 'event')} looked at.{' '}
        {found.valid ? 'None was altered or removed.' : 'The first fault of each chain:'}
      </Text>
      {found.faults.length > 0 ? (
        <ul>
          {found.faults.map((fault) => (
            <li key={`${fault.chain} ${fault.number}`}>
              {fault.message}{' '}
              {fault.event_id ? (
                <LinkText to="/log/$event" params={{ event: fault.event_id }}>
                  Event {fault.number}
                </LinkText>
              ) : (
                `Event ${fault.number} is gone.`
              )}
            </li>
          ))}
        </ul>
      ) : null}
      <Stack gap="xs" align="flex-start">
        <Text size="sm">
          Where each chain ends. Note these elsewhere: they show later whether the database was put back.
        </Text>
        <dl className="facts">
          {found.heads.map((head) => (
            <Head key={head.chain} {...head} />
          ))}
        </dl>
        <CopyButton value={JSON.stringify(found.heads)} label="Copy all" />
      </Stack>
    </Stack>
  );
}

function Head({ chain, number, link }: { chain: string; number: number; link: string }) {
  return (
    <>
      <dt>
        {chain}, {number}
      </dt>
      <dd>
        <code>{link}</code>
      </dd>
    </>
  );
}
