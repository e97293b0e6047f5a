// An API that there is no integration of yet, made of its OpenAPI document.
import { Button, Modal, Stack, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { Icon } from '../../components/Icon';
import { isName } from './definitions';
import { Document } from './Import';

export function NewIntegration({ taken }: { taken: readonly string[] }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button leftSection={<Icon name="plus" size={16} />} onClick={() => setOpen(true)}>
        Import an API
      </Button>
      <Modal opened={isOpen} onClose={() => setOpen(false)} title="Import an API" size="lg">
        <Form taken={taken} />
      </Modal>
    </>
  );
}

function Form({ taken }: { taken: readonly string[] }) {
  const navigate = useNavigate();
  const [name, setName] = useState('');
  const wrong = taken.includes(name)
    ? 'There is one of that name: import into it on its own page.'
    : name !== '' && !isName(name)
      ? 'It takes a-z, 0-9 and single _, at most 32.'
      : undefined;
  return (
    <Stack gap="md">
      <TextInput
        label="Name"
        description="Part of the name of each of its tools, and never changed."
        placeholder="acme"
        value={name}
        error={wrong}
        onChange={(event) => setName(event.currentTarget.value.trim())}
        data-autofocus
      />
      {isName(name) && wrong === undefined && (
        <Document
          key={name}
          name={name}
          onImported={() => void navigate({ to: '/integrations/$name', params: { name } })}
        />
      )}
    </Stack>
  );
}
