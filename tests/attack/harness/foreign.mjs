// What an attacker would put into every argument of a tool: ids and names of another company's records.
import assert from 'node:assert/strict';
import { kToday } from '../../e2e/harness/days.mjs';
import { referenceAt, resources } from '../../e2e/harness/pack.mjs';

const pattern = (path) => path.replace(/\{\w+\}/g, '*');
const byPath = new Map(Object.values(resources).map((each) => [pattern(each.path), each.name]));
const singular = new Map(Object.values(resources).map((each) => [each.singular, each.name]));
singular.set('opportunity', 'sales_opportunities').set('salesOrder', 'orders').set('phase', 'project_phases')
  .set('charge_to', 'tickets').set('object', 'tickets').set('record', 'tickets').set('site', 'company_sites')
  .set('apply_to', 'tickets').set('report', 'expense_reports').set('addition', 'agreement_additions')
  .set('article', 'knowledge_base_articles').set('setup', 'time_period_setups').set('category', 'product_categories')
  .set('order', 'orders').set('merge_ticket', 'tickets').set('child_ticket', 'tickets').set('parent_ticket', 'tickets')
  .set('vendor', 'companies').set('invoice', 'invoices').set('ticket', 'tickets');
const snake = (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

// The resource whose ids or names an argument takes; nothing where it takes neither. Throws where that is not
// known of what is called an id: then nobody has attacked it.
export function kindOf(method, argument, schema) {
  // A flag names no record.
  if (schema.type === 'boolean') return undefined;
  const of = method.arguments[argument];
  if (of?.place === 'path') {
    const before = method.path.slice(0, method.path.indexOf(`{${of.target}}`) - 1);
    const there = byPath.get(pattern(before));
    assert.ok(there, `${method.tool}: ${argument}`);
    return there;
  }
  const said = resources[method.resource].pointsTo[of?.target ?? argument];
  // What all owners share names no record of anybody's.
  if (said === 'nobody') return undefined;
  if (of?.ref) return of.ref.resource;
  if (typeof said === 'string') return said;
  if (said) return said.resources.ServiceTicket ?? said.resources.Ticket;
  const compared = referenceAt(of?.target);
  if (compared) return compared.resource;
  const called = argument.match(/^(\w+?)(Ids?)$/)?.[1];
  const list = schema.type === 'array' && schema.items?.type === 'integer';
  const reference = of?.type === 'reference' || /\/id$/.test(of?.target ?? '');
  if (argument === 'id') return method.resource;
  if (!called && !list && !reference) return undefined;
  const there = singular.get(snake(called ?? argument)) ?? singular.get(called ?? argument);
  assert.ok(there, `${method.tool}: whose ids does ${argument} take? Nobody has attacked it.`);
  return there;
}

// Something that the schema takes where nothing of the attack is due.
export function harmless(schema, method, argument) {
  if (schema.enum) return schema.enum[0];
  const of = method.arguments[argument];
  switch (schema.type) {
    case 'integer': case 'number': return 1;
    case 'boolean': return true;
    case 'array': return [harmless(schema.items ?? { type: 'string' }, method, argument)];
    case 'object': return {};
    default:
      return /date/.test(of?.type ?? '') || /date/.test(schema.format ?? '') ? kToday : 'Attack';
  }
}
