// An environment's name, and what its audit log keeps. Only what was changed is sent.
import { Button, Group, NumberInput, Radio, Stack, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import type { Api } from '../../api/client';
import { Problem } from '../../components/Problem';
import { isKept, kKept, type Kept } from './kept';

type Environment = Api['Environment'];
type Props = {
  environment: Environment;
  pending: boolean;
  error: unknown;
  onCancel: () => void;
  onSubmit: (body: Api['EnvironmentPatch']) => void;
};

const kDays = { min: 1, max: 3650 };
const kEntries = { min: 1000, max: 100_000_000 };

// A field that is emptied is the default again.
const given = (value: string | number) => (value === '' ? null : Number(value));

export function SettingsForm({ environment, pending, error, onCancel, onSubmit }: Props) {
  const { audit } = environment;
  const [name, setName] = useState(environment.name);
  const [kept, setKept] = useState<Kept>(audit.arguments);
  const [days, setDays] = useState<string | number>(audit.keep_days);
  const [entries, setEntries] = useState<string | number>(audit.keep_entries);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const changed: Api['AuditSettingsPatch'] = {
      ...(kept !== audit.arguments && { arguments: kept }),
      ...(given(days) !== audit.keep_days && { keep_days: given(days) }),
      ...(given(entries) !== audit.keep_entries && { keep_entries: given(entries) }),
    };
    onSubmit({
      ...(name.trim() !== environment.name && { name: name.trim() }),
      ...(Object.keys(changed).length > 0 && { audit: changed }),
    });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <TextInput
          label="Name"
          required
          maxLength={200}
          dir="auto"
          data-autofocus
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Radio.Group
          label="Of the arguments of calls, the log keeps"
          value={kept}
          onChange={(value) => isKept(value) && setKept(value)}
        >
          <Stack gap="xs" mt="xs">
            {Object.entries(kKept).map(([value, { label, description }]) => (
              <Radio key={value} value={value} label={label} description={description} />
            ))}
          </Stack>
        </Radio.Group>
        <NumberInput
          label="Kept for days"
          description="Empty: 90"
          value={days}
          onChange={setDays}
          allowDecimal={false}
          {...kDays}
        />
        <NumberInput
          label="Kept at most entries"
          description="A write counts twice. Empty: 1,000,000"
          value={entries}
          onChange={setEntries}
          allowDecimal={false}
          thousandSeparator=","
          {...kEntries}
        />
        {error ? <Problem error={error} /> : null}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" loading={pending} disabled={!name.trim()}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
