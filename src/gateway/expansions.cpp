#include "gateway/expansions.h"

#include <algorithm>

#include "base/text.h"
#include "gateway/shape_plans.h"
#include "http/message.h"
#include "io/event.h"
#include "json/parse.h"
#include "json/write.h"

namespace patchbay::gateway {

namespace {

// At once, upstream. ConnectWise bears four and throttles at twelve.
constexpr std::size_t kAtOnce = 4;

struct Job {
  const catalog::Expansion* expansion = nullptr;
  std::size_t record = 0;
  std::string path;
  std::string merged;  // the JSON that came of it; empty: nothing
};

struct Fan {
  explicit Fan(Call& whose) : call(whose) {}
  Call& call;
  std::vector<Job> jobs;
  std::size_t next = 0;
  std::size_t running = 0;
  std::size_t done = 0;
  std::size_t failed = 0;
  std::optional<ToolError> ended_by;  // what makes going on pointless
  io::Event all_done;
};

// What the definition's pointer picks of a shaped answer.
std::string pick(std::string shaped, std::string_view pointer) {
  if (pointer.empty() || pointer == "/") return shaped;
  const auto parsed = json::parse(shaped);
  if (!parsed) return {};
  const json::Value* value = &*parsed;
  for (const auto segment : split(pointer.substr(1), '/')) {
    value = value->find(segment);
    if (value == nullptr) return {};
  }
  return json::to_string(*value);
}

io::Task<> run_job(Fan& fan, Job& job) {
  upstream::Request request;
  request.path = job.path;
  const auto answer = co_await send(fan.call, std::move(request), false);
  if (!answer) {
    const auto code = answer.error().code;
    // A record without such an answer has nothing to merge.
    if (code == ErrorCode::not_found) co_return;
    ++fan.failed;
    if (code == ErrorCode::rate_limited || code == ErrorCode::cancelled ||
        code == ErrorCode::unauthenticated) {
      fan.ended_by = answer.error();
    }
    co_return;
  }
  auto shaped = co_await shape_record_of(fan.call, answer->body);
  if (!shaped) {
    ++fan.failed;
    co_return;
  }
  job.merged = pick(std::move(*shaped), job.expansion->source);
}

io::Task<> work(std::shared_ptr<Fan> fan) {
  while (fan->next < fan->jobs.size() && !fan->ended_by) {
    co_await run_job(*fan, fan->jobs[fan->next++]);
    ++fan->done;
    if (fan->call.context.on_progress) {
      fan->call.context.on_progress(static_cast<std::int64_t>(fan->done),
                                    static_cast<std::int64_t>(fan->jobs.size()), "expanding");
    }
  }
  if (--fan->running == 0) fan->all_done.set();
}

// "{id}" is the record's; nothing if the record lacks what the path needs.
std::optional<std::string> path_for(const Call& call, std::string_view path,
                                    const json::Value& record) {
  std::string out;
  while (!path.empty()) {
    const auto open = path.find('{');
    out += path.substr(0, open);
    if (open == std::string_view::npos) break;
    const auto close = path.find('}', open);
    if (close == std::string_view::npos) return std::nullopt;
    const auto name = path.substr(open + 1, close - open - 1);
    const auto* value = record.find(name);
    if (value == nullptr) value = call.arguments.find(name);
    if (value == nullptr || value->is_object() || value->is_array()) return std::nullopt;
    const auto* text = value->if_string();
    out += http::percent_encode(text != nullptr ? *text : json::to_string(*value));
    path.remove_prefix(close + 1);
  }
  return out;
}

void merge(std::string& record, std::string_view name, std::string_view value) {
  const auto end = record.rfind('}');
  if (end == std::string::npos || value.empty()) return;
  std::string member = record.find_first_not_of(" {") == end ? "" : ",";
  json::append_string(member, name);
  member += ':';
  member += value;
  record.insert(end, member);
}

}  // namespace

std::vector<const catalog::Expansion*> active_expansions(const Call& call) {
  std::vector<const catalog::Expansion*> active;
  for (const auto& expansion : call.method().expansions) {
    const auto* given = call.arguments.find(expansion.argument);
    const auto* flag = given != nullptr ? given->if_bool() : nullptr;
    if (flag != nullptr ? *flag : expansion.by_default) active.push_back(&expansion);
  }
  return active;
}

io::Task<Step<>> expand(Call& call, std::vector<const catalog::Expansion*> expansions,
                        std::vector<std::string>& records) {
  const auto fan = std::make_shared<Fan>(call);
  for (std::size_t i = 0; i < records.size() && !expansions.empty(); ++i) {
    const auto record = json::parse(records[i]);
    if (!record) continue;
    for (const auto* expansion : expansions) {
      if (auto path = path_for(call, expansion->path, *record)) {
        fan->jobs.push_back({expansion, i, std::move(*path), {}});
      }
    }
  }
  if (fan->jobs.empty()) co_return Step<>();
  fan->running = std::min(kAtOnce, fan->jobs.size());
  for (std::size_t i = fan->running; i-- > 0;) {
    call.services.runtime.spawn(io::Loop::current(), [fan] { return work(fan); });
  }
  co_await fan->all_done.wait();
  if (fan->ended_by) co_return std::unexpected(std::move(*fan->ended_by));
  for (const auto& job : fan->jobs) merge(records[job.record], job.expansion->target, job.merged);
  if (fan->failed > 0) {
    call.add_notice("For " + std::to_string(fan->failed) +
                    " records the further details could not be fetched.");
  }
  co_return Step<>();
}

}  // namespace patchbay::gateway
