// What callgrind wrote: instructions by function, and how many blocks were asked of the heap.
import { readFileSync } from 'node:fs';

const kAllocators = new Set(['malloc', 'calloc', 'realloc', 'posix_memalign', 'aligned_alloc',
  'memalign']);

// {instructions, allocations, functions: Map(name → own instructions)} of one dump.
export function readDump(file) {
  const names = new Map();  // callgrind says a name once, and its number from then on
  const named = (text) => {
    const [, number, name] = text.match(/^\((\d+)\)(?: (.*))?$/);
    if (name !== undefined) names.set(number, name);
    return names.get(number);
  };
  const functions = new Map();
  let at, called, callsNext = false, instructions = 0, allocations = 0;
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    if (line.startsWith('fn=')) {
      at = named(line.slice(3));
    } else if (line.startsWith('cfn=')) {
      called = named(line.slice(4));
    } else if (line.startsWith('calls=')) {
      // Counted where they come from elsewhere: calloc may call malloc.
      if (kAllocators.has(called) && !kAllocators.has(at)) {
        allocations += Number(line.slice(6).split(' ')[0]);
      }
      callsNext = true;
    } else if (/^[+*\d-]/.test(line)) {
      // What a call cost stands in what is called.
      if (!callsNext) {
        const cost = Number(line.split(' ')[1] ?? 0);
        instructions += cost;
        functions.set(at, (functions.get(at) ?? 0) + cost);
      }
      callsNext = false;
    }
  }
  return { instructions, allocations, functions };
}

// What `of` has more than `over`, a `calls`th part of it.
export function perCall(of, over, calls) {
  const functions = new Map();
  for (const [name, cost] of of.functions) {
    const each = Math.round((cost - (over.functions.get(name) ?? 0)) / calls);
    if (each > 0) functions.set(name, each);
  }
  return {
    instructions: Math.round((of.instructions - over.instructions) / calls),
    allocations: Math.round((of.allocations - over.allocations) / calls),
    functions,
  };
}

// A function's name, short enough to be read: no arguments, no clones, no std::.
export function shortName(name) {
  let depth = 0, out = '';
  for (const c of name.replaceAll('patchbay::', '').replaceAll('(anonymous namespace)::', '')) {
    if (c === '<' || c === '(') ++depth;
    if (depth === 0) out += c;
    if (c === '>' || c === ')') --depth;
  }
  return out.trim().replace(/'\d+$/, '').slice(-60) || name.slice(0, 60);
}
