// Whether every event is as it was recorded, and none is missing.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"
#include "json/value.h"

namespace patchbay::store {
class EventRows;
}
namespace patchbay::vault {
class Vault;
}

namespace patchbay::audit {

// Where a chain ends. Whoever notes it elsewhere, and gives it to verify(), also finds out whether
// the whole database was put back to an earlier state.
struct Head {
  std::string chain;
  std::int64_t number = 0;
  std::string link;
};

struct Fault {
  std::string chain;
  std::string event_id;     // empty: not known (it is gone)
  std::int64_t number = 0;  // of the first link that does not fit
  std::string what;         // a sentence that names the event
};

struct Verified {
  std::int64_t events = 0;  // of which each link was looked at
  std::vector<Head> heads;
  std::vector<Fault> faults;  // the first of each chain; what comes after it hangs on it
};

// Looks at the chains of the environment, or at all where it is empty. `known`: heads that were
// noted. Takes as long as reading all events. Errors: the rows'.
Result<Verified> verify(store::EventRows& rows, const vault::Vault& vault,
                        const std::string& environment_id = {},
                        const std::vector<Head>& known = {});

// {"valid", "events", "heads", "faults"}
json::Object view(const Verified& verified);

}  // namespace patchbay::audit
