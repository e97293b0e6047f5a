#include "pack/layers.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "pack/definition.h"
#include "pack/layer_names.h"

namespace patchbay::pack {
namespace {

constexpr std::string_view kMain = "integration.yaml";
constexpr std::string_view kResources = "resources/";

// "resources/tickets.yaml" → "tickets"; empty: of no resource.
std::string resource_name(const ParsedFile& file) {
  std::string_view path = below_pack(file.path);
  if (!path.starts_with(kResources) || !path.ends_with(".yaml")) return {};
  path.remove_prefix(kResources.size());
  path.remove_suffix(std::string_view(".yaml").size());
  return std::string(path);
}

Node* find(Node& mapping, std::string_view key) {
  for (Node::Entry& entry : mapping.entries) {
    if (entry.key == key) return &entry.value;
  }
  return nullptr;
}

std::string_view text_of(const Node& mapping, std::string_view key) {
  const Node* const value = mapping.find(key);
  return value != nullptr && value->is_scalar() ? std::string_view(value->text)
                                                : std::string_view();
}

Node scalar(std::string text, std::size_t line) {
  Node node;
  node.text = std::move(text);
  node.quoted = true;
  node.line = line;
  return node;
}

void set(Node& mapping, std::string_view key, std::string text) {
  if (Node* const there = find(mapping, key)) {
    there->text = std::move(text);
    return;
  }
  mapping.entries.push_back(
      {std::string(key), mapping.line, scalar(std::move(text), mapping.line)});
}

// Those that the other does not have.
void add_entries(Node& to, Node& from) {
  for (Node::Entry& entry : from.entries) {
    if (to.find(entry.key) == nullptr) to.entries.push_back(std::move(entry));
  }
}

bool equals_any(std::string_view name, const std::vector<std::string>& names) {
  return std::ranges::any_of(
      names, [&](const std::string& other) { return to_lower(other) == to_lower(name); });
}

// Of `fields` and of `more_fields`.
std::vector<std::string> field_names(const Node& resource) {
  std::vector<std::string> names;
  if (const Node* const fields = resource.find("fields")) {
    for (const Node::Entry& entry : fields->entries) names.push_back(entry.key);
  }
  if (const Node* const more = resource.find("more_fields")) {
    for (const Node::Entry& entry : more->entries) {
      for (const Node& name : entry.value.items) names.push_back(name.text);
    }
  }
  return names;
}

// "/service/tickets/{ticketId}/notes/" → "/service/tickets/{}/notes": names of placeholders are
// nothing that is asked for.
std::string plain_path(std::string_view path) {
  std::string plain;
  bool within = false;
  for (const char c : path) {
    if (c == '}') within = false;
    if (!within) plain += c;
    if (c == '{') within = true;
  }
  while (plain.ends_with('/')) plain.pop_back();
  return plain;
}

// What a method asks for; empty: nothing of its own.
std::string operation_of(const Node& resource, std::string_view name, const Node& method) {
  if (method.is_mapping() && method.find("composite") != nullptr) return {};
  std::string verb = to_lower(method.is_mapping() ? text_of(method, "verb") : "");
  if (verb.empty()) {
    verb = name == "create"   ? "post"
           : name == "update" ? "patch"
           : name == "delete" ? "delete"
                              : "get";
  }
  std::string path(method.is_mapping() ? text_of(method, "path") : "");
  if (path.empty()) {
    path = text_of(resource, "path");
    if (name == "get" || name == "update" || name == "delete") path += "/{}";
  }
  return verb + ' ' + plain_path(path);
}

// Of the hand-written pack: a method that asks for an operation, or what stands at a path.
struct Place {
  Node* node = nullptr;
  std::string resource;
  const Node* root = nullptr;  // of the resource
  std::string method;          // empty: none

  std::string tool(std::string_view prefix) const {
    return tool_name_of(prefix, {resource, *root, method, *node});
  }
};

// An operation that a hand-written method asks for as well.
struct Covered {
  Place by_hand;
  Node imported;  // the method
};

// A resource that stands at the path of a hand-written one.
struct Joined {
  Place by_hand;
  std::string name;  // of the imported one
  Node* imported = nullptr;
};

class Layers {
 public:
  Layers(std::vector<ParsedFile> over, std::vector<ParsedFile> under)
      : files_(std::move(over)), under_(std::move(under)) {}

  std::vector<ParsedFile> lay() {
    // Nodes are pointed at from here on: no file and no method comes in before all are looked
    // through.
    prefix_ = prefix_of(files_);
    prefix_under_ = prefix_of(under_);
    for (ParsedFile& file : files_) note_operations(file);
    for (ParsedFile& file : under_) lay_resource(file);
    for (const Joined& joined : joined_) join_fields(joined);
    for (const Covered& covered : covered_) take_fresh_fields(covered);
    for (const Joined& joined : joined_) join_methods(joined);
    for (ParsedFile& file : files_) rewrite_names(file);
    for (ParsedFile& file : fresh_) rewrite_names(file);
    for (ParsedFile& file : under_) lay_main(file);
    std::ranges::move(fresh_, std::back_inserter(files_));
    return std::move(files_);
  }

 private:
  static bool is_readable(const ParsedFile& file) {
    return file.root.has_value() && file.root->is_mapping();
  }

  void note_operations(ParsedFile& file) {
    const std::string name = resource_name(file);
    if (name.empty()) return;
    names_.insert(name);
    if (!is_readable(file)) return;
    if (std::string path = plain_path(text_of(*file.root, "path")); !path.empty()) {
      by_path_.emplace(std::move(path), Place{&*file.root, name, &*file.root, {}});
    }
    Node* const methods = find(*file.root, "methods");
    if (methods == nullptr) return;
    for (Node::Entry& entry : methods->entries) {
      if (auto operation = operation_of(*file.root, entry.key, entry.value); !operation.empty()) {
        operations_.emplace(std::move(operation),
                            Place{&entry.value, name, &*file.root, entry.key});
      }
    }
  }

  void lay_resource(ParsedFile& file) {
    const std::string name = resource_name(file);
    if (name.empty() || !is_readable(file)) return;
    Node& root = *file.root;
    Node* const methods = find(root, "methods");
    if (methods == nullptr) return;
    const auto same = by_path_.find(plain_path(text_of(root, "path")));
    const bool is_same = same != by_path_.end();
    if (is_same) instead_of_[name] = same->second.resource;
    std::erase_if(methods->entries, [&](Node::Entry& entry) {
      const auto known = operations_.find(operation_of(root, entry.key, entry.value));
      if (known == operations_.end()) return false;
      // Whoever refers to it looks its records up where they are listed.
      if (entry.key == "list" || (!is_same && !instead_of_.contains(name))) {
        instead_of_[name] = known->second.resource;
      }
      const Place& by_hand = known->second;
      renamed_.add(tool_name_of(prefix_under_, {name, root, entry.key, entry.value}),
                   by_hand.tool(prefix_));
      if (fill(*by_hand.node, entry.value)) filled_.emplace(by_hand.resource, by_hand.method);
      covered_.push_back({known->second, std::move(entry.value)});
      return true;
    });
    for (Node::Entry& entry : methods->entries) set(entry.value, "imported", "true");
    if (is_same) {
      joined_.push_back({same->second, name, &root});
      return;
    }
    if (methods->entries.empty()) return;
    if (names_.contains(name)) rename(file, name);
    const std::string now = resource_name(file);
    names_.insert(now);
    for (const Node::Entry& entry : methods->entries) {
      renamed_.add(tool_name_of(prefix_under_, {name, root, entry.key, entry.value}),
                   tool_name_of(prefix_, {now, root, entry.key, entry.value}));
    }
    fresh_.push_back(std::move(file));
  }

  // What is written by hand may leave out what the document tells. A list that makes no tool there,
  // since a person would not miss it, makes one here: of the document nothing is missing.
  static bool fill(Node& by_hand, Node& imported) {
    if (!by_hand.is_mapping() || !imported.is_mapping()) return false;
    std::erase_if(by_hand.entries, [](const Node::Entry& entry) { return entry.key == "tool"; });
    if (by_hand.find("description") != nullptr) return false;
    for (Node::Entry& entry : imported.entries) {
      if (entry.key == "description") by_hand.entries.push_back(std::move(entry));
    }
    return true;
  }

  static std::string prefix_of(const std::vector<ParsedFile>& files) {
    for (const ParsedFile& file : files) {
      if (below_pack(file.path) == kMain && is_readable(file)) return tool_prefix_of(*file.root);
    }
    return {};
  }

  // Of what was imported alone: what a person wrote names their own tools.
  void rewrite_names(ParsedFile& file) const {
    const std::string name = resource_name(file);
    Node* const methods =
        name.empty() || !is_readable(file) ? nullptr : find(*file.root, "methods");
    if (methods == nullptr) return;
    for (Node::Entry& entry : methods->entries) {
      if (text_of(entry.value, "imported") != "true" && !filled_.contains({name, entry.key})) {
        continue;
      }
      if (Node* const description = find(entry.value, "description")) {
        description->text = renamed_.rewritten(description->text);
      }
    }
  }

  static Node& section(Node& resource, std::string_view key, Node::Kind kind) {
    if (Node* const there = find(resource, key)) return *there;
    Node made;
    made.kind = kind;
    made.line = resource.line;
    resource.entries.push_back({std::string(key), resource.line, std::move(made)});
    return resource.entries.back().value;
  }

  void join_fields(const Joined& joined) {
    Node* const from = find(*joined.imported, "fields");
    if (from == nullptr || !from->is_mapping()) return;
    const auto known = field_names(*joined.by_hand.node);
    Node& to = section(*joined.by_hand.node, "fields", from->kind);
    for (Node::Entry& entry : from->entries) {
      if (equals_any(entry.key, known)) continue;
      fresh_fields_[joined.by_hand.resource].push_back(entry.key);
      to.entries.push_back(std::move(entry));
    }
  }

  void join_methods(const Joined& joined) {
    Node& by_hand = *joined.by_hand.node;
    Node& from = *find(*joined.imported, "methods");
    Node& to = section(by_hand, "methods", from.kind);
    for (Node::Entry& entry : from.entries) {
      drop_shared(by_hand, entry.value);
      // Another operation under a name that a person gave to one of theirs.
      const std::string name = entry.key;
      std::string before =
          tool_name_of(prefix_under_, {joined.name, *joined.imported, name, entry.value});
      for (int number = 2; to.find(entry.key) != nullptr; ++number) {
        entry.key = name + '_' + std::to_string(number);
      }
      renamed_.add(std::move(before), tool_name_of(prefix_, {joined.by_hand.resource, by_hand,
                                                             entry.key, entry.value}));
      to.entries.push_back(std::move(entry));
    }
  }

  // What may be written by the document, and was no field when a person wrote what may be. It is
  // taken, and listed for nobody: a new field must not lengthen a list that is read by all.
  void take_fresh_fields(const Covered& covered) {
    const auto fresh = fresh_fields_.find(covered.by_hand.resource);
    Node& method = *covered.by_hand.node;
    if (fresh == fresh_fields_.end() || !method.is_mapping() || find(method, "body") == nullptr) {
      return;
    }
    Node names;
    names.kind = Node::Kind::sequence;
    names.line = method.line;
    const auto take = [&](const std::string& name) {
      if (equals_any(name, fresh->second)) names.items.push_back(scalar(name, method.line));
    };
    if (const Node* const body = covered.imported.find("body")) {
      for (const Node& item : body->items) take(item.text);
    }
    const Node* const schema = covered.imported.find("body_schema");
    const Node* const properties = schema == nullptr ? nullptr : schema->find("properties");
    if (properties != nullptr) {
      for (const Node::Entry& entry : properties->entries) take(entry.key);
    }
    if (!names.items.empty()) {
      method.entries.push_back({"unlisted_body", method.line, std::move(names)});
    }
  }

  // What all methods of the resource have as arguments, an imported one need not say again.
  static void drop_shared(const Node& resource, Node& method) {
    const Node* const shared = resource.find("parameters");
    Node* const schema = find(method, "query_schema");
    Node* const properties = schema == nullptr ? nullptr : find(*schema, "properties");
    if (shared == nullptr || properties == nullptr) return;
    const auto is_shared = [&](std::string_view name) { return shared->find(name) != nullptr; };
    std::erase_if(properties->entries,
                  [&](const Node::Entry& entry) { return is_shared(entry.key); });
    if (Node* const required = find(*schema, "required")) {
      std::erase_if(required->items, [&](const Node& name) { return is_shared(name.text); });
    }
  }

  void rename(ParsedFile& file, const std::string& name) {
    Node& root = *file.root;
    // "/project/tickets" → "project_tickets"
    std::vector<std::string> parts;
    for (const std::string_view part : split(plain_path(text_of(root, "path")), '/')) {
      if (!part.empty() && part != "{}") parts.emplace_back(snake(part));
    }
    std::string other = name;
    for (std::size_t used = 2; names_.contains(other) && used <= parts.size(); ++used) {
      other = patchbay::join(std::span(parts).last(used), "_");
    }
    for (int number = 2; names_.contains(other); ++number) {
      other = name + "_" + std::to_string(number);
    }
    set(root, "resource", other);
    file.path =
        file.path.substr(0, file.path.find('/') + 1) + std::string(kResources) + other + ".yaml";
    instead_of_[name] = other;
  }

  static std::string snake(std::string_view part) {
    std::string out;
    for (const char c : part) {
      const bool upper = c >= 'A' && c <= 'Z';
      if (upper && !out.empty() && out.back() != '_') out += '_';
      const bool plain = upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
      out += plain ? to_lower(std::string_view(&c, 1)) : std::string("_");
    }
    return out;
  }

  void lay_main(ParsedFile& file) {
    if (below_pack(file.path) != kMain || !is_readable(file)) return;
    for (ParsedFile& mine : files_) {
      if (below_pack(mine.path) != kMain || !is_readable(mine)) continue;
      Node& to = *mine.root;
      for (Node::Entry& entry : file.root->entries) {
        if (entry.key == "references") lead_on(entry.value);
        Node* const there = find(to, entry.key);
        const bool by_name =
            entry.key == "references" || entry.key == "enums" || entry.key == "expressions";
        if (there == nullptr) {
          to.entries.push_back(std::move(entry));
        } else if (by_name && there->is_mapping() && entry.value.is_mapping()) {
          add_entries(*there, entry.value);
        }
      }
    }
  }

  // References name the resource that stands in the place of theirs.
  void lead_on(Node& references) const {
    for (Node::Entry& entry : references.entries) {
      Node* const named = entry.value.is_mapping() ? find(entry.value, "resource") : &entry.value;
      if (named == nullptr || !named->is_scalar()) continue;
      const auto other = instead_of_.find(named->text);
      if (other != instead_of_.end() && !other->second.empty()) named->text = other->second;
    }
  }

  std::vector<ParsedFile> files_;
  std::vector<ParsedFile> under_;
  std::vector<ParsedFile> fresh_;
  std::set<std::string> names_;  // of resources
  std::map<std::string, Place> by_path_;
  std::map<std::string, Place> operations_;
  std::vector<Covered> covered_;
  std::vector<Joined> joined_;
  std::map<std::string, std::vector<std::string>> fresh_fields_;  // by resource: the document's own
  std::map<std::string, std::string> instead_of_;
  std::string prefix_;  // of tools
  std::string prefix_under_;
  RenamedTools renamed_;
  std::set<std::pair<std::string, std::string>> filled_;  // methods with an imported description
};

}  // namespace

std::vector<ParsedFile> lay_over(std::vector<ParsedFile> over, std::vector<ParsedFile> under) {
  return Layers(std::move(over), std::move(under)).lay();
}

}  // namespace patchbay::pack
