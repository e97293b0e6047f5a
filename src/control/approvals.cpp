#include "control/approvals.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/encoding.h"
#include "base/random.h"
#include "base/text.h"
#include "control/approval_link.h"
#include "control/authority.h"
#include "control/tidings.h"
#include "json/parse.h"
#include "json/write.h"

namespace patchbay::control {
namespace {

constexpr std::string_view kPending = "pending";
constexpr std::string_view kSending = "sending";
// So long the same call is told what came of it, instead of being a new wish.
constexpr std::chrono::hours kToldFor{1};
constexpr std::chrono::hours kKept{24 * 30};
constexpr std::size_t kApprovalsAtOnce = 200;
constexpr int kAttempts = 3;

std::string content_place(const store::ApprovalRow& row) {
  return "approval\n" + row.id + "\ncontent";
}
std::string outcome_place(const store::ApprovalRow& row) {
  return "approval\n" + row.id + "\noutcome";
}

std::unexpected<Error> no_approval(std::string_view id) {
  return fail(ErrorCode::not_found,
              "There is no approval '" + std::string(cut_utf8(id, 100)) + "'.");
}

// Members by their names: what is the same call does not hang on an order.
json::Value in_order(const json::Value& value) {
  if (const json::Array* list = value.if_array()) {
    json::Array ordered;
    for (const json::Value& entry : *list) ordered.push_back(in_order(entry));
    return ordered;
  }
  const json::Object* const object = value.if_object();
  if (object == nullptr) return value;
  std::vector<const json::Member*> members;
  for (const json::Member& member : *object) members.push_back(&member);
  std::ranges::sort(members, {}, [](const json::Member* member) { return member->first; });
  json::Object ordered;
  for (const json::Member* member : members)
    ordered.append(member->first, in_order(member->second));
  return ordered;
}

Error not_pending(const Approval& approval) {
  const std::string& state = approval.row.state;
  if (state == "expired") {
    return {ErrorCode::conflict, "The approval has expired; nothing was sent.",
            "The call has to be made again."};
  }
  if (state == kSending) {
    return {ErrorCode::conflict, "Somebody has approved it already; it is being sent.",
            "Get the approval in a moment: its state tells what came of it."};
  }
  return {ErrorCode::conflict, "It is decided already: " + state + ".",
          "Get the approval: it tells who decided, and what came of it."};
}

Result<> check_reason(const std::string& reason) {
  if (reason.size() <= Approvals::kMostReason) return {};
  return fail(ErrorCode::invalid_argument, "'reason' takes at most 500 bytes.");
}

}  // namespace

Approvals::Approvals(ControlPlane& control, store::ApprovalRows& rows, const vault::Vault& vault,
                     const Clock& clock, Altered altered)
    : control_(control), rows_(rows), vault_(vault), clock_(clock), altered_(std::move(altered)) {}

void Approvals::send_with(Send send, std::chrono::milliseconds longest) {
  send_ = std::move(send);
  longest_ = longest;
}

std::string Approvals::call_digest(std::string_view server_id, std::string_view tool,
                                   const json::Value& arguments) const {
  return to_hex(vault_.code(
      bind_together({"approval_call", server_id, tool, json::to_string(in_order(arguments))})));
}

// ---- reading -----------------------------------------------------------------------------------

bool Approvals::is_true(const store::ApprovalRow& row) const {
  if (is_as_signed(vault_, row)) return true;
  altered_(row);
  return false;
}

Result<Approval> Approvals::open(store::ApprovalRow row) const {
  if (!is_true(row)) return no_approval(row.id);
  Approval approval{.row = std::move(row), .content = {}, .outcome = {}};
  const auto read = [&](const vault::SealedBytes& sealed, const std::string& place,
                        json::Value& into) -> Result<> {
    if (sealed.bytes.empty()) return {};
    const auto text = vault_.unseal(sealed, place);
    auto parsed = text ? json::parse(text->reveal()) : std::unexpected(text.error());
    if (!parsed) {
      return fail(ErrorCode::internal, "The approval " + approval.row.id + " cannot be opened.",
                  "It was sealed with another master key: leave that one on the second line of the "
                  "key file.");
    }
    into = std::move(*parsed);
    return {};
  };
  auto opened = read(approval.row.content, content_place(approval.row), approval.content);
  if (opened) opened = read(approval.row.outcome, outcome_place(approval.row), approval.outcome);
  if (!opened) return std::unexpected(std::move(opened.error()));
  const WallTime now = clock_.now();
  if (approval.row.state == kPending && approval.row.expires_at <= now) {
    approval.row.state = "expired";
  }
  const bool is_lost = approval.row.state == kSending && longest_.count() > 0 &&
                       approval.row.decided_at.value_or(now) + longest_ <= now;
  if (is_lost) approval.row.state = "unknown";
  return approval;
}

Result<Approval> Approvals::find(std::string_view id) {
  auto row = rows_.approval(id);
  if (!row) return std::unexpected(std::move(row.error()));
  if (!*row) return no_approval(id);
  return open(std::move(**row));
}

Result<Approval> Approvals::find_for(const Principal& principal, std::string_view id) {
  auto found = find(id);
  const bool hidden = found && !principal.environment_id.empty() &&
                      principal.environment_id != found->row.environment_id;
  if (hidden) return no_approval(id);
  return found;
}

Result<std::optional<Approval>> Approvals::of_call(std::string_view server_id,
                                                   std::string_view digest) {
  auto row = rows_.approval_of_call(server_id, digest);
  if (!row) return std::unexpected(std::move(row.error()));
  if (!*row) return std::nullopt;
  auto opened = open(std::move(**row));
  if (!opened) return std::unexpected(std::move(opened.error()));
  const std::string& state = opened->row.state;
  if (state == kPending || state == kSending) return std::optional(std::move(*opened));
  const bool tells = state == "done" || state == "unknown" || state == "refused";
  const bool is_fresh = opened->row.decided_at.value_or(WallTime{}) + kToldFor > clock_.now();
  if (!tells || !is_fresh) return std::nullopt;
  return std::optional(std::move(*opened));
}

Result<Approval> Approvals::of_server(std::string_view server_id, std::string_view id) {
  auto found = find(id);
  if (found && found->row.server_id != server_id) return no_approval(id);
  return found;
}

Result<Approval> Approvals::approval(const Principal& principal, std::string_view id) {
  return find_for(principal, id);
}

Result<std::vector<Approval>> Approvals::approvals(const Principal& principal,
                                                   const ApprovalQuery& query, const Page& page) {
  std::vector<Approval> all;
  Page next = page;
  while (true) {
    auto rows = rows_.approvals({.environment_id = principal.environment_id,
                                 .account_id = query.account_id,
                                 .server_id = query.server_id,
                                 .state = query.state},
                                next);
    if (!rows) return std::unexpected(std::move(rows.error()));
    const bool more = rows->size() == next.limit;
    if (more && !rows->empty()) next.after = {rows->back().created_at, rows->back().id};
    for (store::ApprovalRow& row : *rows) {
      auto opened = open(std::move(row));
      if (!opened && opened.error().code == ErrorCode::not_found) continue;  // altered
      if (!opened) return std::unexpected(std::move(opened.error()));
      // By its time it may be of another state than its row says.
      if (!query.state.empty() && opened->row.state != query.state) continue;
      if (all.size() < page.limit) all.push_back(std::move(*opened));
    }
    if (!more || all.size() >= page.limit) return all;
  }
}

// ---- asking ------------------------------------------------------------------------------------

Result<Approval> Approvals::ask(const NewApproval& asked) {
  const std::string content = json::to_string(asked.content);
  if (content.size() > kMostBytes) {
    return fail(ErrorCode::too_large,
                "This call needs a person's approval, and is too large to be kept for it (256 KB).",
                "Make it smaller, or several calls of it.");
  }
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    const WallTime now = clock_.now();
    auto present = rows_.approval_of_call(asked.server_id, asked.digest);
    if (!present) return std::unexpected(std::move(present.error()));
    if (*present && (*present)->state == kPending) {
      if (!is_true(**present)) {
        return fail(ErrorCode::unavailable,
                    "The approval of this call was altered in the database.",
                    "Have the operator look: patchbay store check.");
      }
      if ((*present)->expires_at > now) return open(std::move(**present));
      mark(std::move(**present), "expired");
    }
    const auto of_server = rows_.count_pending(asked.server_id, now);
    if (!of_server) return std::unexpected(of_server.error());
    const auto of_all = rows_.count_pending(now);
    if (!of_all) return std::unexpected(of_all.error());
    // One environment alone gets half, so that others find room (base/shares.h).
    const auto of_environment = rows_.count_pending_of_environment(asked.environment_id, now);
    if (!of_environment) return std::unexpected(of_environment.error());
    if (*of_server >= kMostPendingOfServer || *of_environment >= kMostPending - *of_all) {
      return fail(ErrorCode::rate_limited,
                  *of_server >= kMostPendingOfServer
                      ? "100 calls of this MCP server wait for a person's approval already."
                      : "Too many calls wait for a person's approval already.",
                  "Have them approved or refused first.");
    }
    store::ApprovalRow row{.id = random_id("apr"),
                           .environment_id = asked.environment_id,
                           .account_id = asked.account_id,
                           .server_id = asked.server_id,
                           .tool = asked.tool,
                           .digest = asked.digest,
                           .content = {},
                           .outcome = {},
                           .expires_at = now + asked.lifetime,
                           .created_at = now,
                           .updated_at = now};
    row.content = vault_.seal(Secret(content), content_place(row));
    sign(vault_, row);
    const auto inserted = rows_.insert(row, tell_wanted(vault_, row, now));
    if (inserted) return open(std::move(row));
    if (inserted.error().code != ErrorCode::conflict) return std::unexpected(inserted.error());
  }
  return fail(ErrorCode::unavailable, "The call could not be kept for approval.", "Try again.");
}

// ---- deciding ----------------------------------------------------------------------------------

Result<> Approvals::write(Approval& approval) {
  store::ApprovalRow& row = approval.row;
  row.updated_at = clock_.now();
  if (!approval.outcome.is_null()) {
    row.outcome = vault_.seal(Secret(json::to_string(approval.outcome)), outcome_place(row));
  }
  sign(vault_, row);
  return rows_.update(row);
}

Result<> Approvals::may_decide(const Decider& decider, const Approval& approval) const {
  if (!decider.at_client) {
    if (auto stands = control_.check_standing(decider.principal); !stands) return stands;
    const std::string_view asked_with = approval.content.string_or("asked_with", "");
    if (!asked_with.empty() && asked_with == decider.principal.token_id) {
      return fail(ErrorCode::permission_denied,
                  "The call itself came in with this API token; it cannot decide over it.",
                  "Let somebody with another admin token decide.");
    }
  }
  if (approval.row.state != kPending) return std::unexpected(not_pending(approval));
  return {};
}

Result<Approval> Approvals::refuse(Approval approval, const Decider& decider, std::string reason) {
  if (auto may = may_decide(decider, approval); !may) return std::unexpected(may.error());
  if (auto fits = check_reason(reason); !fits) return std::unexpected(fits.error());
  approval.row.state = "refused";
  approval.row.decided_by = decider.by;
  approval.row.decided_at = clock_.now();
  approval.row.reason = std::move(reason);
  if (auto written = write(approval); !written) return std::unexpected(written.error());
  return approval;
}

Result<Approval> Approvals::send(Approval approval, const Decider& decider, std::string reason) {
  if (auto fits = check_reason(reason); !fits) return std::unexpected(fits.error());
  if (approval.row.state != kPending) return std::unexpected(not_pending(approval));
  const auto turn = sending_->take(approval.row.environment_id, 1);
  if (!turn) {
    return fail(ErrorCode::rate_limited, "Several approved calls are being sent at this moment.",
                "Approve it again in a moment.");
  }
  const auto live = control_.live_server(approval.row.server_id);
  if (!live) return std::unexpected(live.error());
  if (auto may = may_decide(decider, approval); !may) return std::unexpected(may.error());
  approval.row.state = kSending;
  approval.row.decided_by = decider.by;
  approval.row.decided_at = clock_.now();
  approval.row.reason = std::move(reason);
  // Of two who come this far, the row lets one through.
  if (auto taken = write(approval); !taken) {
    if (taken.error().code == ErrorCode::conflict) {
      auto now = find(approval.row.id);
      if (now && now->row.state != kPending) return std::unexpected(not_pending(*now));
    }
    return std::unexpected(taken.error());
  }
  Sent sent = send_(live->hash, live->server, approval);
  Approval settled = approval;
  if (auto written = settle(std::move(approval), std::move(sent), settled); !written) {
    return std::unexpected(written.error());
  }
  return settled;
}

// What came of it must not be lost to a database that is away for a moment, nor to a look that took
// it for lost.
Result<> Approvals::settle(Approval approval, Sent sent, Approval& settled) {
  constexpr std::array<std::string_view, 4> kStates{"done", "failed", "unknown", "stale"};
  approval.row.state = kStates.at(static_cast<std::size_t>(sent.state));
  json::Object outcome;
  json::Value said = json::parse(sent.text).value_or(json::Value(sent.text));
  const bool changed = sent.state == Sent::State::changed;
  outcome.append(sent.state == Sent::State::done ? "result" : "error", std::move(said));
  if (changed) {
    outcome.append("changed", sent.shown_now);
    json::Value content = approval.content;
    content["shown"] = std::move(sent.shown_now);
    content["replaces"] = approval.row.id;
    const auto again = ask({.environment_id = approval.row.environment_id,
                            .account_id = approval.row.account_id,
                            .server_id = approval.row.server_id,
                            .tool = approval.row.tool,
                            .digest = approval.row.digest,
                            .content = std::move(content),
                            .lifetime = std::chrono::duration_cast<std::chrono::seconds>(
                                approval.row.expires_at - approval.row.created_at)});
    if (again) outcome.append("replaced_by", again->row.id);
  }
  approval.outcome = std::move(outcome);
  Result<> written;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    written = write(approval);
    if (written) break;
    if (written.error().code != ErrorCode::conflict) continue;
    const auto now = rows_.approval(approval.row.id);
    const bool ours = now && *now && ((*now)->state == kSending || (*now)->state == "unknown");
    if (!ours) break;
    approval.row.version = (*now)->version;
  }
  settled = std::move(approval);
  return written;
}

Result<Approval> Approvals::approve(const Principal& principal, std::string_view id,
                                    std::string reason) {
  auto found = find_for(principal, id);
  if (!found) return found;
  return send(std::move(*found), {.principal = principal, .by = principal.token_id},
              std::move(reason));
}

Result<Approval> Approvals::refuse(const Principal& principal, std::string_view id,
                                   std::string reason) {
  auto found = find_for(principal, id);
  if (!found) return found;
  return refuse(std::move(*found), {.principal = principal, .by = principal.token_id},
                std::move(reason));
}

Result<Approval> Approvals::approve_at_client(const std::string& id) {
  auto found = find(id);
  if (!found) return found;
  return send(std::move(*found), {.principal = {}, .by = "client", .at_client = true}, "");
}

Result<Approval> Approvals::refuse_at_client(const std::string& id) {
  auto found = find(id);
  if (!found) return found;
  return refuse(std::move(*found), {.principal = {}, .by = "client", .at_client = true}, "");
}

// ---- links -------------------------------------------------------------------------------------

Result<Approvals::Link> Approvals::make_link(const Principal& principal, std::string_view id) {
  const auto found = find_for(principal, id);
  if (!found) return std::unexpected(found.error());
  const Decider decider{.principal = principal, .by = principal.token_id};
  if (auto may = may_decide(decider, *found); !may) return std::unexpected(may.error());
  const ApprovalLink link{.approval_id = found->row.id,
                          .token_id = principal.token_id,
                          .until = std::min(found->row.expires_at, clock_.now() + kLinkFor)};
  return Link{.token = write_approval_link(vault_, link), .until = link.until};
}

bool Approvals::may_be_link(std::string_view token) const {
  const auto link = read_approval_link(vault_, token);
  return link && link->until > clock_.now();
}

Result<Approvals::Decider> Approvals::who_links(std::string_view token, std::string& id) const {
  const auto link = read_approval_link(vault_, token);
  auto principal = link && link->until > clock_.now() ? control_.principal_of(link->token_id)
                                                      : fail(ErrorCode::unauthenticated, "");
  if (!principal && principal.error().code != ErrorCode::unauthenticated) {
    return std::unexpected(principal.error());
  }
  if (!principal || principal->scope.scope != Scope::admin) {
    return fail(ErrorCode::not_found, "This link is not valid any more.", "Ask for another one.");
  }
  id = link->approval_id;
  return Decider{.principal = std::move(*principal), .by = "link of " + link->token_id};
}

Result<Approval> Approvals::at_link(std::string_view token) {
  std::string id;
  const auto decider = who_links(token, id);
  if (!decider) return std::unexpected(decider.error());
  return find_for(decider->principal, id);
}

Result<std::string> Approvals::maker_of_link(std::string_view token) {
  std::string id;
  auto decider = who_links(token, id);
  if (!decider) return std::unexpected(std::move(decider.error()));
  return std::move(decider->principal.token_id);
}

Result<Approval> Approvals::approve_by_link(std::string_view token, std::string reason) {
  std::string id;
  const auto decider = who_links(token, id);
  if (!decider) return std::unexpected(decider.error());
  auto found = find_for(decider->principal, id);
  if (!found) return found;
  return send(std::move(*found), *decider, std::move(reason));
}

Result<Approval> Approvals::refuse_by_link(std::string_view token, std::string reason) {
  std::string id;
  const auto decider = who_links(token, id);
  if (!decider) return std::unexpected(decider.error());
  auto found = find_for(decider->principal, id);
  if (!found) return found;
  return refuse(std::move(*found), *decider, std::move(reason));
}

// ---- time --------------------------------------------------------------------------------------

// Who was faster has seen it; what fails is seen by its time all the same.
void Approvals::mark(store::ApprovalRow row, std::string state) {
  row.state = std::move(state);
  row.updated_at = clock_.now();
  sign(vault_, row);
  static_cast<void>(rows_.update(row));
}

void Approvals::mark_all(std::string_view from, WallTime by, std::string_view to) {
  const auto due = rows_.approvals_due(from, by, kApprovalsAtOnce);
  if (!due) return;
  for (const store::ApprovalRow& row : *due) {
    if (is_true(row)) mark(row, std::string(to));
  }
}

// As many as wait at most are one page. Whoever sends one at this moment is told by its version.
void Approvals::end_those_of(std::string_view server_id, std::string_view why) {
  const auto waiting = rows_.approvals({.environment_id = {},
                                        .account_id = {},
                                        .server_id = std::string(server_id),
                                        .state = std::string(kPending)},
                                       {.limit = static_cast<std::size_t>(kMostPendingOfServer)});
  if (!waiting) return;
  for (store::ApprovalRow row : *waiting) {
    if (!is_true(row)) continue;
    row.reason = why;
    row.decided_at = clock_.now();
    mark(std::move(row), "refused");
  }
}

void Approvals::tidy() {
  const WallTime now = clock_.now();
  mark_all(kPending, now, "expired");
  if (const auto left = rows_.approvals_due(kSending, WallTime::max(), kApprovalsAtOnce); left) {
    for (const store::ApprovalRow& row : *left) {
      const bool over = longest_.count() > 0 && row.decided_at.value_or(now) + longest_ <= now;
      if (over && is_true(row)) mark(row, "unknown");
    }
  }
  static_cast<void>(rows_.delete_approvals(now - kKept, kApprovalsAtOnce));
}

void Approvals::settle_interrupted() {
  mark_all(kSending, WallTime::max(), "unknown");
}

}  // namespace patchbay::control
