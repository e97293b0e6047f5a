// What `/integration/:name/import`, `/rollback` and `/revisions` say.
export type Fault = { file: string; line: number; message: string; hint: string };
export type Difference = {
  added: string[];
  removed: string[];
  changed: Array<{ tool: string; is_breaking: boolean; what: string[] }>;
};
/** An MCP server whose tools change with the definition. */
export type Touched = {
  id: string;
  name: string;
  added: number;
  removed: number;
  changed: number;
  is_breaking: boolean;
};
export type Outcome = {
  operations: number;
  tools: number;
  left_out: Array<{ operation: string; reason: string }>;
  diff: Difference;
  mcp_servers: Touched[];
  faults: Fault[];
  /** null: a preview. */
  revision: number | null;
};
export type Revision = {
  revision: number;
  origin: string;
  created_at: string;
  created_by: string;
  tools: number;
  is_current: boolean;
};

/** What a server says that lets definitions be replaced while it runs. */
export type WithOrigin = { origin: string; revision: number | null; loaded_at: string; faults: Fault[] };
export const hasOrigin = <T extends object>(integration: T): integration is T & WithOrigin =>
  'origin' in integration;

export const changesNothing = ({ added, removed, changed }: Difference) =>
  added.length + removed.length + changed.length === 0;

export const isBreaking = ({ diff, mcp_servers }: Outcome) =>
  diff.removed.length > 0 ||
  diff.changed.some((one) => one.is_breaking) ||
  mcp_servers.some((one) => one.is_breaking);

export const kMostBytes = 32 * 1024 * 1024;

/** By its name: what a server cannot tell a document's language from is its text. */
export const typeOf = (file: string) => (/\.ya?ml$/i.test(file) ? 'application/yaml' : 'application/json');
