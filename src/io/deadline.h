// Deadlines, swept rather than timed: a connection's deadline is a number in a list, and each loop
// looks at its list ten times a second. Arming one costs a clock reading; an Asio timer per
// operation costs 0.6 us and an allocation (measured), and no deadline of ours needs to be finer.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

namespace patchbay::io {

class Loop;
class Deadline;

// What a loop watches. Part of Loop.
class DeadlineList {
 public:
  explicit DeadlineList(Loop& loop);
  ~DeadlineList();
  DeadlineList(const DeadlineList&) = delete;
  DeadlineList& operator=(const DeadlineList&) = delete;

  // Ends the sweeping for good; deadlines may still be destroyed afterwards.
  void shut_down();

 private:
  friend class Deadline;
  struct Node {
    Node* next = this;
    Node* previous = this;
    void link_before(Node& other);
    void unlink();
    bool linked() const { return next != this; }
  };
  struct Timer;
  void ensure_running();
  void schedule();
  void sweep();
  void expire(Deadline& deadline);

  Loop& loop_;
  Node armed_;
  bool running_ = false;
  Deadline* expiring_ = nullptr;  // whose callback runs; null again where that destroyed it
  std::unique_ptr<Timer> timer_;
};

// A moment after which a callback is due, at most 100 ms late. Belongs to one loop's thread.
class Deadline : private DeadlineList::Node {
 public:
  // `on_expire` runs on the loop, outside of every other callback; it may destroy the deadline.
  Deadline(Loop& loop, std::function<void()> on_expire);
  ~Deadline();
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;

  void expires_after(std::chrono::milliseconds duration);
  void expires_at(std::chrono::steady_clock::time_point when);
  void clear();
  bool armed() const { return linked(); }

 private:
  friend class DeadlineList;
  DeadlineList& list_;
  std::chrono::steady_clock::time_point when_{};
  std::function<void()> on_expire_;
};

}  // namespace patchbay::io
