#include "gateway/call/waits.h"

#include <algorithm>

namespace patchbay::gateway {

std::string Waits::text() const {
  std::string text;
  if (place.steps > 0) {
    text += "Step " + std::to_string(place.step) + " of " + std::to_string(place.steps) + " (";
    text += place.name;
    text += ')';
  }
  if (place.page > 0) {
    text += text.empty() ? "Page " : ", page ";
    text += std::to_string(place.page) + " of at most " + std::to_string(place.most_pages);
  }
  std::string wait = what_for();
  if (text.empty()) return wait;
  wait.front() = static_cast<char>(wait.front() + ('a' - 'A'));
  return text + ": " + wait;
}

// What takes longest first: of several that wait, it is what the others wait for.
std::string Waits::what_for() const {
  if (any(For::pause)) {
    const auto left =
        std::chrono::ceil<std::chrono::seconds>(pause_ends - std::chrono::steady_clock::now());
    return "Waiting for the end of the pause that the API's rate limit asks for, " +
           std::to_string(std::max<std::int64_t>(left.count(), 0)) + " s more.";
  }
  if (any(For::api)) return "Waiting for the API.";
  if (any(For::turn)) return "Waiting for a turn: other requests of this account are under way.";
  return "Working on the answer.";
}

}  // namespace patchbay::gateway
