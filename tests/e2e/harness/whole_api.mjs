// The vendor's whole document, laid under the shipped pack by a server that runs on it.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Shell } from './command.mjs';
import { startSandbox, startServe, temporaryFolder } from './demo.mjs';

const vendors = `${process.env.PATCHBAY_SHARED_DATA ?? fileURLToPath(new URL('../../../../shared/data', import.meta.url))
}/connectwise/openapi-2026.4.json`;

// {admin, account, integrations}: an account of all of it at a sandbox, and the folder that it was imported into.
export async function startWholeApi(t) {
  const folder = temporaryFolder(t);
  const integrations = join(folder, 'integrations');
  mkdirSync(integrations);
  await new Shell(folder).json(
    ['integration', 'import', vendors, '--name', 'connectwise_psa', '--integrations', integrations]);
  const { credentials } = await startSandbox(t);
  const { admin } = await startServe(t, folder, { args: ['--integrations', integrations] });
  const account = await admin.create('/integrated-account',
    { integration: 'connectwise_psa', name: 'PSA', credentials });
  return { admin, account, integrations };
}
