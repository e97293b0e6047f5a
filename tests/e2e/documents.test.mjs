// Documents: up from a model's arguments, down as what an official client takes for an image, a
// text or a file.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { clients, connect, otherClients } from './harness/clients.mjs';
import { startDemo } from './harness/demo.mjs';
import { legacyCall, post } from './harness/http.mjs';

const kUpload = 'create_a_connect_wise_psa_document';
const kDownload = 'connect_wise_psa_documents_download';
const kDelete = 'delete_a_connect_wise_psa_document_by_id';
const kList = 'list_all_connect_wise_psa_documents';
const kTicket = 5012;
const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhg' +
  'GAWjR9awAAAABJRU5ErkJggg==', 'base64');

let demo;
before(async () => { demo = await startDemo(); });
after(() => demo.program.stop());

// The blocks of a download that must succeed: what it is, and its content.
async function download(claude, args) {
  const { content, isError, structuredContent } = await claude.raw(kDownload, args);
  assert.ok(!isError, content[0].text);
  assert.equal(structuredContent, undefined);
  assert.equal(content[0].type, 'text');
  assert.ok(content.length <= 2);
  return [JSON.parse(content[0].text), content[1]];
}

for (const kind of [...clients, ...otherClients]) {
  describe(kind.name, () => {
    test('an image comes back as an image', async (t) => {
      const claude = await connect(t, kind, demo.mcp_url);
      const made = await claude.call(kUpload, { ticketId: kTicket, fileName: 'Übersicht 1.png',
        title: 'Rack', content: png.toString('base64') });
      assert.equal(made.size, png.length);
      const [about, block] = await download(claude, { id: made.id });
      assert.deepEqual(about,
        { id: made.id, fileName: 'Übersicht 1.png', mimeType: 'image/png', bytes: png.length });
      assert.equal(block.type, 'image');
      assert.equal(block.mimeType, 'image/png');
      assert.deepEqual(Buffer.from(block.data, 'base64'), png);
      // The API itself has the same bytes.
      const { url, headers } = demo.psa;
      const direct = await fetch(
        `${url}/v4_6_release/apis/3.0/system/documents/${made.id}/download`, { headers });
      assert.deepEqual(Buffer.from(await direct.arrayBuffer()), png);
    });

    test('a text comes back as a text, and any other file as a resource', async (t) => {
      const claude = await connect(t, kind, demo.mcp_url);
      const text = await claude.call(kUpload,
        { company: 'Acme Corp', fileName: 'plan.md', text: '# Umzug\n\nAm Montag, "früh".\n' });
      assert.equal(text.resolved.company.name, 'Acme Corp');
      const [, shown] = await download(claude, { id: text.id });
      assert.deepEqual([shown.type, shown.text], ['text', '# Umzug\n\nAm Montag, "früh".\n']);

      const bytes = Buffer.concat([Buffer.from('%PDF-1.7\r\n--'), randomBytes(20_000)]);
      const file = await claude.call(kUpload,
        { ticketId: kTicket, fileName: 'offer.pdf', content: bytes.toString('base64') });
      const [, block] = await download(claude, { id: file.id });
      assert.equal(block.type, 'resource');
      assert.equal(block.resource.mimeType, 'application/pdf');
      assert.equal(block.resource.uri, `patchbay://documents/${file.id}/offer.pdf`);
      assert.deepEqual(Buffer.from(block.resource.blob, 'base64'), bytes);
    });

    test('what does not fit is told with its size, either way', async (t) => {
      const claude = await connect(t, kind, demo.mcp_url);
      const bytes = randomBytes(200_000);
      const made = await claude.call(kUpload,
        { ticketId: kTicket, fileName: 'dump.bin', content: bytes.toString('base64') });
      const down = await claude.refused(kDownload, { id: made.id });
      assert.equal(down.status, 413);
      assert.match(down.message, /dump\.bin .* has 200000 bytes; .*100000 in base64/);
      assert.match(down.hint, /raise max_result_bytes/);
      const up = await claude.refused(kUpload, { ticketId: kTicket, fileName: 'big.bin',
        content: randomBytes(700_000).toString('base64') });
      assert.equal(up.was_applied, 'no');
      assert.match(up.message, /700000 bytes; at most 699050/);
    });
  });
}

test('a dry run shows the file by its digest and uploads nothing', async (t) => {
  const claude = await connect(t, clients[1], demo.mcp_url);
  const before = (await claude.pages(kList, { ticketId: kTicket })).length;
  const { request } = await claude.call(kUpload, { ticketId: kTicket, fileName: 'a.png',
    content: png.toString('base64'), dry_run: true });
  assert.deepEqual(request.parts, { recordId: kTicket, recordType: 'Ticket' });
  assert.deepEqual(request.file, { part: 'file', fileName: 'a.png', mimeType: 'image/png',
    bytes: png.length, sha256: createHash('sha256').update(png).digest('hex') });
  assert.equal((await claude.pages(kList, { ticketId: kTicket })).length, before);
});

test('the same key uploads once', async (t) => {
  const claude = await connect(t, clients[0], demo.mcp_url);
  const args = { ticketId: kTicket, fileName: 'once.txt', text: 'once', idempotency_key: 'doc-1' };
  const first = await claude.call(kUpload, args);
  assert.deepEqual(await claude.call(kUpload, args), first);
  assert.equal((await claude.refused(kUpload, { ...args, text: 'twice' })).code, 'conflict');
});

test('a file name cannot add a header or a part', async (t) => {
  const claude = await connect(t, clients[0], demo.mcp_url);
  for (const fileName of ['a\r\nX-Evil: 1.txt', '../../etc/passwd', 'a\u0000.txt', '..', '']) {
    const error = await claude.refused(kUpload, { ticketId: kTicket, fileName, text: 'x' });
    assert.ok(error.field_errors.some(({ field }) => field === 'fileName'), JSON.stringify(error));
  }
  const name = 'a"; filename="b.exe';
  const made = await claude.call(kUpload, { ticketId: kTicket, fileName: name, text: 'x' });
  assert.doesNotMatch(made.fileName, /^b\.exe/);
  assert.match(made.fileName, /^a%22/);
});

test('the protocol of 2024-11-05 gets blocks that it knows', async () => {
  const made = await post(demo.mcp_url, legacyCall(kUpload,
    { ticketId: kTicket, fileName: 'a.bin', content: Buffer.from([1, 2, 0]).toString('base64') }),
  { 'mcp-protocol-version': '2024-11-05' });
  const { id } = JSON.parse(made.body.result.content[0].text);
  const down = await post(demo.mcp_url, legacyCall(kDownload, { id }),
    { 'mcp-protocol-version': '2024-11-05' });
  assert.deepEqual(down.body.result.content[1], { type: 'resource', resource: {
    uri: `patchbay://documents/${id}/a.bin`, mimeType: 'application/octet-stream',
    blob: 'AQIA' } });
});

test('confirm_writes: a dry run of a delete asks nobody', async (t) => {
  const [account] = (await demo.admin.get('/integrated-account')).result;
  const { url } = await demo.admin.create(`/integrated-account/${account.id}/mcp`,
    { name: 'careful', config: { confirm_writes: true } });
  const claude = await connect(t, clients[0], url);
  const { id } = await claude.call(kUpload, { ticketId: kTicket, fileName: 'gone.txt', text: 'x' });
  const shown = await claude.call(kDelete, { id, dry_run: true });
  assert.equal(shown.request.method, 'DELETE');
  const result = await claude.raw(kDelete, { id });
  assert.match(result.content[0].text, /confirmation_required/);
  await download(claude, { id });
});
