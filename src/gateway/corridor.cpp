#include "gateway/corridor.h"

#include <utility>

#include "audit/journal.h"
#include "gateway/answers/brief.h"
#include "gateway/answers/count.h"
#include "gateway/answers/cursor.h"
#include "gateway/answers/download.h"
#include "gateway/answers/page.h"
#include "gateway/answers/record.h"
#include "gateway/arguments/prepare.h"
#include "gateway/call/record.h"
#include "gateway/call/stage.h"
#include "gateway/call/witness.h"
#include "gateway/composites/composite.h"
#include "gateway/composites/composite_write.h"
#include "gateway/explain.h"
#include "gateway/reports/report.h"
#include "gateway/sending/asked_for.h"
#include "gateway/sending/held.h"
#include "gateway/sending/off_loop.h"
#include "gateway/writes/approved.h"
#include "gateway/writes/dry_run.h"
#include "gateway/writes/in_turn.h"
#include "gateway/writes/repeated.h"

namespace patchbay::gateway {

namespace {

Outcome<Content> as_content(Outcome<std::string> text) {
  if (!text) return std::unexpected(std::move(text.error()));
  return Content{std::move(*text), std::nullopt};
}

// Before what was answered is told again, and before anything is shown of what it touches.
io::Task<Outcome<>> is_within(Call& call, const Prepared& prepared) {
  if (call.reach() == nullptr) co_return Outcome<>();
  co_return co_await check_within(call, prepared);
}

// The last door: the request itself, by what it asks for.
io::Task<Outcome<Content>> perform(Call& call, const Prepared& prepared) {
  const auto& arguments = prepared.arguments;
  // Its steps pass this corridor's doors each for itself.
  if (call.method().composite) {
    co_return as_content(call.is_write() ? co_await write_composite(call, prepared)
                                         : co_await answer_composite(call, prepared));
  }
  if (call.is_write()) {
    if (auto within = co_await is_within(call, prepared); !within) {
      co_return std::unexpected(std::move(within.error()));
    }
    if (auto known = check_fields_asked(call, arguments); !known) {
      co_return std::unexpected(std::move(known.error()));
    }
    if (arguments.flag("dry_run")) co_return as_content(co_await show_request(call, prepared));
    if (call.context.approved != nullptr) {
      co_return as_content(co_await write_as_approved(call, prepared));
    }
    co_await take_turn(call, prepared);
    co_return as_content(co_await write_unless_repeated(call, prepared));
  }
  if (call.method().answer == integration::AnswerKind::file) {
    co_return co_await download_file(call, prepared);
  }
  if (!call.is_list()) co_return as_content(co_await read_record(call, prepared));
  if (asks_report(call, arguments)) co_return as_content(co_await answer_report(call, prepared));
  if (arguments.flag("count")) co_return as_content(co_await count_records(call, prepared));
  co_return as_content(co_await read_list(call, prepared));
}

// For the record of the call: what it means, and which record it names.
void note_prepared(Call& call, const Prepared& prepared) {
  if (!call.services.options.get().journal) return;
  call.digest = digest_query(call.tool.name, call.identity(), prepared.arguments.values());
  call.only_shown = call.is_write() && prepared.arguments.flag("dry_run");
  call.record_id = id_asked(call, call.method().path, prepared.bound.path);
}

// What was not begun in the journal is recorded when it has ended.
void record(const Call& call, const Prepared& prepared, const Outcome<Content>& outcome) {
  const auto& journal = call.services.options.get().journal;
  if (!journal || call.recorded) return;
  note(*journal, call, prepared.arguments, outcome ? nullptr : &outcome.error(),
       outcome ? std::string_view(outcome->text) : "");
}

}  // namespace

io::Task<Outcome<Content>> run(Call& call, json::Object given) {
  Prepared prepared{Arguments(call.tool), {}, {}};
  auto ready = co_await prepare(call, std::move(given), prepared);
  if (ready) note_prepared(call, prepared);
  if (Witness* const witness = Witness::of(call)) witness->looks_up = false;
  auto outcome = ready ? co_await perform(call, prepared)
                       : Outcome<Content>(std::unexpected(std::move(ready.error())));
  // What was read of records on the way goes with it.
  const LetGo ending(call, call.upstream_bytes, prepared.names);
  // Once, and for the request that the call is about: nothing on the way asks further of a refusal.
  if (!outcome) {
    const Stage stage(call, "explain");
    if (Witness* const witness = Witness::of(call)) witness->looks_up = true;
    co_await explain(call, prepared, outcome.error());
  }
  record(call, prepared, outcome);
  co_return outcome;
}

io::Task<Outcome<json::Value>> show_write(Call& call, json::Object given,
                                          const std::function<bool(const json::Object&)>& asks) {
  Prepared prepared{Arguments(call.tool), {}, {}};
  auto ready = co_await prepare(call, std::move(given), prepared);
  const LetGo ending(call, call.upstream_bytes, prepared.names);
  Outcome<json::Value> shown = json::Value();
  if (!ready) {
    shown = std::unexpected(std::move(ready.error()));
  } else if (call.method().composite) {
    if (asks(prepared.arguments.values())) {
      shown = co_await show_composite_for_approval(call, prepared);
    }
  } else if (auto within = co_await is_within(call, prepared); !within) {
    // Nobody is asked about what the server may not do.
    shown = std::unexpected(std::move(within.error()));
  } else if (asks(prepared.arguments.values())) {
    shown = co_await show_for_approval(call, prepared);
  }
  if (!shown) co_await explain(call, prepared, shown.error());
  co_return shown;
}

}  // namespace patchbay::gateway
