#include "gateway/call/record.h"

#include "gateway/call/shown_arguments.h"
#include "integration/model.h"
#include "json/write.h"

namespace patchbay::gateway {
namespace {

audit::Outcome outcome_of(const ToolError* error) {
  if (error == nullptr) return audit::Outcome::done;
  switch (error->was_applied) {
    case Applied::no:
      return audit::Outcome::failed;
    case Applied::yes:
      return audit::Outcome::done;
    case Applied::unknown:
      break;
  }
  return audit::Outcome::unknown;
}

std::chrono::milliseconds whole(MonotonicTime::duration time) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(time);
}

std::chrono::microseconds micros(MonotonicTime::duration time) {
  return std::chrono::duration_cast<std::chrono::microseconds>(time);
}

audit::Arguments kept_arguments(const Call& call) {
  return call.services.options.get().journal->keeps_arguments(call.context.caller.environment_id);
}

audit::Kind kind_of(const Call& call) {
  return call.is_write() && !call.only_shown ? audit::Kind::write : audit::Kind::read;
}

}  // namespace

audit::Event event_of(const Call& call, const Arguments& arguments) {
  audit::Event event{.by = call.context.caller,
                     .kind = kind_of(call),
                     .tool = call.tool.name,
                     .resource = call.resource().name,
                     .request_id = call.context.request_id,
                     .digest = call.digest,
                     .shown = kept_arguments(call)};
  const auto passed = call.services.clock.monotonic() - call.began;
  event.at = call.services.clock.now() - whole(passed);
  if (event.shown != audit::Arguments::none) {
    event.shown_arguments = json::to_string(shown_arguments(call, arguments.values(), event.shown));
  }
  return event;
}

audit::Ending ending_of(const Call& call, const ToolError* error, std::string_view result) {
  audit::Ending ending{.outcome = outcome_of(error),
                       .error_code = error != nullptr ? to_string(error->code) : "",
                       .record_id = call.record_id,
                       .upstream_status = call.upstream_status,
                       .duration = whole(call.services.clock.monotonic() - call.began),
                       .upstream_duration = whole(call.upstream_time),
                       .waited = call.waited + whole(call.turn_time),
                       .shaping = micros(call.shape_time),
                       .upstream_bytes = call.upstream_bytes,
                       .result_bytes = result.size()};
  const audit::Arguments kept = result.empty() ? audit::Arguments::none : kept_arguments(call);
  if (kept != audit::Arguments::none) {
    ending.summary = json::to_string(shown_summary(call, result, kept));
    ending.shown = kept;
  }
  return ending;
}

void note(audit::Journal& journal, const Call& call, const Arguments& arguments,
          const ToolError* error, std::string_view result) {
  const audit::Ending ending = ending_of(call, error, result);
  audit::EndedCall ended{.by = call.context.caller,
                         .ending = ending,
                         .kind = kind_of(call),
                         .at = call.services.clock.now() - ending.duration,
                         .tool = call.tool.name,
                         .resource = call.resource().name,
                         .request_id = call.context.request_id,
                         .digest = call.digest ? &*call.digest : nullptr,
                         .shown = kept_arguments(call)};
  std::string shown;
  if (ended.shown != audit::Arguments::none) {
    shown = json::to_string(shown_arguments(call, arguments.values(), ended.shown));
    ended.shown_arguments = shown;
  }
  journal.note(ended);
}

void note_record(Call& call, const json::Value& record) {
  const auto id = record.int64_or(call.integration().pagination.id_field, 0);
  if (id != 0) call.record_id = std::to_string(id);
}

}  // namespace patchbay::gateway
