// A change as an event: begun before it is made, and completed with what came of it.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "audit/journal.h"
#include "base/error.h"

namespace patchbay::audit {

// What a change is about, and who makes it. Members may be empty.
struct Change {
  std::string environment_id;  // empty: the instance itself
  std::string account_id;
  std::string server_id;
  std::string api_token_id;
  std::string member;  // whose the MCP server is
  std::string client;
  std::string client_version;
  std::string session_id;
  std::string approved_by;     // of a decision over a call: who decided
  std::string_view operation;  // of the program: lives for ever
  std::string request_id;
  std::string target;  // what was asked for, as a path of the admin API
};
Event event_of(Change change);

// What it is told where it cannot be recorded.
std::unexpected<Error> not_recorded();
Ending ending_of(const Error* error, std::string record_id,
                 std::chrono::steady_clock::time_point began);

// Does what `make` does. `id_of`: of what was made, as its event names it. `takes_away`: it is done
// also where it cannot be recorded; all else is not (error unavailable). Blocks.
template <class Made, class Make, class IdOf>
Result<Made> make_recorded(Journal& journal, Change change, bool takes_away, const Make& make,
                           const IdOf& id_of) {
  auto begun = journal.begin({.event = event_of(std::move(change))});
  if (!begun && !takes_away) return not_recorded();
  const auto began = std::chrono::steady_clock::now();
  Result<Made> made = make();
  if (!begun) return made;
  // If it cannot be written now it is tried again.
  static_cast<void>(journal.end(
      std::get<Go>(std::move(*begun)), Unknown{},
      ending_of(made ? nullptr : &made.error(), made ? id_of(*made) : std::string(), began)));
  return made;
}

}  // namespace patchbay::audit
