#include "app/threads.h"

#include "control/approvals.h"
#include "servers/account_tools.h"

namespace patchbay::app {

std::size_t most_threads() {
  constexpr std::size_t kForWork = 4;
  // A call that was approved, or of a tool on trial, is sent on a loop while a thread waits for it.
  return kMostProbes + kMostLookUps + control::Approvals::kMostSending +
         servers::AccountTools::kMost + kForWork;
}

}  // namespace patchbay::app
