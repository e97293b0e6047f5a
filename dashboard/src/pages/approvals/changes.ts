// What an approval would change, field by field: the request that would be sent, laid over what stands there.
import type { Api } from '../../api/client';

export type Approval = Api['ApprovalDetail'];
export type Change = {
  field: string;
  before: unknown;
  after: unknown;
  hasBefore: boolean;
  hasAfter: boolean;
  differs: boolean;
};

type Record_ = Record<string, unknown>;
const isRecord = (value: unknown): value is Record_ =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

// One, or, of a call that makes several writes, each under its step's name.
export function requestsOf(approval: Pick<Approval, 'request'>): [step: string, request: Record_][] {
  const request = approval.request;
  if (!isRecord(request)) return [];
  if (request.method !== undefined) return [['', request]];
  return Object.entries(request).filter((entry): entry is [string, Record_] => isRecord(entry[1]));
}

// What stands under the step, where there are several; else all of it.
export function ofStep(shown: unknown, step: string): Record_ {
  const one = step && isRecord(shown) ? shown[step] : shown;
  return isRecord(one) ? one : {};
}

export const fieldName = (step: string, field: string) => (step ? `${step}: ${field}` : field);

export function changesOf(approval: Pick<Approval, 'before' | 'request' | 'names'>): Change[] {
  return requestsOf(approval).flatMap(([step, request]) =>
    changesIn(step, request.body, ofStep(approval.before, step), ofStep(approval.names, step)),
  );
}

function changesIn(step: string, body: unknown, before: Record_, names: Record_): Change[] {
  const given = givenBy(body);
  const known = [...Object.values(before), ...Object.values(names)];
  return [...new Set([...given.keys(), ...Object.keys(before)])].map((field) => {
    const after = named(given.get(field), known);
    const hasBefore = field in before;
    const hasAfter = given.has(field);
    return {
      field: fieldName(step, field),
      before: before[field],
      after,
      hasBefore,
      hasAfter,
      differs: hasAfter && (!hasBefore || !isSame(before[field], after)),
    };
  });
}

// A request names another record by its id alone: its name is that of what the call's name became, or of what stood
// there.
function named(value: unknown, known: unknown[]): unknown {
  if (!isRecord(value) || value.id === undefined || Object.keys(value).length > 1) return value;
  return (
    known.find((one) => isRecord(one) && one.id === value.id && readable(one) !== readable(value)) ?? value
  );
}

function isSame(left: unknown, right: unknown): boolean {
  if (isRecord(left) && isRecord(right) && left.id !== undefined && left.id === right.id) return true;
  return JSON.stringify(left) === JSON.stringify(right);
}

export function isDeletion(approval: Pick<Approval, 'request'>): boolean {
  return String(approval.request?.method ?? '').toUpperCase() === 'DELETE';
}

// A body is the fields themselves, or a JSON Patch (RFC 6902): a list of operations on them.
function givenBy(body: unknown): Map<string, unknown> {
  const given = new Map<string, unknown>();
  if (Array.isArray(body) && body.every((one) => isRecord(one) && typeof one.op === 'string')) {
    for (const one of body as Record_[])
      given.set(fieldOf(String(one.path ?? '')), one.op === 'remove' ? null : one.value);
  } else if (isRecord(body)) {
    for (const [field, value] of Object.entries(body)) given.set(field, value);
  } else if (body !== undefined && body !== null) {
    given.set('body', body);
  }
  return given;
}

const fieldOf = (path: string) => path.replace(/^\//, '').replaceAll('~1', '/').replaceAll('~0', '~');

// As people read it: a record by its name, a text as it is.
export function readable(value: unknown): string {
  if (value === null || value === undefined) return '—';
  if (typeof value === 'string') return value === '' ? '(empty)' : value;
  if (isRecord(value)) {
    const name = value.name ?? value.identifier ?? value.summary;
    if (typeof name === 'string') return value.id === undefined ? name : `${name} (${String(value.id)})`;
  }
  return typeof value === 'object' ? JSON.stringify(value, null, 2) : String(value);
}
