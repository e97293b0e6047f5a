// What the form of an MCP server holds, and what becomes of it in the API's words.
import type { Api } from '../../api/client';

export type Exposure = 'all' | 'discovery';
export type ToolNames = 'long' | 'short';
export type Config = Omit<Api['McpServerConfig'], 'tool_exposure' | 'tool_names'> & {
  tool_exposure?: Exposure;
  tool_names?: ToolNames;
};
type ApprovalRule = NonNullable<Config['require_approval']>[number];
type Quota = NonNullable<Config['quota']>;

export const quotaNames = [
  'calls_per_minute',
  'calls_per_day',
  'writes_per_minute',
  'writes_per_day',
] as const;
export const groups = ['read', 'write', 'custom'] as const;

export type Draft = {
  name: string;
  /** Empty: all. */
  methods: string[];
  tags: string[];
  allowTools: string[];
  denyTools: string[];
  lifetime: string; // of `lifetimes`, or 'date'
  endsAt: string; // of an <input type="datetime-local">
  secondFactor: boolean;
  paused: boolean;
  exposure: Exposure;
  toolNames: ToolNames;
  /** The argument that says whose records it is held to, and the id; empty: it is held to nobody's. */
  ownerArgument: string;
  ownerId: string;
  /** Somebody was named of whom it is not known who that is: nothing can be made of it. */
  ownerUnclear: boolean;
  leaveUnheldOut: boolean;
  quota: Record<(typeof quotaNames)[number], string>;
  confirmWrites: boolean;
  approvals: string[]; // delete, write, names of tools
  /** Rules on amounts, which the form keeps and does not make. */
  approvalRules: Exclude<ApprovalRule, string>[];
  approveByClient: boolean;
  ipAllow: string[];
  waitAtLimit: boolean;
  structured: boolean;
  maxResultBytes: string;
  /** Whose it is, by login; empty: nobody's. */
  member: string;
  /** That member's own credentials, as far as they were typed. */
  personal: Record<string, string>;
  /** Those that it has go. */
  dropPersonal: boolean;
  /** Limits of other arguments, kept as they are. */
  otherLimits: Record<string, unknown>;
};

export const lifetimes: ReadonlyArray<{ value: string; label: string; seconds: number | null }> = [
  { value: 'never', label: 'No end', seconds: null },
  { value: 'hour', label: '1 hour', seconds: 3600 },
  { value: 'day', label: '1 day', seconds: 86_400 },
  { value: 'week', label: '7 days', seconds: 7 * 86_400 },
  { value: 'month', label: '30 days', seconds: 30 * 86_400 },
  { value: 'quarter', label: '90 days', seconds: 90 * 86_400 },
];

export const emptyDraft: Draft = {
  name: '',
  methods: ['read'],
  tags: [],
  allowTools: [],
  denyTools: [],
  lifetime: 'never',
  endsAt: '',
  secondFactor: false,
  paused: false,
  exposure: 'all',
  toolNames: 'long',
  ownerArgument: 'companyId',
  ownerId: '',
  ownerUnclear: false,
  leaveUnheldOut: true,
  quota: { calls_per_minute: '', calls_per_day: '', writes_per_minute: '', writes_per_day: '' },
  confirmWrites: false,
  approvals: [],
  approvalRules: [],
  approveByClient: false,
  ipAllow: [],
  waitAtLimit: false,
  structured: false,
  maxResultBytes: '',
  member: '',
  personal: {},
  dropPersonal: false,
  otherLimits: {},
};

/** A time as <input type="datetime-local"> has it: of this browser's zone, in minutes. */
function localInput(at: string): string {
  const date = new Date(at);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

export function draftOf(server: Api['McpServer'], ownerArgument = emptyDraft.ownerArgument): Draft {
  const config: Config = server.config;
  const { [ownerArgument]: owner, ...otherLimits } = config.argument_limits ?? {};
  const isOne = typeof owner === 'number' || typeof owner === 'string';
  const approvals = config.require_approval ?? [];
  return {
    name: server.name,
    methods: config.methods ?? [],
    tags: config.tags ?? [],
    allowTools: config.allow_tools ?? [],
    denyTools: config.deny_tools ?? [],
    lifetime: server.expires_at ? 'date' : 'never',
    endsAt: server.expires_at ? localInput(server.expires_at) : '',
    secondFactor: config.require_api_token_auth ?? false,
    paused: config.paused ?? false,
    exposure: config.tool_exposure ?? 'all',
    toolNames: config.tool_names ?? 'long',
    ownerArgument,
    ownerId: isOne ? String(owner) : '',
    ownerUnclear: false,
    leaveUnheldOut: config.unheld_tools === 'leave_out' || !config.argument_limits,
    quota: Object.fromEntries(
      quotaNames.map((name) => [name, String(config.quota?.[name] ?? '')]),
    ) as Draft['quota'],
    confirmWrites: config.confirm_writes ?? false,
    approvals: approvals.filter((rule) => typeof rule === 'string'),
    approvalRules: approvals.filter((rule) => typeof rule !== 'string'),
    approveByClient: config.approve_by === 'client',
    ipAllow: config.ip_allow ?? [],
    waitAtLimit: config.on_rate_limit === 'wait',
    structured: config.structured_output ?? false,
    maxResultBytes: String(config.max_result_bytes ?? ''),
    member: server.member?.login ?? '',
    personal: {},
    dropPersonal: false,
    otherLimits: isOne || owner === undefined ? otherLimits : { [ownerArgument]: owner, ...otherLimits },
  };
}

const someOf = <T>(list: T[]): T[] | undefined => (list.length ? list : undefined);

function quotaOf(draft: Draft): Quota | undefined {
  const given = quotaNames.filter((name) => draft.quota[name] !== '');
  if (given.length === 0) return undefined;
  return Object.fromEntries(given.map((name) => [name, Number(draft.quota[name])]));
}

export function configOf(draft: Draft): Config {
  const limits = {
    ...draft.otherLimits,
    ...(draft.ownerId !== '' && { [draft.ownerArgument]: Number(draft.ownerId) }),
  } as NonNullable<Config['argument_limits']>;
  const config: Config = {
    methods: someOf(draft.methods),
    tags: someOf(draft.tags),
    allow_tools: someOf(draft.allowTools),
    deny_tools: someOf(draft.denyTools),
    require_api_token_auth: draft.secondFactor || undefined,
    paused: draft.paused || undefined,
    tool_exposure: draft.exposure === 'all' ? undefined : draft.exposure,
    tool_names: draft.toolNames === 'long' ? undefined : draft.toolNames,
    argument_limits: Object.keys(limits).length ? limits : undefined,
    unheld_tools: draft.ownerId !== '' && draft.leaveUnheldOut ? 'leave_out' : undefined,
    quota: quotaOf(draft),
    confirm_writes: draft.confirmWrites || undefined,
    require_approval: someOf([...draft.approvals, ...draft.approvalRules]),
    approve_by: draft.approveByClient ? 'client' : undefined,
    ip_allow: someOf(draft.ipAllow),
    on_rate_limit: draft.waitAtLimit ? 'wait' : undefined,
    structured_output: draft.structured || undefined,
    max_result_bytes: draft.maxResultBytes === '' ? undefined : Number(draft.maxResultBytes),
  };
  return Object.fromEntries(Object.entries(config).filter(([, value]) => value !== undefined));
}

/** A change to `before`: null where a member is to be the default again. */
export function patchOf(before: Config, after: Config): Record<string, unknown> {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]) as Set<keyof Config>;
  const changed = [...names].filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
  return Object.fromEntries(changed.map((name) => [name, after[name] ?? null]));
}

/** null: no end. */
export function expiryOf(draft: Draft): string | null {
  if (draft.lifetime === 'date') return draft.endsAt ? new Date(draft.endsAt).toISOString() : null;
  const seconds = lifetimes.find(({ value }) => value === draft.lifetime)?.seconds ?? null;
  return seconds === null ? null : new Date(Date.now() + seconds * 1000).toISOString();
}

/** Whose it is and with what: only what is to change. Before there was a server, nothing was. */
export function personOf(draft: Draft, before: Draft = emptyDraft): Record<string, unknown> {
  const given = Object.entries(draft.personal)
    .map(([name, value]) => [name, value.trim()] as const)
    .filter(([, value]) => value);
  return {
    ...(draft.member.trim() !== before.member && { member: draft.member.trim() || null }),
    ...(draft.dropPersonal && { credentials: null }),
    ...(given.length > 0 && { credentials: Object.fromEntries(given) }),
  };
}
