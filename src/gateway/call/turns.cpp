#include "gateway/call/turns.h"

#include <algorithm>
#include <utility>

namespace patchbay::gateway {

bool Turns::is_free(std::size_t place) const {
  const auto& own = calls_[place].keys;
  return std::all_of(calls_.begin(), calls_.begin() + static_cast<std::ptrdiff_t>(place),
                     [&own](const Place& before) {
                       if (before.over) return true;
                       return before.said && std::ranges::none_of(own, [&](const auto& key) {
                                return std::ranges::find(before.keys, key) != before.keys.end();
                              });
                     });
}

void Turns::tell() {
  for (const auto& event : std::exchange(waiting_, {})) event->set();
}

io::Task<> Turns::take(std::size_t place, std::vector<std::string> keys) {
  calls_[place].keys = std::move(keys);
  calls_[place].said = true;
  tell();
  while (!is_free(place)) {
    const auto changed = std::make_shared<io::Event>();
    waiting_.push_back(changed);
    co_await changed->wait();
  }
}

void Turns::end(std::size_t place) {
  calls_[place].over = true;
  tell();
}

}  // namespace patchbay::gateway
