// The software bill of materials, and the notices of what is in the program:
//   node sbom.mjs PROGRAM BUILD VERSION EPOCH SBOM NOTICES
// SPDX 2.3 as JSON. A licence stands there where its package says it in a form that can be read reliably (Debian's
// machine-readable copyright files, the lock of npm); else NOASSERTION, and where to read it.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { componentsOf } from './components.mjs';

const [program, build, version, epoch, sbom, notices] = process.argv.slice(2);
if (!notices) throw new Error('sbom.mjs PROGRAM BUILD VERSION EPOCH SBOM NOTICES');
const components = componentsOf(program, build);
const sha256 = createHash('sha256').update(readFileSync(program)).digest('hex');

// ---- the bill ------------------------------------------------------------------------------------

const idOf = ({ kind, name, how }) => `SPDXRef-${kind}-${name}-${how}`.replace(/[^A-Za-z0-9.-]/g, '-');
const kSays = {
  loaded: 'A library that is loaded when the program starts: the system\'s, and in the tarball what lies beside the program.',
  compiled: 'Headers or archives that were compiled into the program.',
  bundled: "Of the dashboard's pages, by the lock file; what is unused was left out by the bundler.",
};
const encoded = (text) => encodeURIComponent(text).replaceAll('%3A', ':');
const locatorOf = (each) => (each.kind === 'npm'
  ? `pkg:npm/${each.name.split('/').map(encoded).join('/')}@${encoded(each.version)}`
  : `pkg:deb/debian/${encoded(each.name)}@${encoded(each.version)}?arch=${each.architecture}`);

function packageOf(each) {
  const { id, told } = each.licence;
  return {
    name: each.name, SPDXID: idOf(each), versionInfo: each.version,
    ...(each.kind === 'deb' && { supplier: 'Organization: Debian', sourceInfo: `Debian source package ${each.source}` }),
    downloadLocation: 'NOASSERTION', filesAnalyzed: false,
    licenseConcluded: 'NOASSERTION', licenseDeclared: id ?? 'NOASSERTION',
    ...(!id && { licenseComments: `${told ? `Its copyright file says ${told}` : 'To be read'} in /usr/share/doc/${each.name}/copyright` }),
    copyrightText: 'NOASSERTION', comment: kSays[each.how],
    ...(each.integrity?.startsWith('sha512-') && { checksums: [
      { algorithm: 'SHA512', checksumValue: Buffer.from(each.integrity.slice(7), 'base64').toString('hex') }] }),
    externalRefs: [{ referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: locatorOf(each) }],
  };
}

const kRelations = { loaded: 'DYNAMIC_LINK', compiled: 'STATIC_LINK', bundled: 'CONTAINS' };
writeFileSync(sbom, `${JSON.stringify({
  spdxVersion: 'SPDX-2.3', dataLicense: 'CC0-1.0', SPDXID: 'SPDXRef-DOCUMENT', name: `patchbay-${version}`,
  documentNamespace: `https://spdx.org/spdxdocs/patchbay-${version}-${sha256}`,
  creationInfo: {
    created: new Date(Number(epoch) * 1000).toISOString().replace('.000', ''),
    creators: ['Organization: Patchbay maintainers', 'Tool: patchbay-packaging'],
  },
  packages: [{
    name: 'patchbay', SPDXID: 'SPDXRef-patchbay', versionInfo: version, downloadLocation: 'NOASSERTION', filesAnalyzed: false,
    licenseConcluded: 'Apache-2.0', licenseDeclared: 'Apache-2.0', copyrightText: 'NOASSERTION', primaryPackagePurpose: 'APPLICATION',
    checksums: [{ algorithm: 'SHA256', checksumValue: sha256 }],
  }, ...components.map(packageOf)],
  relationships: [
    { spdxElementId: 'SPDXRef-DOCUMENT', relationshipType: 'DESCRIBES', relatedSpdxElement: 'SPDXRef-patchbay' },
    ...components.map((each) => ({ spdxElementId: 'SPDXRef-patchbay', relationshipType: kRelations[each.how], relatedSpdxElement: idOf(each) })),
  ],
}, null, 1)}\n`);

// ---- the notices ---------------------------------------------------------------------------------

// Licences ask that their text goes with what is made of them; what the compiler brings, and Boost, ask it of sources
// alone. The C library is the system's own everywhere.
const kAskNothing = /^((libc6|linux-libc|libstdc\+\+-\d+|libgcc-\d+|libclang-common-\d+|libboost[\d.]+)-dev|libc6)$/;
function textOf(each) {
  if (each.kind === 'deb') return each.licence.text;
  if (!existsSync(each.folder)) return undefined;
  return readdirSync(each.folder).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file)).sort()
    .map((file) => readFileSync(join(each.folder, file), 'utf8')).join('\n');
}
const parts = new Map();  // what one source says is told once
for (const each of components.filter(({ name }) => !kAskNothing.test(name))) {
  const text = textOf(each);
  // Packages of types come and go by the manager's mood, and leave nothing in the pages.
  if (text === undefined && each.kind === 'npm' && existsSync(join(each.folder, '../react'))) continue;
  if (text === undefined) throw new Error(`the licence of ${each.name} cannot be read: build the dashboard first (dashboard/build.sh)`);
  const key = text.trim() || `Licence: ${each.licence.id}`;
  parts.set(key, [...(parts.get(key) ?? []), `${each.name} ${each.version}`]);
}
const kRule = '='.repeat(80);
writeFileSync(notices, [`Patchbay ${version} is licensed under the Apache License 2.0. In the program, or beside it in the tarball, there is also:`,
  'What lies beside it are libraries of Debian, unchanged but for the path by which they find each other. Their sources\nare those of the Debian packages in the bill of materials.',
  ...[...parts].map(([text, names]) => `${kRule}\n${names.join(', ')}\n${kRule}\n\n${text}`)].join('\n\n').concat('\n'));
