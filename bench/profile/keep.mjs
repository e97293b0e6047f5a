// Keeps of a profile in text form (llvm-profdata merge --text) what calls run: a function of which
// nothing ran as often as in half the calls of one path is compiled well enough without.
import { readFileSync } from 'node:fs';

const kLeast = 1000n;
const [head, ...functions] = readFileSync(process.argv[2], 'utf8').split(/\n(?=[^\n]*\n# Func Hash:)/);
const isHot = (text) => {
  const [, counters] = text.split('# Counter Values:\n');
  return counters?.split('\n').some((line) => /^\d+$/.test(line) && BigInt(line) >= kLeast);
};
process.stdout.write(`${[head.trimEnd(), ...functions.filter(isHot).map((one) => one.trimEnd())].join('\n\n')}\n`);
