#include "pack/read_rules.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "base/text.h"
#include "catalog/argument_schema.h"
#include "integration/naming.h"
#include "pack/placeholders.h"

namespace patchbay::pack {
namespace {

std::vector<std::string> names_of(const Method& method) {
  std::vector<std::string> names;
  for (const Argument& argument : method.arguments) names.push_back(argument.name);
  return names;
}

const Argument* find_argument(const Method& method, std::string_view name) {
  const auto found = std::ranges::find(method.arguments, name, &Argument::name);
  return found == method.arguments.end() ? nullptr : &*found;
}

// "a, b or c"
std::string joined_by_or(const std::vector<std::string>& names) {
  std::string out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) out += i + 1 == names.size() ? " or " : ", ";
    out += names[i];
  }
  return out;
}

// The text for this method; nothing if it takes the argument, or lacks one that the text names.
std::optional<std::string> said_to(const Method& method, const Definition& definition,
                                   const InsteadOf& entry) {
  if (find_argument(method, entry.name) != nullptr) return std::nullopt;
  // Most methods lack one: before anything is put together.
  for (const PromptPart& part : entry.parts) {
    if (part.kind == PromptPart::Kind::argument && find_argument(method, part.text) == nullptr) {
      return std::nullopt;
    }
  }
  std::string text;
  for (const PromptPart& part : entry.parts) {
    if (part.kind == PromptPart::Kind::tool) {
      const Resource* resource = definition.integration.find_resource(part.text);
      const Method* meant = resource != nullptr ? resource->find_method(part.method) : nullptr;
      if (meant == nullptr) return std::nullopt;  // told by the placeholders' own check
      text += integration::tool_name(definition.integration.tool_prefix, *resource, *meant);
    } else {
      text += part.text;
    }
  }
  return text;
}

}  // namespace

void read_clearable(MappingReader& reader, Method& method, Definition& definition) {
  if (method.kind != MethodKind::update) {
    reader.refuse("clear", "says something to an update only", "leave it out");
  }
  const Node* node = reader.find("clear");
  if (node == nullptr) return;
  for (const std::string& name : reader.texts("clear")) {
    const Argument* argument = find_argument(method, name);
    if (argument != nullptr && argument->place == ArgumentPlace::body) {
      method.clearable.push_back(name);
      continue;
    }
    definition.problems.error(node->line,
                              reader.what() + ": clear: '" + name + "' is no field of its body",
                              suggest(name, names_of(method)));
  }
  if (method.clearable.empty() || find_argument(method, integration::kClear) != nullptr) return;
  // Its values tell all that is to be known: what clearing is, a server's instructions say once.
  Argument argument;
  argument.name = argument.target = std::string(integration::kClear);
  argument.place = ArgumentPlace::platform;
  argument.type = FieldType::array;
  argument.schema["type"] = json::Value("array");
  argument.schema["items"] =
      catalog::argument_schema(FieldType::string, method.clearable, "", false);
  method.arguments.push_back(std::move(argument));
}

void read_one_of(MappingReader& reader, Method& method, Definition& definition) {
  const Node* node = reader.find("one_of");
  if (node == nullptr) return;
  // [a, b], or several of these.
  const bool nested = !node->items.empty() && node->items.front().is_sequence();
  for (const Node& group : nested ? node->items : std::vector<Node>{*node}) {
    std::vector<std::string> names;
    for (std::string& name : scalar_texts(group, reader.what() + ": one_of", definition.problems)) {
      if (find_argument(method, name) == nullptr) {
        definition.problems.error(group.line,
                                  reader.what() + ": one_of: '" + name + "' is no argument",
                                  suggest(name, names_of(method)));
      }
      names.push_back(std::move(name));
    }
    if (names.size() < 2) {
      definition.problems.error(group.line, reader.what() + ": one_of: needs two arguments or more",
                                "write what must always be given under `required`");
      continue;
    }
    // A schema's root cannot say it: clients refuse combinators there.
    if (!method.description.empty()) method.description += " Needs " + joined_by_or(names) + '.';
    method.one_of.push_back(std::move(names));
  }
}

void read_instead_of(MappingReader& reader, const std::string& resource, const std::string& method,
                     Definition& definition) {
  for (const auto& [names, text] : reader.text_map("instead_of")) {
    const std::size_t line = reader.find("instead_of")->line;
    const auto parts = cut_at_placeholders(text, line, definition);
    // Several names of one thing share a text: `email, phone: …`.
    for (const std::string_view name : split(names, ',')) {
      definition.instead_of.push_back(
          {resource, method, std::string(trim(name)), parts, definition.problems.file(), line});
    }
  }
}

namespace {

// One of 64 bits for a name: who lacks a bit of what is looked for lacks the name.
std::uint64_t bit_of(std::string_view name) {
  return std::uint64_t{1} << (std::hash<std::string_view>()(name) % 64);
}

// Of the arguments that the text names.
std::uint64_t needs_of(const InsteadOf& entry) {
  std::uint64_t bits = 0;
  for (const PromptPart& part : entry.parts) {
    if (part.kind == PromptPart::Kind::argument) bits |= bit_of(part.text);
  }
  return bits;
}

// Of each method's arguments, by resource.
std::vector<std::vector<std::uint64_t>> bits_of_methods(const Integration& integration) {
  std::vector<std::vector<std::uint64_t>> all;
  all.reserve(integration.resources.size());
  for (const Resource& resource : integration.resources) {
    std::vector<std::uint64_t>& of = all.emplace_back();
    for (const Method& method : resource.methods) {
      std::uint64_t bits = 0;
      for (const Argument& argument : method.arguments) bits |= bit_of(argument.name);
      of.push_back(bits);
    }
  }
  return all;
}

}  // namespace

void link_instead_of(Definition& definition) {
  // The nearest first: what is there already stays.
  std::ranges::sort(definition.instead_of, std::ranges::greater(), [](const InsteadOf& entry) {
    return std::pair(!entry.method.empty(), !entry.resource.empty());
  });
  const auto bits = bits_of_methods(definition.integration);
  for (const InsteadOf& entry : definition.instead_of) {
    bool applies = false;
    const std::uint64_t needs = needs_of(entry);
    for (std::size_t at = 0; at < bits.size(); ++at) {
      Resource& resource = definition.integration.resources[at];
      if (!entry.resource.empty() && entry.resource != resource.name) continue;
      for (std::size_t of = 0; of < bits[at].size(); ++of) {
        // Thousands of methods lack what a text of the whole integration names.
        if ((bits[at][of] & needs) != needs) continue;
        Method& method = resource.methods[of];
        if (!entry.method.empty() && entry.method != method.name) continue;
        if (auto text = said_to(method, definition, entry)) {
          applies = true;
          method.instead_of.emplace(entry.name, std::move(*text));
        }
      }
    }
    if (applies) continue;
    definition.problems.begin_file(entry.file);
    definition.problems.error(entry.line,
                              "instead_of: '" + entry.name +
                                  "' is said to no method: those that it is about take it, or lack "
                                  "what its text names",
                              "leave it out, or name another argument or tool");
  }
}

}  // namespace patchbay::pack
