// Where an integration's definition comes from, and another one in its place.
import { Stack, Text } from '@mantine/core';
import type { Api } from '../../api/client';
import { useCan } from '../../app/session';
import { When } from '../../components/When';
import { Faults } from './Changes';
import { Import } from './Import';
import { Revisions } from './Revisions';
import styles from './integrations.module.css';

const kOrigins: Record<Api['Integration']['origin'], string> = {
  shipped: 'It came with the program',
  directory: 'It is read from a folder of the server',
  uploaded: 'It was uploaded',
  imported: 'It was imported from an OpenAPI document',
};

export function Definition({ integration }: { integration: Api['Integration'] }) {
  const can = useCan();
  const { name, origin, revision, loaded_at, faults } = integration;
  return (
    <Stack gap="md">
      <section className="card">
        <h2 className={styles.title}>Definition</h2>
        <Text size="sm">
          {kOrigins[origin]}
          {revision !== null && `, as revision ${revision}`}; in force since <When at={loaded_at} />.
        </Text>
        <Faults title="A newer definition has faults, and was not taken" faults={faults} />
      </section>
      {can('instance') && <Import name={name} />}
      <Revisions name={name} />
    </Stack>
  );
}
