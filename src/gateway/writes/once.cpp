#include "gateway/writes/once.h"

#include "audit/journal.h"
#include "base/encoding.h"
#include "gateway/answers/cursor.h"
#include "gateway/call/longest_call.h"
#include "gateway/call/record.h"
#include "gateway/call/stage.h"
#include "gateway/sending/off_loop.h"
#include "gateway/sending/refusal.h"
#include "gateway/writes/journaled.h"
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

// What was written within limits is no answer to who has others.
std::string account_within(const Call& call) {
  return call.identity() + std::string(call.within());
}
std::string scope_within(const Call& call) {
  return call.context.scope_id + call.me() + std::string(call.within());
}

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
  const auto digest = digest_query(call.tool.name, account_within(call), meant);
  return to_hex({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

Error not_recorded() {
  return {ErrorCode::unavailable,
          "The database does not take the record of the call; nothing was sent.",
          "Try again in a few seconds."};
}

audit::Write write_of(const Call& call, const Prepared& prepared) {
  audit::Write write{.event = event_of(call, prepared.arguments),
                     .longest_call = longest_call(call.services.options.get())};
  write.event.check = search_first(call);
  return write;
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

audit::Ended ended_of(const Outcome<std::string>& written) {
  if (written) return audit::Done{*written};
  if (written.error().was_applied == Applied::no) return audit::NotDone{};
  if (written.error().may_still_run) return audit::MayStillRun{};
  return audit::Unknown{};
}

io::Task<Result<audit::Begun>> begin_write(Call& call, audit::Write write) {
  const Stage stage(call, "journal");
  co_return co_await begin(*call.services.options.get().journal, std::move(write));
}

// If it cannot be recorded the write is open: its key is not used twice without a look, and the
// next start tells of it.
io::Task<> record_end(Call& call, audit::Go go, const Outcome<std::string>& written) {
  const Stage stage(call, "journal");
  const ToolError* const error = written ? nullptr : &written.error();
  audit::Ending ending = ending_of(call, error, written ? std::string_view(*written) : "");
  audit::Ended ended = go.key.empty() ? audit::Ended(audit::Unknown{}) : ended_of(written);
  static_cast<void>(co_await end(*call.services.options.get().journal, std::move(go),
                                 std::move(ended), std::move(ending)));
}

// Does what was begun, and records what came of it.
io::Task<Outcome<std::string>> perform(Call& call, const Prepared& prepared, audit::Go go,
                                       bool again) {
  call.recorded = true;
  auto written = co_await guarded_write(call, prepared);
  const bool gone = again && !written && written.error().leads.record_not_found &&
                    call.method().kind == integration::MethodKind::delete_;
  if (gone) {
    call.add_notice(
        "It is not there any more: an earlier call like this, or someone else, has "
        "deleted it.");
    written = tell_done(call, prepared);
  }
  co_await record_end(call, std::move(go), written);
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
  auto resumed = co_await resume(journal, intent.write, open);
  if (!resumed) co_return refuse(not_recorded());
  auto* const go = std::get_if<audit::Go>(&*resumed);
  if (go == nullptr) co_return repeat(call, intent, std::move(*resumed));
  const auto* done = std::get_if<WasDone>(&looked);
  if (done == nullptr) co_return co_await perform(call, prepared, std::move(*go), true);
  call.recorded = true;
  call.add_notice(intent.first() +
                  " got no answer that says what came of it. Since then one record with the same "
                  "values was made, this one; it is taken for its, and nothing was sent again.");
  note_record(call, done->record);
  remember_made(call, prepared, done->record);
  auto told = co_await tell_record(call, prepared, done->record);
  co_await record_end(call, std::move(*go), told);
  co_return told;
}

// How often somebody else's write is asked for, on another node.
constexpr std::chrono::milliseconds kAskAgain{150};
// So long after its answer a write without a key is still told to whoever asks for the same on
// another node: it may have waited for it. An answer that was lost is told as long as a row counts.
constexpr std::chrono::milliseconds kToldFor{2'000};

// Longer than a caller's may be.
std::string key_of(const Call& call, const Prepared& prepared) {
  const auto digest = digest_query(call.tool.name, scope_within(call), prepared.arguments.values());
  return std::string(kMaxKeyBytes, '=') +
         to_hex({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

// What was answered is no longer remembered, and the next one like it is a new wish.
io::Task<> forget_later(std::shared_ptr<audit::Journal> journal, audit::Go go,
                        std::shared_ptr<io::Receipt> receipt) {
  co_await io::sleep(kToldFor);
  if (receipt && receipt->is_lost()) co_return;
  // If this fails it is told for longer.
  static_cast<void>(co_await free_key(*journal, std::move(go)));
}

io::Task<Outcome<std::string>> perform_and_forget(Call& call, const Prepared& prepared,
                                                  audit::Go go) {
  auto written = co_await perform(call, prepared, go, false);
  const auto receipt = call.context.receipt ? call.context.receipt() : nullptr;
  io::spawn_here([journal = call.services.options.get().journal, go = std::move(go), receipt] {
    return forget_later(journal, go, receipt);
  });
  co_return written;
}

// Without a key, where other nodes may be sent the same: a client that was cut off asks the next
// one. `new_wish`: this node has answered the same already, and that arrived.
io::Task<Outcome<std::string>> write_once_among_nodes(Call& call, const Prepared& prepared,
                                                      bool new_wish) {
  const auto& options = call.services.options.get();
  auto& journal = *options.journal;
  Intent intent{.write = write_of(call, prepared), .keyed = false};
  intent.write.key = key_of(call, prepared);
  intent.write.digest = digest_of(call, prepared.arguments);
  intent.write.valid = longest_call(options) + options.repeat_window;
  while (true) {
    auto begun = co_await begin_write(call, intent.write);
    if (!begun) co_return refuse(not_recorded());
    if (auto* go = std::get_if<audit::Go>(&*begun)) {
      co_return co_await perform_and_forget(call, prepared, std::move(*go));
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
      static_cast<void>(co_await free_key(journal, std::move(done->first)));
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

// Without a key, and nobody else to ask for it.
io::Task<Outcome<std::string>> write_recorded(Call& call, const Prepared& prepared) {
  const auto& journal = call.services.options.get().journal;
  if (!journal) co_return co_await guarded_write(call, prepared);
  auto begun = co_await begin_write(call, write_of(call, prepared));
  auto* const go = begun ? std::get_if<audit::Go>(&*begun) : nullptr;
  if (go == nullptr) co_return refuse(not_recorded());
  co_return co_await perform(call, prepared, std::move(*go), false);
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
    co_return co_await write_recorded(call, prepared);
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
  Intent intent{.write = write_of(call, prepared)};
  intent.write.key = key;
  intent.write.digest = digest_of(call, prepared.arguments);
  auto begun = co_await begin_write(call, intent.write);
  if (!begun) co_return refuse(not_recorded());
  if (auto* go = std::get_if<audit::Go>(&*begun)) {
    co_return co_await perform(call, prepared, std::move(*go), false);
  }
  if (const auto* open = std::get_if<audit::Open>(&*begun)) {
    co_return co_await take_up(call, prepared, intent, *open);
  }
  co_return repeat(call, intent, std::move(*begun));
}

}  // namespace patchbay::gateway
