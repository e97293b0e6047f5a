#include "admin/approval_page.h"

#include <string>
#include <utility>

#include "admin/plain_page.h"
#include "admin/recorded.h"
#include "base/iso8601.h"
#include "base/text.h"
#include "http/url.h"
#include "json/write.h"

namespace patchbay::admin {
namespace {

constexpr std::string_view kApprovePath = "/approve/";
constexpr std::size_t kMostForm = 4'096;  // a reason of 500 bytes, percent-encoded, is 1,500

constexpr std::string_view kApprovalTitle = "Approval";

Error no_link() {
  return {ErrorCode::not_found, "This link is not valid any more.", "Ask for another one."};
}

void add_part(std::string& body, std::string_view title, const json::Value* value) {
  if (value == nullptr || value->is_null()) return;
  body += "<h2>";
  body += title;
  body += "</h2>\n<pre>" + escaped(json::to_pretty_string(*value)) + "</pre>\n";
}

std::string shown_of(const control::Approval& approval) {
  const auto& row = approval.row;
  std::string body = "<h1>" + escaped(approval.content.string_or("summary", row.tool)) + "</h1>\n";
  body += "<p>An AI program asks for this. It is not sent unless somebody approves it.</p>\n<dl>";
  add_fact(body, "State", row.state);
  add_fact(body, "Tool", row.tool);
  add_fact(body, "Asked by", approval.content.string_or("client", ""));
  add_fact(body, "Asked at", format_utc_millis(row.created_at));
  add_fact(body, "Expires at", format_utc_millis(row.expires_at));
  add_fact(body, "Decided by", row.decided_by);
  add_fact(body, "Reason", row.reason);
  add_fact(body, "Note", approval.content.string_or("notice", ""));
  body += "</dl>\n";
  if (const json::Value* shown = approval.content.find("shown")) {
    add_part(body, "Where it would be sent", shown->find("to"));
    add_part(body, "What would be sent", shown->find("request"));
    add_part(body, "The record before", shown->find("before"));
    add_part(body, "What it touches", shown->find("touches"));
    add_part(body, "What names became", shown->find("names"));
  }
  add_part(body, "What the call said", approval.content.find("arguments"));
  add_part(body, "What came of it", approval.outcome.is_null() ? nullptr : &approval.outcome);
  return body;
}

// The form goes to the page's own address, so that the token stands nowhere in it.
constexpr std::string_view kForm = R"(<form method="post">
<label>Reason <input type="text" name="reason" maxlength="300"></label>
<button type="submit" name="decision" value="approve">Approve and send</button>
<button type="submit" name="decision" value="refuse">Refuse</button>
</form>
)";

struct Form {
  std::string decision;
  std::string reason;
};

Result<Form> read_form(const http::Request& request) {
  const auto wrong = [] {
    return fail(ErrorCode::invalid_argument, "This is not the form of this page.",
                "Open the link again.");
  };
  if (request.body.size() > kMostForm) return wrong();
  const auto pairs = http::parse_query(request.body);
  if (!pairs) return wrong();
  Form form;
  for (const auto& [name, value] : *pairs) {
    if (!is_valid_utf8(value)) return wrong();
    if (name == "decision") form.decision = value;
    if (name == "reason") form.reason = std::string(trim(value));
  }
  if (form.decision != "approve" && form.decision != "refuse") return wrong();
  return form;
}

class Page {
 public:
  Page(io::Runtime& runtime, control::Approvals& approvals, Decided decided,
       std::shared_ptr<audit::Journal> journal)
      : runtime_(runtime),
        approvals_(approvals),
        decided_(std::move(decided)),
        journal_(std::move(journal)) {}

  io::Task<http::Response> show(std::string token) const {
    const auto found =
        co_await runtime_.run_blocking([this, &token] { return approvals_.at_link(token); });
    if (!found) co_return plain_error_page(kApprovalTitle, found.error());
    std::string body = shown_of(*found);
    if (found->row.state == "pending") body += kForm;
    co_return plain_page(200, kApprovalTitle, body);
  }

  io::Task<http::Response> decide(std::string token, const http::Request& request) const {
    const auto form = read_form(request);
    if (!form) co_return plain_error_page(kApprovalTitle, form.error());
    const bool approves = form->decision == "approve";
    const auto done = co_await runtime_.run_blocking(
        [&] { return decide_now(token, approves, form->reason, request.id); });
    if (!done) co_return plain_error_page(kApprovalTitle, done.error());
    if (decided_) {
      decided_(approves ? "approve" : "refuse", done->row.decided_by, "/approval/" + done->row.id);
    }
    co_return plain_page(200, kApprovalTitle, shown_of(*done));
  }

 private:
  Result<control::Approval> decide_now(const std::string& token, bool approves,
                                       const std::string& reason,
                                       const std::string& request_id) const {
    const auto decide = [&] {
      return approves ? approvals_.approve_by_link(token, reason)
                      : approvals_.refuse_by_link(token, reason);
    };
    if (!journal_) return decide();
    const auto before = approvals_.at_link(token);
    if (!before) return before;
    auto maker = approvals_.maker_of_link(token);
    if (!maker) return std::unexpected(std::move(maker.error()));
    const LinkDecision decision{.approval = before->row,
                                .token_id = std::move(*maker),
                                .operation = approves ? "approve" : "refuse",
                                .request_id = request_id};
    Result<control::Approval> decided;
    const auto recorded = decide_recorded(*journal_, decision, [&]() -> Result<json::Value> {
      decided = decide();
      if (!decided) return std::unexpected(decided.error());
      return json::Value(json::Object{{"id", decided->row.id}});
    });
    return recorded ? std::move(decided) : std::unexpected(recorded.error());
  }

  io::Runtime& runtime_;
  control::Approvals& approvals_;
  const Decided decided_;
  const std::shared_ptr<audit::Journal> journal_;
};

}  // namespace

void add_approval_page(http::Router& router, io::Runtime& runtime, control::Approvals& approvals,
                       Decided decided, std::shared_ptr<audit::Journal> journal) {
  const auto shown =
      std::make_shared<const Page>(runtime, approvals, std::move(decided), std::move(journal));
  const std::string pattern = std::string(kApprovePath) + ":link";
  router.add(http::Method::get, pattern, [shown](http::Request&, const http::PathParameters& path) {
    return shown->show(std::string(path["link"]));
  });
  router.add(http::Method::post, pattern,
             [shown](http::Request& request, const http::PathParameters& path) {
               return shown->decide(std::string(path["link"]), request);
             });
}

std::optional<http::BodyVerdict> judge_approval_form(const control::Approvals& approvals,
                                                     const http::Request& request) {
  if (!request.path.starts_with(kApprovePath)) return std::nullopt;
  if (approvals.may_be_link(request.path.substr(kApprovePath.size()))) {
    return http::BodyVerdict{.refused = std::nullopt, .holder = "approval link"};
  }
  return http::BodyVerdict{.refused = plain_error_page(kApprovalTitle, no_link())};
}

}  // namespace patchbay::admin
