// Every tool of the pack, before the real sandbox, with every optional argument as null, as "", as
// 0, as [] and as {}: what comes back is what comes back without it, or the call is refused by the
// argument's name. What stands behind it: arguments/absent.h.
#include <algorithm>
#include <array>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "gateway/test_world.h"

namespace patchbay::gateway {
namespace {

using integration::Argument;
using integration::ArgumentPlace;
using integration::FieldType;
using integration::MethodKind;

// The last shows nothing: a no-break space, an ideographic one, and one of no width.
constexpr auto kNothings =
    std::to_array<const char*>({"null", R"("")", "0", "[]", "{}", R"("\u00a0\u3000\u200b")"});

bool is_zero(const char* nothing) {
  return std::string_view(nothing) == "0";
}

// Where the definition says that 0 is a value, it is no nothing.
bool is_value(const Argument& argument, const char* nothing) {
  return is_zero(nothing) && argument.zero_is_value;
}

// ---- calls that work ---------------------------------------------------------------------------

class Calls {
 public:
  explicit Calls(World& world) : world_(world) {}

  // What the tool cannot be called without, with values that the sandbox has.
  std::optional<json::Object> needed(const catalog::Tool& tool) {
    json::Object arguments;
    std::vector<std::pair<std::string, std::int64_t>> found;
    if (!find_path(tool.method->path.text(), "", found)) return std::nullopt;
    for (const auto& [name, id] : found) arguments[name] = id;
    for (const auto& argument : tool.method->arguments) {
      const auto is_first = [&](const std::vector<std::string>& group) {
        return group.front() == argument.name;
      };
      const bool is_needed =
          argument.required || std::ranges::any_of(tool.method->one_of, is_first) ||
          std::ranges::find(tool.method->needs, argument.name) != tool.method->needs.end();
      if (!is_needed || arguments.contains(argument.name)) continue;
      auto value = value_for(argument);
      if (value.is_null()) return std::nullopt;
      arguments[argument.name] = std::move(value);
    }
    return arguments;
  }

  // A text that no record has yet; `same` makes all of them one.
  std::string fresh_text() { return "Absent " + std::to_string(100'000 + ++texts_); }
  static std::string same(std::string text) {
    for (std::size_t at = 0; (at = text.find("Absent 1", at)) != std::string::npos; ++at) {
      text.replace(at, 13, "Absent text");
    }
    return text;
  }

  json::Value value_for(const Argument& argument) {
    if (const auto* choices = argument.schema.find("enum")) return choices->if_array()->front();
    if (argument.reference) return first_id_of(argument);
    switch (argument.type) {
      case FieldType::boolean:
        return true;
      case FieldType::integer:
      case FieldType::reference:
        return 5012;  // a ticket
      case FieldType::number:
        return 1;
      case FieldType::date:
      case FieldType::date_time:
        return argument.name.ends_with("End") ? "2026-11-20T11:00:00Z" : "2026-11-20T10:00:00Z";
      case FieldType::string:
        return fresh_text();
      default:
        return nullptr;
    }
  }

 private:
  // Ids that make a path of records that are there, parents first.
  bool find_path(std::string_view rest, const std::string& before,
                 std::vector<std::pair<std::string, std::int64_t>>& found) {
    const auto open = rest.find('{');
    if (open == std::string_view::npos) return true;
    const auto close = rest.find('}', open);
    const std::string list = before + std::string(rest.substr(0, open - 1));
    for (const auto& record : records_of(list)) {
      const auto id = record.int64_or("id", 0);
      found.emplace_back(rest.substr(open + 1, close - open - 1), id);
      if (find_path(rest.substr(close + 1), list + '/' + std::to_string(id), found)) return true;
      found.pop_back();
    }
    return false;
  }
  json::Array records_of(const std::string& path) {
    // Documents are listed by whose they are.
    const std::string query =
        path.ends_with("documents") ? "?recordType=Ticket&recordId=5012&" : "?";
    auto found = world_.direct(path + query + "orderBy=id&pageSize=30");
    if (found.is_array()) return std::move(*found.if_array());
    // A forecast is an object with a list.
    for (auto& [name, member] : *found.if_object()) {
      if (member.is_array()) return std::move(*member.if_array());
    }
    return {};
  }
  // Of a scoped reference the first list that has one will do: what does not go together is
  // refused.
  json::Value first_id_of(const Argument& argument) {
    const auto* resource =
        world_.harness.tools->integration().find_resource(argument.reference->resource);
    std::vector<std::pair<std::string, std::int64_t>> found;
    const std::string one = resource->path.text() + "/{id}";
    return find_path(one, "", found) ? json::Value(found.back().second) : json::Value();
  }

  World& world_;
  int texts_ = 0;
};

// ---- what is compared --------------------------------------------------------------------------

// What a result says, without what differs from call to call: the calls of a composite have the
// time in them, a write shows the record as it was before, and cursors are sealed each anew.
json::Value lasting(const json::Value& value, const std::set<std::string>& without) {
  const auto* members = value.if_object();
  if (members == nullptr) {
    // Of a record that was made a moment ago, and of what is counted from there.
    const auto* text = value.if_string();
    const bool moment = !without.empty() && text != nullptr && text->size() == 20 &&
                        text->ends_with('Z') && !text->ends_with(":00:00Z");
    return moment ? json::Value("a moment") : value;
  }
  json::Object kept;
  for (const auto& [name, member] : *members) {
    if (name == "calls" || name == "touches" || name == "lastUpdated" || without.contains(name))
      continue;
    kept.append(name, name == "next_cursor" ? json::Value(true) : lasting(member, without));
  }
  return kept;
}

std::string comparable(const Answered& outcome, const std::set<std::string>& without) {
  return Calls::same(json::to_string(lasting(outcome.value, without)));
}

std::string shortened(const std::string& text) {
  return text.substr(0, 600);
}

// The members that differ between two calls which say the same.
std::set<std::string> differing(const Answered& one, const Answered& other) {
  std::set<std::string> names;
  for (const auto& [name, member] : *one.value.if_object()) {
    const auto* there = other.value.find(name);
    if (there == nullptr ||
        Calls::same(json::to_string(*there)) != Calls::same(json::to_string(member))) {
      names.insert(name);
    }
  }
  return names;
}

// A call that works without an argument, tried with that argument as each of the nothings.
struct Trial {
  const catalog::Tool& tool;
  std::string expected;
  std::set<std::string> without = {};
  int refused = 0;
  int as_left_out = 0;

  // `again`: the call without the argument once more. What is counted back from now, as the last
  // seven days are, moves while the test runs.
  void judge(const Argument& argument, const char* nothing, const Answered& outcome,
             const std::function<Answered()>& again = {}) {
    CAPTURE(tool.name);
    CAPTURE(argument.name);
    CAPTURE(std::string(nothing));
    if (again && comparable(outcome, without) != expected) expected = comparable(again(), without);
    if (comparable(outcome, without) == expected) {
      ++as_left_out;
      return;
    }
    ++refused;
    const auto got = comparable(outcome, without);
    const auto at = std::ranges::mismatch(got, expected).in1 - got.begin();
    const auto from = static_cast<std::size_t>(std::max<std::ptrdiff_t>(at - 200, 0));
    CHECK_MESSAGE(outcome.result.is_error, shortened(got.substr(from))
                                               << "\ninstead of\n"
                                               << shortened(expected.substr(from)));
    const auto told = outcome.error();
    CHECK_MESSAGE(told.contains(argument.name), shortened(outcome.result.text));
    // No sentence that ends in what is not there.
    CHECK_MESSAGE(!told.contains(": \n"), told);
    CHECK_MESSAGE(!told.contains(". \n"), told);
    if (outcome.result.is_error) CHECK(outcome.was_applied() == "no");
  }
};

bool is_optional(const Argument& argument, const json::Object& base) {
  return !argument.required && !base.contains(argument.name);
}

// The texts of a change that any record takes.
const Argument* text_to_change(const catalog::Tool& tool) {
  const Argument* found = nullptr;
  for (const auto& argument : tool.method->arguments) {
    if (argument.place != ArgumentPlace::body || argument.type != FieldType::string ||
        argument.reference || argument.schema.find("enum") != nullptr) {
      continue;
    }
    const bool harmless = argument.name.contains("otes") || argument.name.contains("escription");
    if (found == nullptr || harmless) found = &argument;
    if (harmless) break;
  }
  return found;
}

}  // namespace

TEST_CASE("a read is as without the argument that says nothing, or refuses it by its name") {
  World world;
  Calls calls(world);
  int tools = 0;
  int working = 0;
  for (const auto& tool : world.harness.tools->tools()) {
    if (tool->method->writes()) continue;
    ++tools;
    auto base = calls.needed(*tool);
    if (!base) continue;
    for (const bool counting : {false, true}) {
      const auto& known = tool->method->arguments;
      const bool counts = std::ranges::find(known, "count", &Argument::name) != known.end();
      if (counting && !counts) continue;
      auto given = *base;
      if (counting) given["count"] = true;
      const auto without = world.harness.call_value(tool->name, given);
      if (!counting && !without.result.is_error) ++working;
      Trial trial{*tool, comparable(without, {})};
      for (const auto& argument : known) {
        if (!is_optional(argument, given)) continue;
        // The count tells what a filter does.
        if (counts && counting != (argument.place == ArgumentPlace::filter)) continue;
        for (const char* nothing : kNothings) {
          if (is_value(argument, nothing)) continue;
          auto with = given;
          with[argument.name] = json::parse(nothing).value();
          trial.judge(argument, nothing, world.harness.call_value(tool->name, std::move(with)),
                      [&] { return world.harness.call_value(tool->name, given); });
        }
      }
    }
  }
  // All but those whose path names nothing that the sandbox has.
  CHECK(tools > 100);
  CHECK(working > tools * 9 / 10);
}

TEST_CASE("an update with one change leaves the rest of the record, whatever stands for nothing") {
  World world;
  Calls calls(world);
  int updates = 0;
  int working = 0;
  for (const auto& tool : world.harness.tools->tools()) {
    if (tool->method->kind != MethodKind::update) continue;
    ++updates;
    auto base = calls.needed(*tool);
    const auto* text = text_to_change(*tool);
    if (!base || text == nullptr) continue;
    (*base)[text->name] = calls.fresh_text();
    const auto changed = world.harness.call_value(tool->name, *base);
    if (changed.result.is_error) continue;
    ++working;
    Trial trial{*tool, comparable(changed, {})};
    json::Object all_null = *base;
    for (const auto& argument : tool->method->arguments) {
      if (!is_optional(argument, *base)) continue;
      all_null[argument.name] = nullptr;
      for (const char* nothing : kNothings) {
        if (is_value(argument, nothing)) continue;
        auto with = *base;
        with[argument.name] = json::parse(nothing).value();
        trial.judge(argument, nothing, world.harness.call_value(tool->name, std::move(with)));
      }
    }
    // As many clients send it: one change, and null for all that the model left out.
    const auto filled = world.harness.call_value(tool->name, std::move(all_null));
    CHECK_MESSAGE(comparable(filled, {}) == trial.expected,
                  tool->name << shortened(filled.result.text));
  }
  CHECK(updates > 30);
  CHECK(working > updates * 9 / 10);
}

TEST_CASE("a record is made as without the argument that says nothing, or is not made") {
  World world;
  Calls calls(world);
  int creates = 0;
  int working = 0;
  for (const auto& tool : world.harness.tools->tools()) {
    if (tool->method->kind != MethodKind::create) continue;
    ++creates;
    const auto make = [&](const Argument* argument, const char* nothing) {
      auto arguments = calls.needed(*tool).value_or(json::Object());
      if (argument != nullptr) arguments[argument->name] = json::parse(nothing).value();
      return world.harness.call_value(tool->name, std::move(arguments));
    };
    const auto first = make(nullptr, "");
    const auto second = make(nullptr, "");
    if (first.result.is_error || second.result.is_error) {
      MESSAGE(tool->name << ": " << (first.result.is_error ? first : second).result.text);
      continue;
    }
    ++working;
    Trial trial{*tool, {}, differing(first, second)};
    trial.without.merge(differing(second, first));
    trial.expected = comparable(second, trial.without);
    const auto base = calls.needed(*tool).value_or(json::Object());
    for (const auto& argument : tool->method->arguments) {
      if (!is_optional(argument, base)) continue;
      for (const char* nothing : kNothings) {
        if (is_value(argument, nothing)) continue;
        trial.judge(argument, nothing, make(&argument, nothing));
      }
    }
  }
  CHECK(creates > 25);
  CHECK(working > creates / 2);
}

TEST_CASE("what a write would send is as without the argument that says nothing") {
  World world;
  Calls calls(world);
  int writes = 0;
  int working = 0;
  for (const auto& tool : world.harness.tools->tools()) {
    if (!tool->method->writes()) continue;
    ++writes;
    auto base = calls.needed(*tool);
    if (!base) continue;
    (*base)["dry_run"] = true;
    const auto shown = world.harness.call_value(tool->name, *base);
    if (!shown.result.is_error) ++working;
    Trial trial{*tool, comparable(shown, {})};
    for (const auto& argument : tool->method->arguments) {
      if (!is_optional(argument, *base)) continue;
      for (const char* nothing : kNothings) {
        if (is_value(argument, nothing)) continue;
        auto with = *base;
        with[argument.name] = json::parse(nothing).value();
        trial.judge(argument, nothing, world.harness.call_value(tool->name, std::move(with)));
      }
    }
  }
  CHECK(writes > 80);
  CHECK(working > writes / 3);
}

}  // namespace patchbay::gateway
