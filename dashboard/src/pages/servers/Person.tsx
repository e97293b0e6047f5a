// Whose MCP server it is, and that member's own credentials in place of the account's.
import { Switch, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { integrationQuery } from '../../api/queries';
import { CredentialFields, faultOf } from '../accounts/CredentialFields';
import type { Draft } from './draft';

type PersonProps = {
  draft: Draft;
  set: (part: Partial<Draft>) => void;
  integration: string;
  hasOwn: boolean;
};

export function Person({ draft, set, integration, hasOwn }: PersonProps) {
  const found = useQuery(integrationQuery(integration));
  const fields = (found.data?.credentials ?? []).filter(({ personal }) => personal);
  const faults = Object.fromEntries(
    fields.map((field) => [field.name, faultOf(field, draft.personal[field.name] ?? '', false)]),
  );
  return (
    <>
      <TextInput
        label="Member"
        description="By login. “Me” in its tools is that person. Empty: nobody’s."
        value={draft.member}
        onChange={(event) => set({ member: event.currentTarget.value })}
        autoComplete="off"
      />
      {fields.length > 0 && (
        <>
          <Text size="sm" c="dimmed">
            That member’s own keys, all together: calls are then made with them. They are proved first.
          </Text>
          <CredentialFields
            fields={fields}
            values={draft.personal}
            onChange={(personal) => set({ personal })}
            faults={faults}
            stored={
              hasOwn ? Object.fromEntries(fields.map(({ name }) => [name, { set: true as const }])) : {}
            }
          />
        </>
      )}
      {hasOwn && (
        <Switch
          label="Take these keys away"
          description="Calls are then made with the account’s."
          checked={draft.dropPersonal}
          onChange={(event) => set({ dropPersonal: event.currentTarget.checked })}
        />
      )}
    </>
  );
}
