#include "gateway/call.h"

#include "base/text.h"

namespace patchbay::gateway {

bool Call::is_list() const {
  if (method().kind == integration::MethodKind::list) return true;
  // A custom method that can be paged.
  return method().kind == integration::MethodKind::custom &&
         method().verb == integration::Verb::get && !method().composite &&
         find_argument("limit") != nullptr;
}

bool Call::verbose() const {
  return flag("verbose");
}

bool Call::flag(std::string_view name) const {
  const auto* value = arguments.find(name);
  if (value == nullptr || value->if_bool() == nullptr || !*value->if_bool()) return false;
  const auto* argument = find_argument(name);
  return argument != nullptr && argument->place == integration::Place::platform;
}

const integration::Argument* Call::find_argument(std::string_view name) const {
  for (const auto& argument : method().arguments) {
    if (argument.name == name) return &argument;
  }
  return nullptr;
}

const integration::Argument* Call::find_argument_of_field(std::string_view field_path) const {
  const auto head = field_path.substr(0, field_path.find('/'));
  // Several may set one field; the one that was given is meant.
  const integration::Argument* found = nullptr;
  for (const auto& argument : method().arguments) {
    const std::string_view target = argument.target.empty() ? argument.name : argument.target;
    if (!equal_ignoring_case(target, field_path) && !equal_ignoring_case(target, head)) continue;
    if (arguments.find(argument.name) != nullptr) return &argument;
    if (found == nullptr) found = &argument;
  }
  return found;
}

const Resolution* Call::find_resolution(const integration::Argument& argument) const {
  for (const auto& resolution : resolutions) {
    if (resolution.argument == &argument) return &resolution;
  }
  return nullptr;
}

}  // namespace patchbay::gateway
