#include "pack/openapi/outline.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "integration/naming.h"
#include "integration/path_template.h"
#include "pack/openapi/method_names.h"
#include "pack/openapi/words.h"

namespace patchbay::openapi {
namespace {

using integration::MethodKind;
using integration::Verb;

constexpr std::size_t kNone = static_cast<std::size_t>(-1);
constexpr std::size_t kMaxResourceNameBytes = 120;  // it is a file's name

struct Entry {
  Path path;
  std::vector<const Operation*> operations;
};

// What a path is to the resource that it belongs to.
struct Role {
  std::string key;             // of the resource
  std::size_t own = 0;         // segments that name the resource
  std::size_t record = kNone;  // the segment that names its record
  std::string action;
  std::string item;  // the names of placeholders at the end, where there are several
  bool is_item = false;
};

// "v1", "api": no word of a name.
bool is_no_word(std::string_view snake) {
  if (snake == "api" || snake == "rest" || snake == "apis") return true;
  return snake.size() <= 3 && snake.starts_with('v') && snake.size() > 1 &&
         std::ranges::all_of(snake.substr(1), [](char c) { return c >= '0' && c <= '9'; });
}

std::string words_of(const Path& path, std::size_t begin, std::size_t end) {
  std::string out;
  for (std::size_t i = begin; i < end; ++i) {
    if (path.segments[i].is_placeholder()) continue;
    const std::string word = snake_name(path.segments[i].text);
    if (!word.empty()) out += (out.empty() ? "" : "_") + word;
  }
  return out;
}

// "/service/boards/{}/statuses" → {"service", "board", "statuses"}
std::vector<std::string> name_words(const Path& path, std::size_t own) {
  std::vector<std::string> words;
  for (std::size_t i = 0; i < own; ++i) {
    if (path.segments[i].is_placeholder()) continue;
    std::string word = snake_name(path.segments[i].text);
    const bool last = i + 1 == own;
    if (word.empty() || (!last && words.empty() && is_no_word(word))) continue;
    const bool of_one = !last && path.segments[i + 1].is_placeholder();
    words.push_back(of_one ? integration::singular(word) : std::move(word));
  }
  if (words.empty()) words.emplace_back("root");
  return words;
}

std::string joined(const std::vector<std::string>& words, std::size_t from = 0) {
  std::string out;
  for (std::size_t i = from; i < words.size(); ++i) out += (out.empty() ? "" : "_") + words[i];
  return out;
}

class Outlining {
 public:
  Outlining(const Document& document, Operations& operations, const Shapes& shapes,
            const Conventions& conventions)
      : document_(document), operations_(operations), shapes_(shapes), conventions_(conventions) {}

  std::vector<ResourceOutline> run() {
    collect_paths();
    find_collections();
    for (const Entry& entry : entries_) place(entry);
    std::vector<ResourceOutline> out;
    for (auto& [key, resource] : resources_) out.push_back(std::move(resource));
    name_resources(out);
    return out;
  }

 private:
  void collect_paths() {
    for (const Operation& operation : operations_.all) {
      if (entries_.empty() || entries_.back().path.text != operation.path) {
        entries_.push_back({read_path(operation.path), {}});
      }
      entries_.back().operations.push_back(&operation);
    }
  }

  const ListShape& shape_of(const Operation& operation) const { return shapes_.at(&operation); }

  bool gives_list(const Entry& entry) const {
    return std::ranges::any_of(entry.operations, [&](const Operation* each) {
      return each->verb == Verb::get && shape_of(*each).is_list;
    });
  }

  // What has records below it, or gives a list, is a collection.
  void find_collections() {
    for (const Entry& entry : entries_) {
      const std::size_t all = entry.path.segments.size();
      const bool patched = std::ranges::any_of(
          entry.operations, [](const Operation* each) { return each->verb == Verb::patch; });
      if (patched) patched_.insert(entry.path.key(all));
      const std::size_t at_end = entry.path.placeholders_at_end();
      if (at_end > 0) {
        collections_.insert(entry.path.key(all - at_end));
      } else if (all > 0 && gives_list(entry) &&
                 snake_name(entry.path.segments.back().text) != kCountAction) {
        collections_.insert(entry.path.key(all));
      }
    }
  }

  Role role_of(const Path& path) const {
    Role role;
    const std::size_t all = path.segments.size();
    const std::size_t at_end = path.placeholders_at_end();
    role.own = all - at_end;
    role.key = path.key(role.own);
    if (at_end > 0) {
      role.is_item = true;
      role.record = all - 1;
      for (std::size_t i = role.own; i < all; ++i) {
        const std::string word = snake_name(path.segments[i].name);
        role.item += (role.item.empty() ? "" : "_and_") + (word.empty() ? "part" : word);
      }
      return role;
    }
    if (collections_.contains(role.key)) return role;
    // An action: of the nearest collection above it.
    for (std::size_t m = all; m-- > 1;) {
      std::size_t head = m;
      while (head > 0 && path.segments[head - 1].is_placeholder()) --head;
      if (head == 0 || !collections_.contains(path.key(head))) continue;
      role.own = head;
      role.key = path.key(head);
      for (std::size_t i = head; i < all && path.segments[i].is_placeholder(); ++i) role.record = i;
      role.action = words_of(path, head, all);
      if (role.action.empty()) role.action = "act";
      return role;
    }
    return role;
  }

  void place(const Entry& entry) {
    const Role role = role_of(entry.path);
    auto [at, fresh] = resources_.try_emplace(role.key);
    ResourceOutline& resource = at->second;
    if (fresh) begin_resource(entry.path, role, resource);
    for (const Operation* operation : entry.operations) {
      MethodOutline method = method_of(*operation, entry, role, resource.is_collection);
      method.path = name_placeholders(entry.path, role.record);
      if (!integration::PathTemplate::parse(method.path.text)) {
        operations_.leave_out(document_, told(*operation), "its path is no address",
                              operation->pointer);
        continue;
      }
      add_tags(*operation, resource);
      give_name(resource, std::move(method), role.item);
    }
  }

  void begin_resource(const Path& path, const Role& role, ResourceOutline& resource) const {
    resource.key = role.key;
    resource.is_collection = collections_.contains(role.key);
    const auto words = name_words(path, role.own);
    resource.name = joined(words);
    // In sentences the module goes without saying: "board statuses", not "service board statuses".
    resource.nouns = spoken(joined(words, words.size() > 1 ? 1 : 0));
    resource.noun = spoken(integration::singular(joined(words, words.size() > 1 ? 1 : 0)));
    if (words.size() > 1) resource.tags.push_back(words.front());
  }

  static void add_tags(const Operation& operation, ResourceOutline& resource) {
    for (const std::string_view each : operation.tags) {
      const std::string tag = snake_name(each.substr(0, 60));
      const bool known = tag.empty() || resource.tags.size() >= 4 || tag == "read" ||
                         tag == "write" || tag == "custom" ||
                         std::ranges::find(resource.tags, tag) != resource.tags.end();
      if (!known) resource.tags.push_back(tag);
    }
  }

  MethodOutline method_of(const Operation& operation, const Entry& entry, const Role& role,
                          bool in_collection) const {
    MethodOutline method;
    method.operation = &operation;
    method.shape = &shape_of(operation);
    method.action = role.action;
    method.of_one = role.record != kNone;
    const MethodPlace where = !role.action.empty() ? MethodPlace::action
                              : role.is_item       ? MethodPlace::record
                              : in_collection      ? MethodPlace::collection
                                                   : MethodPlace::single;
    const bool is_list = method.shape->is_list && is_divided(operation, conventions_.pages);
    method.name = method_name(operation, where, role.action, is_list);
    // PUT changes a record where there is no PATCH; beside one it has a name of its own.
    const bool patched = patched_.contains(entry.path.key(entry.path.segments.size()));
    if (where == MethodPlace::record && operation.verb == Verb::put && !patched) {
      method.name = "update";
    }
    // One dialect writes all updates; what is sent in another form is none.
    if (method.name == "update" && operation.verb == Verb::patch &&
        !conventions_.writes(operation)) {
      method.name = "change";
    }
    method.kind = integration::method_kind(method.name);
    return method;
  }

  // What has the name already stays: paths come in their order.
  static void give_name(ResourceOutline& resource, MethodOutline method, const std::string& item) {
    const auto taken = [&](const std::string& name) { return resource.find(name) != nullptr; };
    if (taken(method.name)) {
      const std::string base = method.name;
      method.kind = MethodKind::custom;
      const std::string more = item.empty() ? "by_id" : "by_" + item;
      const bool tells = !item.empty() || method.of_one;
      method.name = base + "_" + (tells ? more : std::string(verb_name(method.operation->verb)));
      if (taken(method.name)) method.name = base + "_" + short_digest(method.operation->path);
      for (int number = 2; taken(method.name); ++number) {
        method.name = base + "_" + std::to_string(number);
      }
    }
    resource.methods.push_back(std::move(method));
  }

  static void name_resources(std::vector<ResourceOutline>& resources) {
    // The path with fewest parents has the name alone.
    std::ranges::sort(resources, {}, [](const ResourceOutline& each) {
      return std::pair(std::ranges::count(each.key, '{'), std::string_view(each.key));
    });
    std::set<std::string> taken;
    for (ResourceOutline& resource : resources) {
      std::erase_if(resource.tags, [](const std::string& tag) { return tag.empty(); });
      if (resource.name.size() > kMaxResourceNameBytes) {
        resource.name =
            resource.name.substr(0, kMaxResourceNameBytes) + "_" + short_digest(resource.key);
        resource.name = snake_name(resource.name);
      }
      if (!taken.insert(resource.name).second) {
        resource.name += "_" + short_digest(resource.key);
        taken.insert(resource.name);
      }
      resource.singular = integration::singular(resource.name);
    }
    std::erase_if(resources, [](const ResourceOutline& each) { return each.methods.empty(); });
    std::ranges::sort(resources, {}, &ResourceOutline::name);
  }

  const Document& document_;
  Operations& operations_;
  const Shapes& shapes_;
  const Conventions& conventions_;
  std::vector<Entry> entries_;
  std::set<std::string> collections_;
  std::set<std::string> patched_;                     // paths with a PATCH
  std::map<std::string, ResourceOutline> resources_;  // by key
};

}  // namespace

const MethodOutline* ResourceOutline::find(std::string_view method) const {
  const auto found = std::ranges::find(methods, method, &MethodOutline::name);
  return found == methods.end() ? nullptr : &*found;
}

std::vector<ResourceOutline> outline(const Document& document, Operations& operations,
                                     const Shapes& shapes, const Conventions& conventions,
                                     std::string_view prefix) {
  auto resources = Outlining(document, operations, shapes, conventions).run();
  make_tools_unique(resources, prefix);
  return resources;
}

}  // namespace patchbay::openapi
