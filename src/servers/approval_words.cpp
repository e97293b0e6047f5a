#include "servers/approval_words.h"

#include <utility>
#include <vector>

#include "base/iso8601.h"
#include "base/text.h"
#include "http/status.h"
#include "json/write.h"

namespace patchbay::servers {
namespace {

// Of all that a person at a client is shown.
constexpr std::size_t kMostShown = 6'000;

json::Value brief(const control::Approval& approval) {
  const auto& row = approval.row;
  json::Object told{{"id", row.id},
                    {"state", row.state},
                    {"tool", row.tool},
                    {"summary", approval.content.string_or("summary", "")},
                    {"asked_at", format_utc_millis(row.created_at)}};
  if (row.state == "pending") told.append("expires_at", format_utc_millis(row.expires_at));
  if (row.decided_at) told.append("decided_at", format_utc_millis(*row.decided_at));
  if (!row.reason.empty()) told.append("reason", row.reason);
  if (const json::Value* next = approval.outcome.find("replaced_by")) {
    told.append("replaced_by", *next);
  }
  return told;
}

struct Said {
  int status = 409;
  std::string_view code;
  std::string message;
  std::string hint;
  std::string_view was_applied = "no";
};

std::string ask_again(const std::string& id) {
  return "Ask " + std::string(kApprovalStatusTool) + " with approval_id \"" + id +
         "\", or make the same call again: both tell what became of it.";
}

// Of every state but `done`.
Said say(const control::Approval& approval) {
  const auto& row = approval.row;
  const std::string reason = row.reason.empty() ? "" : " They said: " + row.reason;
  if (row.state == "pending") {
    return {
        428, "approval_required",
        "This call waits for a person's approval, " + row.id +
            ". Nothing was sent, and nothing has to be done for it to be sent once they "
            "approve.",
        "Tell the user that it waits, and for what; do not try another way. " + ask_again(row.id)};
  }
  if (row.state == "sending") {
    return {409, "approval_sending", "The call was approved and is being sent at this moment.",
            "In a few seconds it is known what became of it. " + ask_again(row.id), "unknown"};
  }
  if (row.state == "refused") {
    return {403, "approval_refused", "A person refused this call. Nothing was sent." + reason,
            "Tell the user; do not make the call again unless they say so."};
  }
  if (row.state == "expired") {
    return {410, "approval_expired", "Nobody approved this call in time. Nothing was sent.",
            "If it is still wanted, make the call again: it is asked for anew."};
  }
  if (row.state == "stale") {
    const json::Value* const next = approval.outcome.find("replaced_by");
    return {409, "approval_stale",
            "The call was approved, but the records had changed since it was shown. Nothing was "
            "sent.",
            next != nullptr ? "It is asked for again as it is now, as " +
                                  std::string(approval.outcome.string_or("replaced_by", "")) + "."
                            : "If it is still wanted, make the call again."};
  }
  if (row.state == "failed") {
    return {502, "approved_and_failed",
            "The call was approved, and could not be done. Nothing was changed.",
            "See its error; to try again, make the call again: it is asked for anew."};
  }
  return {409, "approved_and_unknown",
          "The call was approved and sent, and nobody knows whether it was done.",
          "Look for what it would have changed before anything else. It is not sent again by "
          "itself.",
          "unknown"};
}

json::Value error_body(const Said& said) {
  return json::Object{{"status", said.status},   {"code", said.code},
                      {"message", said.message}, {"field_errors", json::Array()},
                      {"hint", said.hint},       {"was_applied", said.was_applied}};
}

}  // namespace

json::Value approval_status_tool(bool structured_output) {
  json::Value tool;
  tool["name"] = kApprovalStatusTool;
  tool["title"] = "Get approval status";
  tool["description"] = "What became of a call that waits for a person's approval.";
  json::Value& input = tool["inputSchema"];
  input["type"] = "object";
  input["properties"]["approval_id"]["type"] = "string";
  input["required"].push_back("approval_id");
  input["additionalProperties"] = json::Value(false);
  if (structured_output) {
    tool["outputSchema"]["type"] = "object";
    tool["outputSchema"]["additionalProperties"] = json::Value(true);
  }
  tool["annotations"] = json::Object{{"readOnlyHint", true},
                                     {"destructiveHint", false},
                                     {"idempotentHint", true},
                                     {"openWorldHint", false}};
  return tool;
}

std::string say_request(const json::Value& shown) {
  const json::Value* const request = shown.find("request");
  if (request == nullptr || !request->is_object()) return {};
  const auto say_one = [](const json::Value& one) {
    return std::string(one.string_or("method", "")) + ' ' + std::string(one.string_or("path", ""));
  };
  if (request->find("method") != nullptr) return say_one(*request);
  // Of several writes each, in their order.
  std::vector<std::string> all;
  for (const auto& [step, one] : *request->if_object()) all.push_back(say_one(one));
  return join(all, ", ");
}

std::string_view code_of(const control::Approval& approval) {
  return approval.row.state == "done" ? std::string_view() : say(approval).code;
}

mcp::TextOutcome tell_of(const control::Approval& approval, std::string_view request_id) {
  json::Object told;
  if (approval.row.state == "done") {
    told.append("approval", brief(approval));
    const json::Value* const result = approval.outcome.find("result");
    told.append("result", result != nullptr ? *result : json::Value());
    return {.text = json::to_string(told)};
  }
  told.append("error", error_body(say(approval)));
  told.append("approval", brief(approval));
  if (const json::Value* inner = approval.outcome.find("error")) {
    const json::Value* const said = inner->find("error");
    told.append("of_the_call", said != nullptr ? *said : *inner);
  }
  told.append("request_id", request_id);
  return {.text = json::to_string(told), .is_error = true};
}

mcp::TextOutcome tell_status(const control::Approval& approval) {
  json::Object told{{"approval", brief(approval)}};
  if (const json::Value* result = approval.outcome.find("result")) {
    told.append("result", *result);
  } else {
    const Said said = say(approval);
    told.append("message", said.message);
    told.append("was_applied", said.was_applied);
    if (const json::Value* inner = approval.outcome.find("error")) {
      const json::Value* const error = inner->find("error");
      told.append("of_the_call", error != nullptr ? *error : *inner);
    }
  }
  return {.text = json::to_string(told)};
}

mcp::TextOutcome tell_error(const Error& error, std::string_view request_id) {
  json::Object told{{"error", error_body({.status = http::status_of(error.code),
                                          .code = to_string(error.code),
                                          .message = error.message,
                                          .hint = error.hint})},
                    {"request_id", request_id}};
  return {.text = json::to_string(told), .is_error = true};
}

std::optional<json::Value> approval_form(const control::Approval& approval) {
  const json::Value* const shown = approval.content.find("shown");
  std::string text(approval.content.string_or("title", ""));
  text += "?\n";
  if (shown != nullptr) text += json::to_pretty_string(*shown);
  if (const auto notice = approval.content.string_or("notice", ""); !notice.empty()) {
    text += "\n" + std::string(notice);
  }
  if (text.size() > kMostShown) return std::nullopt;
  json::Value field;
  field["type"] = "boolean";
  field["title"] = "Yes, send exactly this";
  field["default"] = json::Value(false);
  json::Value params;
  params["mode"] = "form";
  params["message"] = std::move(text);
  params["requestedSchema"]["type"] = "object";
  params["requestedSchema"]["properties"]["approve"] = std::move(field);
  params["requestedSchema"]["required"].push_back("approve");
  return params;
}

Answered read_answer(const json::Value& answer) {
  const std::string_view action = answer.string_or("action", "");
  if (action == "decline") return Answered::no;
  if (action != "accept") return Answered::later;
  const json::Value* const content = answer.find("content");
  return content != nullptr && content->bool_or("approve", false) ? Answered::yes : Answered::no;
}

void add_would_wait(std::string& result, std::size_t max_bytes) {
  constexpr std::string_view kWord =
      R"("approval":"A dry run waits for nobody. Without dry_run this tool's calls, or those above an )"
      R"(amount, wait for a person's approval."})";
  const bool has_members = result.size() > 2 && result.ends_with('}');
  if (!has_members || result.size() + kWord.size() > max_bytes) return;
  result.back() = ',';
  result += kWord;
}

}  // namespace patchbay::servers
