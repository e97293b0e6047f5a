// The form of an integration's credentials, as its definition describes it.
import { PasswordInput, Select, Stack, TextInput } from '@mantine/core';
import type { Api } from '../../api/client';

export type Field = Api['CredentialField'];
export type Credentials = Record<string, string>;

export const initialCredentials = (fields: readonly Field[]): Credentials =>
  Object.fromEntries(fields.map((field) => [field.name, field.default ?? '']));

/** What is wrong with a value, or nothing. The server looks at it again. */
export function faultOf(field: Field, value: string, isNew: boolean): string | undefined {
  if (!value.trim()) return field.required && isNew ? `${field.label} is needed` : undefined;
  if (!field.pattern) return undefined;
  try {
    return new RegExp(`^(?:${field.pattern})$`, 'v').test(value.trim())
      ? undefined
      : `This does not look like ${/^[aeiou]/i.test(field.label) ? 'an' : 'a'} ${field.label}. ${field.help}`;
  } catch {
    return undefined; // an expression that this browser does not know: the server knows it
  }
}

/** What was filled in: an empty field is left out, and keeps what is stored. */
export const givenOf = (values: Credentials): Credentials =>
  Object.fromEntries(
    Object.entries(values)
      .map(([name, value]) => [name, value.trim()])
      .filter(([, value]) => value),
  );

type CredentialFieldsProps = {
  fields: readonly Field[];
  values: Credentials;
  onChange: (values: Credentials) => void;
  faults: Record<string, string | undefined>;
  /** Those that are stored already: they may stay as they are. */
  stored?: Api['IntegratedAccount']['credentials'];
};

export function CredentialFields({ fields, values, onChange, faults, stored }: CredentialFieldsProps) {
  return (
    <Stack gap="md">
      {fields.map((field) => {
        const isStored = stored !== undefined && field.name in stored;
        const shared = {
          name: field.name,
          label: field.label,
          description: field.help || undefined,
          required: field.required && !stored,
          error: faults[field.name],
          placeholder: isStored ? 'Set; leave empty to keep it' : undefined,
        };
        const set = (value: string) => onChange({ ...values, [field.name]: value });
        const value = values[field.name] ?? '';
        if (field.type === 'select') {
          return (
            <Select
              key={field.name}
              {...shared}
              data={field.options ?? []}
              value={value || null}
              onChange={(chosen) => set(chosen ?? '')}
              searchable={(field.options?.length ?? 0) > 8}
            />
          );
        }
        const Input = field.secret || field.type === 'password' ? PasswordInput : TextInput;
        return (
          <Input
            key={field.name}
            {...shared}
            value={value}
            onChange={(event) => set(event.currentTarget.value)}
            // A browser's password store is for people's passwords, not for an API's keys.
            autoComplete={field.secret ? 'new-password' : 'off'}
            spellCheck={false}
          />
        );
      })}
    </Stack>
  );
}
