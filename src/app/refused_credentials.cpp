#include "app/refused_credentials.h"

#include <string>
#include <utility>

#include "upstream/account.h"

namespace patchbay::app {
namespace {

// A member's own credentials say nothing of the account.
io::Task<> mark_needs_reauth(io::Runtime& runtime, control::ControlPlane& control,
                             std::string account_id, std::string server_id) {
  co_await runtime.run_blocking([&control, &account_id, &server_id] {
    const auto reason = "The upstream refused the credentials during a call.";
    if (server_id.empty()) {
      control.mark_needs_reauth(account_id, reason);
    } else {
      control.mark_server_needs_reauth(server_id, reason);
    }
    return true;
  });
}

}  // namespace

void note_refused_credentials(io::Runtime& runtime, control::ControlPlane& control,
                              const control::McpServer& server) {
  const std::string own = server.account->is_of_member() ? server.id : std::string();
  runtime.spawn(io::Loop::current(), [&runtime, &control, account_id = server.account->id(), own] {
    return mark_needs_reauth(runtime, control, account_id, own);
  });
}

}  // namespace patchbay::app
