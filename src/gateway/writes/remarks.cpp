#include "gateway/writes/remarks.h"

#include <algorithm>

#include "base/text.h"
#include "gateway/call/labels.h"
#include "json/path.h"

namespace patchbay::gateway {

namespace {

bool is_as_said(const json::Value& wanted, const json::Value* has) {
  if (has == nullptr || has->is_null()) return wanted.is_null();
  if (wanted.is_number() && has->is_number()) return wanted.as_double() == has->as_double();
  return wanted == *has;
}

// What the record calls what the argument sets.
std::string_view name_in(const Call& call, const integration::Argument& argument,
                         const json::Value& record) {
  const auto* value = json::find_at(record, argument.field());
  if (value == nullptr) return {};
  const auto* text = value->if_string();
  return text != nullptr ? std::string_view(*text) : label_in(call.integration(), *value);
}

bool is_meant(const Call& call, const Prepared& prepared, const integration::Remark& remark,
              const json::Value& record) {
  if (!remark.given.empty()) {
    const auto* argument = call.find_argument(remark.given);
    if (argument == nullptr || !prepared.arguments.has(remark.given)) return false;
    const auto name = name_in(call, *argument, record);
    const bool named =
        remark.named.empty() || std::ranges::any_of(remark.named, [&](const auto& part) {
          return contains_ignoring_case(name, part);
        });
    if (!named) return false;
  }
  return std::ranges::all_of(remark.when, [&](const auto& wanted) {
    return is_as_said(wanted.second, json::find_at(record, wanted.first));
  });
}

}  // namespace

void tell_remarks(Call& call, const Prepared& prepared, const json::Value& record) {
  for (const auto& remark : call.method().remarks) {
    if (is_meant(call, prepared, remark, record)) call.add_notice(remark.text);
  }
}

}  // namespace patchbay::gateway
