// The form of an MCP server, to create one and to change one; beside it stands what it would give.
import {
  Button,
  Checkbox,
  Group,
  MultiSelect,
  Select,
  Stack,
  Switch,
  TagsInput,
  Text,
  TextInput,
  Title,
} from '@mantine/core';
import { useMemo, type Dispatch, type ReactNode, type SetStateAction } from 'react';
import type { Api } from '../../api/client';
import { Owner } from './Owner';
import { Person } from './Person';
import { groups, lifetimes, quotaNames, type Draft } from './draft';
import { useOtherExposures } from './preview';

const kTagsId = 'server-tags';

/** Leads whoever is in the form to where tags are chosen. */
export const goToTags = () => document.getElementById(kTagsId)?.focus();

type ServerFormProps = {
  draft: Draft;
  onChange: Dispatch<SetStateAction<Draft>>;
  capabilities: Api['Capabilities'];
  /** Of a mint token: what it may give at most. */
  limits?: Api['ScopeLimits'];
  hasOwnCredentials?: boolean;
  onSubmit: () => void;
  action: string;
  isPending: boolean;
  /** What stands above the button: what was refused. */
  children?: ReactNode;
};

const groupWords = {
  read: ['Read', 'list and get: nothing changes'],
  write: ['Write', 'create, update and delete'],
  custom: ['Custom', 'everything else: counts, reports, actions'],
} as const;

export function ServerForm(props: ServerFormProps) {
  const { draft, onChange, capabilities, limits, onSubmit, action, isPending, children } = props;
  const set = (part: Partial<Draft>) => onChange((now) => ({ ...now, ...part }));
  const tools = useMemo(
    () => capabilities.proxy.flatMap(({ methods }) => methods.flatMap(({ name }) => name ?? [])).sort(),
    [capabilities],
  );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      <Stack gap="md">
        <section className="card">
          <Stack gap="md">
            <TextInput
              label="Name"
              description="Who uses it, and for what."
              placeholder="Claude, service desk"
              value={draft.name}
              onChange={(event) => set({ name: event.currentTarget.value })}
              required
              maxLength={200}
              data-autofocus
            />
            <Methods draft={draft} set={set} capabilities={capabilities} allowed={limits?.methods} />
            <MultiSelect
              id={kTagsId}
              label="Tags"
              description="Tools that carry one of them. None chosen: all."
              data={limits?.tags ?? capabilities.tags}
              value={draft.tags}
              onChange={(tags) => set({ tags })}
              searchable
              clearable
              clearButtonProps={{ 'aria-label': 'Clear the tags' }}
            />
            <Lifetime draft={draft} set={set} />
            <Switch
              label="Ask for an API token as well"
              description="A second factor: who has the URL alone can open nothing."
              checked={draft.secondFactor}
              onChange={(event) => set({ secondFactor: event.currentTarget.checked })}
            />
          </Stack>
        </section>
        <More
          title="Which tools exactly"
          open={
            draft.allowTools.length + draft.denyTools.length > 0 ||
            draft.exposure !== 'all' ||
            draft.toolNames !== 'long'
          }
        >
          <Exposures draft={draft} set={set} account={capabilities.account.id} />
          <MultiSelect
            label="Only these tools"
            description="Of those that methods and tags leave."
            data={tools}
            value={draft.allowTools}
            onChange={(allowTools) => set({ allowTools })}
            searchable
            limit={60}
          />
          <MultiSelect
            label="Never these tools"
            description="Not as steps of others either."
            data={tools}
            value={draft.denyTools}
            onChange={(denyTools) => set({ denyTools })}
            searchable
            limit={60}
          />
        </More>
        <More title="Limits and approvals" open={hasLimits(draft)}>
          <Limits draft={draft} set={set} tools={tools} capabilities={capabilities} />
        </More>
        <More title="A person's own" open={draft.member !== ''}>
          <Person
            draft={draft}
            set={set}
            integration={capabilities.integration.name}
            hasOwn={props.hasOwnCredentials ?? false}
          />
        </More>
        <More title="Answers" open={draft.structured || draft.waitAtLimit || draft.maxResultBytes !== ''}>
          <Answers draft={draft} set={set} />
        </More>
        {children}
        <Group justify="flex-end">
          {draft.ownerUnclear && (
            <Text size="sm" c="red">
              Say whose records it is held to, or clear that field.
            </Text>
          )}
          <Button
            type="submit"
            size="md"
            loading={isPending}
            disabled={!draft.name.trim() || draft.ownerUnclear}
          >
            {action}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

const hasLimits = (draft: Draft) =>
  draft.ownerId !== '' ||
  draft.confirmWrites ||
  draft.approvals.length + draft.approvalRules.length + draft.ipAllow.length > 0 ||
  quotaNames.some((name) => draft.quota[name] !== '');

function More({ title, open, children }: { title: string; open: boolean; children: ReactNode }) {
  return (
    <details className="card more" open={open || undefined}>
      <summary>
        <Title order={3} size="h5" component="span">
          {title}
        </Title>
      </summary>
      <Stack gap="md" mt="md">
        {children}
      </Stack>
    </details>
  );
}

function Exposures({ draft, set, account }: PartProps & { account: string }) {
  if (!useOtherExposures(account)) return null;
  return (
    <>
      <Select
        label="Exposure"
        description="How a client gets to know them. A search suits many tools: four are listed, which find and call the rest."
        data={[
          { value: 'all', label: 'All tools are listed' },
          { value: 'discovery', label: 'They are found by a search' },
        ]}
        value={draft.exposure}
        onChange={(exposure) => set({ exposure: exposure === 'discovery' ? 'discovery' : 'all' })}
        allowDeselect={false}
      />
      <Select
        label="Names of the tools"
        description="Short ones suit clients that cut long names off."
        data={[
          { value: 'long', label: 'Long: list_all_connect_wise_psa_tickets' },
          { value: 'short', label: 'Short: tickets_list' },
        ]}
        value={draft.toolNames}
        onChange={(names) => set({ toolNames: names === 'short' ? 'short' : 'long' })}
        allowDeselect={false}
      />
    </>
  );
}

type PartProps = { draft: Draft; set: (part: Partial<Draft>) => void };

function Methods({
  draft,
  set,
  capabilities,
  allowed,
}: PartProps & { capabilities: Api['Capabilities']; allowed?: string[] }) {
  const single = useMemo(
    () =>
      [...new Set(capabilities.proxy.flatMap(({ methods }) => methods.map(({ method }) => method)))].sort(),
    [capabilities],
  );
  const chosenGroups = draft.methods.filter((method) => (groups as readonly string[]).includes(method));
  const chosenSingle = draft.methods.filter((method) => !chosenGroups.includes(method));
  const offered = groups.filter((group) => !allowed || allowed.includes(group));
  return (
    <>
      <Checkbox.Group
        label="Methods"
        description="What the AI may do. Nothing chosen: everything."
        value={chosenGroups}
        onChange={(chosen) => set({ methods: [...chosen, ...chosenSingle] })}
      >
        <Stack gap="xs" mt="xs">
          {offered.map((group) => (
            <Checkbox
              key={group}
              value={group}
              label={groupWords[group][0]}
              description={groupWords[group][1]}
            />
          ))}
        </Stack>
      </Checkbox.Group>
      <MultiSelect
        label="Single methods"
        description="Beside those above, by name."
        data={single.filter((method) => !allowed || allowed.includes(method))}
        value={chosenSingle}
        onChange={(chosen) => set({ methods: [...chosenGroups, ...chosen] })}
        searchable
        clearable
        clearButtonProps={{ 'aria-label': 'Clear the single methods' }}
      />
    </>
  );
}

function Lifetime({ draft, set }: PartProps) {
  return (
    <Group align="flex-end" gap="sm">
      <Select
        label="Lifetime"
        description="At its end the URL opens nothing any more."
        data={[
          ...lifetimes.map(({ value, label }) => ({ value, label })),
          { value: 'date', label: 'Until a date…' },
        ]}
        value={draft.lifetime}
        onChange={(lifetime) => set({ lifetime: lifetime ?? 'never' })}
        allowDeselect={false}
        flex="1 1 200px"
      />
      {draft.lifetime === 'date' && (
        <TextInput
          type="datetime-local"
          label="Ends"
          value={draft.endsAt}
          onChange={(event) => set({ endsAt: event.currentTarget.value })}
          required
          flex="1 1 200px"
        />
      )}
    </Group>
  );
}

const quotaWords = {
  calls_per_minute: 'Calls a minute',
  calls_per_day: 'Calls a day',
  writes_per_minute: 'Writes a minute',
  writes_per_day: 'Writes a day',
} as const;

function Limits({
  draft,
  set,
  tools,
  capabilities,
}: PartProps & { tools: string[]; capabilities: Api['Capabilities'] }) {
  const digits = (text: string) => text.replace(/\D/g, '');
  return (
    <>
      {capabilities.owner && (
        <Owner
          account={capabilities.account.id}
          owner={capabilities.owner}
          value={draft.ownerId}
          onChange={(ownerId, ownerUnclear) =>
            set({ ownerId, ownerUnclear, ownerArgument: capabilities.owner?.argument ?? '' })
          }
        />
      )}
      {draft.ownerId !== '' && (
        <Switch
          label="Leave out tools that cannot be held to it"
          description="Otherwise they are named, and nothing is created."
          checked={draft.leaveUnheldOut}
          onChange={(event) => set({ leaveUnheldOut: event.currentTarget.checked })}
        />
      )}
      {Object.keys(draft.otherLimits).length > 0 && (
        <Text size="sm" c="dimmed">
          Also held, and kept: <code>{JSON.stringify(draft.otherLimits)}</code>
        </Text>
      )}
      <fieldset className="plain-fields">
        <legend>Quota</legend>
        <div className="cols cols-tiles">
          {quotaNames.map((name) => (
            <TextInput
              key={name}
              label={quotaWords[name]}
              placeholder="No bound"
              inputMode="numeric"
              value={draft.quota[name]}
              onChange={(event) =>
                set({ quota: { ...draft.quota, [name]: digits(event.currentTarget.value) } })
              }
            />
          ))}
        </div>
      </fieldset>
      <MultiSelect
        label="Wait for a person's approval"
        description="Calls that are sent only when somebody here approves them."
        data={[
          {
            group: 'Kinds',
            items: [
              { value: 'delete', label: 'Every delete' },
              { value: 'write', label: 'Every write' },
            ],
          },
          { group: 'Tools', items: tools },
        ]}
        value={draft.approvals}
        onChange={(approvals) => set({ approvals })}
        searchable
        limit={60}
      />
      {draft.approvalRules.length > 0 && (
        <Text size="sm" c="dimmed">
          Also, and kept:{' '}
          {draft.approvalRules
            .map(({ tool, argument, over }) => `${tool}, ${argument} over ${over}`)
            .join('; ')}
        </Text>
      )}
      {draft.approvals.length + draft.approvalRules.length > 0 && (
        <Switch
          label="The person at the AI program may approve too"
          description="Where the program can ask. Otherwise somebody with an admin token."
          checked={draft.approveByClient}
          onChange={(event) => set({ approveByClient: event.currentTarget.checked })}
        />
      )}
      <Switch
        label="Confirm deletes and what is sent out"
        description="The person at the AI program is asked first."
        checked={draft.confirmWrites}
        onChange={(event) => set({ confirmWrites: event.currentTarget.checked })}
      />
      <TagsInput
        label="Only from these addresses"
        description="IP addresses and ranges (CIDR). None: from anywhere."
        placeholder="203.0.113.0/24"
        value={draft.ipAllow}
        onChange={(ipAllow) => set({ ipAllow })}
        splitChars={[',', ' ']}
      />
    </>
  );
}

function Answers({ draft, set }: PartProps) {
  return (
    <>
      <TextInput
        label="Largest answer, in bytes"
        description="2,000 to 10,000,000. Programs show a model 30,000 whole, or nearly so."
        placeholder="30000"
        inputMode="numeric"
        value={draft.maxResultBytes}
        onChange={(event) => set({ maxResultBytes: event.currentTarget.value.replace(/\D/g, '') })}
      />
      <Switch
        label="Wait when the API says that it is too much"
        description="Reads only, for a bounded time. Otherwise the refusal goes to the AI."
        checked={draft.waitAtLimit}
        onChange={(event) => set({ waitAtLimit: event.currentTarget.checked })}
      />
      <Switch
        label="Structured results"
        description="Output schemas as well, which cost tokens."
        checked={draft.structured}
        onChange={(event) => set({ structured: event.currentTarget.checked })}
      />
    </>
  );
}
