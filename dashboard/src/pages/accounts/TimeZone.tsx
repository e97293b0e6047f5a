import { Select } from '@mantine/core';

const zones = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')];

export function TimeZone({ value, onChange }: { value: string; onChange: (zone: string) => void }) {
  return (
    <Select
      label="Time zone"
      description="Times that an AI gives without an offset are read in it."
      data={zones}
      value={value}
      onChange={(zone) => onChange(zone ?? 'UTC')}
      searchable
      limit={60}
      allowDeselect={false}
      nothingFoundMessage="No such zone"
    />
  );
}
