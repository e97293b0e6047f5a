// What is shown once: a server's URL, and how each client takes it.
import { Alert, Button, Code, Group, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api, type Api } from '../../api/client';
import { accountQuery, refresh } from '../../api/queries';
import { CopyButton } from '../../components/CopyButton';
import { Problem } from '../../components/Problem';
import { Advice, configOfRemedy, type Remedy } from './Advice';
import { ClientSnippets } from './ClientSnippets';
import { proposedKey } from './clients';
import type { Config } from './draft';
import { previewQuery } from './preview';
import { QrCode } from './QrCode';
import { TestIt } from './TestIt';

/** `client_name`: what a client had best call it, where the server says so. */
type Shown = Api['MintedMcpServer'] & { client_name?: string };

export function Minted({ server, onDone }: { server: Shown; onDone: () => void }) {
  const { url, config, notice } = server;
  const account = useQuery(accountQuery(server.integrated_account_id));
  const secondFactor = config.require_api_token_auth ?? false;
  // Nobody leaves by a slip what cannot be shown again.
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, []);
  return (
    <Stack gap="md">
      <Alert color="yellow" variant="light" title="The URL is shown this once" role="status">
        It is a password: whoever has it can use these tools. Copy it now; it is kept as a hash only.
      </Alert>
      {notice && (
        <Alert color="orange" variant="light" py="xs">
          {notice}
        </Alert>
      )}
      <Advised server={server} />
      <section className="card" aria-labelledby="url">
        <Group align="flex-start" gap="lg">
          <Stack gap="sm" className="grow" miw={220}>
            <Title order={2} size="h4" id="url">
              The URL
            </Title>
            <Code block className="mono" data-secret tabIndex={0} aria-label="MCP URL">
              {url}
            </Code>
            <Group gap="xs">
              <CopyButton value={url} label="Copy the URL" size="sm" />
              <Button variant="subtle" size="sm" onClick={onDone}>
                I have it
              </Button>
            </Group>
          </Stack>
          <QrCode text={url} label="The MCP URL as a QR code" />
        </Group>
      </section>
      <section className="card" aria-labelledby="connect">
        <Title order={2} size="h4" mb="sm" id="connect">
          Connect a client
        </Title>
        {account.data && (
          <ClientSnippets
            url={url}
            proposed={server.client_name ?? proposedKey(account.data.integration.name)}
            secondFactor={secondFactor}
          />
        )}
      </section>
      <section className="card" aria-labelledby="test">
        <Title order={2} size="h4" id="test">
          Does it work?
        </Title>
        <Text size="sm" c="dimmed" mb="sm">
          This page opens the URL as a client does: discovery, handshake, list of tools.
        </Text>
        <TestIt url={url} secondFactor={secondFactor} />
      </section>
    </Stack>
  );
}

// It can be put right while its URL is shown: the URL stays what it is.
function Advised({ server }: { server: Shown }) {
  const { id, integrated_account_id: account } = server;
  const [config, setConfig] = useState<Config>(server.config);
  const preview = useQuery(previewQuery(account, config));
  const change = useMutation({
    mutationFn: (remedy: Remedy) =>
      api.patch<Api['McpServer']>(`/integrated-account/${account}/mcp/${id}`, {
        config: configOfRemedy(remedy),
      }),
    onSuccess: (changed) => {
      setConfig(changed.config);
      void refresh(['mcp-servers', account], ['mcp-server', account, id]);
    },
  });
  if (!preview.data) return null;
  return (
    <>
      <Advice
        preview={preview.data}
        config={config}
        onRemedy={(remedy) => change.mutate(remedy)}
        isPending={change.isPending}
      />
      {change.error && <Problem error={change.error} />}
    </>
  );
}
