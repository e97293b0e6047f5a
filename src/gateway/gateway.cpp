#include "gateway/gateway.h"

#include <algorithm>
#include <array>

#include "gateway/call.h"
#include "gateway/lookups.h"
#include "gateway/shape_plans.h"
#include "gateway/stages.h"

namespace patchbay::gateway {

namespace {

// A stage either works on the call alone or asks the upstream on the way.
struct Stage {
  Step<> (*work)(Call&) = nullptr;
  io::Task<Step<>> (*ask)(Call&) = nullptr;
};

// The corridor. A call passes each door once, in this order, and the first that refuses ends it;
// nothing is written before the last.
constexpr std::array kStages = {
    // Before anything reads the arguments: they are a stranger's.
    Stage{[](Call& call) -> Step<> {
            validate(call);
            return {};
          },
          nullptr},
    // Its faults are told with the others', and before anything is asked for.
    Stage{&take_file, nullptr},
    // Next, since it mends more of them, and all that is wrong is told at once.
    Stage{&times, nullptr},
    // Names become ids while nothing has been written; it needs arguments of the right types.
    Stage{nullptr, &references},
    // Its captions are those of the record, whose path may need an id.
    Stage{nullptr, &custom_fields},
    // Needs the ids. From here on the request is fixed.
    Stage{&bind, nullptr},
};

// In place of the last door.
io::Task<Step<std::string>> show(Call& call) {
  co_return dry_run(call);
}

// The last door: the request itself, by what it asks for.
io::Task<Step<std::string>> perform(Call& call) {
  if (call.method().composite) return composite(call);
  if (call.is_write()) return call.flag("dry_run") ? show(call) : write_once(call);
  if (call.method().answer == integration::AnswerKind::file) return download(call);
  if (call.is_list()) return call.flag("count") ? count(call) : list(call);
  return get(call);
}

io::Task<Step<std::string>> run(Call& call) {
  auto ready = co_await prepare(call);
  if (!ready) co_return std::unexpected(std::move(ready.error()));
  co_return co_await perform(call);
}

}  // namespace

io::Task<Step<>> prepare(Call& call) {
  for (const auto& stage : kStages) {
    auto step = stage.work != nullptr ? stage.work(call) : co_await stage.ask(call);
    if (!step) co_return step;
  }
  co_return Step<>();
}

struct Gateway::Impl {
  struct PerLoop {
    Lookups lookups;
    Plans plans;
  };

  // Constant, or synchronised by itself.
  Services services;
  // One for each event loop; only that loop's thread touches it.
  std::vector<std::unique_ptr<PerLoop>> loops;
};

Gateway::Gateway(io::Runtime& runtime, upstream::Sender& sender, const Clock& clock,
                 Secret cursor_key, GatewayOptions options)
    : impl_(new Impl{{runtime, sender, clock, CursorSealer(std::move(cursor_key)), options, {}},
                     {}}) {
  for (std::size_t i = 0; i < runtime.size(); ++i) {
    impl_->loops.push_back(std::make_unique<Impl::PerLoop>());
  }
}

Gateway::~Gateway() = default;

bool is_dry_run(const catalog::Tool& tool, const json::Value& arguments) {
  // Exactly what the last door asks for; what would have to be mended first is none.
  const auto& known = tool.method->arguments;
  const auto argument = std::ranges::find(known, "dry_run", &integration::Argument::name);
  return argument != known.end() && argument->place == integration::Place::platform &&
         tool.method->writes() && arguments.bool_or("dry_run", false);
}

io::Task<CallResult> Gateway::call(const catalog::Tool& tool, json::Value arguments,
                                   CallContext context) {
  auto& loop = *impl_->loops[io::Loop::current().index()];
  CallResult result;
  if (!arguments.is_object() && !arguments.is_null()) {
    ToolError error;
    error.code = ErrorCode::invalid_argument;
    error.message = "The arguments of a tool are an object.";
    result.text = to_json(error, context.request_id);
    result.is_error = true;
    co_return result;
  }
  Call call(impl_->services, {loop.lookups, loop.plans}, tool, context,
            arguments.is_object() ? std::move(*arguments.if_object()) : json::Object());
  auto outcome = co_await run(call);
  if (outcome) {
    result.text = std::move(*outcome);
    result.file = std::move(call.file);
  } else {
    result.text = to_json(outcome.error(), context.request_id);
    result.is_error = true;
  }
  result.rate_limit = call.rate_limit;
  result.upstream_status = call.upstream_status;
  result.upstream_bytes = call.upstream_bytes;
  result.credentials_refused = call.credentials_refused;
  co_return result;
}

}  // namespace patchbay::gateway
