// HTTP's methods, for whoever needs no more of a message than that.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace patchbay::http {

enum class Method : std::uint8_t { get, head, post, put, patch, delete_, options };
std::string_view to_string(Method method);                  // "GET"
std::optional<Method> parse_method(std::string_view name);  // upper case only

}  // namespace patchbay::http
