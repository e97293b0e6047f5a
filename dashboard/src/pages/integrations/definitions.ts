// What `/integration/:name/import`, `/rollback` and `/revisions` say.
import type { Api } from '../../api/client';

export type Fault = Api['DefinitionFault'];
export type Difference = Api['DefinitionDifference'];
export type Outcome = Api['DefinitionChange'];
export type Revision = Api['DefinitionRevision'];

export const changesNothing = ({ added, removed, changed }: Difference) =>
  added.length + removed.length + changed.length === 0;

export const isBreaking = ({ diff, mcp_servers }: Outcome) =>
  diff.removed.length > 0 ||
  diff.changed.some((one) => one.is_breaking) ||
  mcp_servers.some((one) => one.is_breaking);

export const kMostBytes = 32 * 1024 * 1024;

/** As the server asks for it: a-z, 0-9 and single _, beginning with a letter. */
export const isName = (text: string) => /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(text) && text.length <= 32;

/** By its name: what a server cannot tell a document's language from is its text. */
export const typeOf = (file: string) => (/\.ya?ml$/i.test(file) ? 'application/yaml' : 'application/json');
