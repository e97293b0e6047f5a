#include "io/cancel.h"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace patchbay::io {

struct CancelSource::State {
  bool cancelled = false;
  std::uint64_t next_id = 1;
  std::vector<std::pair<std::uint64_t, std::function<void()>>> callbacks;
};

CancelSource::CancelSource() : state_(std::make_shared<State>()) {}
CancelSource::~CancelSource() = default;

void CancelSource::cancel() {
  if (state_->cancelled) return;
  state_->cancelled = true;
  // A callback may drop another one's registration, or this source: take them one by one.
  auto state = state_;
  while (!state->callbacks.empty()) {
    auto callback = std::move(state->callbacks.front().second);
    state->callbacks.erase(state->callbacks.begin());
    callback();
  }
}

CancelToken CancelSource::token() const {
  CancelToken token;
  token.state_ = state_;
  return token;
}

bool CancelToken::cancelled() const {
  return state_ && state_->cancelled;
}

CancelToken::Registration CancelToken::on_cancel(std::function<void()> callback) const {
  Registration registration;
  if (!state_) return registration;
  if (state_->cancelled) {
    callback();
    return registration;
  }
  registration.state_ = state_;
  registration.id_ = state_->next_id++;
  state_->callbacks.emplace_back(registration.id_, std::move(callback));
  return registration;
}

CancelToken::Registration::Registration(Registration&& other) noexcept
    : state_(std::move(other.state_)), id_(std::exchange(other.id_, 0)) {}

CancelToken::Registration& CancelToken::Registration::operator=(Registration&& other) noexcept {
  std::swap(state_, other.state_);
  std::swap(id_, other.id_);
  return *this;
}

CancelToken::Registration::~Registration() {
  if (!state_) return;
  auto& callbacks = state_->callbacks;
  auto found = std::ranges::find(callbacks, id_, [](const auto& entry) { return entry.first; });
  if (found == callbacks.end()) return;
  // What the callback captured may hold other registrations: let it go last.
  auto callback = std::move(found->second);
  callbacks.erase(found);
}

}  // namespace patchbay::io
