// duplicate_guard, overlap, looks_at, distinct; copies and warnings.
#include "pack/read_guards.h"

#include <algorithm>
#include <map>

namespace patchbay::pack {
namespace {

using integration::Copy;
using integration::Holds;
using integration::Inherited;
using integration::LookedAt;
using integration::Overlap;
using integration::Remark;
using integration::Staying;
using integration::Total;
using integration::Warning;

// Checked when every resource is known: that there is the resource, with a list where one is asked,
// and that it has the fields.
void expect_fields(std::string what, std::string resource, std::vector<std::string> fields,
                   bool lists, std::size_t line, Definition& definition) {
  definition.later([&definition, what = std::move(what), resource = std::move(resource),
                    fields = std::move(fields), lists, line] {
    const Resource* target = definition.integration.find_resource(resource);
    if (target == nullptr) {
      std::vector<std::string> known;
      for (const Resource& each : definition.integration.resources) known.push_back(each.name);
      definition.problems.error(line, what + ": there is no resource '" + resource + "'",
                                suggest(resource, known));
      return;
    }
    const Method* list = target->find_method("list");
    if (lists && list == nullptr) {
      definition.problems.error(line, what + ": '" + resource + "' has no list to look in",
                                "add a list method");
    }
    for (const std::string& name : fields) {
      if (target->find_field(name) != nullptr) continue;
      // Below a record by its address: ticketId of /tickets/{ticketId}/tasks.
      if (lists && list != nullptr && list->path.has(name)) continue;
      definition.problems.error(line, what + ": '" + resource + "' has no field '" + name + "'",
                                suggest(name, field_paths(target->fields)));
    }
  });
}

// What is looked at is read by a list, or one by one.
void expect_readable(std::string what, std::string resource, std::size_t line,
                     Definition& definition) {
  definition.later([&definition, what = std::move(what), resource = std::move(resource), line] {
    const Resource* target = definition.integration.find_resource(resource);
    if (target == nullptr || target->find_method("list") != nullptr ||
        target->find_method("get") != nullptr) {
      return;
    }
    definition.problems.error(line, what + ": '" + resource + "' has nothing to read it by",
                              "add a list or get method");
  });
}

void expect_argument(const std::string& what, const std::string& name, const Method& method,
                     std::size_t line, Definition& definition) {
  if (std::ranges::find(method.arguments, name, &Argument::name) != method.arguments.end()) return;
  std::vector<std::string> known;
  for (const Argument& argument : method.arguments) known.push_back(argument.name);
  definition.problems.error(line, what + ": '" + name + "' is no argument", suggest(name, known));
}

std::map<std::string, std::string> map_at(MappingReader& shape, std::string_view key) {
  std::map<std::string, std::string> out;
  for (auto& [name, value] : shape.text_map(key)) out.emplace(std::move(name), std::move(value));
  return out;
}

// Each of a list of mappings, or the one mapping alone.
std::vector<const Node*> each_of(const Node& node) {
  std::vector<const Node*> out;
  if (node.is_sequence()) {
    for (const Node& item : node.items) out.push_back(&item);
  } else {
    out.push_back(&node);
  }
  return out;
}

void read_duplicate_guard(const Node& node, const Resource& resource, Method& method,
                          Definition& definition) {
  const std::string what = "duplicate_guard";
  MappingReader shape(node, what, definition.problems);
  DuplicateGuard guard;
  guard.resource = shape.text("resource");
  guard.fields = shape.texts("fields");
  guard.or_empty = shape.texts("or_empty");
  guard.optional = shape.texts("optional");
  guard.days = shape.texts("days");
  guard.compared = shape.texts("compared");
  guard.addresses_only = shape.flag("addresses_only", false);
  guard.at = map_at(shape, "at");
  for (auto& [field, argument] : shape.text_map("where")) {
    if (std::ranges::find(resource.inherits, argument, &Inherited::field) ==
        resource.inherits.end()) {
      expect_argument(what, argument, method, node.line, definition);
    }
    guard.where.emplace(std::move(field), std::move(argument));
  }
  for (auto& [field, other] : shape.text_map("otherwise")) {
    guard.otherwise.emplace(std::move(field), std::move(other));
  }
  guard.created = shape.text("created");
  guard.changed = shape.text("changed");
  const bool dated = !guard.created.empty() || !guard.changed.empty();
  guard.within = std::chrono::minutes(shape.integer("minutes", dated ? 10 : 0));
  std::vector<std::string> named;
  for (const auto* names : {&guard.fields, &guard.optional}) {
    named.insert(named.end(), names->begin(), names->end());
  }
  for (const auto& name : guard.compared) {
    const auto elsewhere = guard.at.find(name);
    named.push_back(elsewhere != guard.at.end() ? elsewhere->second : name);
  }
  for (const auto& entry : guard.where) named.push_back(entry.first);
  for (const auto& [field, other] : guard.otherwise) {
    named.push_back(field);
    named.push_back(other);
  }
  for (const auto* when : {&guard.created, &guard.changed}) {
    if (!when->empty()) named.push_back(*when);
  }
  expect_fields(what, guard.resource.empty() ? resource.name : guard.resource, std::move(named),
                true, node.line, definition);
  for (const auto* part : {&guard.or_empty, &guard.days}) {
    for (const auto& name : *part) {
      const auto stands_in = [&](const std::vector<std::string>& names) {
        return std::ranges::find(names, name) != names.end();
      };
      if (stands_in(guard.fields) || (part == &guard.days && stands_in(guard.optional))) continue;
      definition.problems.error(node.line, "duplicate_guard: '" + name + "' is not compared",
                                "name it in `fields` as well");
    }
  }
  const bool compares = !guard.fields.empty() || !guard.compared.empty() || !guard.where.empty();
  const bool of_own = method.kind == MethodKind::create || method.kind == MethodKind::update;
  if (!compares || (!of_own && guard.resource.empty())) {
    definition.problems.error(node.line,
                              "duplicate_guard: needs `fields`, `compared` or `where`, on a create "
                              "or update method or with a `resource`",
                              "name what makes two records the same");
  }
  method.duplicate_guards.push_back(std::move(guard));
}

void read_overlap(const Node& node, const Resource& resource, Method& method,
                  Definition& definition) {
  MappingReader shape(node, "overlap", definition.problems);
  Overlap& overlap = method.overlap;
  overlap.from = shape.required_text("from", "begins");
  overlap.to = shape.required_text("to", "ends");
  overlap.hours = shape.text("hours");
  overlap.of = shape.required_text("of", "owner");
  overlap.show = shape.texts("show");
  std::vector<std::string> named = overlap.show;
  for (const auto& name : {overlap.from, overlap.to, overlap.hours, overlap.of}) {
    if (!name.empty()) named.push_back(name);
  }
  expect_fields("overlap", resource.name, std::move(named), true, node.line, definition);
}

Total read_total(MappingReader& shape, std::size_t line, Definition& definition) {
  Total total;
  total.of = shape.text("of");
  total.resource = shape.required_text("resource", "entries");
  total.where = map_at(shape, "where");
  total.sums = map_at(shape, "sums");
  if (const Node* only = shape.find("only")) {
    for (const auto& entry : only->entries) {
      total.only.emplace(entry.key, yaml::to_json(entry.value));
    }
  }
  std::vector<std::string> named;
  for (const auto& entry : total.where) named.push_back(entry.first);
  for (const auto& entry : total.only) named.push_back(entry.first);
  for (const auto& entry : total.sums) named.push_back(entry.second);
  if (total.where.empty()) {
    definition.problems.error(line, shape.what() + ": needs `where`",
                              "say by which field they belong to the record: {task: id}");
  }
  expect_fields(shape.what(), total.resource, std::move(named), true, line, definition);
  if (!total.of.empty()) expect_fields(shape.what(), total.of, {}, false, line, definition);
  return total;
}

void read_looked_at(const Node& node, Method& method, Definition& definition) {
  const std::string what = "looks_at";
  MappingReader shape(node, what, definition.problems);
  LookedAt looked;
  looked.resource = shape.text("resource");
  looked.by = shape.text("by");
  for (auto& [value, resource] : shape.text_map("resources")) {
    looked.resources.emplace(std::move(value), std::move(resource));
  }
  looked.ids = shape.texts("ids");
  looked.show = shape.texts("show");
  looked.agree = shape.texts("agree");
  looked.told = shape.texts("told");
  looked.again = shape.flag("again", false);
  for (const auto& id : looked.ids) expect_argument(what, id, method, node.line, definition);
  if (const Node* holds = shape.find("holds")) {
    for (const Node* item : each_of(*holds)) {
      MappingReader each(*item, "holds", definition.problems);
      Holds one;
      one.field = each.required_text("field", "state");
      one.empty = each.flag("empty", false);
      one.unless = each.required_text("unless", "allow_open");
      if (!one.empty) {
        one.resource = each.required_text("resource", "states");
        one.flag = each.required_text("flag", "isWon");
        expect_fields("holds", one.resource, {one.flag}, true, item->line, definition);
      }
      looked.holds.push_back(std::move(one));
    }
  }
  if (const Node* totals = shape.find("totals")) {
    for (const auto& entry : totals->entries) {
      MappingReader each(entry.value, "total '" + entry.key + "'", definition.problems);
      looked.totals.emplace(entry.key, read_total(each, entry.line, definition));
    }
  }
  if (!looked.by.empty()) expect_argument(what, looked.by, method, node.line, definition);
  const bool chosen = !looked.by.empty() && !looked.resources.empty();
  if (looked.ids.empty() || chosen == !looked.resource.empty()) {
    definition.problems.error(node.line,
                              "looks_at: needs `ids`, and `resource`, or `by` with `resources`",
                              "name the arguments with the ids, and what they are ids of");
  }
  if (!looked.resource.empty()) {
    std::vector<std::string> named = looked.show;
    named.insert(named.end(), looked.agree.begin(), looked.agree.end());
    named.insert(named.end(), looked.told.begin(), looked.told.end());
    for (const auto& one : looked.holds) named.push_back(one.field);
    expect_fields(what, looked.resource, std::move(named), false, node.line, definition);
    expect_readable(what, looked.resource, node.line, definition);
  }
  for (const auto& [value, resource] : looked.resources) {
    expect_fields(what, resource, {}, false, node.line, definition);
    expect_readable(what, resource, node.line, definition);
  }
  method.looks_at.push_back(std::move(looked));
}

void read_remark(const Node& node, const Resource& resource, Method& method,
                 Definition& definition) {
  MappingReader shape(node, "remark", definition.problems);
  Remark remark;
  remark.given = shape.text("given");
  remark.named = shape.texts("named");
  remark.text = shape.required_text("text", "What it is not");
  std::vector<std::string> named;
  if (const Node* when = shape.find("when")) {
    for (const auto& entry : when->entries) {
      named.push_back(entry.key);
      remark.when.emplace(entry.key, yaml::to_json(entry.value));
    }
  }
  if (const Node* foretold = shape.find("foretold")) {
    for (const auto& entry : foretold->entries) {
      remark.foretold.emplace(entry.key, yaml::to_json(entry.value));
    }
  }
  if (!remark.given.empty()) {
    expect_argument("remark", remark.given, method, node.line, definition);
  } else if (!remark.foretold.empty()) {
    definition.problems.error(node.line, "remark: `foretold` needs `given`",
                              "name the argument whose record tells it");
  }
  if (remark.when.empty() || (remark.given.empty() && !remark.named.empty())) {
    definition.problems.error(node.line, "remark: needs `when`, and `given` beside `named`",
                              "say which fields of the record it is about");
  }
  expect_fields("remark", resource.name, std::move(named), false, node.line, definition);
  method.remarks.push_back(std::move(remark));
}

void read_inherited(const Node& node, Resource& resource, Definition& definition) {
  MappingReader shape(node, "inherits", definition.problems);
  Inherited one;
  one.field = shape.required_text("field", "owner");
  one.from = shape.required_text("from", "taskId");
  one.resource = shape.text("resource");
  one.by = shape.text("by");
  one.resources = map_at(shape, "resources");
  const bool chosen = !one.by.empty() && !one.resources.empty();
  if (chosen == !one.resource.empty()) {
    definition.problems.error(node.line, "inherits: needs `resource`, or `by` with `resources`",
                              "say whose id `from` holds");
  }
  if (!one.resource.empty()) {
    expect_fields("inherits", one.resource, {one.field}, true, node.line, definition);
  }
  for (const auto& entry : one.resources) {
    expect_fields("inherits", entry.second, {}, true, node.line, definition);
  }
  resource.inherits.push_back(std::move(one));
}

}  // namespace

void read_guards(MappingReader& reader, const Resource& resource, Method& method,
                 Definition& definition) {
  if (const Node* guards = reader.find("duplicate_guard")) {
    for (const Node* item : each_of(*guards)) {
      read_duplicate_guard(*item, resource, method, definition);
    }
  }
  if (const Node* overlap = reader.find("overlap")) {
    read_overlap(*overlap, resource, method, definition);
  }
  if (const Node* looks_at = reader.find("looks_at")) {
    for (const Node* item : each_of(*looks_at)) read_looked_at(*item, method, definition);
  }
  if (const Node* remarks = reader.find("remarks")) {
    for (const Node* item : each_of(*remarks)) read_remark(*item, resource, method, definition);
  }
  method.distinct = reader.texts("distinct");
  for (const std::string& name : method.distinct) {
    expect_argument("distinct", name, method, reader.line(), definition);
  }
  if (!method.writes()) {
    for (const char* key : {"duplicate_guard", "overlap", "looks_at", "remarks", "distinct"}) {
      reader.refuse(key, "says something to a method that writes only", "leave it out");
    }
  }
}

void read_dependents(MappingReader& reader, Resource& resource, Definition& definition) {
  if (const Node* copies = reader.find("copies")) {
    MappingReader shape(*copies, "copies", definition.problems);
    shape.has_own_names();
    for (const auto& of : copies->entries) {
      MappingReader fields(of.value, "copies of '" + of.key + "'", definition.problems);
      std::vector<std::string> own = {of.key};
      for (const auto& entry : of.value.entries) {
        fields.find(entry.key);
        Copy copy{.field = entry.key, .of = of.key};
        own.push_back(entry.key);
        if (entry.value.is_scalar()) {
          copy.value = entry.value.text;
        } else {
          MappingReader from(entry.value, "copy '" + entry.key + "'", definition.problems);
          copy.list = from.required_text("list", "members");
          copy.value = from.required_text("value", "value");
          for (auto& [field, value] : from.text_map("where")) {
            copy.where.emplace(std::move(field), std::move(value));
          }
        }
        resource.copies.push_back(std::move(copy));
      }
      expect_fields("copies", resource.name, std::move(own), false, of.line, definition);
    }
  }
  if (const Node* inherits = reader.find("inherits")) {
    for (const Node* item : each_of(*inherits)) read_inherited(*item, resource, definition);
  }
  if (const Node* stays = reader.find("stays")) {
    for (const Node* item : each_of(*stays)) {
      MappingReader each(*item, "stays", definition.problems);
      Staying staying;
      staying.field = each.required_text("field", "contract");
      expect_fields("stays", resource.name, {staying.field}, false, item->line, definition);
      staying.total = read_total(each, item->line, definition);
      resource.stays.push_back(std::move(staying));
    }
  }
  if (const Node* warnings = reader.find("warnings")) {
    for (const Node* item : each_of(*warnings)) {
      MappingReader each(*item, "warning", definition.problems);
      Warning warning;
      warning.field = each.required_text("field", "state");
      warning.resource = each.required_text("resource", "states");
      warning.flag = each.required_text("flag", "warns");
      warning.text = each.required_text("text", "warning");
      expect_fields("warnings", warning.resource, {warning.flag, warning.text}, true, item->line,
                    definition);
      expect_fields("warnings", resource.name, {warning.field}, true, item->line, definition);
      resource.warnings.push_back(std::move(warning));
    }
  }
}

}  // namespace patchbay::pack
