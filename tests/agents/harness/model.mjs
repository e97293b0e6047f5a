// A model that does what a test says: each talk has an address of its own, makes the calls of its script one
// after the other, and keeps what the program shows of each result.
import { createServer } from 'node:http';
import { dialects } from './dialects.mjs';

export async function startModel() {
  const talks = new Map();  // by the first part of the path
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    const [, name] = request.url.split('/');
    const { pathname } = new URL(request.url, 'http://model');
    const dialect = dialects.find(({ path }) => path.test(pathname));
    const talk = talks.get(name);
    if (!talk || !dialect || request.method !== 'POST') {
      talk?.unknown.push(`${request.method} ${request.url}`);
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    talk.asked = body;
    response.end(dialect.write(talk.turn(dialect.read(JSON.parse(body))), ++talk.turns));
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const origin = `http://127.0.0.1:${server.address().port}`;
  return {
    // A script is a list of steps {name, server, tool, words, arguments}: where the model must search for its
    // tools it does so by `words`, and that is all where no tool is named; `arguments` may be made of what
    // has been shown so far, and a step for which they come out as undefined is left out.
    talk(name, script) {
      const talk = new Talk(`${origin}/${name}`, script);
      talks.set(name, talk);
      return talk;
    },
    stop() { server.closeAllConnections(); server.close(); },
  };
}

class Talk {
  turns = 0;
  asked = '';    // the last request, as it came
  offered = [];  // the names of all tools, as the model reads them
  searches = [];  // {words, found}, if it had to search
  shown = {};    // by step: the text of its result, as the model reads it
  unknown = [];  // requests that no dialect knows
  #made = [];    // the steps whose calls were made, in their order

  constructor(url, script) {
    this.url = url;
    this.script = script;
  }

  // The answer to a request. Those without our tools (for a title, a summary) are no part of the script.
  turn({ tools, shown, canSearch, searches = [] }) {
    if (!canSearch && !this.script.some((step) => find(tools, step))) return { text: 'done' };
    this.offered = tools.map(({ name }) => name);
    this.searches = searches;
    this.#made.length = shown.length;  // less than before, where a program asks again
    this.#made.forEach(({ name }, i) => { this.shown[name] = shown[i]; });
    const searched = (step) => searches.some(({ words }) => words === step.words);
    for (const step of this.script) {
      if (this.#made.includes(step) || (!step.tool && searched(step))) continue;
      const args = typeof step.arguments === 'function' ? step.arguments(this.shown) : step.arguments;
      if (step.tool && !args) continue;
      const tool = step.tool && find(tools, step);
      if (tool) {
        this.#made.push(step);
        return { tool, arguments: args };
      }
      if (!canSearch || searched(step)) return { text: `There is no ${step.tool}.` };
      return { search: step.words };
    }
    return { text: 'done' };
  }
}

// Programs put the server's name before a tool's, and sometimes more before that.
function find(tools, { server = 'psa', tool }) {
  const pattern = new RegExp(`(^|_)${server}_+${tool}$`);
  return tools.find(({ name }) => pattern.test(name));
}
