// Locks that the compiler checks (-Wthread-safety, an error here): a field says which lock guards
// it, a function which lock its caller holds, and code that does not hold it does not compile.
//
//   Mutex mutex_;
//   std::deque<Job> jobs_ PATCHBAY_GUARDED_BY(mutex_);
//   void take_next() PATCHBAY_REQUIRES(mutex_);
//
// What clang does not see: that a reference to guarded data outlives the lock, and that a method
// which is not const changes its object (calling it counts as reading).
// A lambda is a function of its own: it holds what its own PATCHBAY_REQUIRES says. Constructors and
// destructors are not checked: nobody else has the object then.
//
// Never hold one across co_await: the coroutine may go on on another thread.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

// The field is read and changed with the lock held. PT: what the pointer points to.
#define PATCHBAY_GUARDED_BY(lock) __attribute__((guarded_by(lock)))
#define PATCHBAY_PT_GUARDED_BY(lock) __attribute__((pt_guarded_by(lock)))
// The caller holds these locks; EXCLUDES: it does not, since the function takes them.
#define PATCHBAY_REQUIRES(...) __attribute__((requires_capability(__VA_ARGS__)))
#define PATCHBAY_EXCLUDES(...) __attribute__((locks_excluded(__VA_ARGS__)))
// For the locks themselves and what holds them for a scope.
#define PATCHBAY_LOCK __attribute__((capability("lock")))
#define PATCHBAY_SCOPED_LOCK __attribute__((scoped_lockable))
#define PATCHBAY_ACQUIRES(...) __attribute__((acquire_capability(__VA_ARGS__)))
#define PATCHBAY_RELEASES(...) __attribute__((release_capability(__VA_ARGS__)))
// A function whose locks clang cannot follow. Its comment says why it is right.
#define PATCHBAY_LOCKS_UNCHECKED __attribute__((no_thread_safety_analysis))

namespace patchbay {

class PATCHBAY_LOCK Mutex {
 public:
  Mutex() = default;
  Mutex(const Mutex&) = delete;
  Mutex& operator=(const Mutex&) = delete;

  void lock() PATCHBAY_ACQUIRES() { mutex_.lock(); }
  void unlock() PATCHBAY_RELEASES() { mutex_.unlock(); }

 private:
  friend class Condition;
  std::mutex mutex_;
};

// Holds a Mutex as long as it lives.
class PATCHBAY_SCOPED_LOCK MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) PATCHBAY_ACQUIRES(mutex) : mutex_(mutex) { mutex_.lock(); }
  ~MutexLock() PATCHBAY_RELEASES() { mutex_.unlock(); }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  Mutex& mutex_;
};

// Waits for what the Mutex guards to change. It may also wake for nothing: wait in a loop that
// looks at the data (a predicate would be a lambda, which holds no lock).
class Condition {
 public:
  Condition() = default;
  Condition(const Condition&) = delete;
  Condition& operator=(const Condition&) = delete;

  // The mutex is free while it waits, and held again when it returns.
  void wait(Mutex& mutex) PATCHBAY_REQUIRES(mutex) {
    std::unique_lock lock(mutex.mutex_, std::adopt_lock);
    changed_.wait(lock);
    lock.release();
  }
  // False: it is later than `until`.
  bool wait_until(Mutex& mutex, std::chrono::steady_clock::time_point until)
      PATCHBAY_REQUIRES(mutex) {
    std::unique_lock lock(mutex.mutex_, std::adopt_lock);
    const auto status = changed_.wait_until(lock, until);
    lock.release();
    return status == std::cv_status::no_timeout;
  }

  void notify_one() { changed_.notify_one(); }
  void notify_all() { changed_.notify_all(); }

 private:
  std::condition_variable changed_;
};

}  // namespace patchbay
