// SQL that was written in this program: only a literal converts, so no input can become a
// statement.
#pragma once

#include <cstddef>
#include <string_view>

namespace patchbay::store {

class Sql {
 public:
  constexpr Sql() = default;
  template <std::size_t N>
  consteval Sql(const char (&literal)[N]) : text_(literal, N - 1) {}  // NOLINT: implicit
  // A literal: a zero follows its end.
  constexpr std::string_view text() const { return text_; }

 private:
  std::string_view text_;
};

}  // namespace patchbay::store
