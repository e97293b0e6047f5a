#include "gateway/answers/expansions.h"

#include <functional>
#include <optional>
#include <utility>

#include "base/text.h"
#include "gateway/answers/envelope.h"
#include "gateway/answers/shape.h"
#include "gateway/names/fill_path.h"
#include "gateway/sending/ask.h"
#include "gateway/sending/fan_out.h"
#include "gateway/sending/off_loop.h"
#include "gateway/sending/read_answer.h"
#include "json/parse.h"
#include "json/path.h"
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
  const auto parsed = parse_part(shaped);
  const auto* value = parsed ? json::find_at(*parsed, pointer) : nullptr;
  return value != nullptr ? json::to_string(*value) : std::string();
}

io::Task<> fetch(Call& call, const Arguments& arguments, Round& round, Job& job) {
  upstream::Request request;
  request.path = job.path;
  add_parameter(request.query, call.integration().pagination.fields_parameter,
                join(job.expansion->fields, ","));
  auto answer = co_await look_up(call, call.resource(), std::move(request));
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
    auto list = co_await shape_list_of(call, arguments, *answer);
    if (list && job.expansion->source.empty()) {
      job.merged = std::move(list->text);
    } else {
      ++round.failed;
    }
    co_return;
  }
  auto shaped = co_await shape_record_of(call, arguments, *answer);
  if (shaped) {
    job.merged = co_await off_loop(call, shaped->size(), [&shaped, &job] {
      return pick(std::move(*shaped), job.expansion->source);
    });
  } else {
    ++round.failed;
  }
}

io::Task<> run_job(Call& call, const Arguments& arguments, Round& round, Job& job) {
  if (round.ended_by) co_return;
  co_await fetch(call, arguments, round, job);
  ++round.done;
  if (call.context.on_progress) {
    call.context.on_progress(static_cast<std::int64_t>(round.done),
                             static_cast<std::int64_t>(round.jobs.size()),
                             "fetching further details");
  }
}

// "{id}" is the record's; nothing if the record lacks what the path needs.
std::optional<std::string> path_for(const Arguments& arguments,
                                    const integration::PathTemplate& path,
                                    const json::Value& record) {
  auto filled = path.fill([&](const std::string& name) -> std::optional<std::string> {
    const auto* value = record.find(name);
    if (value == nullptr) value = arguments.find(name);
    if (value == nullptr || value->is_object() || value->is_array()) return std::nullopt;
    return as_text(*value);
  });
  return filled ? std::optional(std::move(*filled)) : std::nullopt;
}

}  // namespace

std::vector<const integration::Expansion*> active_expansions(const Call& call,
                                                             const Arguments& arguments) {
  std::vector<const integration::Expansion*> active;
  for (const auto& expansion : call.method().expansions) {
    const auto* given = arguments.find(expansion.argument);
    const auto* flag = given != nullptr ? given->if_bool() : nullptr;
    if (flag != nullptr ? *flag : expansion.by_default) active.push_back(&expansion);
  }
  return active;
}

io::Task<Outcome<>> expand(Call& call, const Arguments& arguments,
                           std::vector<const integration::Expansion*> expansions,
                           std::vector<std::string>& records) {
  Round round;
  std::size_t bytes = 0;
  for (const auto& record : records) bytes += record.size();
  co_await off_loop(call, bytes, [&] {
    for (std::size_t i = 0; i < records.size() && !expansions.empty(); ++i) {
      const auto record = json::parse(records[i]);
      if (!record) continue;
      for (const auto* expansion : expansions) {
        if (auto path = path_for(arguments, expansion->path, *record)) {
          round.jobs.push_back({expansion, i, std::move(*path), {}});
        }
      }
    }
  });
  std::vector<std::function<io::Task<>()>> jobs;
  for (auto& job : round.jobs) {
    jobs.emplace_back(
        [&call, &arguments, &round, &job] { return run_job(call, arguments, round, job); });
  }
  co_await fan_out(call.services.runtime, std::move(jobs));
  if (round.ended_by) co_return std::unexpected(std::move(*round.ended_by));
  for (const auto& job : round.jobs) bytes += job.merged.size();
  co_await off_loop(call, bytes, [&] {
    for (const auto& job : round.jobs) {
      if (job.merged.empty()) continue;
      std::string member;
      json::append_string(member, job.expansion->target);
      append_members(records[job.record], member + ':' + job.merged);
    }
  });
  if (round.failed > 0) {
    call.add_notice("For " + std::to_string(round.failed) +
                    " records the further details could not be fetched.");
  }
  co_return Outcome<>();
}

}  // namespace patchbay::gateway
