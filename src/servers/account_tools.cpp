#include "servers/account_tools.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <utility>

#include "audit/tokens_saved.h"
#include "base/random.h"
#include "gateway/call/witness.h"
#include "http/url.h"
#include "io/cancel.h"
#include "json/parse.h"
#include "telemetry/trace.h"
#include "upstream/account.h"

namespace patchbay::servers {
namespace {

using std::chrono::duration_cast;
using std::chrono::microseconds;
using std::chrono::steady_clock;

// Between two looks at the token of a call that runs.
constexpr std::chrono::milliseconds kLook{500};

gateway::CallContext context_of(const control::ToolTrial& trial) {
  const control::McpServer& with = *trial.with;
  gateway::CallContext context;
  context.account = with.account;
  context.toolset = with.toolset.get();
  // Its cursors are those of whoever tries this account's tools.
  context.scope_id = with.account->id();
  context.request_id = trial.request_id;
  context.caller = {.keeps = trial.with,
                    .environment_id = with.environment_id,
                    .account_id = with.account->id(),
                    .api_token_id = trial.api_token_id};
  context.max_result_bytes = with.max_result_bytes;
  context.max_file_bytes = with.max_file_bytes;
  return context;
}

// The stages of a call: spans of a trace that is nobody else's.
class Stages {
 public:
  Stages()
      : trace_(std::in_place, new_id(), telemetry::SpanId{}, "", sink_),
        root_(std::in_place, &*trace_, "try", telemetry::SpanKind::internal) {}
  Stages(const Stages&) = delete;
  Stages& operator=(const Stages&) = delete;

  telemetry::SpanRef root() const { return root_->ref(); }

  // Once the call has ended: its stages, and how long requests of it were on their way.
  void tell(control::Tried& tried) {
    root_.reset();
    trace_.reset();
    if (finished_.spans.empty()) return;
    const telemetry::SpanId root = finished_.spans.front().id;
    std::int64_t until_ns = 0;
    for (const telemetry::SpanData& span : finished_.spans) {
      if (span.kind == telemetry::SpanKind::client && span.end_ns > until_ns) {
        // In the order of their beginnings; what overlaps counts once.
        tried.upstream_duration += micros(span.end_ns - std::max(span.start_ns, until_ns));
        until_ns = span.end_ns;
      }
      if (span.parent != root) continue;
      tried.stages.push_back({span.name, micros(span.end_ns - span.start_ns)});
    }
  }

 private:
  static microseconds micros(std::int64_t ns) {
    return duration_cast<microseconds>(std::chrono::nanoseconds(ns));
  }
  static telemetry::TraceId new_id() {
    telemetry::TraceId id{};
    fill_random(std::as_writable_bytes(std::span(id)));
    id.front() |= 1;  // never all zeros
    return id;
  }

  telemetry::FinishedTrace finished_;
  const telemetry::Trace::Sink sink_ = [this](telemetry::FinishedTrace trace) {
    finished_ = std::move(trace);
  };
  std::optional<telemetry::Trace> trace_;
  std::optional<telemetry::Span> root_;
};

json::Value view(const gateway::Witness::Sent& sent) {
  return json::Object{{"method", sent.method}, {"url", sent.url}, {"body", sent.body}};
}

// Of what a dry run shows.
json::Value request_shown(const upstream::Account& account, const std::string& text) {
  const auto shown = json::parse(text);
  const json::Value* const request = shown ? shown->find("request") : nullptr;
  if (request == nullptr || !request->is_object()) return {};
  const http::Url& base = account.base_url();
  std::string url = account.origin() + base.path + std::string(request->string_or("path", ""));
  if (const auto query = request->string_or("query", ""); !query.empty()) {
    url += '?';
    url += query;
  }
  const json::Value* body = request->find("body");
  if (body == nullptr) body = request->find("parts");
  return json::Object{{"method", request->string_or("method", "")},
                      {"url", account.without_secrets(std::move(url))},
                      {"body", body != nullptr ? *body : json::Value()}};
}

// Ends a call with the token that asked for it: no call path has that token in memory, so that it
// is looked at every half second, on the blocking pool.
class Standing {
 public:
  explicit Standing(std::function<bool()> still_stands)
      : asked_(std::make_shared<Asked>(std::move(still_stands))) {}
  Standing(const Standing&) = delete;
  Standing& operator=(const Standing&) = delete;
  ~Standing() { asked_->over = true; }

  // On the call's loop, before it begins.
  void watch(io::Runtime& runtime, gateway::CallContext& context) {
    if (!asked_->still_stands) return;
    context.still_allowed = [asked = asked_] { return asked->stands; };
    context.cancel = context.revoked = asked_->revoked.token();
    io::spawn_here([&runtime, asked = asked_] { return look(runtime, asked); });
  }
  bool stands() const { return asked_->stands; }

 private:
  // Of one loop.
  struct Asked {
    explicit Asked(std::function<bool()> question) : still_stands(std::move(question)) {}
    const std::function<bool()> still_stands;
    io::CancelSource revoked;
    bool stands = true;
    bool over = false;  // the call has ended
  };

  static io::Task<> look(io::Runtime& runtime, std::shared_ptr<Asked> asked) {
    while (true) {
      co_await io::sleep(kLook);
      if (asked->over) co_return;
      const bool stands = co_await runtime.run_blocking([asked] { return asked->still_stands(); });
      if (asked->over) co_return;
      if (stands) continue;
      asked->stands = false;
      asked->revoked.cancel();
      co_return;
    }
  }

  const std::shared_ptr<Asked> asked_;
};

std::unexpected<Error> token_gone() {
  return fail(ErrorCode::unauthenticated,
              "The API token was deleted, changed or has expired, and the call was ended.",
              "What came of it stands in the log.");
}

std::unexpected<Error> too_many() {
  return fail(ErrorCode::rate_limited, "Several tools are being tried at this moment.",
              "Try again in a moment.");
}

std::unexpected<Error> stopped() {
  return fail(ErrorCode::unavailable, "The server was stopped while the call ran.",
              "Look whether it was done before you repeat it.");
}

}  // namespace

AccountTools::AccountTools(io::Runtime& runtime, gateway::Gateway& gateway,
                           CredentialsRefused credentials_refused)
    : runtime_(runtime), gateway_(gateway), credentials_refused_(std::move(credentials_refused)) {}

io::Loop& AccountTools::next_loop() {
  return runtime_.loop(next_loop_++ % runtime_.size());
}

Result<control::Tried> AccountTools::run(control::ToolTrial trial) {
  const auto turn = running_->take(trial.with->environment_id, 1);
  if (!turn) return too_many();
  control::Tried tried;
  bool stands = true;
  const auto work = [&]() -> io::Task<> {
    gateway::Witness witness;
    Stages stages;
    gateway::CallContext context = context_of(trial);
    Standing standing(std::move(trial.still_stands));
    standing.watch(runtime_, context);
    context.on_progress = gateway::Witness::Tap{&witness};
    context.span = stages.root();
    const auto began = steady_clock::now();
    const gateway::CallResult result =
        co_await gateway_.call(*trial.tool, std::move(trial.arguments), std::move(context));
    tried.duration = duration_cast<microseconds>(steady_clock::now() - began);
    stands = standing.stands();
    stages.tell(tried);
    tried.text = result.text;
    tried.is_error = result.is_error;
    tried.upstream_status = result.upstream_status;
    if (result.credentials_refused && credentials_refused_) credentials_refused_(*trial.with);
    if (trial.only_shown) {
      // What went out was to look: names, and what is there.
      tried.request = request_shown(*trial.with->account, result.text);
      tried.upstream_status = 0;
      co_return;
    }
    if (witness.sent) tried.request = view(*witness.sent);
    tried.raw = std::move(witness.raw);
    tried.raw_bytes = witness.raw_bytes;
    if (!result.is_error) {
      const auto came = static_cast<std::int64_t>(result.upstream_bytes);
      const auto told = static_cast<std::int64_t>(result.text.size());
      tried.tokens_saved_estimate = audit::tokens_saved(came, told);
    }
  };
  if (!runtime_.run(next_loop(), work)) return stopped();
  if (!stands) return token_gone();
  return tried;
}

Result<control::CompletedNames> AccountTools::complete(control::ToolTrial trial,
                                                       std::string argument, std::string typed) {
  const auto turn = running_->take(trial.with->environment_id, 1);
  if (!turn) return too_many();
  gateway::NamesFound found;
  bool stands = true;
  const auto work = [&]() -> io::Task<> {
    gateway::CallContext context = context_of(trial);
    Standing standing(std::move(trial.still_stands));
    standing.watch(runtime_, context);
    found = argument.empty()
                ? co_await gateway_.complete(*trial.tool, std::move(typed), std::move(context))
                : co_await gateway_.complete_argument(*trial.tool, std::move(argument),
                                                      std::move(typed), std::move(trial.arguments),
                                                      std::move(context));
    stands = standing.stands();
  };
  if (!runtime_.run(next_loop(), work)) return stopped();
  if (!stands) return token_gone();
  control::CompletedNames names{
      .values = std::move(found.names), .ids = std::move(found.ids), .has_more = found.more};
  if (names.values.size() > control::CompletedNames::kMost) {
    names.values.resize(control::CompletedNames::kMost);
    if (!names.ids.empty()) names.ids.resize(control::CompletedNames::kMost);
    names.has_more = true;
  }
  return names;
}

}  // namespace patchbay::servers
