// MCP servers in numbers. Rows are signed with a key that only Patchbay has, so they are minted as any
// other: through the admin API, 16 at a time.
import { connectwise } from '../growth/instance.mjs';

const kAtOnce = 16;
const kProvedAtOnce = 4;  // accounts; more than eight are refused
const kOfSmallAccount = 50;
const kConfig = { methods: ['read'], tags: ['support'] };

// Runs `one` so many times, 16 at a time.
export async function many(count, one) {
  let next = 0;
  const some = async () => { while (next < count) await one(next++); };
  await Promise.all(Array.from({ length: kAtOnce }, some));
}

// What is minted, and of which accounts: one that has half of all servers, and many of 50 each.
export class Seed {
  servers = [];  // {id, account, token}, in the order of minting
  #small = [];

  constructor(upstream) { this.upstream = upstream; }

  async #account(node) {
    const { value } = await node.admin('POST', '/integrated-account', connectwise(this.upstream));
    return value.id;
  }

  // {server, ms}
  async mint(node, account = this.large, expires_at = null) {
    const { value, ms } = await node.admin('POST', `/integrated-account/${account}/mcp`,
      { name: 'Support, of a customer', config: kConfig, expires_at });
    return { server: { id: value.id, account, token: value.token }, ms };
  }

  // Until there are so many.
  async grow(node, size, say) {
    this.large ??= await this.#account(node);
    const missing = size - this.servers.length;
    const smalls = Math.ceil(size / 2 / kOfSmallAccount);
    while (this.#small.length < smalls) {
      const more = Math.min(smalls - this.#small.length, kProvedAtOnce);
      this.#small.push(...await Promise.all(Array.from({ length: more }, () => this.#account(node))));
    }
    const begun = performance.now();
    let told = begun;
    let done = 0;
    await many(missing, async (i) => {
      const account = i % 2 ? this.large : this.#small[this.#small.length - 1 - (i >> 1) % smalls];
      this.servers.push((await this.mint(node, account)).server);
      ++done;
      if (performance.now() - told > 5000) {
        told = performance.now();
        say(`    ${done} of ${missing}, ${Math.round(done / (told - begun) * 1000)} a second`);
      }
    });
    return { minted: missing, seconds: (performance.now() - begun) / 1000 };
  }
}
