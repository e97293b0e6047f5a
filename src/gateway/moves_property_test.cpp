// Every field that scopes others, of every resource that can be updated: the record is moved, and
// afterwards nothing stands in it that is not of the new place, unless the answer says so.
#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "base/text.h"
#include "gateway/test_world.h"

namespace patchbay::gateway {

namespace {

using integration::Argument;
using integration::Field;
using integration::MethodKind;
using integration::Resource;
using integration::Scope;

const Resource* find_resource(const std::string& name) {
  return shipped_tools()->integration().find_resource(name);
}

std::optional<std::int64_t> id_in(const json::Value& record, const std::string& field) {
  const auto* value = record.find(field);
  const auto* id = value != nullptr ? value->find("id") : nullptr;
  return id != nullptr ? id->as_int64() : std::nullopt;
}

// The field of this resource that a scope's value stands in.
std::string field_of(const catalog::Tool& tool, const Scope& scope) {
  const auto found = std::ranges::find(tool.method->arguments, scope.argument, &Argument::name);
  return found != tool.method->arguments.end() ? std::string(found->field()) : scope.argument;
}

std::vector<std::pair<const Field*, const Scope*>> dependents(const catalog::Tool& tool,
                                                              const std::string& on) {
  std::vector<std::pair<const Field*, const Scope*>> out;
  for (const auto& field : tool.resource->fields) {
    if (!field.lookup) continue;
    for (const auto& scope : field.lookup->scopes) {
      if (field_of(tool, scope) == on && field.name != on) out.emplace_back(&field, &scope);
    }
  }
  return out;
}

// What the sandbox lists of that resource within the scope, past the gateway.
std::set<std::int64_t> ids_within(World& world, const Field& field, const Scope& scope,
                                  std::int64_t id) {
  const auto* target = find_resource(field.lookup->resource);
  const auto* list = target->find_method("list");
  std::string path = list->path.text();
  const auto at = path.find('{');
  if (at != std::string::npos) {
    path.replace(at, path.find('}') - at + 1, std::to_string(id));
  } else {
    const auto parameter = std::ranges::find(list->arguments, scope.parameter, &Argument::name);
    REQUIRE(parameter != list->arguments.end());
    std::string compared = parameter->field();
    if (!compared.contains('/')) compared += "/id";
    path += "?conditions=" + compared + "=" + std::to_string(id);
  }
  const auto ids = world.direct_ids(path);
  return {ids.begin(), ids.end()};
}

// The record that has most of what hangs on the field.
std::optional<json::Value> fullest(World& world, const catalog::Tool& tool, const std::string& on) {
  const auto deps = dependents(tool, on);
  const auto records = world.direct(tool.resource->path.text() + "?pageSize=400&orderBy=id%20desc");
  std::optional<json::Value> best;
  std::int64_t most = 0;
  for (const auto& record : *records.if_array()) {
    if (!id_in(record, on)) continue;
    const auto has = std::ranges::count_if(
        deps, [&](const auto& dep) { return id_in(record, dep.first->name).has_value(); });
    if (has <= most) continue;
    most = has;
    best = record;
  }
  return best;
}

std::string notice_of(const Answered& outcome) {
  return std::string(outcome.value.string_or("notice", ""));
}

struct Moved {
  int moved = 0;
  int judged = 0;
  int named_old = 0;
};

// Moves one record by one of its fields. False: the sandbox does not take that place for it.
bool move(World& world, const catalog::Tool& tool, const Argument& argument,
          const json::Value& before, std::int64_t to, Moved& count) {
  const auto& on = argument.field();
  const auto own = before.int64_or("id", 0);
  json::Value arguments = json::Object{{"id", own}, {argument.name, to}};
  std::set<std::string> given;
  std::map<std::string, std::int64_t> places = {{on, to}};
  const auto dry_run = [&] {
    auto dry = arguments;
    dry["dry_run"] = true;
    return world.harness.call_value(tool.name, dry);
  };
  auto shown = dry_run();
  auto outcome = shown.result.is_error ? shown : Answered();
  // What must be given beside it is named, before it is sent or by the API, and then it is given.
  for (int round = 0; round < 3; ++round) {
    if (!shown.result.is_error) {
      CHECK(world.direct(tool.resource->path.text() + '/' + std::to_string(own)) == before);
      outcome = world.harness.call_value(tool.name, arguments);
      if (!outcome.result.is_error) break;
    }
    CHECK(outcome.was_applied() == "no");
    // Also what hangs on what was given so: the phase of another project.
    for (const auto& [place, id] : std::map(places)) {
      for (const auto& [field, scope] : dependents(tool, place)) {
        const bool named = outcome.error().contains(field->name + ": ") ||
                           outcome.error().contains("give " + field->name + " as well");
        if (!named || given.contains(field->name)) continue;
        const auto there = ids_within(world, *field, *scope, id);
        if (there.empty()) return false;
        arguments[field->name] = *there.begin();
        given.insert(field->name);
        places[field->name] = *there.begin();
      }
    }
    shown = dry_run();
    outcome = shown;
  }
  if (outcome.result.is_error || shown.result.is_error) return false;
  const auto after = world.direct(tool.resource->path.text() + '/' + std::to_string(own));
  CHECK(id_in(after, on) == to);
  const auto notice = notice_of(outcome);
  ++count.moved;
  for (const auto& [field, scope] : dependents(tool, on)) {
    const auto was = id_in(before, field->name);
    if (!was || given.contains(field->name)) continue;
    CAPTURE(field->name);
    CAPTURE(notice);
    ++count.judged;
    const auto is = id_in(after, field->name);
    const bool told = notice.contains(field->name);
    if (is != was) CHECK_MESSAGE(told, "changed, and not told");
    if (is && !ids_within(world, *field, *scope, to).contains(*is)) {
      CHECK_MESSAGE(told, "not of the new place, and not told");
    }
    // A dry run chooses as the write does; what the API does by itself only the answer can tell.
    if (told && field->clearable) CHECK(notice_of(shown).contains(field->name));
  }
  // Another field that named the old place, such as who pays.
  const auto old = id_in(before, on);
  const bool goes_with_another =
      std::ranges::find(tool.resource->copies, on, &integration::Copy::field) !=
      tool.resource->copies.end();
  for (const auto& field : tool.resource->fields) {
    if (goes_with_another) break;
    if (!field.lookup || field.name == on || given.contains(field.name) ||
        field.lookup->resource != argument.reference->resource ||
        id_in(before, field.name) != old) {
      continue;
    }
    CAPTURE(field.name);
    ++count.named_old;
    CHECK_MESSAGE(notice.contains(field.name), "named the old place, and not told: " << notice);
    CHECK(notice_of(shown).contains(field.name));
  }
  return true;
}

}  // namespace

TEST_CASE("moves: whatever scope a record is moved to, nothing of the old one stays untold") {
  World world;
  Moved count;
  std::set<std::string> kinds;
  for (const auto& each : shipped_tools()->tools()) {
    const auto& tool = *each;
    if (tool.method->kind != MethodKind::update) continue;
    // Below a parent's path there is no list of all that could be moved.
    if (!tool.resource->path.names().empty()) continue;
    for (const auto& argument : tool.method->arguments) {
      if (argument.place != integration::ArgumentPlace::body || !argument.reference) continue;
      const auto& on = argument.field();
      if (dependents(tool, on).empty()) continue;
      CAPTURE(tool.name);
      CAPTURE(argument.name);
      const auto before = fullest(world, tool, on);
      if (!before) {
        MESSAGE(tool.name << ": nothing in the sandbox hangs on " << on);
        continue;
      }
      const auto* target = find_resource(argument.reference->resource);
      bool moved = false;
      // Under a parent's path there is no list of all: those are the arguments' own concern.
      if (target->path.names().empty()) {
        int tries = 0;
        for (const auto to : world.direct_ids(target->path.text())) {
          if (to == id_in(*before, on)) continue;
          moved = move(world, tool, argument, *before, to, count);
          if (moved || ++tries == 12) break;
        }
      }
      CHECK_MESSAGE(moved, tool.name << " could be moved nowhere by " << on);
      kinds.insert(tool.resource->name + '.' + on);
    }
  }
  // Companies, boards, projects, types and categories.
  CHECK(kinds.size() >= 12);
  CHECK(count.judged >= 20);
  CHECK(count.named_old >= 4);
  MESSAGE(count.moved << " records moved, " << count.judged << " fields judged");
}

}  // namespace patchbay::gateway
