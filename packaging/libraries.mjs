// What a program loads, one file a line: node libraries.mjs PROGRAM
import { librariesOf } from './components.mjs';

process.stdout.write(librariesOf(process.argv[2]).map((path) => `${path}\n`).join(''));
