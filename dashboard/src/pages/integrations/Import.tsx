// An OpenAPI document in the place of an integration's definition: what it would change is seen first.
import { Button, FileButton, Group, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ApiError } from '../../api/client';
import { refresh } from '../../api/queries';
import { bytes } from '../../components/numbers';
import { Problem } from '../../components/Problem';
import { Changes, Faults } from './Changes';
import { isBreaking, kMostBytes, typeOf, type Fault, type Outcome } from './definitions';
import styles from './integrations.module.css';

/** What shows an integration, or what is made of it. */
export const definitionChanged = () =>
  refresh(['integration'], ['integrations'], ['revisions'], ['capabilities'], ['mcp-servers'], ['tool']);

/** Of a document or a definition that is refused for what stands in it. */
export function faultsOf(error: unknown): Fault[] {
  if (!(error instanceof ApiError)) return [];
  const { details } = (error.body ?? {}) as { details?: { faults?: Fault[] } };
  return details?.faults ?? [];
}

export function Import({ name }: { name: string }) {
  return (
    <section className="card" aria-labelledby="import">
      <h2 className={styles.title} id="import">
        Import an OpenAPI document
      </h2>
      <Document name={name} />
    </section>
  );
}

/** A document is chosen, what it would change is looked at, and it is imported or left. */
export function Document({ name, onImported }: { name: string; onImported?: () => void }) {
  const [file, setFile] = useState<File | null>(null);
  const path = `/integration/${encodeURIComponent(name)}/import`;
  const send = (document: File, preview: boolean) =>
    api.upload<Outcome>(path, { text: document, type: typeOf(document.name) }, preview ? { preview } : {});
  const preview = useMutation({ mutationFn: (document: File) => send(document, true) });
  const apply = useMutation({
    mutationFn: (document: File) => send(document, false),
    onSuccess: async () => {
      await definitionChanged();
      onImported?.();
    },
  });
  const choose = (chosen: File | null) => {
    setFile(chosen);
    apply.reset();
    preview.reset();
    if (chosen && chosen.size <= kMostBytes) preview.mutate(chosen);
  };
  const isTooLarge = file !== null && file.size > kMostBytes;
  const error = apply.error ?? preview.error;
  const faults = faultsOf(error);
  const seen = preview.data;
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        OpenAPI 3 or Swagger 2, JSON or YAML. What it would change is shown before anything does.
      </Text>
      <Group gap="sm">
        <FileButton accept=".json,.yaml,.yml,application/json,application/yaml" onChange={choose}>
          {(props) => (
            <Button variant="default" {...props}>
              Choose a document…
            </Button>
          )}
        </FileButton>
        {file && (
          <Text size="sm">
            <bdi>{file.name}</bdi>, {bytes(file.size)}
          </Text>
        )}
      </Group>
      <div aria-live="polite">
        {preview.isPending && <Text size="sm">Reading it…</Text>}
        {isTooLarge && <Text c="red">It is larger than 32 MiB, which is the most that is taken.</Text>}
        {faults.length > 0 ? (
          <Faults title="The document has faults. Nothing was changed." faults={faults} />
        ) : (
          error && <Problem error={error} />
        )}
        {apply.data ? (
          <Text fw={600}>
            Imported{apply.data.revision !== null && `, as revision ${apply.data.revision}`}.
          </Text>
        ) : (
          seen && <Changes outcome={seen} />
        )}
      </div>
      {file && seen && !apply.data && (
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={() => choose(null)}>
            Leave it
          </Button>
          <Button
            color={isBreaking(seen) ? 'red' : undefined}
            loading={apply.isPending}
            onClick={() => apply.mutate(file)}
          >
            {isBreaking(seen) ? 'Import it, although it breaks' : 'Import it'}
          </Button>
        </Group>
      )}
    </Stack>
  );
}
