#include "control/held_tools.h"

#include <algorithm>
#include <map>
#include <optional>

#include "base/nearest.h"
#include "base/text.h"
#include "reach/pointers.h"

namespace patchbay::control {
namespace {

// A step that a server leaves out reaches nothing. What a report relates to is a list of the
// server's own or is not read: it is held or left out for itself.
std::optional<std::string> why_not(const catalog::Tool& tool, const reach::Reach& reach) {
  if (tool.method->composite) {
    for (const catalog::Tool* step : tool.steps) {
      if (step == nullptr) continue;
      if (auto why = why_not(*step, reach)) return why;
    }
  }
  return reach::why_not_held(reach.ways(), *tool.resource, *tool.method);
}

// What an argument takes by its type: a name or an id, where it names a record.
bool takes_values(const integration::Argument& argument, const reach::Limit& limit) {
  const bool numbers = limit.values.front().is_number();
  if (argument.reference || argument.type == integration::FieldType::reference) return true;
  const std::string_view type = argument.schema.string_or("type", "");
  return numbers ? type == "integer" || type == "number" : type == "string";
}

std::string nearest_of(const std::string& name, const std::vector<std::string>& known) {
  const auto near = nearest(name, known, 3);
  return near.empty() ? "It has to be an argument of one of them." : "Nearest: " + join(near) + ".";
}

// How a call is made, and not what it is about: no record could be held by it.
bool is_of_the_call(const integration::Argument& argument) {
  using integration::ArgumentPlace;
  return argument.place == ArgumentPlace::platform || argument.place == ArgumentPlace::expansion ||
         argument.place == ArgumentPlace::file;
}

// A filter that compares by something else than sameness narrows lists, and holds no record that is
// asked for by its id.
bool holds_lists_alone(const integration::Argument& argument) {
  return argument.place == integration::ArgumentPlace::filter &&
         argument.filter_operator != integration::FilterOperator::equal &&
         argument.filter_operator != integration::FilterOperator::in;
}

std::unexpected<Error> refuse_limit(const std::string& argument, std::string_view why) {
  return fail(ErrorCode::invalid_argument,
              "config.argument_limits." + argument + ' ' + std::string(why),
              "Limit arguments that compare for sameness what records have.");
}

// Another name of the argument that says whose records.
bool names_owner(const integration::Argument& argument, const reach::Reach& reach) {
  const std::string& owners = reach.ways().integration().owners.resource;
  return !owners.empty() && argument.reference && argument.reference->resource == owners;
}

}  // namespace

Unheld unheld_tools(const catalog::Toolset& toolset, const reach::Reach& reach) {
  Unheld unheld;
  if (reach.owner() == nullptr) return unheld;
  for (const catalog::Tool* tool : toolset.tools()) {
    if (auto why = why_not(*tool, reach)) unheld.emplace_back(tool, std::move(*why));
  }
  return unheld;
}

std::unexpected<Error> refuse_unheld(const Unheld& unheld, const reach::Reach& reach) {
  std::vector<std::string> told;  // in the order of the listing, each reason once
  std::map<std::string, std::vector<std::string>> by_reason;
  std::vector<std::string> order;
  for (const auto& [tool, why] : unheld) {
    auto& tools = by_reason[why];
    if (tools.empty()) order.push_back(why);
    tools.push_back(tool->name);
  }
  for (const auto& why : order) told.push_back(join(by_reason[why]) + " (" + why + ")");
  return fail(ErrorCode::invalid_argument,
              std::to_string(unheld.size()) + " of these tools cannot be held to " +
                  reach.owner()->argument + " " + reach.owner()->told() + ": " + join(told, "; ") +
                  ".",
              "Leave them out: \"unheld_tools\": \"leave_out\" does that, also for what a later "
              "version adds; or choose fewer by methods and tags.");
}

Result<> check_taken(const catalog::Toolset& toolset, const reach::Reach& reach) {
  for (const reach::Limit& limit : reach.limits()) {
    const catalog::Tool* taker = nullptr;
    std::vector<std::string> known;
    for (const catalog::Tool* tool : toolset.tools()) {
      for (const auto& argument : tool->method->arguments) {
        if (!limit.owner && argument.name == limit.argument && is_of_the_call(argument)) {
          return refuse_limit(limit.argument,
                              "says how a call is made, and is no value that records have.");
        }
        if (argument.place != integration::ArgumentPlace::platform) known.push_back(argument.name);
        if (reach.limit_of(*tool->resource, *tool->method, argument) != &limit) continue;
        if (!limit.owner && names_owner(argument, reach)) {
          const std::string& owner = reach.ways().integration().owners.argument;
          return fail(ErrorCode::invalid_argument,
                      "config.argument_limits." + limit.argument +
                          " narrows that argument of some tools, and holds no record.",
                      "Write " + owner +
                          ": it holds the server to their records, by whatever "
                          "argument a tool names them.");
        }
        if (!limit.owner && holds_lists_alone(argument)) {
          return refuse_limit(limit.argument,
                              "would narrow lists alone: it compares by more than sameness, and a "
                              "record by its id would be shown all the same.");
        }
        if (!limit.owner && !takes_values(argument, limit)) {
          return fail(
              ErrorCode::invalid_argument,
              "config.argument_limits." + limit.argument + ": " + tool->name +
                  " takes no such value there.",
              "It takes: " + std::string(argument.schema.string_or("type", "others")) + ".");
        }
        taker = tool;
      }
    }
    if (taker != nullptr || limit.owner) continue;
    std::ranges::sort(known);
    known.erase(std::ranges::unique(known).begin(), known.end());
    return fail(ErrorCode::invalid_argument,
                "config.argument_limits: none of these tools takes '" + limit.argument + "'.",
                nearest_of(limit.argument, known));
  }
  return {};
}

}  // namespace patchbay::control
