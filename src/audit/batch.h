// What the journal writes in one transaction: beginnings, ends and whole events, each a link of its
// chain.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "audit/event_id.h"
#include "audit/gathered.h"
#include "audit/journal.h"
#include "store/event_rows.h"

namespace patchbay::audit {

struct Beginning {
  Write write;
  std::optional<Open> open;  // it takes up that one
  Journal::OnBegun told;
  Order order = 0;
  Begun found = UnderWay{};  // after write()
};
struct End {
  Go begun;
  Ended ended;
  Ending ending;
  Journal::OnEnded told;  // empty: nobody waits for it (any more)
  bool was_open = false;  // after write()
};
struct Freed {
  Go begun;
  Journal::OnEnded told;
};
struct Whole {
  Event event;
  Ending ending;
  Order order = 0;
};
using Entry = std::variant<Beginning, End, Freed, Whole, Together>;
// How many events it is.
std::size_t size_of(const Entry& entry);

class Batch {
 public:
  Batch(const vault::Vault& vault, WallTime now) : vault_(vault), now_(now) {}

  // All of them; may be called again. Errors: the session's.
  Result<> write(store::EventSession& session, const std::vector<Entry*>& entries);

  // What the environments of the batch say of arguments.
  const std::map<std::string, Arguments, std::less<>>& learnt() const { return learnt_; }

 private:
  class Chain;
  Result<> write_chain(store::EventSession& session, const std::string& id,
                       const std::vector<Entry*>& entries);

  const vault::Vault& vault_;
  const WallTime now_;
  std::vector<std::string> new_chains_;
  std::map<std::string, Arguments, std::less<>> learnt_;
};

std::string chain_of(const Entry& entry);

}  // namespace patchbay::audit
