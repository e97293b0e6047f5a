#include "gateway/writes/once.h"

#include "audit/journal.h"
#include "base/encoding.h"
#include "gateway/answers/cursor.h"
#include "gateway/call/stage.h"
#include "gateway/sending/off_loop.h"
#include "gateway/sending/refusal.h"
#include "gateway/writes/look.h"
#include "gateway/writes/look_first.h"
#include "gateway/writes/overlaps.h"
#include "gateway/writes/told_again.h"
#include "gateway/writes/write.h"
#include "io/receipt.h"
#include "io/runtime.h"

namespace patchbay::gateway {

namespace {

constexpr std::size_t kMaxKeyBytes = 200;

// A write as the journal knows it, and what callers are told of its first call.
struct Intent {
  audit::Write write;
  bool keyed = true;

  std::string first() const {
    return keyed ? "The first call with this idempotency_key" : "The same call of a moment ago";
  }
};

// The arguments that the key stands for: names as they were given, so that a repetition costs
// nothing to tell.
std::string digest_of(const Call& call, const Arguments& arguments) {
  json::Object meant;
  for (const auto& [name, value] : arguments.values()) {
    // What a guard is told to let through makes no other write of it.
    const auto* argument = call.find_argument(name);
    const bool own = argument != nullptr &&
                     argument->place == integration::ArgumentPlace::platform &&
                     (name == "idempotency_key" || name.starts_with("allow_"));
    if (!own) meant.append(name, value);
  }
  const auto digest = digest_query(call.tool.name, call.context.account->id(), meant);
  return to_hex({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

// After this long a call that began is not under way any more, whatever became of it.
std::chrono::milliseconds longest_call(const Call& call) {
  const auto& options = call.services.options.get();
  return 2 * (options.upstream_timeout + options.throttle.longest);
}

Error not_recorded() {
  return {ErrorCode::unavailable, "The idempotency_key could not be recorded; nothing was sent.",
          "Try again in a few seconds."};
}

ToolError unknown_still(const Call& call, const Intent& intent, std::string_view what) {
  ToolError error;
  error.code = ErrorCode::conflict;
  error.was_applied = Applied::unknown;
  error.message = intent.first().append(what);
  error.hint = search_first(call) + (intent.keyed ? " Then use another key."
                                                  : " To do it again, ask again in a minute.");
  return error;
}

// What a call is told whose key has been used, and is not free for it.
Outcome<std::string> repeat(const Call& call, const Intent& intent, audit::Begun first) {
  if (auto* const done = std::get_if<audit::Repeat>(&first)) return std::move(done->result);
  if (std::holds_alternative<audit::OtherArguments>(first)) {
    return refuse(
        ErrorCode::conflict,
        "This idempotency_key belongs to an earlier call with other arguments; nothing was "
        "sent.",
        "For another write use another key.");
  }
  if (std::holds_alternative<audit::Lost>(first)) {
    return std::unexpected(
        unknown_still(call, intent, " was done; its result cannot be read any more."));
  }
  const auto& under_way = std::get<audit::UnderWay>(first);
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(under_way.at_most).count();
  auto error = unknown_still(
      call, intent,
      " may still be under way, for " + std::to_string(seconds) + " seconds at most.");
  error.hint = std::string("Make the same call") + (intent.keyed ? ", with the same key," : "") +
               " again: by then it is known, or can be looked up, what became of it; often sooner.";
  error.retry_after_seconds = seconds;
  return std::unexpected(std::move(error));
}

io::Task<Outcome<std::string>> guarded_write(Call& call, const Prepared& prepared) {
  if (auto looked = co_await look_first(call, prepared); !looked) {
    co_return std::unexpected(std::move(looked.error()));
  }
  auto written = co_await write(call, prepared);
  if (!written) co_await explain_overlaps(call, prepared, written.error());
  co_return written;
}

// Nothing: no answer came, and the upstream may still be at it; so the journal has it as under way.
std::optional<audit::Ended> ended_of(const Outcome<std::string>& written) {
  if (written) return audit::Done{*written};
  if (written.error().was_applied == Applied::no) return audit::NotDone{};
  if (written.error().may_still_run) return std::nullopt;
  return audit::Unknown{};
}

io::Task<Result<audit::Begun>> begin(Call& call, audit::Journal& journal, const Intent& intent) {
  const Stage stage(call, "journal");
  co_return co_await call.services.runtime.run_blocking(
      [&] { return journal.begin(intent.write); });
}

// Records it in the journal, and does it.
io::Task<Outcome<std::string>> perform(Call& call, const Prepared& prepared, const Intent& intent,
                                       const audit::Go& go, bool again) {
  auto written = co_await guarded_write(call, prepared);
  const bool gone = again && !written && written.error().leads.record_not_found &&
                    call.method().kind == integration::MethodKind::delete_;
  if (gone) {
    call.add_notice(
        "It is not there any more: an earlier call like this, or someone else, has "
        "deleted it.");
    written = tell_done(call, prepared);
  }
  // If it cannot be recorded, the write is open later: the key is not used twice without a look.
  if (const auto ended = ended_of(written)) {
    const Stage stage(call, "journal");
    static_cast<void>(co_await call.services.runtime.run_blocking(
        [&] { return call.services.options.get().journal->finish(intent.write, go, *ended); }));
  }
  co_return written;
}

// The first call's outcome is not known: it is looked for, and only what was not done is sent.
io::Task<Outcome<std::string>> take_up(Call& call, const Prepared& prepared, const Intent& intent,
                                       const audit::Open& open) {
  auto& journal = *call.services.options.get().journal;
  auto looked = co_await look_for_outcome(call, prepared, open.since);
  if (const auto* why = std::get_if<CannotTell>(&looked)) {
    co_return std::unexpected(
        unknown_still(call, intent, " got no answer that says what came of it. " + why->why));
  }
  auto resumed = co_await call.services.runtime.run_blocking([&] { return journal.resume(open); });
  if (!resumed) co_return refuse(not_recorded());
  const auto* const go = std::get_if<audit::Go>(&*resumed);
  if (go == nullptr) co_return repeat(call, intent, std::move(*resumed));
  const auto* done = std::get_if<WasDone>(&looked);
  if (done == nullptr) co_return co_await perform(call, prepared, intent, *go, true);
  call.add_notice(intent.first() +
                  " got no answer that says what came of it. Since then one record with the same "
                  "values was made, this one; it is taken for its, and nothing was sent again.");
  remember_made(call, prepared, done->record);
  auto told = co_await tell_record(call, prepared, done->record);
  if (const auto ended = ended_of(told)) {
    static_cast<void>(co_await call.services.runtime.run_blocking(
        [&] { return journal.finish(intent.write, *go, *ended); }));
  }
  co_return told;
}

// How often somebody else's write is asked for, on another node.
constexpr std::chrono::milliseconds kAskAgain{150};
// So long after its answer a write without a key is still told to whoever asks for the same on
// another node: it may have waited for it. An answer that was lost is told as long as a row counts.
constexpr std::chrono::milliseconds kToldFor{2'000};

// Longer than a caller's may be.
std::string key_of(const Call& call, const Prepared& prepared) {
  const auto digest =
      digest_query(call.tool.name, call.context.scope_id, prepared.arguments.values());
  return std::string(kMaxKeyBytes, '=') +
         to_hex({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

// What was answered is no longer remembered, and the next one like it is a new wish.
io::Task<> forget_later(io::Runtime& runtime, std::shared_ptr<audit::Journal> journal,
                        audit::Write write, audit::Go go, std::shared_ptr<io::Receipt> receipt) {
  co_await io::sleep(kToldFor);
  if (receipt && receipt->is_lost()) co_return;
  // If this fails it is told for longer.
  static_cast<void>(
      co_await runtime.run_blocking([&] { return journal->finish(write, go, audit::NotDone{}); }));
}

io::Task<Outcome<std::string>> perform_and_forget(Call& call, const Prepared& prepared,
                                                  const Intent& intent, audit::Go go) {
  auto written = co_await perform(call, prepared, intent, go, false);
  const auto receipt = call.context.receipt ? call.context.receipt() : nullptr;
  io::spawn_here([&runtime = call.services.runtime, journal = call.services.options.get().journal,
                  write = intent.write, go = std::move(go),
                  receipt] { return forget_later(runtime, journal, write, go, receipt); });
  co_return written;
}

// Without a key, where other nodes may be sent the same: a client that was cut off asks the next
// one. `new_wish`: this node has answered the same already, and that arrived.
io::Task<Outcome<std::string>> write_once_among_nodes(Call& call, const Prepared& prepared,
                                                      bool new_wish) {
  const auto& options = call.services.options.get();
  auto& journal = *options.journal;
  const Intent intent{.write = {.account_id = call.context.account->id(),
                                .key = key_of(call, prepared),
                                .digest = digest_of(call, prepared.arguments),
                                .longest_call = longest_call(call),
                                .valid = longest_call(call) + options.repeat_window},
                      .keyed = false};
  while (true) {
    auto begun = co_await begin(call, journal, intent);
    // Nobody else can be asked: then it is guarded as by a server that is alone.
    if (!begun) co_return co_await guarded_write(call, prepared);
    if (auto* go = std::get_if<audit::Go>(&*begun)) {
      co_return co_await perform_and_forget(call, prepared, intent, std::move(*go));
    }
    if (const auto* open = std::get_if<audit::Open>(&*begun)) {
      co_return co_await take_up(call, prepared, intent, *open);
    }
    auto* const done = std::get_if<audit::Repeat>(&*begun);
    if (done == nullptr && !std::holds_alternative<audit::UnderWay>(*begun)) {
      co_return repeat(call, intent, std::move(*begun));
    }
    if (done != nullptr && !new_wish) {
      const std::size_t bytes = done->result.size();
      co_return co_await off_loop(call, bytes,
                                  [&] { return told_again(call, std::move(done->result)); });
    }
    if (done != nullptr) {
      new_wish = false;
      static_cast<void>(co_await call.services.runtime.run_blocking([&] {
        return journal.finish(intent.write, audit::Go{.id = done->id}, audit::NotDone{});
      }));
      continue;
    }
    new_wish = false;
    const Waits::One waiting(call.context.waits, Waits::For::api);
    co_await io::sleep(kAskAgain);
    if (call.context.still_allowed && !call.context.still_allowed()) {
      co_return repeat(call, intent, std::move(*begun));
    }
  }
}

}  // namespace

io::Task<Outcome<std::string>> write_once(Call& call, const Prepared& prepared, bool new_wish) {
  const auto* argument = call.find_argument("idempotency_key");
  const auto* given = prepared.arguments.find("idempotency_key");
  const bool keyed = given != nullptr && argument->place == integration::ArgumentPlace::platform;
  if (!keyed && call.context.write_key.empty()) {
    const auto& options = call.services.options.get();
    const bool insists = prepared.arguments.flag("allow_duplicate");
    const bool twice_is_once = call.method().kind == integration::MethodKind::update;
    const bool guarded = options.repeat_window.count() > 0 && !insists && !twice_is_once;
    if (options.journal && options.journal_is_shared && guarded) {
      co_return co_await write_once_among_nodes(call, prepared, new_wish);
    }
    co_return co_await guarded_write(call, prepared);
  }
  const std::string& key = keyed ? *given->if_string() : call.context.write_key;
  if (key.empty() || key.size() > kMaxKeyBytes) {
    co_return refuse(ErrorCode::invalid_argument, "idempotency_key takes 1 to 200 characters.",
                     "A random one for each write will do.");
  }
  const auto& journal = call.services.options.get().journal;
  if (!journal) {
    co_return refuse(ErrorCode::unsupported, "This server keeps no idempotency keys.",
                     "Leave idempotency_key out.");
  }
  const Intent intent{.write = {.account_id = call.context.account->id(),
                                .key = key,
                                .digest = digest_of(call, prepared.arguments),
                                .longest_call = longest_call(call)}};
  auto begun = co_await begin(call, *journal, intent);
  if (!begun) co_return refuse(not_recorded());
  if (const auto* go = std::get_if<audit::Go>(&*begun)) {
    co_return co_await perform(call, prepared, intent, *go, false);
  }
  if (const auto* open = std::get_if<audit::Open>(&*begun)) {
    co_return co_await take_up(call, prepared, intent, *open);
  }
  co_return repeat(call, intent, std::move(*begun));
}

}  // namespace patchbay::gateway
