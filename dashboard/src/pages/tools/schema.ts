// A tool's input schema as fields of a form, and what was typed as arguments.
export type Property = {
  type?: string | string[];
  enum?: unknown[];
  description?: string;
  format?: string;
  minimum?: number;
  maximum?: number;
  items?: Property;
  default?: unknown;
};
export type Schema = { properties?: Record<string, Property>; required?: string[] };

export type Kind = 'choice' | 'boolean' | 'number' | 'text' | 'json';

export const typesOf = ({ type }: Property): string[] =>
  type === undefined ? [] : [type].flat().filter((each) => each !== 'null');

export function kindOf(property: Property): Kind {
  if (property.enum) return 'choice';
  const types = typesOf(property);
  if (types.length === 1 && types[0] === 'boolean') return 'boolean';
  if (types.includes('string')) return 'text';
  if (types.every((type) => type === 'integer' || type === 'number') && types.length) return 'number';
  return 'json';
}

export class Misfit extends Error {}

/** What was typed for an argument, as the value that is sent. */
export function valueOf(property: Property, typed: string): unknown {
  const types = typesOf(property);
  switch (kindOf(property)) {
    case 'choice':
      return property.enum?.find((each) => String(each) === typed) ?? typed;
    case 'boolean':
      return typed === 'true';
    case 'number': {
      const value = Number(typed);
      if (!Number.isFinite(value)) throw new Misfit('A number is wanted');
      return value;
    }
    case 'text':
      // A name or an id: digits alone are an id where it may be one.
      return types.includes('integer') && /^-?\d{1,15}$/.test(typed) ? Number(typed) : typed;
    case 'json':
      try {
        return JSON.parse(typed);
      } catch {
        // A list of words is clear without quotes.
        if (types.includes('array'))
          return typed
            .split(',')
            .map((each) => each.trim())
            .filter(Boolean);
        throw new Misfit('JSON is wanted');
      }
  }
}

export const typedOf = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value);

export type Typed = Record<string, string>;

/** {values} of what was typed, or {faults}, by argument. */
export function argumentsOf(
  schema: Schema,
  typed: Typed,
): { values: Record<string, unknown>; faults: Record<string, string> } {
  const values: Record<string, unknown> = {};
  const faults: Record<string, string> = {};
  for (const [name, text] of Object.entries(typed)) {
    if (text.trim() === '') continue;
    try {
      values[name] = valueOf(schema.properties?.[name] ?? {}, text.trim());
    } catch (error) {
      if (!(error instanceof Misfit)) throw error;
      faults[name] = error.message;
    }
  }
  for (const name of schema.required ?? []) {
    if (!(name in values) && !(name in faults)) faults[name] = 'This is needed';
  }
  return { values, faults };
}
