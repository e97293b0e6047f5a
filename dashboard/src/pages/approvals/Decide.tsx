// The decision: approve or refuse, with a reason that the AI program is told; or a link for somebody else.
import { Button, Group, Stack, Text, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, type Api } from '../../api/client';
import { refresh } from '../../api/queries';
import { Problem } from '../../components/Problem';
import { SecretOnce } from '../../components/SecretOnce';
import { When } from '../../components/When';
import type { Approval } from './changes';
import styles from './approvals.module.css';

const kMostBytes = 500;

export function Decide({ approval }: { approval: Approval }) {
  const [reason, setReason] = useState('');
  const queries = useQueryClient();
  const decide = useMutation({
    mutationFn: (decision: 'approve' | 'refuse') =>
      api.post<Approval>(
        `/approval/${approval.id}/${decision}`,
        reason.trim() ? { reason: reason.trim() } : {},
      ),
    onSuccess: (decided) => queries.setQueryData(['approval', approval.id], decided),
    // Refused with 409, somebody else was first: what it is now is shown.
    onError: () => refresh(['approval', approval.id]),
    onSettled: () => Promise.all([refresh(['approvals']), refresh(['overview'])]),
  });
  const tooLong = new TextEncoder().encode(reason.trim()).length > kMostBytes;
  return (
    <section className="card">
      <h2 className={styles.title}>Decide</h2>
      <Stack gap="sm">
        <Textarea
          label="Reason"
          description="Kept, and told to the AI program. May be left empty."
          autosize
          minRows={2}
          maxRows={8}
          dir="auto"
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          error={tooLong ? `At most ${kMostBytes} bytes` : undefined}
        />
        {decide.error ? <Problem error={decide.error} /> : null}
        <Group gap="xs" grow preventGrowOverflow={false}>
          <Button
            loading={decide.isPending && decide.variables === 'approve'}
            disabled={decide.isPending || tooLong}
            onClick={() => decide.mutate('approve')}
          >
            Approve and send
          </Button>
          <Button
            color="red"
            variant="light"
            loading={decide.isPending && decide.variables === 'refuse'}
            disabled={decide.isPending || tooLong}
            onClick={() => decide.mutate('refuse')}
          >
            Refuse
          </Button>
        </Group>
        <LinkToIt id={approval.id} />
      </Stack>
    </section>
  );
}

function LinkToIt({ id }: { id: string }) {
  const link = useMutation({ mutationFn: () => api.post<Api['ApprovalLink']>(`/approval/${id}/link`) });
  if (link.data) {
    return (
      <Stack gap="xs">
        <SecretOnce label="Link" value={link.data.url} onDone={() => link.reset()} />
        <Text size="sm">
          Whoever has it may decide this, once. It ends <When at={link.data.expires_at} />.
        </Text>
      </Stack>
    );
  }
  return (
    <>
      <Text size="sm">Somebody without a token can decide by a link, once.</Text>
      <Button variant="default" loading={link.isPending} onClick={() => link.mutate()}>
        Make a link to decide it by
      </Button>
      {link.error ? <Problem error={link.error} /> : null}
    </>
  );
}
