#include "gateway/writes/once.h"

#include "base/encoding.h"
#include "gateway/answers/cursor.h"
#include "gateway/call/idempotency.h"
#include "gateway/sending/refusal.h"
#include "gateway/writes/duplicates.h"
#include "gateway/writes/write.h"

namespace patchbay::gateway {

namespace {

using State = IdempotencyStore::State;

constexpr std::chrono::hours kKeyLifetime{24};
constexpr std::size_t kMaxKeyBytes = 200;

// The arguments that the key stands for: names as they were given, so that a repetition costs
// nothing to tell.
std::string digest_of(const Call& call, const Arguments& arguments) {
  json::Object meant;
  for (const auto& [name, value] : arguments.values()) {
    if (name != "idempotency_key" && name != "allow_duplicate") meant.append(name, value);
  }
  const auto digest = digest_query(call.tool.name, call.context.account->id(), meant);
  return to_hex({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

// After this long a call that began is not under way any more, whatever became of it.
std::chrono::milliseconds longest_call(const Call& call) {
  const auto& options = call.services.options;
  return 2 * (options.upstream_timeout + options.throttle.longest);
}

Outcome<std::string> repeat(const Call& call, IdempotencyStore::Attempt first,
                            std::string_view digest) {
  if (first.digest != digest) {
    return refuse(
        ErrorCode::conflict,
        "This idempotency_key belongs to an earlier call with other arguments; nothing was "
        "sent.",
        "For another record use another key.");
  }
  if (first.state == State::done) return std::move(first.result);
  ToolError error;
  error.code = ErrorCode::conflict;
  error.was_applied = Applied::unknown;
  const bool under_way = first.state == State::started &&
                         call.services.clock.now() - first.started_at < longest_call(call);
  if (under_way) {
    error.message = "The first call with this idempotency_key is still under way.";
    error.hint = "Make the same call, with the same key, again in a few seconds.";
    error.retry_after_seconds = 5;
  } else {
    error.message =
        "The first call with this idempotency_key got no answer, and is not repeated by itself.";
    error.hint = search_first(call) + " Then use another key.";
  }
  return std::unexpected(std::move(error));
}

io::Task<Outcome<std::string>> guarded_write(Call& call, const Prepared& prepared) {
  if (auto fresh = co_await refuse_duplicate(call, prepared); !fresh) {
    co_return std::unexpected(std::move(fresh.error()));
  }
  co_return co_await write(call, prepared);
}

// What the key's next use is told. If it cannot be recorded, the attempt stays "started", which is
// told as unknown later: the safe side.
io::Task<> record(Call& call, const IdempotencyStore::Key& key,
                  const Outcome<std::string>& outcome) {
  auto& store = *call.services.options.idempotency;
  const auto noted = co_await call.services.runtime.run_blocking([&]() -> Result<> {
    if (outcome) return store.finish(key, State::done, *outcome);
    if (outcome.error().was_applied == Applied::no) return store.forget(key);
    return store.finish(key, State::unknown, {});
  });
  static_cast<void>(noted);
}

}  // namespace

io::Task<Outcome<std::string>> write_once(Call& call, const Prepared& prepared) {
  const auto* argument = call.find_argument("idempotency_key");
  const auto* given = prepared.arguments.find("idempotency_key");
  if (given == nullptr || argument->place != integration::Place::platform) {
    co_return co_await guarded_write(call, prepared);
  }
  const IdempotencyStore::Key key{call.context.account->id(), *given->if_string()};
  if (key.key.empty() || key.key.size() > kMaxKeyBytes) {
    co_return refuse(ErrorCode::invalid_argument, "idempotency_key takes 1 to 200 characters.",
                     "A random one for each record will do.");
  }
  const auto& store = call.services.options.idempotency;
  if (!store) {
    co_return refuse(ErrorCode::unsupported, "This server keeps no idempotency keys.",
                     "Leave idempotency_key out.");
  }
  const auto digest = digest_of(call, prepared.arguments);
  const auto now = call.services.clock.now();
  auto first = co_await call.services.runtime.run_blocking(
      [&] { return store->begin(key, digest, now, now - kKeyLifetime); });
  if (!first) {
    co_return refuse(ErrorCode::unavailable,
                     "The idempotency_key could not be recorded; nothing was sent.",
                     "Try again in a few seconds.");
  }
  if (*first) co_return repeat(call, std::move(**first), digest);
  auto outcome = co_await guarded_write(call, prepared);
  co_await record(call, key, outcome);
  co_return outcome;
}

}  // namespace patchbay::gateway
