#include "gateway/writes/told_again.h"

#include <utility>

#include "gateway/answers/envelope.h"
#include "gateway/answers/size.h"
#include "json/parse.h"

namespace patchbay::gateway {
namespace {

std::string what_happened(const Call& call) {
  std::string text =
      "The same call was made a moment ago and its answer may not have arrived: this is what came "
      "of it, and nothing was sent a second time. To do it again, ";
  const bool may_insist = call.find_argument("allow_duplicate") != nullptr;
  return text + (may_insist ? "set allow_duplicate: true." : "give a new idempotency_key.");
}

}  // namespace

Outcome<std::string> told_again(const Call& call, const Outcome<std::string>& first) {
  if (!first) {
    ToolError error = first.error();
    error.message += ' ' + what_happened(call);
    return std::unexpected(std::move(error));
  }
  const auto result = json::parse(*first);
  if (!result || !result->is_object()) return *first;
  Envelope envelope{.notice = what_happened(call)};
  std::string text = *first;
  if (const auto before = result->string_or("notice", ""); !before.empty()) {
    // It stands first, as it was written.
    const std::string written = Envelope{.notice = std::string(before)}.members();
    const auto at = text.find(written);
    if (at == std::string::npos) return text;
    envelope.notice += ' ' + std::string(before);
    text.replace(at, written.size(), envelope.members());
  } else {
    prepend_members(text, envelope.members());
  }
  return fit_record(std::move(text), call.context.max_result_bytes).text;
}

}  // namespace patchbay::gateway
