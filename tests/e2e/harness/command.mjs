// `patchbay` as a person or a script types it, with a configuration folder of the test's own.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { Program, binary } from './process.mjs';

export class Shell {
  // `env` is all that is there of PATCHBAY_*: what the person that runs the tests has set is not.
  constructor(folder, env = {}) {
    this.folder = folder;
    this.env = { XDG_CONFIG_HOME: folder, PATCHBAY_URL: undefined, PATCHBAY_API_TOKEN: undefined,
      PATCHBAY_PROFILE: undefined, PATCHBAY_MCP_URL: undefined, ...env };
  }

  with(env) { return new Shell(this.folder, { ...this.env, ...env }); }

  // {code, stdout, stderr}. `input`: what stands on standard input.
  async type(args, input = '') {
    const program = new Program(args, { env: this.env, cwd: this.folder });
    program.stdin.on('error', () => { /* it may not read all of it */ });
    program.stdin.end(input);
    const { code } = await program.exited;
    return { code, stdout: program.stdout, stderr: program.stderr };
  }

  // What it prints, when all is well.
  async ok(args, input) {
    const answer = await this.type(args, input);
    assert.equal(answer.code, 0, `patchbay ${args.join(' ')}: ${answer.stderr}${answer.stdout}`);
    return answer.stdout;
  }

  // The one line of JSON that it prints.
  async json(args, input) {
    const text = await this.ok([...args, '--json'], input);
    assert.match(text, /^[^\n]+\n$/, 'one line');
    return JSON.parse(text);
  }

  // What it says on standard error, when it fails.
  async refused(code, args, input) {
    const answer = await this.type(args, input);
    assert.equal(answer.code, code, `patchbay ${args.join(' ')}: ${answer.stdout}${answer.stderr}`);
    return answer.stderr;
  }

  // On a terminal of its own, `lines` typed into it: {code, output}. `columns`: how wide it is.
  terminal(args, lines = [], columns = 80) {
    const quoted = [binary, ...args].map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
    return new Promise((done) => {
      const child = spawn('script', ['-qec', `stty cols ${columns}; ${quoted}`, '/dev/null'],
        { env: clean({ ...process.env, TERM: 'xterm', ...this.env }), cwd: this.folder });
      let output = '';
      let typed = 0;
      child.stdout.setEncoding('utf8').on('data', (text) => {
        output += text;
        // An answer for each question, once it is there.
        if (/: $/.test(output) && typed < lines.length) child.stdin.write(`${lines[typed++]}\r`);
      });
      const hard = setTimeout(() => child.kill('SIGKILL'), 30_000);
      child.on('close', (code) => { clearTimeout(hard); done({ code, output }); });
    });
  }
}

const clean = (env) => Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined));

// What a shell completes, with its script loaded: the words that it offers.
export function completed(words) {
  const script = `eval "$('${binary}' completion bash)"
    COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
    compopt() { :; }
    _patchbay; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { status, stdout, stderr } = spawnSync('bash', ['--norc', '-c', script], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  assert.equal(stderr, '');
  return stdout.split('\n').filter(Boolean);
}
