#include "gateway/writes/repeated.h"

#include <utility>
#include <variant>

#include "gateway/answers/cursor.h"
#include "gateway/sending/off_loop.h"
#include "gateway/writes/once.h"
#include "gateway/writes/recent_writes.h"
#include "gateway/writes/told_again.h"

namespace patchbay::gateway {

io::Task<Outcome<std::string>> write_unless_repeated(Call& call, const Prepared& prepared) {
  auto& recent = call.services.recent_writes;
  const bool twice_is_once = call.method().kind == integration::MethodKind::update;
  if (twice_is_once || !recent.keeps() || prepared.arguments.flag("allow_duplicate")) {
    co_return co_await write_once(call, prepared);
  }
  std::string held;
  if (call.reach() != nullptr || call.context.member != nullptr) {
    held = call.context.scope_id + call.me() + std::string(call.within());
  }
  const auto digest = digest_query(call.tool.name, held.empty() ? call.context.scope_id : held,
                                   prepared.arguments.values());
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
