// TypeScript types of the admin API's schemas: node types.mjs openapi.json out.ts
// The schemas are those of components.schemas; what this does not know is an error, so that no type is
// looser than the document in silence.
import { readFileSync, writeFileSync } from 'node:fs';

const [from, to] = process.argv.slice(2);
const { components } = JSON.parse(readFileSync(from, 'utf8'));
const kKnown = new Set([
  '$ref',
  'type',
  'enum',
  'const',
  'properties',
  'required',
  'additionalProperties',
  'items',
  'allOf',
  'anyOf',
  'oneOf',
  'description',
  'examples',
  'format',
  'pattern',
  'minLength',
  'maxLength',
  'minimum',
  'maximum',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
  'default',
  'title',
]);

const comment = (schema, indent) =>
  schema.description ? `${indent}/** ${schema.description.replaceAll('*/', '* /')} */\n` : '';

function ofType(schema, type, indent) {
  switch (type) {
    case 'string':
      return 'string';
    case 'integer':
    case 'number':
      return 'number';
    case 'boolean':
      return 'boolean';
    case 'null':
      return 'null';
    case 'array':
      return `Array<${schema.items ? typeOf(schema.items, indent) : 'unknown'}>`;
    case 'object':
      return objectOf(schema, indent);
    default:
      throw new Error(`no type for "${type}"`);
  }
}

function objectOf(schema, indent) {
  const properties = Object.entries(schema.properties ?? {});
  const more = schema.additionalProperties;
  if (properties.length === 0) {
    return `Record<string, ${more && more !== true ? typeOf(more, indent) : 'unknown'}>`;
  }
  const required = new Set(schema.required ?? []);
  const inner = `${indent}  `;
  const members = properties.map(
    ([name, its]) =>
      `${comment(its, inner)}${inner}${JSON.stringify(name)}${required.has(name) ? '' : '?'}: ${typeOf(its, inner)};\n`,
  );
  return `{\n${members.join('')}${indent}}`;
}

function typeOf(schema, indent) {
  if (schema === true) return 'unknown';
  for (const key of Object.keys(schema)) {
    if (!kKnown.has(key)) throw new Error(`types.mjs does not know "${key}"`);
  }
  if (schema.$ref) return `schemas[${JSON.stringify(schema.$ref.split('/').pop())}]`;
  if ('const' in schema) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  const either = schema.anyOf ?? schema.oneOf;
  if (either) return `(${either.map((each) => typeOf(each, indent)).join(' | ')})`;
  const own = schema.type
    ? [schema.type]
        .flat()
        .map((type) => ofType(schema, type, indent))
        .join(' | ')
    : schema.properties
      ? objectOf(schema, indent)
      : undefined;
  if (!schema.allOf) return own ?? 'unknown';
  // Beside a base, a type without members of its own adds nothing.
  const bases = schema.allOf.map((each) => typeOf(each, indent));
  const required = (schema.required ?? []).filter((name) => !schema.properties?.[name]);
  if (schema.properties) bases.push(own);
  if (required.length)
    bases.push(`{ ${required.map((name) => `${JSON.stringify(name)}: unknown`).join('; ')} }`);
  return bases.join(' & ');
}

let text =
  '// Made of src/admin/openapi.json by dashboard/scripts/types.mjs at each build.\n\nexport interface schemas {\n';
for (const [name, schema] of Object.entries(components.schemas)) {
  text += `${comment(schema, '  ')}  ${JSON.stringify(name)}: ${typeOf(schema, '  ')};\n`;
}
text += '}\n';
let before;
try {
  before = readFileSync(to, 'utf8');
} catch {
  /* the first time */
}
// Untouched where nothing changed, so that nobody builds because of it.
if (text !== before) writeFileSync(to, text);
