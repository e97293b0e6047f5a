#include "gateway/names/distinct.h"

#include <map>

#include "base/blanks.h"
#include "base/text.h"
#include "gateway/sending/ask.h"

namespace patchbay::gateway {

namespace {

void add_ids(const json::Value& value, std::vector<std::int64_t>& out) {
  if (const auto* items = value.if_array()) {
    for (const auto& item : *items) add_ids(item, out);
  } else if (const auto id = value.as_int64()) {
    out.push_back(*id);
  } else if (const auto* text = value.if_string()) {
    if (const auto digits = parse_int64(trim_blanks(*text))) out.push_back(*digits);
  } else if (const auto* inner = value.find("id")) {
    add_ids(*inner, out);
  }
}

}  // namespace

std::vector<std::int64_t> ids_given(const Call& call, const Arguments& arguments,
                                    const Names& names, const std::string& argument_name) {
  std::vector<std::int64_t> ids;
  const auto* argument = call.find_argument(argument_name);
  const auto* given = arguments.find(argument_name);
  if (argument == nullptr || given == nullptr) return ids;
  add_ids(bound_value(names, *argument, *given), ids);
  return ids;
}

Outcome<> check_distinct(const Call& call, const Arguments& arguments, const Names& names) {
  std::map<std::int64_t, std::string> seen;
  for (const auto& name : call.method().distinct) {
    for (const auto id : ids_given(call, arguments, names, name)) {
      const auto [first, fresh] = seen.emplace(id, name);
      if (fresh) continue;
      const std::string where =
          first->second == name ? name + " names " + std::to_string(id) + " twice"
                                : std::to_string(id) + " stands in " + first->second + " and in " +
                                      name + ": a record cannot be joined to itself";
      return refuse_argument(name, Error{ErrorCode::invalid_argument, where + '.',
                                         "Nothing was sent. Name each record once."});
    }
  }
  return {};
}

}  // namespace patchbay::gateway
