#include "gateway/writes/in_turn.h"

#include <string>
#include <utility>
#include <vector>

#include "gateway/answers/cursor.h"
#include "gateway/call/turns.h"
#include "gateway/writes/duplicates.h"

namespace patchbay::gateway {

io::Task<> take_turn(Call& call, const Prepared& prepared) {
  Turns* const turns = call.context.turns;
  if (turns == nullptr) co_return;
  std::vector<std::string> keys = known_by(call, prepared);
  const auto digest = digest_query(call.tool.name, call.identity(), prepared.arguments.values());
  keys.emplace_back(reinterpret_cast<const char*>(digest.data()), digest.size());
  if (const auto* key = prepared.arguments.text("idempotency_key")) keys.push_back("key " + *key);
  co_await turns->take(call.context.place, std::move(keys));
}

}  // namespace patchbay::gateway
