// A real authorization server (oidc-provider), with one client and rotating refresh tokens, and an API that takes its
// tokens; and a browser that signs in there, as a person would.
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import Provider from 'oidc-provider';

export const client = { client_id: 'patchbay-test', client_secret: 'as-s3cret-of-the-client' };

// An integration whose accounts people sign in there: the folder for --integrations.
export function writeThings(folder) {
  const pack = join(folder, 'integrations/things');
  mkdirSync(join(pack, 'resources'), { recursive: true });
  writeFileSync(join(pack, 'integration.yaml'), `name: things
label: Things
base_url: "{site}/api"
allow_loopback_http: true
credentials:
  - name: site
  - name: client_id
  - {name: client_secret, type: password, secret: true}
auth:
  style: oauth2_authorization_code
  authorize_url: "{site}/auth"
  authorize_query: {prompt: consent}
  token_url: "{site}/token"
  client_id: "{client_id}"
  client_secret: "{client_secret}"
  scope: openid offline_access things
probe: {path: /things}
`);
  writeFileSync(join(pack, 'resources/things.yaml'), `resource: things
path: /things
fields: {id: integer, name: string}
methods:
  list: All things there are.
`);
  return join(folder, 'integrations');
}

export class AuthorizationServer {
  asked = [];      // {line, token, sub} of the API
  grants = [];     // {type, ok} of the token endpoint, as it decided
  heard = 0;       // requests that came to it
  tokenDelay = 0;  // milliseconds before it takes one up; who is gone by then was never there

  static async start(t, { accessTokenSeconds = 3600 } = {}) {
    const made = new AuthorizationServer();
    made.http = createServer((request, response) => made.#answer(request, response));
    await new Promise((resolve) => { made.http.listen(0, '127.0.0.1', resolve); });
    made.url = `http://127.0.0.1:${made.http.address().port}`;
    t.after(() => { made.http.closeAllConnections(); made.http.close(); });
    made.accessTokenSeconds = accessTokenSeconds;
    return made;
  }

  // Once it is known where Patchbay is.
  register(...redirectUris) {
    this.provider = new Provider(this.url, {
      clients: [{ ...client, redirect_uris: redirectUris, grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'], token_endpoint_auth_method: 'client_secret_basic' }],
      findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ sub }) }),
      pkce: { required: () => true },
      rotateRefreshToken: true,
      scopes: ['openid', 'offline_access', 'things'],
      ttl: { AccessToken: () => this.accessTokenSeconds, RefreshToken: 86_400, Grant: 86_400, Interaction: 600, Session: 600,
        IdToken: 600, AuthorizationCode: 60 },
      features: { devInteractions: { enabled: true }, introspection: { enabled: true } },
    });
    this.provider.on('grant.success', (ctx) => this.grants.push({ type: ctx.oidc.params.grant_type, ok: true }));
    this.provider.on('grant.error', (ctx, error) => this.grants.push({ type: ctx.oidc.params?.grant_type, ok: false,
      error: error.message }));
  }

  async #answer(request, response) {
    const { pathname } = new URL(request.url, this.url);
    if (!pathname.startsWith('/api/')) {
      if (pathname === '/token') {
        this.heard += 1;
        if (this.tokenDelay) await new Promise((resolve) => { setTimeout(resolve, this.tokenDelay); });
        if (request.destroyed || response.destroyed) return;
      }
      this.provider.callback()(request, response);
      return;
    }
    const token = request.headers.authorization?.replace(/^Bearer /, '');
    const known = token && await this.provider.AccessToken.find(token);
    this.asked.push({ line: `${request.method} ${pathname}`, token, sub: known?.accountId });
    response.writeHead(known ? 200 : 401, { 'content-type': 'application/json' });
    response.end(JSON.stringify(known ? [{ id: 1, name: `Thing of ${known.accountId}` }] : { message: 'Sign in.' }));
  }

  // Everything that somebody agreed to is taken back.
  async takeBack() {
    for (const { token } of this.asked) {
      const known = token && await this.provider.AccessToken.find(token);
      if (!known) continue;
      const grant = await this.provider.Grant.find(known.grantId);
      await this.provider.RefreshToken.revokeByGrantId(known.grantId);
      await this.provider.AccessToken.revokeByGrantId(known.grantId);
      await grant?.destroy();
    }
  }
}

// Follows links and redirects with the cookies of one browser, fills in what forms ask.
export class Browser {
  #cookies = new Map();  // by origin: a browser without ports would be a simpler one
  visited = [];

  async open(url, { method = 'GET', form, follow = true } = {}) {
    const { origin, pathname } = new URL(url);
    this.visited.push(`${method} ${origin}${pathname}`);
    const jar = this.#cookies.get(origin) ?? new Map();
    const response = await fetch(url, { method, redirect: 'manual',
      headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(form && { 'content-type': 'application/x-www-form-urlencoded' }) },
      body: form && new URLSearchParams(form).toString() });
    for (const cookie of response.headers.getSetCookie()) {
      const [pair] = cookie.split(';');
      const at = pair.indexOf('=');
      if (/max-age=0|expires=thu, 01 jan 1970/i.test(cookie)) jar.delete(pair.slice(0, at));
      else jar.set(pair.slice(0, at), pair.slice(at + 1));
    }
    this.#cookies.set(origin, jar);
    const location = response.headers.get('location');
    if (location && follow) return this.open(new URL(location, url).href);
    const text = await response.text();
    const refresh = text.match(/http-equiv="refresh" content="0; url=([^"]+)"/)?.[1];
    const page = { url, status: response.status, text, headers: response.headers, location };
    if (refresh && follow) return this.open(refresh.replaceAll('&amp;', '&').replaceAll('&#39;', "'"));
    return page;
  }

  // From a page of the authorization server to where it sends the browser back.
  async agree(page, login = 'ann') {
    let now = page;
    for (let i = 0; i < 4 && /<form/.test(now.text) && now.text.includes('name="prompt"'); ++i) {
      const action = now.text.match(/action="([^"]+)"/)[1].replaceAll('&amp;', '&');
      const prompt = now.text.match(/name="prompt" value="([^"]+)"/)[1];
      now = await this.open(new URL(action, now.url).href, { method: 'POST',
        form: prompt === 'login' ? { prompt, login, password: 'x' } : { prompt } });
    }
    return now;
  }
}
