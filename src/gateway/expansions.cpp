#include "gateway/expansions.h"

#include <algorithm>

#include "base/text.h"
#include "gateway/fan_out.h"
#include "gateway/shape_plans.h"
#include "gateway/stages.h"
#include "http/message.h"
#include "http/url.h"
#include "json/parse.h"
#include "json/write.h"

namespace patchbay::gateway {

namespace {

struct Job {
  const integration::Expansion* expansion = nullptr;
  std::size_t record = 0;
  std::string path;
  std::string merged;  // the JSON that came of it; empty: nothing
};

// All further calls of one page.
struct Round {
  std::vector<Job> jobs;
  std::size_t done = 0;
  std::size_t failed = 0;
  std::optional<ToolError> ended_by;  // what makes going on pointless
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

io::Task<> fetch(Call& call, Round& round, Job& job) {
  upstream::Request request;
  request.path = job.path;
  add_parameter(request.query, call.integration().pagination.fields_parameter,
                join(job.expansion->fields, ","));
  const auto answer = co_await send(call, std::move(request), false);
  if (!answer) {
    const auto code = answer.error().code;
    // A record without such an answer has nothing to merge.
    if (code == ErrorCode::not_found) co_return;
    ++round.failed;
    if (code == ErrorCode::rate_limited || code == ErrorCode::cancelled ||
        code == ErrorCode::unauthenticated) {
      round.ended_by = answer.error();
    }
    co_return;
  }
  if (trim(answer->body).starts_with('[')) {
    auto list = co_await shape_list_of(call, answer->body);
    if (list && job.expansion->source.empty()) {
      job.merged = std::move(list->text);
    } else {
      ++round.failed;
    }
    co_return;
  }
  auto shaped = co_await shape_record_of(call, answer->body);
  if (shaped) {
    job.merged = pick(std::move(*shaped), job.expansion->source);
  } else {
    ++round.failed;
  }
}

io::Task<> run_job(Call& call, Round& round, Job& job) {
  if (round.ended_by) co_return;
  co_await fetch(call, round, job);
  ++round.done;
  if (call.context.on_progress) {
    call.context.on_progress(static_cast<std::int64_t>(round.done),
                             static_cast<std::int64_t>(round.jobs.size()),
                             "fetching further details");
  }
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

std::vector<const integration::Expansion*> active_expansions(const Call& call) {
  std::vector<const integration::Expansion*> active;
  for (const auto& expansion : call.method().expansions) {
    const auto* given = call.arguments.find(expansion.argument);
    const auto* flag = given != nullptr ? given->if_bool() : nullptr;
    if (flag != nullptr ? *flag : expansion.by_default) active.push_back(&expansion);
  }
  return active;
}

io::Task<Step<>> expand(Call& call, std::vector<const integration::Expansion*> expansions,
                        std::vector<std::string>& records) {
  Round round;
  for (std::size_t i = 0; i < records.size() && !expansions.empty(); ++i) {
    const auto record = json::parse(records[i]);
    if (!record) continue;
    for (const auto* expansion : expansions) {
      if (auto path = path_for(call, expansion->path, *record)) {
        round.jobs.push_back({expansion, i, std::move(*path), {}});
      }
    }
  }
  std::vector<std::function<io::Task<>()>> jobs;
  for (auto& job : round.jobs) {
    jobs.emplace_back([&call, &round, &job] { return run_job(call, round, job); });
  }
  co_await fan_out(call.services.runtime, std::move(jobs));
  if (round.ended_by) co_return std::unexpected(std::move(*round.ended_by));
  for (const auto& job : round.jobs) merge(records[job.record], job.expansion->target, job.merged);
  if (round.failed > 0) {
    call.add_notice("For " + std::to_string(round.failed) +
                    " records the further details could not be fetched.");
  }
  co_return Step<>();
}

}  // namespace patchbay::gateway
