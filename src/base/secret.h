// A string that must not be seen: it cannot be printed, compared with == or converted by accident,
// and its bytes are wiped when it goes. Whoever needs the bytes says so: reveal().
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace patchbay {

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value) : value_(std::move(value)) {}
  Secret(const Secret&) = default;
  Secret(Secret&&) noexcept;
  Secret& operator=(const Secret&);
  Secret& operator=(Secret&&) noexcept;
  ~Secret();

  // The bytes, for the one place that must send or hash them. Valid as long as the Secret.
  std::string_view reveal() const { return value_; }
  bool empty() const { return value_.empty(); }

 private:
  std::string value_;
};

// Compares in time that depends on the lengths only.
bool equal_in_constant_time(std::string_view a, std::string_view b);

}  // namespace patchbay
