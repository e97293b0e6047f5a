// What is wrong with a configuration, gathered so that it is told at once.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"

namespace patchbay::app {

class Faults {
 public:
  // What there is, or nothing and one fault more. `mend` is for faults that have no hint.
  template <class T>
  std::optional<T> take(Result<T> tried, std::string_view mend = "") {
    if (tried) return std::move(*tried);
    add(std::move(tried.error()), mend);
    return std::nullopt;
  }
  void check(Result<> tried, std::string_view mend = "") {
    if (!tried) add(std::move(tried.error()), mend);
  }
  void add(Error fault, std::string_view mend = "");

  bool any() const { return !all_.empty(); }
  std::span<const Error> all() const { return all_; }
  // The error of a single fault is that fault; of several it lists them, each with its mend, after
  // "There are 2 <what>:".
  Error told(std::string_view what) const;

 private:
  std::vector<Error> all_;
};

}  // namespace patchbay::app
