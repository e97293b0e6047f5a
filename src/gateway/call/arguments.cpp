#include "gateway/call/arguments.h"

#include <algorithm>

#include "base/text.h"

namespace patchbay::gateway {

bool Arguments::flag(std::string_view name) const {
  const auto* value = values_.find(name);
  if (value == nullptr || value->if_bool() == nullptr || !*value->if_bool()) return false;
  return std::ranges::any_of(method_->arguments, [&](const integration::Argument& argument) {
    return argument.name == name && argument.place == integration::ArgumentPlace::platform;
  });
}

const std::string* Arguments::text(std::string_view name) const {
  const auto* value = values_.find(name);
  return value != nullptr ? value->if_string() : nullptr;
}

const integration::Argument* Arguments::of_field(std::string_view field_path) const {
  const auto head = field_path.substr(0, field_path.find('/'));
  const integration::Argument* found = nullptr;
  for (const auto& argument : method_->arguments) {
    const auto& target = argument.field();
    if (!equal_ignoring_case(target, field_path) && !equal_ignoring_case(target, head)) continue;
    if (values_.find(argument.name) != nullptr) return &argument;
    if (found == nullptr) found = &argument;
  }
  return found;
}

}  // namespace patchbay::gateway
