import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { Problem } from './Problem';

type ConfirmByNameProps = {
  opened: boolean;
  onClose: () => void;
  /** What has to be typed. */
  name: string;
  title: string;
  /** What goes with it. */
  children?: ReactNode;
  /** The button's word: "Delete". */
  action: string;
  onConfirm: () => Promise<unknown>;
};

/** Asks for the name of what is to go, so that nothing goes by a slip. */
export function ConfirmByName(props: ConfirmByNameProps) {
  const { opened, onClose, name, title, children, action, onConfirm } = props;
  const [typed, setTyped] = useState('');
  const confirm = useMutation({ mutationFn: onConfirm });
  const close = () => {
    setTyped('');
    confirm.reset();
    onClose();
  };
  return (
    <Modal opened={opened} onClose={close} title={title}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (typed === name) confirm.mutate(undefined, { onSuccess: close });
        }}
      >
        <Stack gap="md">
          {children}
          <TextInput
            label={
              <Text component="span" size="sm">
                Type{' '}
                <b>
                  <bdi>{name}</bdi>
                </b>{' '}
                to go on
              </Text>
            }
            // A name may be 200 letters without a place to break it.
            labelProps={{ style: { maxWidth: '100%', overflowWrap: 'anywhere' } }}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            autoComplete="off"
            data-autofocus
          />
          {confirm.error && <Problem error={confirm.error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" color="red" disabled={typed !== name} loading={confirm.isPending}>
              {action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
