// prompts/<name>.yaml: one prompt. Its text names arguments as {board} and tools as
// {tickets.list}, so that a prompt is offered exactly where its tools are.
#include "pack/read_prompt.h"

#include <algorithm>
#include <optional>

#include "integration/naming.h"
#include "pack/placeholders.h"

namespace patchbay::pack {
namespace {

constexpr std::size_t kMaxTextBytes = 20'000;

bool has_argument(const Prompt& prompt, std::string_view name) {
  return std::ranges::any_of(prompt.arguments,
                             [&](const PromptArgument& known) { return known.name == name; });
}

void read_prompt_argument(const std::string& name, const Node& node, Prompt& prompt,
                          Definition& definition) {
  MappingReader reader(node, "argument '" + name + "'", definition.problems);
  PromptArgument argument;
  argument.name = name;
  argument.description = reader.required_text("description", "Name of the board");
  argument.required = reader.flag("required", false);
  argument.fallback = reader.text("default");
  argument.completes = reader.text("complete");
  if (!integration::is_snake_name(name)) {
    definition.problems.error(node.line, "argument '" + name + "' is no snake_case name",
                              "use a-z, 0-9 and single _");
  }
  if (!argument.required && argument.fallback.empty()) {
    definition.problems.error(
        node.line, "argument '" + name + "' is neither required nor defaulted",
        "add `required: true`, or `default:` with what the text says instead");
  }
  if (!argument.completes.empty()) {
    definition.later([&definition, resource = argument.completes, line = node.line] {
      if (definition.integration.find_resource(resource) != nullptr) return;
      definition.problems.error(line, "there is no resource '" + resource + "' to complete with",
                                "name a resource of this integration");
    });
  }
  prompt.arguments.push_back(std::move(argument));
}

void read_text(const Node& node, const std::string& text, Prompt& prompt, Definition& definition) {
  if (text.size() > kMaxTextBytes) {
    definition.problems.error(node.line, "the text is longer than 20,000 bytes", "shorten it");
    return;
  }
  prompt.parts = cut_at_placeholders(text, node.line, definition);
  for (const PromptPart& part : prompt.parts) {
    if (part.kind != PromptPart::Kind::argument || has_argument(prompt, part.text)) continue;
    definition.problems.error(node.line, "{" + part.text + "} is no argument of this prompt",
                              "describe it under `arguments`, or write {resource.method}");
  }
}

}  // namespace

void read_prompt(const Node& root, const std::string& file_name, Definition& definition) {
  MappingReader reader(root, "prompt", definition.problems);
  Prompt prompt;
  prompt.name = reader.required_text("prompt", file_name);
  prompt.title = reader.text("title", integration::label_of(prompt.name));
  prompt.description = reader.required_text("description", "What it does, in a sentence");
  if (!integration::is_snake_name(prompt.name) || prompt.name != file_name) {
    definition.problems.error(
        root.line,
        "prompt '" + prompt.name + "' stands in " + file_name + ".yaml, or is no snake_case name",
        "name the file after the prompt: a-z, 0-9 and single _");
  }
  if (const Node* arguments = reader.find("arguments")) {
    for (const auto& entry : arguments->entries) {
      read_prompt_argument(entry.key, entry.value, prompt, definition);
    }
  }
  const Node* text = reader.find("text");
  const std::optional<std::string> content =
      text != nullptr ? scalar_text(*text, "text", definition.problems) : std::nullopt;
  if (content && !content->empty()) {
    read_text(*text, *content, prompt, definition);
  } else {
    definition.problems.error(root.line, "prompt '" + prompt.name + "' has no text",
                              "add `text: |`");
  }
  // Files come sorted by name, and names are file names.
  definition.integration.prompts.push_back(std::move(prompt));
}

}  // namespace patchbay::pack
