// Which tools a server's filter leaves, and their listing.
#include <algorithm>
#include <set>

#include "base/nearest.h"
#include "base/text.h"
#include "catalog/discovery.h"
#include "catalog/listing.h"
#include "catalog/tool.h"

namespace patchbay::catalog {
namespace {

constexpr std::size_t kMaxEcho = 100;

bool matches_method(const integration::Method& method, std::string_view wanted) {
  switch (method.kind) {
    case integration::MethodKind::list:
    case integration::MethodKind::get:
      if (wanted == "read") return true;
      break;
    case integration::MethodKind::create:
    case integration::MethodKind::update:
    case integration::MethodKind::delete_:
      if (wanted == "write") return true;
      break;
    case integration::MethodKind::custom:
      if (wanted == "custom") return true;
      break;
  }
  return method.name == wanted;
}

bool method_fits(const Tool& tool, const ToolFilter& filter) {
  return filter.methods.empty() ||
         std::ranges::any_of(filter.methods, [&](const std::string& wanted) {
           return matches_method(*tool.method, wanted);
         });
}

bool tag_fits(const Tool& tool, const ToolFilter& filter) {
  return filter.tags.empty() || std::ranges::any_of(filter.tags, [&](const std::string& wanted) {
           return std::ranges::find(tool.tags, wanted) != tool.tags.end();
         });
}

bool is_denied(const Tool& tool, const ToolFilter& filter) {
  return std::ranges::find(filter.deny, tool.name) != filter.deny.end();
}

bool passes(const Tool& tool, const ToolFilter& filter) {
  const bool allowed =
      filter.allow.empty() || std::ranges::find(filter.allow, tool.name) != filter.allow.end();
  return allowed && !is_denied(tool, filter) && method_fits(tool, filter) && tag_fits(tool, filter);
}

// Whether a server may reach a composite's step. Who names the composite wants what it calls; who
// permits `custom` methods has not said that lists may be read. A report reads what is a tool of
// the server's by itself.
bool step_passes(const Tool& composite, const Tool& step, const ToolFilter& filter) {
  if (!composite.method->composite) return passes(step, filter);
  const bool named =
      std::ranges::find(filter.methods, composite.method->name) != filter.methods.end();
  return !is_denied(step, filter) && tag_fits(step, filter) && (named || method_fits(step, filter));
}

// The tool as a server with this filter has it: whole, without some of its steps (then it is added
// to `narrowed`), or not at all.
const Tool* within(const Tool& tool, const ToolFilter& filter,
                   std::vector<std::unique_ptr<const Tool>>& narrowed) {
  if (!passes(tool, filter)) return nullptr;
  std::vector<const Tool*> steps = tool.steps;
  const bool is_composite = tool.method->composite.has_value();
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (steps[i] == nullptr || step_passes(tool, *steps[i], filter)) continue;
    if (is_composite && !tool.method->composite->steps[i].optional) return nullptr;
    steps[i] = nullptr;
  }
  if (steps == tool.steps) return &tool;
  if (is_composite && std::ranges::all_of(steps, [](const Tool* step) { return step == nullptr; }))
    return nullptr;
  auto copy = std::make_unique<Tool>(tool);
  copy->steps = std::move(steps);
  return narrowed.emplace_back(std::move(copy)).get();
}

// What stands in a filter and does not exist in the integration.
Result<> refuse_unknown(std::string_view what, const std::vector<std::string>& wanted,
                        const std::vector<std::string>& known) {
  for (const std::string& name : wanted) {
    if (std::ranges::find(known, name) != known.end()) continue;
    const std::vector<std::string> near = nearest(name, known, 1);
    std::string message = "Unknown " + std::string(what) + " '" + name + "'.";
    if (!near.empty()) message += " Did you mean '" + near[0] + "'?";
    return fail(ErrorCode::invalid_argument, std::move(message), "There are: " + join(known) + ".");
  }
  return {};
}

// Too many to name them all.
Result<> refuse_unknown_tools(const ToolCatalog& catalog, const std::vector<std::string>& wanted) {
  for (const std::string& name : wanted) {
    if (catalog.find(name) != nullptr) continue;
    std::vector<std::string> known;
    for (const auto& tool : catalog.tools()) {
      known.push_back(tool->name);
      known.push_back(tool->short_name);
    }
    return fail(ErrorCode::invalid_argument,
                "Unknown tool '" + std::string(cut_utf8(name, kMaxEcho)) + "'.",
                "Nearest: " + join(nearest(name, known, 3, true)) + ".");
  }
  return {};
}

std::unexpected<Error> nothing_left(const ToolCatalog& catalog, const ToolFilter& filter,
                                    const std::vector<std::string>& methods,
                                    const std::vector<std::string>& tags) {
  const std::string words = "`methods` (" + join(methods) + ") or `tags` (" + join(tags) + ")";
  if (filter.allow.empty() && filter.deny.empty()) {
    return fail(ErrorCode::invalid_argument,
                "No tool has one of these methods and one of these tags.",
                "Widen " + words + ", or leave one of them out.");
  }
  return fail(ErrorCode::invalid_argument,
              "This choice leaves no tool of the " + std::to_string(catalog.tools().size()) +
                  " of this integration.",
              "`allow_tools` chooses among what methods and tags leave, and `deny_tools` takes "
              "away from that, also what a tool calls by itself. Name other tools, or widen " +
                  words + ".");
}

// The filter with the names that its tools are known by.
ToolFilter in_own_names(const ToolCatalog& catalog, ToolFilter filter) {
  for (auto* names : {&filter.allow, &filter.deny}) {
    for (std::string& name : *names) name = catalog.find(name)->name;
  }
  return filter;
}

std::string render_listing(const Toolset& toolset) {
  if (toolset.exposure() == Exposure::discovery) return discovery_listing(toolset);
  std::string listing = "[";
  for (const Tool* tool : toolset.tools()) {
    if (listing.size() > 1) listing += ',';
    append_tool(listing, *tool, toolset.shown(*tool));
  }
  return listing + ']';
}

bool is_part_of_a_name(char byte) {
  return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || byte == '_';
}

std::vector<std::string> known_methods(const ToolCatalog& catalog) {
  std::vector<std::string> known = {"read", "write",  "custom", "list",
                                    "get",  "create", "update", "delete"};
  std::set<std::string> custom;
  for (const auto& tool : catalog.tools()) {
    if (tool->method->kind == integration::MethodKind::custom) custom.insert(tool->method->name);
  }
  known.insert(known.end(), custom.begin(), custom.end());
  return known;
}

std::vector<std::string> known_tags(const ToolCatalog& catalog) {
  std::set<std::string> tags;
  for (const auto& tool : catalog.tools()) tags.insert(tool->tags.begin(), tool->tags.end());
  return {tags.begin(), tags.end()};
}

}  // namespace

Result<std::shared_ptr<const Toolset>> Toolset::select(std::shared_ptr<const ToolCatalog> catalog,
                                                       const ToolFilter& given) {
  const std::vector<std::string> tags = known_tags(*catalog);
  if (auto known = refuse_unknown("method", given.methods, known_methods(*catalog)); !known) {
    return std::unexpected(known.error());
  }
  if (auto known = refuse_unknown("tag", given.tags, tags); !known) {
    return std::unexpected(known.error());
  }
  for (const auto* names : {&given.allow, &given.deny}) {
    if (auto known = refuse_unknown_tools(*catalog, *names); !known) {
      return std::unexpected(known.error());
    }
  }
  const ToolFilter filter = in_own_names(*catalog, given);
  auto toolset = std::make_shared<Toolset>();
  for (const auto& tool : catalog->tools()) {
    const Tool* offered = within(*tool, filter, toolset->narrowed_);
    if (offered == nullptr) continue;
    toolset->tools_.push_back(offered);
    toolset->by_name_.emplace(offered->name, offered);
  }
  if (toolset->tools_.empty()) {
    return nothing_left(*catalog, filter, known_methods(*catalog), tags);
  }
  toolset->filter_ = filter;
  toolset->catalog_ = std::move(catalog);
  toolset->listing_ = std::make_shared<const std::string>(render_listing(*toolset));
  return toolset;
}

std::size_t Toolset::listed_count() const {
  return filter_.exposure == Exposure::discovery ? kDiscoveryTools.size() : tools_.size();
}

std::string Toolset::in_shown_names(std::string text) const {
  if (filter_.names == NameForm::full) return text;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && is_part_of_a_name(text[end])) ++end;
    if (end > at) {
      const Tool* const tool = catalog_->find(std::string_view(text).substr(at, end - at));
      if (tool != nullptr && tool->name == std::string_view(text).substr(at, end - at)) {
        text.replace(at, end - at, tool->short_name);
        end = at + tool->short_name.size();
      }
    }
    at = end + 1;
  }
  return text;
}

bool Toolset::denies(std::string_view tool_name) const {
  return std::ranges::find(filter_.deny, tool_name) != filter_.deny.end();
}

bool Toolset::leaves(const Tool& tool) const {
  std::vector<std::unique_ptr<const Tool>> narrowed;
  return within(tool, filter_, narrowed) == &tool;
}

const Tool* Toolset::find(std::string_view tool_name) const {
  if (const auto found = by_name_.find(tool_name); found != by_name_.end()) return found->second;
  const Tool* const meant = catalog_->find(tool_name);
  if (meant == nullptr || meant->name == tool_name) return nullptr;
  const auto found = by_name_.find(meant->name);
  return found == by_name_.end() ? nullptr : found->second;
}

}  // namespace patchbay::catalog
