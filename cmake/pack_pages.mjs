// node pack_pages.mjs FOLDER PACK: all files of the folder as one, as src/dashboard/pages.h says,
// each as it is, and as gzip and Brotli make it where that is smaller.
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const [folder, pack] = process.argv.slice(2);

const forms = {
  identity: (bytes) => bytes,
  br: (bytes) =>
    brotliCompressSync(bytes, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: 11,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      },
    }),
  gzip: (bytes) => gzipSync(bytes, { level: 9 }),
};

const files = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
  .sort();

let list = 'patchbay-pages 1\n';
const parts = [];
for (const path of files) {
  const plain = readFileSync(join(folder, path));
  const hash = createHash('sha256').update(plain).digest('hex').slice(0, 20);
  for (const [coding, make] of Object.entries(forms)) {
    const bytes = make(plain);
    if (coding !== 'identity' && bytes.length >= plain.length) continue;
    const etag = coding === 'identity' ? hash : `${hash}-${coding}`;
    list += `${path}\t${coding}\t${etag}\t${bytes.length}\n`;
    parts.push(bytes);
  }
}
writeFileSync(pack, Buffer.concat([Buffer.from(`${list}\n`), ...parts]));
