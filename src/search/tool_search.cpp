#include "search/tool_search.h"

#include <algorithm>
#include <string>

#include "base/text.h"
#include "integration/model.h"

namespace patchbay::search {
namespace {

using integration::MethodKind;

constexpr std::size_t kMostDescription = 400;  // bytes; what comes first says what it is for
constexpr float kRare = 0.55F;  // a second way to do what another method of the resource does

Action action_of(const catalog::Tool& tool) {
  const integration::Method& method = *tool.method;
  switch (method.kind) {
    case MethodKind::list:
      return Action::list;
    case MethodKind::get:
      return Action::get;
    case MethodKind::create:
      return Action::create;
    case MethodKind::update:
      return Action::update;
    case MethodKind::delete_:
      return Action::delete_;
    case MethodKind::custom:
      break;
  }
  // How imports call what other APIs call list, update and delete (openapi-import.md).
  if (method.name == "count") return Action::count;
  if (method.name == "show" || method.name == "list_one") return Action::list;
  if (method.name == "replace") return Action::update;
  if (method.name == "remove") return Action::delete_;
  return Action::other;
}

// The words of a method that its action does not say already.
std::string verb_of(const catalog::Tool& tool, Action action) {
  return action == Action::other ? tool.method->name : std::string();
}

float weight_of(const catalog::Tool& tool) {
  const std::string& name = tool.method->name;
  return name == "replace" || name == "show" || name == "count" || name == "list_one" ? kRare
                                                                                      : 1.0F;
}

// What its tools are about: the path's words, without a tag that they all begin with.
std::string subject_of(const catalog::Tool& tool) {
  return tool.resource->name;
}

struct Texts {
  std::string subject;
  std::string verb;
  std::string tags;
  std::string arguments;
};

std::vector<Entry> entries_of(const catalog::ToolCatalog& catalog, std::vector<Texts>& texts) {
  std::vector<Entry> entries;
  texts.reserve(catalog.tools().size());
  for (const auto& tool : catalog.tools()) {
    const Action action = action_of(*tool);
    const Texts& text = texts.emplace_back(subject_of(*tool), verb_of(*tool, action),
                                           join(tool->tags, " "), join(tool->argument_names, " "));
    std::vector<std::string_view> other_names{tool->short_name};
    for (const std::string& name : tool->method->former_tool_names) other_names.push_back(name);
    entries.push_back({.name = tool->name,
                       .other_names = std::move(other_names),
                       .subject = text.subject,
                       .verb = text.verb,
                       .title = tool->title,
                       .description = cut_utf8(tool->description, kMostDescription),
                       .tags = text.tags,
                       .arguments = text.arguments,
                       .action = action,
                       .weight = weight_of(*tool)});
  }
  return entries;
}

Index make_index(const catalog::ToolCatalog& catalog) {
  std::vector<Texts> texts;
  const std::vector<Entry> entries = entries_of(catalog, texts);
  std::vector<Synonym> synonyms;
  for (const auto& synonym : catalog.integration().synonyms) {
    synonyms.push_back({synonym.says, synonym.means});
  }
  return {entries, synonyms};
}

}  // namespace

ToolSearch::ToolSearch(const catalog::ToolCatalog& catalog)
    : catalog_(catalog), index_(make_index(catalog)) {}

std::vector<const catalog::Tool*> ToolSearch::find(const catalog::Toolset& toolset,
                                                   std::string_view wanted, std::size_t at_most,
                                                   const Fits& fits) const {
  const auto in_toolset = [&](std::uint32_t entry) -> const catalog::Tool* {
    const catalog::Tool* const tool = toolset.find(catalog_.tools()[entry]->name);
    return tool != nullptr && (!fits || fits(*tool)) ? tool : nullptr;
  };
  std::vector<const catalog::Tool*> found;
  for (const Hit& hit : index_.find(
           wanted, at_most, [&](std::uint32_t entry) { return in_toolset(entry) != nullptr; })) {
    found.push_back(in_toolset(hit.entry));
  }
  return found;
}

}  // namespace patchbay::search
