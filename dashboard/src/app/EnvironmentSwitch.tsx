import { Select } from '@mantine/core';
import { useEnvironment } from './environment';

/** Only for tokens of the whole instance, and only where there are several. */
export function EnvironmentSwitch() {
  const { id, environments, canChoose, choose } = useEnvironment();
  if (!canChoose) return null;
  return (
    <Select
      aria-label="Environment"
      data={[
        { value: '', label: 'All environments' },
        ...environments.map(({ id: value, name }) => ({ value, label: name })),
      ]}
      value={id ?? ''}
      onChange={(value) => choose(value || null)}
      allowDeselect={false}
      searchable={environments.length > 8}
      size="sm"
      w={190}
    />
  );
}
