#include "base/secret.h"

#include <sodium.h>

namespace patchbay {
namespace {

// The whole allocation, not only the text: an earlier, longer value may still stand behind it.
void wipe(std::string& text) {
  sodium_memzero(text.data(), text.capacity());
  text.clear();
}

}  // namespace

// A short string is copied by std::string's move, so the source is wiped as well.
Secret::Secret(Secret&& other) noexcept : value_(std::move(other.value_)) {
  wipe(other.value_);
}

Secret& Secret::operator=(const Secret& other) {
  if (this != &other) {
    std::string copy = other.value_;
    wipe(value_);
    value_.swap(copy);
    wipe(copy);
  }
  return *this;
}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    wipe(value_);
    value_ = std::move(other.value_);
    wipe(other.value_);
  }
  return *this;
}

Secret::~Secret() {
  wipe(value_);
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace patchbay
