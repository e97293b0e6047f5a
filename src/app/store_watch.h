// Keeps what the control plane has in memory true to its database: threads, since all of them wait.
// One looks over all rows, once, after the start, and from
// then on again at those that were found altered. Where other nodes may change something, another
// listens for that, and a third tells that this process does not stand still.
#pragma once

#include <atomic>
#include <thread>

#include "control/control_plane.h"
#include "store/repository.h"
#include "telemetry/log.h"

namespace patchbay::app {

class StoreWatch {
 public:
  // `feed` may be null: nobody else changes anything.
  StoreWatch(control::ControlPlane& control, std::unique_ptr<store::ChangeFeed> feed,
             const telemetry::Log& log);
  ~StoreWatch();
  StoreWatch(const StoreWatch&) = delete;

 private:
  void keep_altered_rows_true();
  void follow();
  void beat();
  void tell(bool connected);

  control::ControlPlane& control_;
  const std::unique_ptr<store::ChangeFeed> feed_;
  const telemetry::Log& log_;
  std::atomic<bool> stopping_ = false;
  bool connected_ = true;  // the thread's own
  std::thread looking_;
  std::thread following_;
  std::thread beating_;
};

}  // namespace patchbay::app
