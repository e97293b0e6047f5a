// What a change says of a member that may be empty: that it stays, that it is cleared, or what it
// is now. Absent and null of a request are two of these, and cannot be mixed up.
#pragma once

#include <optional>
#include <utility>
#include <variant>

namespace patchbay::control {

struct Keep {};
struct Clear {};
template <class T>
using Edit = std::variant<Keep, Clear, T>;

template <class T>
void apply(Edit<T> edit, std::optional<T>& value) {
  if (std::holds_alternative<Clear>(edit)) value.reset();
  if (T* const given = std::get_if<T>(&edit)) value = std::move(*given);
}

}  // namespace patchbay::control
