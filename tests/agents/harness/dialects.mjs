// The three protocols in which the programs speak to a model. Each reads a request (which tools the model
// is offered, and what it is shown of its calls so far) and writes a turn: a call, a search, or a closing word.

const sse = (events) => events.map((event) => `${event.type ? `event: ${event.type}\n` : ''}data: ${
  typeof event === 'string' ? event : JSON.stringify(event)}\n\n`).join('');
const kUsage = { input_tokens: 1, output_tokens: 1, total_tokens: 2 };
// What the model reads of a content that is a text, or a list of texts.
const textOf = (content) => (typeof content === 'string' ? content
  : content.map((part) => part.text ?? JSON.stringify(part)).join('\n'));

// OpenAI Responses: tools of a server stand in a namespace of their own, and calls name it. To models that can
// search for tools only their search is offered, and then what it has found.
const responses = {
  path: /\/responses$/,
  read: ({ tools, input }) => ({
    tools: [...tools, ...input.filter(({ type }) => type === 'tool_search_output').flatMap((found) => found.tools)]
      .flatMap((tool) => (tool.type === 'namespace'
        ? tool.tools.map(({ name }) => ({ name: `${tool.name}__${name}`, says: { name, namespace: tool.name } }))
        : tool.name ? [{ name: tool.name, says: { name: tool.name } }] : [])),
    shown: input.filter(({ type }) => type === 'function_call_output').map(({ output }) => textOf(output)),
    canSearch: tools.some(({ type }) => type === 'tool_search'),
    searches: input.filter(({ type }) => type === 'tool_search_call').map(({ call_id, arguments: { query } }) => ({
      words: query,
      found: input.find((item) => item.type === 'tool_search_output' && item.call_id === call_id).tools
        .flatMap(({ tools: found }) => found.map(({ name }) => name)),
    })),
  }),
  write(turn, id) {
    const item = turn.tool
      ? { type: 'function_call', id: `fc_${id}`, call_id: `call_${id}`, ...turn.tool.says,
        arguments: JSON.stringify(turn.arguments) }
      : turn.search
        ? { type: 'tool_search_call', id: `ts_${id}`, call_id: `call_${id}`, execution: 'client', status: 'completed',
          arguments: { query: turn.search } }
        : { type: 'message', id: `msg_${id}`, role: 'assistant',
          content: [{ type: 'output_text', text: turn.text }] };
    const response = { id: `resp_${id}`, object: 'response', status: 'completed', output: [item], usage: kUsage };
    return sse([{ type: 'response.created', response: { ...response, status: 'in_progress', output: [] } },
      { type: 'response.output_item.done', output_index: 0, item },
      { type: 'response.completed', response }]);
  },
};

// OpenAI chat completions.
const chat = {
  path: /\/chat\/completions$/,
  read: ({ tools = [], messages }) => ({
    tools: tools.map(({ function: { name } }) => ({ name, says: { name } })),
    shown: messages.filter(({ role }) => role === 'tool').map(({ content }) => textOf(content)),
  }),
  write(turn, id) {
    const delta = turn.tool
      ? { role: 'assistant', tool_calls: [{ index: 0, id: `call_${id}`, type: 'function',
        function: { ...turn.tool.says, arguments: JSON.stringify(turn.arguments) } }] }
      : { role: 'assistant', content: turn.text };
    const chunk = (choice, rest) => ({ id: `chat_${id}`, object: 'chat.completion.chunk', created: 1, model: 'mock',
      choices: [{ index: 0, ...choice }], ...rest });
    return sse([chunk({ delta, finish_reason: null }),
      chunk({ delta: {}, finish_reason: turn.tool ? 'tool_calls' : 'stop' },
        { usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 } }), '[DONE]']);
  },
};

// Gemini's streamGenerateContent.
const gemini = {
  path: /:streamGenerateContent$/,
  read: ({ tools = [], contents }) => ({
    tools: tools.flatMap(({ functionDeclarations = [] }) => functionDeclarations)
      .map(({ name }) => ({ name, says: { name } })),
    shown: contents.flatMap(({ parts }) => parts).filter(({ functionResponse }) => functionResponse)
      .map(({ functionResponse: { response } }) => response.output ?? response.error ?? JSON.stringify(response)),
  }),
  write(turn, id) {
    const part = turn.tool ? { functionCall: { id: `call_${id}`, ...turn.tool.says, args: turn.arguments } }
      : { text: turn.text };
    return sse([{ candidates: [{ index: 0, content: { role: 'model', parts: [part] }, finishReason: 'STOP' }],
      usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 1, totalTokenCount: 2 } }]);
  },
};

export const dialects = [responses, chat, gemini];
