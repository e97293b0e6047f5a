#include "gateway/call/tool_error.h"

#include <algorithm>

#include "base/text.h"
#include "http/status.h"
#include "json/value.h"
#include "json/write.h"

namespace patchbay::gateway {

std::string_view said(Applied applied) {
  switch (applied) {
    case Applied::no:
      return "no";
    case Applied::yes:
      return "yes";
    case Applied::unknown:
      return "unknown";
  }
  return "unknown";
}

namespace {

// What to do where nothing more is known than what kind of fault it is: nobody is left without.
std::string_view usual_hint(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid_argument:
      return "Correct the arguments and call again.";
    case ErrorCode::unauthenticated:
      return "Whoever runs this server must renew the account's credentials; retrying will not "
             "help.";
    case ErrorCode::permission_denied:
      return "The account's role must be granted it first; retrying will not help.";
    case ErrorCode::not_found:
      return "Check the id, or list the records that there are.";
    case ErrorCode::conflict:
      return "Read the record again before changing it.";
    case ErrorCode::too_large:
      return "Ask for less: a smaller limit, fewer fields, narrower filters.";
    case ErrorCode::rate_limited:
      return "Wait before calling again, and ask for less at once.";
    case ErrorCode::timeout:
      return "Ask for less at once, or try again later.";
    case ErrorCode::cancelled:
      return "Call again if it is still wanted.";
    case ErrorCode::unavailable:
      return "This is usually temporary: try again once, in a few seconds.";
    case ErrorCode::unsupported:
      return "No argument can mend it; use another tool.";
    case ErrorCode::upstream:
    case ErrorCode::internal:
      break;
  }
  return "Try again once; if it stays so, whoever runs this server must look into it.";
}

}  // namespace

std::string to_json(const ToolError& error, std::string_view request_id) {
  // An error is read by a model too: it must stay small, whatever a caller or an upstream put in.
  constexpr std::size_t kMaxFields = 20;
  constexpr std::size_t kMaxFieldBytes = 120;
  constexpr std::size_t kMaxTextBytes = 1500;
  // Of all fields together: programs cut errors of more than some 11,000 characters.
  constexpr std::size_t kMaxFieldsBytes = 6000;
  json::Object body;
  body.append("status", error.status != 0 ? error.status : http::status_of(error.code));
  body.append("code", patchbay::to_string(error.code));
  body.append("message", cut_utf8(error.message, kMaxTextBytes));
  json::Array fields;
  std::size_t fields_bytes = 0;
  for (const auto& field : error.field_errors) {
    fields_bytes += std::min(field.message.size(), kMaxTextBytes);
    if (fields.size() == kMaxFields || (!fields.empty() && fields_bytes > kMaxFieldsBytes)) break;
    json::Object entry;
    entry.append("field", cut_utf8(field.field, kMaxFieldBytes));
    entry.append("message", cut_utf8(field.message, kMaxTextBytes));
    fields.push_back(std::move(entry));
  }
  body.append("field_errors", std::move(fields));
  body.append("hint",
              error.hint.empty() ? usual_hint(error.code) : cut_utf8(error.hint, kMaxTextBytes));
  if (error.retry_after_seconds) body.append("retry_after_seconds", *error.retry_after_seconds);
  body.append("was_applied", said(error.was_applied));
  if (!error.steps.empty()) body.append("steps", error.steps);
  json::Object root;
  root.append("error", std::move(body));
  root.append("request_id", request_id);
  return json::to_string(root);
}

}  // namespace patchbay::gateway
