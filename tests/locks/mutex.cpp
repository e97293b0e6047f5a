// What base/mutex.h makes of a mistake. Each line that says "refused" must not compile, for that
// reason; all others must.
#include "base/mutex.h"

#include <deque>
#include <memory>

#include "io/task.h"

// clang-format off: a line and what is said of it stay together.
namespace patchbay {

class Queue {
 public:
  void push(int job) {
    const MutexLock lock(mutex_);
    jobs_.push_back(job);
    *total_ += job;
    pushed_.notify_one();
  }
  int wait() {
    const MutexLock lock(mutex_);
    while (jobs_.empty()) pushed_.wait(mutex_);
    return take();
  }
  io::Task<int> take_later() {
    {
      const MutexLock lock(mutex_);
      if (!jobs_.empty()) co_return take();
    }
    co_return jobs_.front();  // refused: reading variable 'jobs_' requires holding lock 'mutex_'
  }

  bool empty() const {
    return jobs_.empty();  // refused: reading variable 'jobs_' requires holding lock 'mutex_'
  }
  void close() {
    closed_ = true;  // refused: writing variable 'closed_' requires holding lock 'mutex_' exclusively
  }
  void add(int job) {
    *total_ += job;  // refused: reading the value pointed to by 'total_' requires holding lock 'mutex_'
  }
  int take_at_once() {
    return take();  // refused: calling function 'take' requires holding lock 'mutex_' exclusively
  }
  int take_after() {
    { const MutexLock lock(mutex_); }
    return take();  // refused: calling function 'take' requires holding lock 'mutex_' exclusively
  }
  int take_under_another(Queue& other) {
    const MutexLock lock(mutex_);
    return other.take();  // refused: calling function 'take' requires holding lock 'other.mutex_' exclusively
  }
  void push_twice(int job) {
    const MutexLock lock(mutex_);
    push_alone(job);  // refused: cannot call function 'push_alone' while lock 'mutex_' is held
    const MutexLock again(mutex_);  // refused: acquiring lock 'mutex_' that is already held
  }
  void wait_without() {
    pushed_.wait(mutex_);  // refused: calling function 'wait' requires holding lock 'mutex_' exclusively
  }
  void push_alone(int job) PATCHBAY_EXCLUDES(mutex_) { push(job); }

 private:
  int take() PATCHBAY_REQUIRES(mutex_) {
    const int job = jobs_.front();
    jobs_.pop_front();
    return job;
  }

  mutable Mutex mutex_;
  Condition pushed_;
  std::deque<int> jobs_ PATCHBAY_GUARDED_BY(mutex_);
  bool closed_ PATCHBAY_GUARDED_BY(mutex_) = false;
  const std::unique_ptr<int> total_ PATCHBAY_PT_GUARDED_BY(mutex_) = std::make_unique<int>(0);
};

}  // namespace patchbay
