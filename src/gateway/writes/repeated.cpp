#include "gateway/writes/repeated.h"

#include <utility>
#include <variant>

#include "gateway/answers/cursor.h"
#include "gateway/answers/envelope.h"
#include "gateway/answers/size.h"
#include "gateway/sending/off_loop.h"
#include "gateway/writes/once.h"
#include "gateway/writes/recent_writes.h"
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

// The first one's outcome, with the words that it is.
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

}  // namespace

io::Task<Outcome<std::string>> write_unless_repeated(Call& call, const Prepared& prepared) {
  auto& recent = call.services.recent_writes;
  const bool twice_is_once = call.method().kind == integration::MethodKind::update;
  if (twice_is_once || !recent.keeps() || prepared.arguments.flag("allow_duplicate")) {
    co_return co_await write_once(call, prepared);
  }
  const auto digest =
      digest_query(call.tool.name, call.context.scope_id, prepared.arguments.values());
  const auto receipt = call.context.receipt ? call.context.receipt() : nullptr;
  for (bool waited = false;; waited = true) {
    auto begun = recent.begin(digest, receipt, waited);
    if (auto* turn = std::get_if<RecentWrites::Turn>(&begun)) {
      auto written = co_await write_once(call, prepared, turn->follows());
      // What was not done is done when it is asked for again.
      if (written || written.error().was_applied != Applied::no) {
        turn->end(std::make_shared<const Outcome<std::string>>(written));
      }
      co_return written;
    }
    if (const auto* first = std::get_if<RecentWrites::Ended>(&begun)) {
      const auto bytes = (*first)->has_value() ? (**first)->size() : 0;
      co_return co_await off_loop(call, bytes, [&] { return told_again(call, **first); });
    }
    const Waits::One waiting(call.context.waits, Waits::For::api);
    co_await std::get<RecentWrites::UnderWay>(begun)->wait();
  }
}

}  // namespace patchbay::gateway
