#include "audit/change.h"

#include <memory>

namespace patchbay::audit {

Event event_of(Change change) {
  const auto known = std::make_shared<const Change>(std::move(change));
  return {.by = {.keeps = known,
                 .environment_id = known->environment_id,
                 .account_id = known->account_id,
                 .server_id = known->server_id,
                 .api_token_id = known->api_token_id,
                 .member = known->member,
                 .client = known->client,
                 .client_version = known->client_version,
                 .session_id = known->session_id,
                 .approved_by = known->approved_by},
          .kind = Kind::change,
          .tool = known->operation,
          .request_id = known->request_id,
          .target = known->target,
          .check = "See whether it was made: read what it names."};
}

std::unexpected<Error> not_recorded() {
  return fail(ErrorCode::unavailable,
              "The database does not take the record of the change; it was not made.",
              "Try again in a few seconds.");
}

Ending ending_of(const Error* error, std::string record_id,
                 std::chrono::steady_clock::time_point began) {
  return {.outcome = error == nullptr ? Outcome::done : Outcome::failed,
          .error_code = error == nullptr ? "" : to_string(error->code),
          .record_id = std::move(record_id),
          .duration = std::chrono::duration_cast<std::chrono::milliseconds>(
              std::chrono::steady_clock::now() - began)};
}

}  // namespace patchbay::audit
