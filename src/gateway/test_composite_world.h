// For tests of composites: reading the sandbox past the gateway, and a composite's own calls again.
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "gateway/test_world.h"

namespace patchbay::gateway {

// All records of a list, past the gateway.
inline std::vector<json::Value> all_of(World& world, const std::string& target) {
  std::vector<json::Value> out;
  for (int page = 1;; ++page) {
    const auto records = world.direct(target + (target.contains('?') ? '&' : '?') +
                                      "pageSize=1000&page=" + std::to_string(page));
    for (const auto& record : *records.if_array()) out.push_back(record);
    if (records.if_array()->size() < 1000) return out;
  }
}

// Amounts in hundredths, so that sums here are exact as well.
inline std::int64_t hundredths(const json::Value* value) {
  if (value == nullptr) return 0;
  const auto* text = value->if_string();
  const double number = text != nullptr ? std::stod(*text) : value->as_double().value_or(0);
  return std::llround(number * 100);
}

inline const json::Value& member(const json::Value& value, const char* name) {
  const auto* found = value.find(name);
  REQUIRE_MESSAGE(found != nullptr, name << " in " << json::to_string(value).substr(0, 400));
  return *found;
}

inline const json::Value& call_of(const Answered& outcome, std::string_view step) {
  for (const auto& call : *member(outcome.value, "calls").if_array()) {
    if (call.string_or("step", "") == step) return call;
  }
  FAIL("no call of step " << step);
  return outcome.value;
}

inline Answered good(World& world, const std::string& tool, const std::string& arguments) {
  auto outcome = world.call(tool, arguments);
  REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
  return outcome;
}

// A service ticket with several notes.
inline std::string talked_about(World& world) {
  const auto tickets = world.direct("/service/tickets?fields=id&pageSize=200&orderBy=id%20desc");
  for (const auto& ticket : *tickets.if_array()) {
    const auto id = std::to_string(ticket.int64_or("id", 0));
    if (world.direct_ids("/service/tickets/" + id + "/notes").size() > 3) return id;
  }
  FAIL("no ticket has four notes");
  return {};
}

// The same call by the tool that the composite names.
inline Answered repeated(World& world, const json::Value& call) {
  auto outcome =
      world.harness.call_value(std::string(call.string_or("tool", "")), member(call, "arguments"));
  REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
  return outcome;
}

}  // namespace patchbay::gateway
