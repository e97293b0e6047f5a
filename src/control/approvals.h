// Calls that wait for a person's yes: stored with what they would send, sent once after it, exactly
// as they were shown.
//
//   pending → sending → done | failed | unknown | stale
//           → refused (by a person; or since its MCP server went, with that as the reason)
//           → expired
//
// A yes and the sending are one step from `pending` to `sending`, taken by the version of the row,
// so that of two who say yes, on any nodes, one sends. What a crash leaves in `sending` becomes
// `unknown`: nothing sends it again by itself. `stale`: the records were not any more as they were
// shown; a new approval, of how they are now, stands in its place. Rejected: a state "approved"
// between the two, which somebody would have to take up after a crash, long after the yes.
//
// What was asked for, what would be sent and what came of it are customers' data and lie sealed;
// the keyed code of the row (authority.h) binds all of it, its state and who decided. Rows go after
// 30 days.
//
// A link lets one person decide one approval without a token:
//   apl_<id>.<seconds since 1970 until when>.<id of the API token that made it>.<code>
// The code is keyed and over all of that; it is worth what the token that made it is worth at that
// moment, and nothing once the approval is decided. Nothing of it is stored.
//
// All functions block: they run on the blocking pool. Thread-safe.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/shares.h"
#include "control/control_plane.h"
#include "json/value.h"
#include "store/approval_rows.h"

namespace patchbay::control {

struct Approval {
  store::ApprovalRow row;  // its state as it is at this moment: expired by its time
  // Opened: "title", "summary", "arguments", "shown" ({"request", "before", "touches", "names"}),
  // "notice", "client", "request_id", "asked_with" (an API token's id), "replaces".
  json::Value content;
  // Opened; null: nothing came of it yet. "result" (what the call gave), "error", "changed",
  // "replaced_by".
  json::Value outcome;
};

// A call that needs a yes.
struct NewApproval {
  std::string environment_id;
  std::string account_id;
  std::string server_id;
  std::string tool;
  std::string digest;  // call_digest()
  json::Value content;
  std::chrono::seconds lifetime{0};
};

// What came of sending it.
struct Sent {
  enum class State : std::uint8_t { done, failed, unknown, changed };
  State state = State::failed;
  std::string text;       // the call's result, or its error
  json::Value shown_now;  // changed: what would be shown now
};

// Empty members do not restrict.
struct ApprovalQuery {
  std::string state;
  std::string server_id;
  std::string account_id;
};

class Approvals {
 public:
  // Blocks until it is known what came of it.
  using Send = std::function<Sent(const vault::TokenHash& hash,
                                  std::shared_ptr<const McpServer> server, const Approval&)>;
  static constexpr std::int64_t kMostPendingOfServer = 100;
  static constexpr std::int64_t kMostPending = 10'000;
  static constexpr std::size_t kMostBytes = std::size_t{256} * 1024;  // of one, in JSON
  static constexpr std::size_t kMostReason = 500;
  // At the same time, on this node; an environment takes half of them at most. Each keeps a thread
  // of the blocking pool, and needs another one for its journal.
  static constexpr std::size_t kMostSending = 8;
  static constexpr std::chrono::hours kLinkFor{24};

  // Told of each row that is not as it was signed, as often as it is met.
  using Altered = std::function<void(const store::ApprovalRow&)>;
  // All outlive it.
  Approvals(ControlPlane& control, store::ApprovalRows& rows, const vault::Vault& vault,
            const Clock& clock, Altered altered);

  // Before the first is approved. `longest`: after that long a sending has come to its end.
  void send_with(Send send, std::chrono::milliseconds longest);

  // -- for the MCP server that was called.
  // The same for the same call of that server, whatever the order of its arguments.
  std::string call_digest(std::string_view server_id, std::string_view tool,
                          const json::Value& arguments) const;
  // What the same call has led to: it waits, it is being sent, or it was decided within the hour.
  Result<std::optional<Approval>> of_call(std::string_view server_id, std::string_view digest);
  // Stored, or the one that is pending for the same call. Errors: too_large, rate_limited (as many
  // wait as may), unavailable.
  Result<Approval> ask(const NewApproval& asked);
  // Error not_found: that server has no such approval.
  Result<Approval> of_server(std::string_view server_id, std::string_view id);
  // The person at the client, who was asked.
  Result<Approval> approve_at_client(const std::string& id);
  Result<Approval> refuse_at_client(const std::string& id);

  // -- for operators. Errors: not_found; conflict (it is decided, expired, or being sent, or its
  // MCP server is gone); permission_denied (by the token with which the call itself came in).
  Result<Approval> approval(const Principal& principal, std::string_view id);
  Result<std::vector<Approval>> approvals(const Principal& principal, const ApprovalQuery& query,
                                          const Page& page);
  Result<Approval> approve(const Principal& principal, std::string_view id, std::string reason);
  Result<Approval> refuse(const Principal& principal, std::string_view id, std::string reason);

  // -- by link.
  struct Link {
    std::string token;
    WallTime until{};
  };
  Result<Link> make_link(const Principal& principal, std::string_view id);
  // Whether it is one of ours and in time; asks nobody and does not block.
  bool may_be_link(std::string_view token) const;
  // Error not_found: it is none, too old, or its API token is gone. Changes nothing.
  Result<Approval> at_link(std::string_view token);
  Result<std::string> maker_of_link(std::string_view token);  // the API token's id
  Result<Approval> approve_by_link(std::string_view token, std::string reason);
  Result<Approval> refuse_by_link(std::string_view token, std::string reason);

  // Those that wait for an MCP server that goes: they are refused, by nobody, with `why` as reason.
  void end_those_of(std::string_view server_id, std::string_view why);
  // Those whose time has passed, those that a crash left and those that are old.
  void tidy();
  // The same of all that were being sent, where no other node can be at it: at the start.
  void settle_interrupted();

 private:
  struct Decider {
    Principal principal;  // not looked at where it is the client
    std::string by;
    bool at_client = false;
  };
  bool is_true(const store::ApprovalRow& row) const;
  Result<Approval> open(store::ApprovalRow row) const;
  // Error not_found: there is none, or it is not as it was signed.
  Result<Approval> find(std::string_view id);
  Result<Approval> find_for(const Principal& principal, std::string_view id);
  Result<Decider> who_links(std::string_view token, std::string& id) const;
  Result<> may_decide(const Decider& decider, const Approval& approval) const;
  Result<> write(Approval& approval);
  Result<Approval> send(Approval approval, const Decider& decider, std::string reason);
  Result<Approval> refuse(Approval approval, const Decider& decider, std::string reason);
  // `settled`: as it stands by then, also where it could not be written.
  Result<> settle(Approval approval, Sent sent, Approval& settled);
  void mark(store::ApprovalRow row, std::string state);
  void mark_all(std::string_view from, WallTime by, std::string_view to);

  ControlPlane& control_;
  store::ApprovalRows& rows_;
  const vault::Vault& vault_;
  const Clock& clock_;
  const Altered altered_;
  Send send_;
  std::chrono::milliseconds longest_{0};
  const std::shared_ptr<Shares> sending_ = Shares::make(kMostSending);
};

}  // namespace patchbay::control
