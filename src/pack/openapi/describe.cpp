#include "pack/openapi/describe.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "integration/naming.h"
#include "pack/openapi/method_names.h"
#include "pack/openapi/words.h"

namespace patchbay::openapi {
namespace {

using integration::MethodKind;
using integration::Verb;

constexpr std::size_t kMaxBytes = 900;
constexpr std::size_t kLeastBytes = 60;
constexpr std::size_t kOwnBytes = 500;  // of the document's words
constexpr std::size_t kKeyFields = 8;
constexpr std::size_t kMaxWords = 6;  // of a summary that says no more than path and verb

// "Get List of Board", "Post Board": made from the path by a machine.
bool is_made_by_machine(std::string_view summary) {
  const std::string lower = to_lower(trim(summary));
  const auto words = std::ranges::count(lower, ' ') + 1;
  if (words > static_cast<std::ptrdiff_t>(kMaxWords)) return false;
  constexpr std::array<std::string_view, 9> kVerbs = {"get",  "post",   "put",    "patch", "delete",
                                                      "list", "create", "update", "read"};
  const std::string_view first = std::string_view(lower).substr(0, lower.find(' '));
  return lower.empty() || std::ranges::find(kVerbs, first) != kVerbs.end();
}

std::string ended(std::string text) {
  if (!text.empty() && std::string_view(".!?").find(text.back()) == std::string_view::npos)
    text += '.';
  return text;
}

std::string listed(const std::vector<std::string>& names, std::size_t most) {
  std::string out;
  for (std::size_t i = 0; i < std::min(names.size(), most); ++i) {
    if (i > 0) out += i + 1 == names.size() ? " and " : ", ";
    out += names[i];
  }
  if (names.size() > most) out += ", …";
  return out;
}

// " of one board and one team" of the placeholders before the record's own.
std::string parents_of(const ResourceOutline& resource) {
  std::string out;
  std::string_view key = resource.key;
  std::string last;
  while (!key.empty()) {
    key.remove_prefix(1);
    const std::string_view part = key.substr(0, key.find('/'));
    if (part != "{}") {
      last = spoken(integration::singular(snake_name(part)));
    } else if (!last.empty()) {
      out += (out.empty() ? " of one " : " and one ") + last;
      last.clear();
    }
    key.remove_prefix(std::min(part.size(), key.size()));
  }
  return out;
}

std::string asked(const MethodOutline& method) {
  return std::string(" Asks ") + told(*method.operation).substr(0, 200) + ".";
}

std::string of_action(const ResourceOutline& resource, const MethodOutline& method) {
  const std::string action = spoken(method.action.empty() ? method.name : method.action);
  const std::string whom = method.of_one ? "one " + resource.noun : resource.nouns;
  const std::string by_id = method.of_one ? ", named by its path" : "";
  if (method.action == kCountAction) {
    return "Counts " + resource.nouns + parents_of(resource) +
           ": all of them, or those that meet what is given.";
  }
  if (method.action == "search" || method.action == "query" || method.action == "find") {
    return "Finds those of " + resource.nouns + parents_of(resource) + " that meet what is given.";
  }
  switch (method.operation->verb) {
    case Verb::get:
      return (method.operation->answer.is_file ? "Downloads " : "Gets ") + action + " of " + whom +
             parents_of(resource) + by_id + ".";
    case Verb::delete_:
      return "Deletes " + action + " of " + whom + parents_of(resource) + by_id + ", for good.";
    case Verb::put:
      return "Puts " + action + " of " + whom + parents_of(resource) + by_id + ".";
    case Verb::patch:
      return "Changes " + action + " of " + whom + parents_of(resource) + by_id + ".";
    case Verb::post:
      break;
  }
  return capitalised(action) + ": done to " + whom + parents_of(resource) + by_id + ".";
}

}  // namespace

Descriptions::Descriptions(const std::vector<ResourceOutline>& resources, std::string prefix)
    : prefix_(std::move(prefix)) {
  for (const ResourceOutline& resource : resources) by_key_.emplace(resource.key, &resource);
}

std::string Descriptions::lister(const ResourceOutline& resource) const {
  const MethodOutline* list = resource.find("list");
  return list != nullptr ? tool_of(prefix_, resource, *list) : std::string();
}

// "boardId: see list_all_x_boards." of each parent that has a list.
std::string Descriptions::of_parents(const ResourceOutline& resource,
                                     const MethodOutline& method) const {
  std::string out;
  const Path path = read_path(method.operation->path);
  std::size_t at = 0;
  for (std::size_t i = 0; i < path.segments.size(); ++i) {
    if (!path.segments[i].is_placeholder()) continue;
    if (at >= method.path.placeholders.size()) break;
    const std::string& name = method.path.placeholders[at++].name;
    const auto found = by_key_.find(path.key(i));
    if (found == by_key_.end()) continue;
    // Its own list is told with what is done to a record.
    const std::string tool = lister(*found->second);
    if (tool.empty() || (found->second == &resource && method.kind == MethodKind::list)) continue;
    out += " " + name + ": from " + tool + ".";
  }
  return out;
}

std::string Descriptions::derived(const ResourceOutline& resource, const RecordFields& record,
                                  const MethodOutline& method) const {
  const std::string one = with_article(resource.noun);
  const std::string parents = parents_of(resource);
  const bool has_fields = !record.plain.empty();
  switch (method.kind) {
    case MethodKind::list:
      return "Lists " + resource.nouns + parents + ", page by page." +
             (has_fields ? " Each has " + listed(record.plain, kKeyFields) + "." : "");
    case MethodKind::get:
      return "Gets one " + resource.noun + parents + " with all of its fields.";
    case MethodKind::create:
      return "Creates " + one + parents + "." +
             (record.required.empty() ? "" : " Needs " + listed(record.required, kKeyFields) + ".");
    case MethodKind::update:
      if (method.operation->verb == Verb::put) {
        return "Replaces " + one + parents +
               ": give all of its fields, since what is left out may be emptied.";
      }
      return "Changes fields of " + one + parents + "; what is left out stays as it is.";
    case MethodKind::delete_:
      return "Deletes " + one + parents + " for good.";
    case MethodKind::custom:
      break;
  }
  if (method.name == "replace") {
    const MethodOutline* update = resource.find("update");
    return "Replaces " + one + parents +
           ": give all of its fields, since what is left out may be emptied." +
           (update == nullptr ? ""
                              : " For single fields, " + tool_of(prefix_, resource, *update) + ".");
  }
  if (method.name == "show") return "Shows " + resource.nouns + parents + ", all at once.";
  if (method.name == "download") return "Downloads the file of " + resource.nouns + parents + ".";
  return of_action(resource, method);
}

std::string Descriptions::of(const ResourceOutline& resource, const RecordFields& record,
                             const MethodOutline& method) const {
  const Operation& operation = *method.operation;
  std::string own = one_line(operation.description, kOwnBytes);
  if (own.size() < 20 && !is_made_by_machine(operation.summary))
    own = one_line(operation.summary, kOwnBytes);
  std::string text = ended(std::move(own));
  // What lists need is told even where the document has words of its own.
  if (text.size() < 20) text = derived(resource, record, method);
  text += of_parents(resource, method);
  if (text.size() < 60) text += asked(method);
  if (text.size() < kLeastBytes) text += " The API's description says no more of it.";
  return one_line(text, kMaxBytes);
}

}  // namespace patchbay::openapi
