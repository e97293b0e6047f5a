#include "pack/read_instructions.h"

#include <algorithm>

#include "base/text.h"
#include "pack/placeholders.h"

namespace patchbay::pack {
namespace {

constexpr std::size_t kMaxLineBytes = 1'000;
constexpr std::size_t kMostLines = 20;

bool is_argument(const Integration& integration, const std::string& name) {
  return std::ranges::any_of(integration.resources, [&](const Resource& resource) {
    return std::ranges::any_of(resource.methods, [&](const Method& method) {
      return makes_tool(method) &&
             std::ranges::find(method.arguments, name, &Argument::name) != method.arguments.end();
    });
  });
}

void check_arguments_later(const integration::Instruction& instruction, std::size_t line,
                           Definition& definition) {
  for (const PromptPart& part : instruction.parts) {
    if (part.kind != PromptPart::Kind::argument) continue;
    definition.later([&definition, name = part.text, line] {
      if (is_argument(definition.integration, name)) return;
      definition.problems.error(line, "instructions: {" + name + "} is an argument of no tool",
                                "name an argument, or a tool as {resource.method}");
    });
  }
}

}  // namespace

void read_instructions(const Node& node, Definition& definition) {
  if (!node.is_sequence() || node.items.size() > kMostLines) {
    definition.problems.error(node.line, "instructions must be a list of at most 20 lines",
                              "start each with `- `");
    return;
  }
  for (const Node& item : node.items) {
    const auto text = scalar_text(item, "instructions", definition.problems);
    if (!text) continue;
    const std::string line(trim(*text));
    if (line.empty() || line.size() > kMaxLineBytes || line.contains('\n')) {
      definition.problems.error(item.line, "instructions: a line has 1 to 1,000 bytes",
                                "make two of it, or leave it out");
      continue;
    }
    integration::Instruction instruction{cut_at_placeholders(line, item.line, definition)};
    check_arguments_later(instruction, item.line, definition);
    definition.integration.instructions.push_back(std::move(instruction));
  }
}

}  // namespace patchbay::pack
