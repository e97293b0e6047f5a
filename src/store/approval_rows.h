// The rows of calls that wait for a person's yes (control/approvals.h). An interface of its own, as
// the journal has one: nothing else of a Repository is needed for them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "store/page.h"
#include "store/webhook_rows.h"
#include "vault/vault.h"

namespace patchbay::store {

// A call of a tool that is sent only after a yes. A row goes with its environment and its account;
// it outlives its MCP server, so that what was decided can be read.
struct ApprovalRow {
  std::string id;
  std::string environment_id;
  std::string account_id;
  std::string server_id;
  std::string tool;
  std::string digest;  // keyed; the same for the same call of that server
  std::string state =
      "pending";               // pending, sending, done, failed, unknown, refused, expired, stale
  vault::SealedBytes content;  // what was asked for and what would be sent, sealed with the id
  vault::SealedBytes outcome;  // what came of it; empty: nothing yet
  std::string decided_by;      // "tok_…", "link of tok_…" or "client"; empty: nobody
  std::string reason;          // as whoever decided gave it
  std::optional<WallTime> decided_at;
  WallTime expires_at{};
  WallTime created_at{};
  WallTime updated_at{};
  std::string mac = {};
  std::int64_t version = 0;  // counts the updates of this row alone; it is in no list of changes
};

// Members that are empty do not restrict.
struct ApprovalFilter {
  std::string environment_id;
  std::string account_id;
  std::string server_id;
  std::string state;
};

// Errors of all: unavailable, internal (a row is damaged).
class ApprovalRows {
 public:
  virtual ~ApprovalRows() = default;

  // Errors: conflict (the same call of that server is pending already), not_found (its account is
  // gone).
  virtual Result<> insert(ApprovalRow& row) = 0;
  // With what is told of it (webhook_rows.h), in one commit.
  virtual Result<> insert(ApprovalRow& row, const Message& told) = 0;
  // Errors: conflict (it is of another version by now), not_found. Leaves the new version in the
  // row.
  virtual Result<> update(ApprovalRow& row) = 0;
  virtual Result<std::optional<ApprovalRow>> approval(std::string_view id) = 0;
  // The one that waits or is being sent, however old; else the newest of that call.
  virtual Result<std::optional<ApprovalRow>> approval_of_call(std::string_view server_id,
                                                              std::string_view digest) = 0;
  virtual Result<std::vector<ApprovalRow>> approvals(const ApprovalFilter& filter,
                                                     const Page& page) = 0;
  // Of a state, those first that expire first, and by then at the latest.
  virtual Result<std::vector<ApprovalRow>> approvals_due(std::string_view state, WallTime by,
                                                         std::size_t limit) = 0;
  // Pending ones that have not expired by then, of a server, of an environment and of all.
  virtual Result<std::int64_t> count_pending(std::string_view server_id, WallTime at) = 0;
  virtual Result<std::int64_t> count_pending_of_environment(std::string_view environment_id,
                                                            WallTime at) = 0;
  virtual Result<std::int64_t> count_pending(WallTime at) = 0;
  // Those that were made at or before that time, at most so many. How many went.
  virtual Result<std::int64_t> delete_approvals(WallTime made_by, std::size_t limit) = 0;
  // For whoever has to see every row (each_row.h).
  virtual Result<std::vector<ApprovalRow>> approvals_after(const std::optional<std::string>& id,
                                                           std::size_t limit) = 0;
};

}  // namespace patchbay::store
