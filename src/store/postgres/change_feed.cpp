#include "store/postgres/change_feed.h"

#include <algorithm>
#include <thread>

namespace patchbay::store::postgres {
namespace {

constexpr std::chrono::seconds kPatience{1};

}  // namespace

ChangeFeed::Heard NotifiedFeed::wait(std::chrono::milliseconds at_most) {
  const auto until = std::chrono::steady_clock::now() + at_most;
  if (!connection_) {
    std::this_thread::sleep_until(std::min(until, backoff_.until()));
    if (!backoff_.is_over(std::chrono::steady_clock::now()) || !listen()) return Heard::lost;
    return Heard::something;  // whatever came while nobody listened
  }
  while (true) {
    const bool notified = connection_->wait_for_notification(until);
    if (connection_->is_lost()) return lose();
    const auto now = read_revision(*connection_);
    if (!now) return lose();
    if (*now != seen_) {
      seen_ = *now;
      return Heard::something;
    }
    // Else it was of a change that is known already.
    if (!notified) return Heard::nothing;
  }
}

Result<> NotifiedFeed::listen() {
  auto connection = pool_.connect();
  if (connection) {
    (*connection)->set_patience(kPatience);
    // Before the look at the revision: what comes after it is heard.
    if (auto listening = (*connection)->execute("LISTEN patchbay_change"); listening) {
      if (auto now = read_revision(**connection); now) {
        seen_ = *now;
        backoff_.reset();
        connection_ = std::move(*connection);
        return {};
      }
    }
  }
  lose();
  return fail(ErrorCode::unavailable, "The database cannot be heard.");
}

Result<std::int64_t> NotifiedFeed::read_revision(Connection& connection) {
  const auto answer = connection.run(Question::revision, {});
  if (!answer) return std::unexpected(answer.error());
  return answer->rows() == 0 ? 0 : answer->at(0, 0).integer;
}

ChangeFeed::Heard NotifiedFeed::lose() {
  connection_.reset();
  backoff_.fail(std::chrono::steady_clock::now());
  return Heard::lost;
}

}  // namespace patchbay::store::postgres
