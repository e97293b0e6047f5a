// Printing that goes on until somebody has had enough: Ctrl-C, SIGTERM, or nobody reads standard
// output any more. The process ends then, between two lines and with exit code 0, whatever it waits
// for at that moment.
#pragma once

#include <string_view>

#include "base/mutex.h"

namespace patchbay::cli {

class EndlessOutput {
 public:
  // Before any other thread is started: these must not take the signals. Lives as long as the
  // process does.
  EndlessOutput();
  EndlessOutput(const EndlessOutput&) = delete;
  EndlessOutput& operator=(const EndlessOutput&) = delete;

  // Whole lines, written at once.
  void print(std::string_view lines);

 private:
  void watch();

  // A lock that one can stop waiting for.
  Mutex mutex_;
  Condition printed_;
  bool printing_ PATCHBAY_GUARDED_BY(mutex_) = false;
};

}  // namespace patchbay::cli
