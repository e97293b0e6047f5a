// A sandbox of its own for each test, over TLS, and the libraries that speak to it.
import { createRequire } from 'node:module';

import { startSandbox } from '../e2e/harness/demo.mjs';

const require = createRequire(import.meta.url);
export const { ManageAPI } = require('connectwise-rest');
export const manageRestApi = require('connectwise-manage-rest-api');

export async function sandbox(t) {
  const { credentials } = await startSandbox(
    t, '--tls-cert', process.env.SANDBOX_CERTIFICATE, '--tls-key', process.env.SANDBOX_KEY);
  const { port } = new URL(credentials.site);
  return {
    host: `localhost:${port}`,
    keys: {
      companyId: credentials.company_id,
      publicKey: credentials.public_key,
      privateKey: credentials.private_key,
      clientId: credentials.client_id,
    },
  };
}
