#include "gateway/names/resolve_references.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "base/blanks.h"
#include "base/nearest.h"
#include "base/text.h"
#include "gateway/names/combinations.h"
#include "gateway/names/current_record.h"
#include "gateway/names/distinct.h"
#include "gateway/names/inherited.h"
#include "gateway/names/known_filters.h"
#include "gateway/names/moves.h"
#include "gateway/names/reference_lookup.h"
#include "gateway/names/said.h"
#include "gateway/names/scopes.h"
#include "gateway/names/shown_ids.h"
#include "gateway/sending/fan_out.h"
#include "json/parse.h"
#include "json/write.h"

namespace patchbay::gateway {

namespace {

// A name that nothing scopes: the upstream compares it as it is. Right for filters only.
std::optional<Resolution> unscoped_filter(const Call& call, const integration::Argument& argument,
                                          const json::Value& value) {
  if (argument.place != integration::ArgumentPlace::filter || call.is_write()) return std::nullopt;
  Resolution resolution{&argument, {}, false, false};
  const auto add = [&](const json::Value& item) {
    if (const auto id = item.as_int64()) {
      resolution.records.push_back({*id, "", ""});
    } else if (const auto* text = item.if_string()) {
      // Digits are an id: listings show references as texts.
      const auto name = trim_blanks(*text);
      const auto group = split_group(name);
      if (const auto digits = parse_int64(name); digits && *digits > 0) {
        resolution.records.push_back({*digits, "", ""});
      } else if (group && group->says_id) {
        resolution.records.push_back({*group->id, std::string(unquoted(group->before)), ""});
      } else {
        resolution.records.push_back({nullptr, std::string(unquoted(name)), ""});
      }
    }
  };
  if (const auto* items = value.if_array()) {
    for (const auto& item : *items) add(item);
  } else {
    add(value);
  }
  if (resolution.records.empty()) return std::nullopt;
  return resolution;
}

// The names as they are, to be looked up once there is where to.
Resolution as_said(const integration::Argument& argument, const json::Value& value) {
  Resolution resolution{&argument, {}, false, false};
  const auto add = [&resolution](const json::Value& one) {
    const auto* text = one.if_string();
    json::Value named =
        text != nullptr ? json::Value(json::Object{{"name", trim_blanks(*text)}}) : one;
    resolution.records.push_back({std::move(named), "", ""});
  };
  if (const auto* items = value.if_array()) {
    for (const auto& item : *items) add(item);
  } else {
    add(value);
  }
  return resolution;
}

bool gives_a_name(const json::Value& value) {
  if (value.is_string()) return true;
  if (const auto* items = value.if_array()) return std::ranges::any_of(*items, gives_a_name);
  return value.is_object() && value.find("id") == nullptr;
}

class Resolving {
 public:
  Resolving(Call& call, Arguments& arguments, Names& names)
      : call_(call), arguments_(arguments), names_(names) {}

  // Those of the path, or all others.
  void take(bool of_path) {
    for (const auto& argument : call_.method().arguments) {
      const auto* value = arguments_.find(argument.name);
      if (argument.reference && value != nullptr && !value->is_null() &&
          (argument.place == integration::ArgumentPlace::path) == of_path) {
        waiting_.push_back(&argument);
      }
    }
  }

  // Scopes before what they scope, and all of one round at the same time. An argument whose scope
  // could not be resolved is left alone: its own error would only repeat the first one.
  io::Task<Outcome<>> run() {
    while (!waiting_.empty()) {
      const auto wrong = arguments_.violations.size();
      if (auto inherited = co_await inherit(); !inherited) co_return inherited;
      // What is looked up within it would only repeat it.
      if (arguments_.violations.size() > wrong) co_return Outcome<>();
      std::vector<Resolved> round;
      for (const auto* argument : std::exchange(waiting_, {})) {
        if (waits_for_parent(call_, arguments_, names_, *argument)) {
          waiting_.push_back(argument);
          continue;
        }
        auto scopes = scope_values(call_, arguments_, names_, argument->reference->scopes);
        if (scopes.state == ScopeValues::State::waiting) {
          waiting_.push_back(argument);
        } else {
          round.push_back({argument, std::move(scopes), std::nullopt, {}, {}, {}});
        }
      }
      if (round.empty()) break;
      std::vector<std::function<io::Task<>()>> jobs;
      for (auto& outcome : round) {
        jobs.emplace_back([this, &outcome] { return resolve(outcome); });
      }
      co_await fan_out(call_.services.runtime, std::move(jobs));
      // In the order of the arguments, whichever came first.
      for (auto& outcome : round) {
        if (!outcome.failed) co_return outcome.failed;
        for (const auto& notice : outcome.notices) call_.add_notice(notice);
        for (auto& violation : outcome.violations) {
          arguments_.violations.push_back(std::move(violation));
        }
        if (outcome.resolution) names_.resolutions.push_back(std::move(*outcome.resolution));
      }
    }
    co_return Outcome<>();
  }

  // What the record has from others, as far as it is known by now who these are.
  io::Task<Outcome<>> inherit() {
    if (call_.context.unmade) co_return Outcome<>();  // that record has nothing yet
    const auto wanted = fields_to_inherit(call_, arguments_);
    auto read = co_await read_inherited(call_, arguments_, names_, wanted);
    if (read) check_inherited(call_, arguments_, names_);
    co_return read;
  }

  // The tools that list what could not be resolved.
  const std::set<std::string>& list_tools() const { return list_tools_; }

 private:
  struct Resolved {
    const integration::Argument* argument;
    ScopeValues scopes;
    std::optional<Resolution> resolution;
    std::vector<FieldError> violations;
    std::vector<std::string> notices;
    Outcome<> failed;  // an error only for a look-up that failed
  };

  // Looked up within a record that is not made yet, or within what it would have.
  bool hangs_on_unmade(const ScopeValues& scopes) const {
    if (!call_.context.unmade) return false;
    return scopes.state == ScopeValues::State::missing ||
           std::ranges::any_of(scopes.values, [this](const auto& scope) {
             return call_.context.is_unmade(scope.second.id);
           });
  }

  io::Task<> resolve(Resolved& outcome) {
    const auto& argument = *outcome.argument;
    const json::Value value = *arguments_.find(argument.name);
    if (hangs_on_unmade(outcome.scopes)) {
      outcome.resolution = as_said(argument, value);
      co_return;
    }
    if (outcome.scopes.state == ScopeValues::State::missing) {
      outcome.resolution = unscoped_filter(call_, argument, value);
      if (outcome.resolution) {
        const auto ids = std::ranges::count_if(
            outcome.resolution->records, [](const Named& named) { return !named.id.is_null(); });
        if (ids == 0 || ids == std::ssize(outcome.resolution->records)) co_return;
        // One comparison is of ids or of names.
        outcome.resolution.reset();
        outcome.violations.push_back({argument.name, "give names or ids, not both"});
        co_return;
      }
      if (gives_a_name(value)) {
        const std::string& missing = outcome.scopes.missing;
        // A tool of an import may take nothing that says where to look (pack/layers.h).
        const bool is_taken = call_.find_argument(missing) != nullptr;
        outcome.violations.push_back(
            {argument.name, "a name is looked up on a " + missing +
                                (is_taken ? "; give " + missing + " as well, or the id"
                                          : ", which this tool does not take; give the id")});
        co_return;
      }
      outcome.scopes.values.clear();
    }
    // What would be sent is shown as if it were sent, and nobody else will look at its ids. Nor
    // will they at those of a composite, whose steps count what there is of them.
    const bool check_ids =
        arguments_.flag("dry_run") || argument.place == integration::ArgumentPlace::step;
    ReferenceLookup lookup(call_, argument, std::move(outcome.scopes), check_ids);
    Resolution resolution{&argument, {}, gives_a_name(value), true};
    const auto* items = value.if_array();
    const std::size_t count = items != nullptr ? items->size() : 1;
    for (std::size_t i = 0; i < count; ++i) {
      auto record = co_await lookup.resolve(items != nullptr ? (*items)[i] : value);
      if (record) {
        if (!lookup.notice().empty()) outcome.notices.push_back(lookup.notice());
        resolution.records.push_back(std::move(*record));
        continue;
      }
      if (record.error().code != ErrorCode::invalid_argument) {
        outcome.failed = std::unexpected(std::move(record.error()));
        co_return;
      }
      const auto* text = value.if_string();
      const bool is_nobody = lookup.refused() == ReferenceLookup::Refused::nobody;
      if (!argument.compares.empty() && text != nullptr && !is_nobody) {
        outcome.resolution = Resolution{&argument,
                                        {{nullptr, std::string(trim_blanks(*text)), ""}},
                                        false,
                                        false,
                                        std::move(record.error().message)};
        co_return;
      }
      outcome.violations.push_back({argument.name, std::move(record.error().message)});
      const std::string list_tool(call_.told(argument.reference->list_tool));
      if (!list_tool.empty()) list_tools_.insert(list_tool);
    }
    if (resolution.records.size() == count) outcome.resolution = std::move(resolution);
  }

  Call& call_;
  Arguments& arguments_;
  Names& names_;
  std::vector<const integration::Argument*> waiting_;
  std::set<std::string> list_tools_;
};

// All that is wrong so far, and the tools that list what there is.
ToolError say_violations(const Call& call, Arguments& arguments,
                         const std::set<std::string>& list_tools) {
  ToolError error{.code = ErrorCode::invalid_argument,
                  .field_errors = std::move(arguments.violations)};
  error.message = error.field_errors.size() == 1
                      ? error.field_errors.front().message
                      : std::to_string(error.field_errors.size()) +
                            " arguments name records that are not there.";
  const std::vector<std::string> tools(list_tools.begin(), list_tools.end());
  error.hint = call.is_write() ? "Nothing was written. " : "";
  error.hint += tools.empty() ? "Correct the argument and call again."
                              : join(tools, " and ") + (tools.size() == 1 ? " lists" : " list") +
                                    " all there are.";
  return error;
}

}  // namespace

io::Task<Outcome<Names>> resolve_references(Call& call, Arguments& arguments) {
  Names names;
  Resolving resolving(call, arguments, names);
  resolving.take(true);
  if (!call.method().record_path.empty()) {
    // The record cannot be read by a parent's name.
    if (auto resolved = co_await resolving.run(); !resolved) {
      co_return std::unexpected(std::move(resolved.error()));
    }
    if (arguments.violations.empty()) {
      auto current = co_await read_current(call, arguments, names);
      if (!current) co_return std::unexpected(std::move(current.error()));
      names.current = std::move(*current);
      names.before = names.current;
    }
  }
  // What cannot be is told before what else there may be to say of it.
  if (auto distinct = check_distinct(call, arguments, names); !distinct) {
    co_return std::unexpected(std::move(distinct.error()));
  }
  if (arguments.violations.empty()) {
    resolving.take(false);
    if (auto resolved = co_await resolving.run(); !resolved) {
      co_return std::unexpected(std::move(resolved.error()));
    }
  }
  if (arguments.violations.empty()) {
    if (auto inherited = co_await resolving.inherit(); !inherited) {
      co_return std::unexpected(std::move(inherited.error()));
    }
  }
  if (arguments.violations.empty()) {
    auto followed = co_await follow_moves(call, arguments, names);
    if (!followed) co_return std::unexpected(std::move(followed.error()));
  }
  // Both ask about what would be there by then.
  if (arguments.violations.empty() && call.context.unmade) co_return names;
  for (const auto& combination : call.method().combinations) {
    if (!arguments.violations.empty()) break;
    auto checked = co_await check_combination(call, arguments, names, combination);
    if (!checked) co_return std::unexpected(std::move(checked.error()));
  }
  if (arguments.violations.empty()) co_await check_shown_ids(call, arguments, names);
  if (arguments.violations.empty() && call.is_list()) {
    if (auto known = co_await check_doubtful_filters(call, arguments, names); !known) {
      co_return std::unexpected(std::move(known.error()));
    }
  }
  if (arguments.violations.empty()) co_return names;
  co_return std::unexpected(say_violations(call, arguments, resolving.list_tools()));
}

io::Task<std::string> candidates_for(Call& call, const Arguments& arguments, const Names& names,
                                     const integration::Argument& argument) {
  if (!argument.reference) co_return std::string();
  auto scopes = scope_values(call, arguments, names, argument.reference->scopes);
  if (scopes.state != ScopeValues::State::complete) co_return std::string();
  std::string wanted;
  if (const auto* given = arguments.find(argument.name)) {
    if (const auto* text = given->if_string()) wanted = *text;
    // Nothing is near a number. What a board has is worth telling all the same.
    const bool is_id = given->is_number() || parse_int64(trim_blanks(wanted));
    if (is_id && scopes.values.empty()) co_return std::string();
    if (is_id) wanted.clear();
  }
  ReferenceLookup lookup(call, argument, std::move(scopes));
  co_return co_await lookup.candidates(std::move(wanted));
}

}  // namespace patchbay::gateway
