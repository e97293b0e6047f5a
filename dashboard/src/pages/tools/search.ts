// Which tools fit some words: as a model's client looks for them, by name, resource, tags and description.
import type { Api } from '../../api/client';

export type FoundTool = {
  name: string;
  resource: string;
  method: string;
  description: string;
  tags: string[];
};

export const toolsOf = (capabilities: Api['Capabilities']): FoundTool[] =>
  capabilities.proxy.flatMap(({ resource, methods }) =>
    methods.flatMap(({ name, method, description, tags }) =>
      name ? [{ name, resource, method, description, tags }] : [],
    ),
  );

// "tickets" and "ticket" are one word here.
const stem = (word: string) => (word.length > 3 ? word.replace(/(ies|es|s)$/, '') : word);
const wordsOf = (text: string) => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

/** Best first; those that have a word in their name before those that only speak of it. */
export function searchTools(tools: readonly FoundTool[], text: string): FoundTool[] {
  const wanted = wordsOf(text).map(stem);
  if (wanted.length === 0) return [...tools];
  const scored = tools.map((tool) => {
    const name = wordsOf(`${tool.name} ${tool.method}`.replaceAll('_', ' ')).map(stem);
    const tags = [...tool.tags, ...wordsOf(tool.resource.replaceAll('_', ' '))].map(stem);
    const said = new Set(wordsOf(tool.description).map(stem));
    let score = 0;
    for (const word of wanted) {
      if (name.includes(word)) score += 5;
      else if (name.some((each) => each.startsWith(word))) score += 3;
      if (tags.includes(word)) score += 2;
      if (said.has(word)) score += 1;
    }
    // Of two that fit as well, the shorter name is the plainer tool.
    return { tool, score: score && score - tool.name.length / 1000 };
  });
  return scored
    .filter(({ score }) => score > 0)
    .sort((one, other) => other.score - one.score)
    .map(({ tool }) => tool);
}
