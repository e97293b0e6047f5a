#include "io/deadline.h"

#include <new>
#include <thread>
#include <utility>

#include <boost/asio/steady_timer.hpp>

#include "io/runtime.h"

namespace patchbay::io {

namespace {
constexpr std::chrono::milliseconds kSweepInterval{100};
}

struct DeadlineList::Timer {
  explicit Timer(Loop& loop) : timer(loop.context()) {}
  boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                    boost::asio::wait_traits<std::chrono::steady_clock>, Executor>
      timer;
};

void DeadlineList::Node::link_before(Node& other) {
  next = &other;
  previous = other.previous;
  previous->next = this;
  other.previous = this;
}

void DeadlineList::Node::unlink() {
  previous->next = next;
  next->previous = previous;
  next = previous = this;
}

DeadlineList::DeadlineList(Loop& loop) : loop_(loop) {}
DeadlineList::~DeadlineList() = default;

void DeadlineList::shut_down() {
  running_ = true;  // so that nobody starts the timer again
  timer_.reset();
}

void DeadlineList::ensure_running() {
  if (running_) return;
  if (!timer_) timer_ = std::make_unique<Timer>(loop_);
  schedule();
  running_ = true;
}

void DeadlineList::schedule() {
  timer_->timer.expires_after(kSweepInterval);
  timer_->timer.async_wait([this](boost::system::error_code error) {
    if (!error) sweep();
  });
}

void DeadlineList::sweep() {
  // Callbacks may arm, clear and destroy any deadline, so the due ones first move to a list of
  // their own, from which their destructors can still unlink them.
  auto now = std::chrono::steady_clock::now();
  Node due;
  for (Node* node = armed_.next; node != &armed_;) {
    Node* next = node->next;
    if (static_cast<Deadline*>(node)->when_ <= now) {
      node->unlink();
      node->link_before(due);
    }
    node = next;
  }
  while (due.linked()) {
    auto* deadline = static_cast<Deadline*>(due.next);
    deadline->unlink();
    expire(*deadline);
  }
  running_ = armed_.linked();
  // Without it nothing would ever expire on this loop.
  while (running_) {
    try {
      schedule();
      return;
    } catch (const std::bad_alloc&) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  }
}

// The callback may destroy its deadline, and so is not left in it. What it could not do for want of
// memory is tried again at the next sweep.
void DeadlineList::expire(Deadline& deadline) {
  expiring_ = &deadline;
  auto callback = std::move(deadline.on_expire_);
  bool has_failed = false;
  try {
    callback();
  } catch (const std::bad_alloc&) {
    has_failed = true;
  }
  if (std::exchange(expiring_, nullptr) == nullptr) return;
  deadline.on_expire_ = std::move(callback);
  if (has_failed && !deadline.linked()) deadline.link_before(armed_);
}

Deadline::Deadline(Loop& loop, std::function<void()> on_expire)
    : list_(loop.deadlines()), on_expire_(std::move(on_expire)) {}

Deadline::~Deadline() {
  if (list_.expiring_ == this) list_.expiring_ = nullptr;
  clear();
}

void Deadline::expires_after(std::chrono::milliseconds duration) {
  expires_at(std::chrono::steady_clock::now() + duration);
}

void Deadline::expires_at(std::chrono::steady_clock::time_point when) {
  when_ = when;
  if (!linked()) link_before(list_.armed_);
  list_.ensure_running();
}

void Deadline::clear() {
  if (linked()) unlink();
}

}  // namespace patchbay::io
