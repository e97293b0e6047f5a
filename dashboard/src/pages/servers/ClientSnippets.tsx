import { Button, Group, Select, Stack, Tabs, Text, TextInput } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useState } from 'react';
import { CopyButton } from '../../components/CopyButton';
import { Icon } from '../../components/Icon';
import { keyOf, snippetsOf, type Snippet } from './clients';

/** `proposed`: what the client had best call it. */
type ClientSnippetsProps = { url: string; proposed: string; secondFactor: boolean };

export function ClientSnippets({ url, proposed, secondFactor }: ClientSnippetsProps) {
  const [typed, setTyped] = useState<string>();
  const key = typed?.trim() ? keyOf(typed) : proposed;
  const snippets = snippetsOf({ url, key, secondFactor });
  return (
    <Stack gap="md">
      <TextInput
        label="Its name in the client"
        description="Short: some put it before each tool’s name. Another one for each server that a client has."
        value={typed ?? proposed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onBlur={() => setTyped(key)}
        w={280}
        maw="100%"
        autoComplete="off"
        spellCheck={false}
      />
      <Clients snippets={snippets} />
    </Stack>
  );
}

function Clients({ snippets }: { snippets: Snippet[] }) {
  const [chosen, setChosen] = useState('claude');
  const isNarrow = useMediaQuery('(max-width: 700px)', false, { getInitialValueInEffect: false });
  const shown = snippets.find(({ id }) => id === chosen);
  if (isNarrow) {
    return (
      <Stack gap="md">
        <Select
          label="Client"
          data={snippets.map(({ id, label }) => ({ value: id, label }))}
          value={chosen}
          onChange={(id) => setChosen(id ?? chosen)}
          allowDeselect={false}
        />
        {shown && <Shown snippet={shown} />}
      </Stack>
    );
  }
  return (
    <Tabs value={chosen} onChange={(id) => setChosen(id ?? chosen)} variant="pills">
      <Tabs.List aria-label="Clients">
        {snippets.map(({ id, label }) => (
          <Tabs.Tab key={id} value={id}>
            {label}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {shown && (
        <Tabs.Panel value={chosen} pt="md">
          <Shown snippet={shown} />
        </Tabs.Panel>
      )}
    </Tabs>
  );
}

function Shown({ snippet: { steps, code, link, note } }: { snippet: Snippet }) {
  return (
    <Stack gap="sm">
      <ol className="plain-list">
        {steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      {code && (
        <pre className="json" tabIndex={0} role="region" aria-label="To paste">
          {code}
        </pre>
      )}
      <Group gap="xs">
        {code && <CopyButton value={code} />}
        {link && (
          <Button
            component="a"
            href={link.href}
            size="xs"
            variant="light"
            leftSection={<Icon name="download" size={14} />}
          >
            {link.label}
          </Button>
        )}
      </Group>
      {note && (
        <Text size="sm" c="dimmed">
          {note}
        </Text>
      )}
    </Stack>
  );
}
