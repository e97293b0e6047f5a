// One step of a composite: its arguments, and its calls through the corridor of every call.
#include <algorithm>

#include "base/iso8601.h"
#include "base/text.h"
#include "gateway/answers/record.h"
#include "gateway/arguments/prepare.h"
#include "gateway/call/absorb.h"
#include "gateway/call/labels.h"
#include "gateway/composites/composite.h"
#include "gateway/composites/composite_choice.h"
#include "gateway/sending/off_loop.h"
#include "json/parse.h"
#include "json/path.h"

namespace patchbay::gateway {

using integration::StepValue;

namespace {

constexpr std::int64_t kMostDays = 36'500;

// An argument of the composite: its record's id where it names one, its default where it was not
// given.
std::optional<json::Value> argument_value(const Composition& all, const std::string& name);

// Of all records that the step kept; those of lists one by one. Nothing: it was not asked for.
std::optional<json::Value> values_of(const Composition& all, const StepValue& value) {
  const auto* part = all.find(value.name);
  if (part == nullptr || !part->summary) return std::nullopt;
  json::Array out;
  for (const auto& record : part->summary->kept) {
    const auto* found = json::find_at(record, value.path);
    if (found == nullptr || found->is_null()) continue;
    const auto* several = found->if_array();
    if (several == nullptr) out.push_back(*found);
    if (several != nullptr) out.insert(out.end(), several->begin(), several->end());
  }
  return out;
}

}  // namespace

std::optional<json::Value> value_of(const Composition& all, const StepValue& value) {
  switch (value.from) {
    case StepValue::From::constant:
      if (value.constant.is_null()) return std::nullopt;
      return value.constant;
    case StepValue::From::argument:
      return argument_value(all, value.name);
    case StepValue::From::record: {
      const auto* part = all.find(value.name);
      const auto* found = part != nullptr ? json::find_at(part->parsed, value.path) : nullptr;
      if (found == nullptr || found->is_null()) return std::nullopt;
      return *found;
    }
    case StepValue::From::records:
      return values_of(all, value);
    case StepValue::From::days_ago:
    case StepValue::From::hours_ahead: {
      const auto given =
          value.name.empty() ? std::optional(value.constant) : argument_value(all, value.name);
      if (!given || !given->as_int64()) return std::nullopt;
      const bool ahead = value.from == StepValue::From::hours_ahead;
      const auto most = ahead ? kMostDays * 24 : kMostDays;
      const auto count = std::clamp<std::int64_t>(*given->as_int64(), 0, most);
      const auto now = all.call.services.clock.now();
      return format_utc(ahead ? now + std::chrono::hours(count) : now - std::chrono::days(count));
    }
    case StepValue::From::chosen:
      break;  // may be refused: see arguments_of
  }
  return std::nullopt;
}

bool is_asked_for(const Composition& all, const std::vector<std::string>& given) {
  const auto& arguments = all.prepared.arguments;
  return given.empty() || std::ranges::any_of(given, [&](const std::string& name) {
           const auto* value = arguments.find(name);
           const auto* flag = value != nullptr ? value->if_bool() : nullptr;
           return flag != nullptr ? *flag : arguments.has(name);
         });
}

namespace {

// The words of an argument that the server is held to. A step is held as well, to the same words:
// it would refuse the id of what they name. Null: it is not held.
const json::Value* limited_words(const Composition& all, const StepValue& value) {
  const auto& call = all.call;
  if (value.from != StepValue::From::argument || call.reach() == nullptr) return nullptr;
  const auto* given = all.prepared.arguments.find(value.name);
  const auto* argument = given != nullptr ? call.find_argument(value.name) : nullptr;
  if (argument == nullptr) return nullptr;
  const auto* limit = call.reach()->limit_of(call.resource(), call.method(), *argument);
  return limit != nullptr && !limit->owner && limit->allows(*given) ? given : nullptr;
}

std::optional<json::Value> argument_value(const Composition& all, const std::string& name) {
  const auto& call = all.call;
  if (const auto* given = all.prepared.arguments.find(name)) {
    const auto* argument = call.find_argument(name);
    const auto* resolution = argument != nullptr ? all.prepared.names.find(*argument) : nullptr;
    if (resolution == nullptr || resolution->records.empty()) return *given;
    if (given->is_array()) {
      json::Array ids;
      for (const auto& record : resolution->records) ids.push_back(record.id);
      return json::Value(std::move(ids));
    }
    return resolution->records.front().id;
  }
  const auto fallback = all.definition().defaults.find(name);
  if (fallback == all.definition().defaults.end()) return std::nullopt;
  return value_of(all, fallback->second);
}

// ---- arguments ---------------------------------------------------------------------------------

void add_once(std::vector<std::string>& names, std::string name) {
  if (std::ranges::find(names, name) == names.end()) names.push_back(std::move(name));
}

// What is needed of a field that makes groups: of a reference what a reader knows it by.
void add_group_field(const catalog::Tool& tool, const std::string& name,
                     std::vector<std::string>& names) {
  const auto& resource = *tool.resource;
  const auto* field = resource.find_field(name);
  if (field == nullptr || field->type != integration::FieldType::reference) {
    add_once(names, name);
    return;
  }
  auto children = single_label_fields(*tool.integration);
  children.insert(children.begin(), tool.integration->pagination.id_field);
  for (const auto& child : children) {
    if (resource.find_field(name + '/' + child) != nullptr) add_once(names, name + '/' + child);
  }
}

// The fields that a reduction reads; with its records, what a list of them shows as well.
json::Array fields_of(const integration::Reduction& reduction, const catalog::Tool& tool) {
  std::vector<std::string> names;
  if (reduction.records) names = tool.method->default_fields;
  const auto add_conditions = [&](const std::vector<integration::Condition>& conditions) {
    for (const auto& condition : conditions) {
      add_once(names, condition.field);
      const auto* other = condition.value.constant.if_string();
      if (condition.test == integration::Condition::Test::before_field && other != nullptr) {
        add_once(names, *other);
      }
    }
  };
  for (const auto& [group, fields] : reduction.groups) {
    for (const auto& field : fields) add_group_field(tool, field, names);
  }
  if (const auto& overlapping = reduction.overlapping) {
    add_group_field(tool, overlapping->of, names);
    add_once(names, overlapping->from);
    add_once(names, overlapping->to);
  }
  for (const auto& field : reduction.kept) add_once(names, field);
  add_conditions(reduction.keep);
  for (const auto& value : reduction.values) {
    for (const auto& field : value.fields) add_once(names, field);
    add_conditions(value.where);
  }
  json::Array out;
  for (auto& name : names) out.emplace_back(std::move(name));
  return out;
}

Outcome<json::Object> arguments_of(const Composition& all, const Part& part) {
  json::Object arguments;
  for (const auto& [name, value] : part.step->with) {
    if (value.from == StepValue::From::chosen) {
      auto chosen = choose_record(all, value);
      if (!chosen) return std::unexpected(std::move(chosen.error()));
      arguments.append(name, std::move(*chosen));
      continue;
    }
    if (const auto* words = limited_words(all, value)) {
      arguments.append(name, *words);
      continue;
    }
    auto found = value_of(all, value);
    if (found) {
      arguments.append(name, std::move(*found));
    } else if (value.from == StepValue::From::record) {
      // Left out, it would ask for more than was meant.
      return refuse(ErrorCode::not_found, value.name + " has no " + value.path + ".");
    }
  }
  const bool takes_fields =
      std::ranges::find(part.tool->argument_names, "fields") != part.tool->argument_names.end();
  if (part.step->reduce && takes_fields && !arguments.contains("fields")) {
    arguments.append("fields", fields_of(*part.step->reduce, *part.tool));
  }
  return arguments;
}

// ---- calls -------------------------------------------------------------------------------------

io::Task<Outcome<>> begin(Composition& all, Part& part, json::Object arguments) {
  part.context.span = all.call.span;
  part.call = std::make_unique<Call>(all.call.services, all.call.loop, *part.tool, part.context);
  part.prepared = std::make_unique<Prepared>(Arguments(*part.tool));
  // Waits for rate limits count for the whole call.
  part.call->waited = all.call.waited;
  auto ready = co_await prepare(*part.call, std::move(arguments), *part.prepared);
  if (part.pages++ == 0) part.arguments = part.prepared->arguments.values();
  co_return ready;
}

io::Task<Outcome<>> take_record(Composition& all, Part& part, json::Object arguments) {
  auto ready = co_await begin(all, part, std::move(arguments));
  auto text = ready ? co_await read_record(*part.call, *part.prepared)
                    : std::unexpected(std::move(ready.error()));
  absorb(all.call, *part.call);
  if (!text) co_return std::unexpected(std::move(text.error()));
  part.record = std::move(*text);
  part.bytes = part.record.size();
  auto parsed =
      co_await off_loop(all.call, part.record.size(), [&part] { return json::parse(part.record); });
  if (parsed) part.parsed = std::move(*parsed);
  co_return Outcome<>();
}

}  // namespace

io::Task<Outcome<>> take_page(Composition& all, Part& part, json::Object arguments) {
  auto ready = co_await begin(all, part, std::move(arguments));
  auto page = ready ? co_await read_page(*part.call, *part.prepared)
                    : std::unexpected(std::move(ready.error()));
  absorb(all.call, *part.call);
  if (!page) co_return std::unexpected(std::move(page.error()));
  part.page = std::move(*page);
  co_return Outcome<>();
}

ToolError in_step(const Composition& all, const Part& part, ToolError error) {
  for (auto& field : error.field_errors) {
    for (const auto& [name, value] : part.step->with) {
      if (name != field.field || value.name.empty()) continue;
      field.field = value.from == StepValue::From::record   ? value.name + '.' + value.path
                    : value.from == StepValue::From::chosen ? value.named
                                                            : value.name;
      break;
    }
  }
  error.message = "step " + part.step->name + " (" + std::string(all.call.shown(*part.tool)) +
                  "): " + error.message;
  return error;
}

io::Task<Outcome<>> begin_step(Composition& all, Part& part) {
  auto arguments = arguments_of(all, part);
  if (!arguments) co_return std::unexpected(std::move(arguments.error()));
  const auto& argument_names = part.tool->argument_names;
  const bool may_be_there =
      part.tool->method->writes() && all.prepared.arguments.flag("allow_duplicate") &&
      std::ranges::find(argument_names, "allow_duplicate") != argument_names.end();
  if (may_be_there) arguments->append("allow_duplicate", true);
  co_return co_await begin(all, part, std::move(*arguments));
}

std::vector<Test> known_tests(const Composition& all, const catalog::Tool& tool,
                              const std::vector<integration::Condition>& conditions) {
  std::vector<Test> tests;
  for (const auto& condition : conditions) {
    auto value = value_of(all, condition.value);
    // A record that has none of them is one that nothing is like, and no missing condition.
    const bool of_step = condition.value.from == StepValue::From::record ||
                         condition.value.from == StepValue::From::records;
    const auto* from = of_step ? all.find(condition.value.name) : nullptr;
    if (!value && from != nullptr && !from->unasked) value = json::Array();
    if (!value) continue;
    const auto* field = tool.resource->find_field(condition.field);
    const bool days = field != nullptr && field->type == integration::FieldType::date;
    tests.push_back(
        {&condition, std::move(*value), days ? &all.call.context.account->time_zone() : nullptr});
  }
  return tests;
}

Outcome<> check_span(const Composition& all) {
  const auto& span = all.definition().span;
  if (!span) return {};
  const auto begin = argument_value(all, span->first);
  const auto end = argument_value(all, span->second);
  const auto* from = begin ? begin->if_string() : nullptr;
  const auto* until = end ? end->if_string() : nullptr;
  if (from == nullptr || until == nullptr) return {};
  const auto first = parse_iso8601(*from, TimeZone::utc());
  const auto last = parse_iso8601(*until, TimeZone::utc());
  if (!first || !last || *first < *last) return {};
  const auto told = [&](const std::string& name, const std::string& time) {
    const auto* given = all.prepared.arguments.find(name);
    return name + " (" + time + (given != nullptr ? ")" : ", its default)");
  };
  ToolError error;
  error.code = ErrorCode::invalid_argument;
  error.message = told(span->first, *from) + " must be before " + told(span->second, *until) + '.';
  error.hint = "Nothing was read. Give both, the earlier time as " + span->first + '.';
  error.field_errors.push_back({span->first, error.message});
  return std::unexpected(std::move(error));
}

io::Task<> run_step(Composition& all, Part& part) {
  auto arguments = arguments_of(all, part);
  Outcome<> done;
  if (!arguments) {
    done = std::unexpected(std::move(arguments.error()));
  } else if (part.step->reduce) {
    done = co_await reduce_list(all, part, std::move(*arguments));
  } else if (part.tool->method->kind == integration::MethodKind::list) {
    done = co_await take_page(all, part, std::move(*arguments));
  } else {
    done = co_await take_record(all, part, std::move(*arguments));
  }
  if (!done) part.failed = in_step(all, part, std::move(done.error()));
}

}  // namespace patchbay::gateway
