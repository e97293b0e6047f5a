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

// Where a resource's records lie: its list's path, and what a tool must be told to find them there.
struct Place {
  std::string path;
  json::Object arguments;
};

constexpr std::size_t kMostParents = 60;  // whose records are looked at

// One, or one below each of the first parents: "/company/companies/{companyId}/sites".
std::vector<Place> places_of(World& world, const Resource& resource) {
  const auto& path = resource.path.text();
  const auto begin = path.find('{');
  if (begin == std::string::npos) return {{path, {}}};
  const auto end = path.find('}');
  const auto name = path.substr(begin + 1, end - begin - 1);
  if (path.find('{', end) != std::string::npos) return {};
  std::vector<Place> places;
  for (const auto id : world.direct_ids(path.substr(0, begin - 1))) {
    if (places.size() == kMostParents) break;
    places.push_back({path.substr(0, begin) + std::to_string(id) + path.substr(end + 1),
                      json::Object{{name, id}}});
  }
  return places;
}

struct Found {
  json::Value record;
  Place place;
};

// The record that has most of what hangs on the field.
std::optional<Found> fullest(World& world, const catalog::Tool& tool, const std::string& on) {
  const auto deps = dependents(tool, on);
  std::optional<Found> best;
  std::int64_t most = 0;
  for (const auto& place : places_of(world, *tool.resource)) {
    const auto records = world.direct(place.path + "?pageSize=400&orderBy=id%20desc");
    for (const auto& record : *records.if_array()) {
      if (!id_in(record, on)) continue;
      const auto has = std::ranges::count_if(
          deps, [&](const auto& dep) { return id_in(record, dep.first->name).has_value(); });
      if (has <= most) continue;
      most = has;
      best = Found{record, place};
    }
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
bool move(World& world, const catalog::Tool& tool, const Argument& argument, const Found& found,
          std::int64_t to, Moved& count) {
  const auto& on = argument.field();
  const auto& before = found.record;
  const auto own = before.int64_or("id", 0);
  const auto address = found.place.path + '/' + std::to_string(own);
  json::Value arguments = found.place.arguments;
  arguments["id"] = json::Value(own);
  arguments[argument.name] = json::Value(to);
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
      CHECK(world.direct(address) == before);
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
  const auto after = world.direct(address);
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
          if (to == id_in(before->record, on)) continue;
          moved = move(world, tool, argument, *before, to, count);
          if (moved || ++tries == 12) break;
        }
      }
      CHECK_MESSAGE(moved, tool.name << " could be moved nowhere by " << on);
      kinds.insert(tool.resource->name + '.' + on);
    }
  }
  // Below a parent's path too: a site in another country is in none of the old one's states.
  CHECK(kinds.contains("company_sites.country"));
  // Companies, boards, projects, types and categories.
  CHECK(kinds.size() >= 12);
  CHECK(count.judged >= 20);
  CHECK(count.named_old >= 4);
  MESSAGE(count.moved << " records moved, " << count.judged << " fields judged");
}

}  // namespace patchbay::gateway
