// A composite: the calls of its steps, those that do not wait for each other at the same time, and
// their answers as one.
#include "gateway/composites/composite.h"

#include <algorithm>
#include <iterator>

#include "gateway/sending/fan_out.h"
#include "gateway/sending/off_loop.h"

namespace patchbay::gateway {

namespace {

bool is_write(const Part& part) {
  return part.tool != nullptr && part.tool->method->writes();
}

bool is_ready(const Composition& all, const Part& part) {
  const auto is_known = [&](const integration::StepValue& value) {
    using enum integration::StepValue::From;
    return (value.from != record && value.from != records) || all.find(value.name)->ended;
  };
  const auto& step = *part.step;
  if (step.each && !all.find(step.each->step)->ended) return false;
  if (!std::ranges::all_of(step.with, [&](const auto& entry) { return is_known(entry.second); })) {
    return false;
  }
  const auto are_known = [&](const std::vector<integration::Condition>& conditions) {
    return std::ranges::all_of(conditions,
                               [&](const auto& condition) { return is_known(condition.value); });
  };
  return !step.reduce || (are_known(step.reduce->keep) &&
                          std::ranges::all_of(step.reduce->values, [&](const auto& value) {
                            return are_known(value.where);
                          }));
}

// The first failure that the answer cannot do without, in the order of the steps.
const Part* find_failure(const Composition& all) {
  for (const auto& part : all.parts) {
    if (part.failed && (!part.step->optional || ends_the_call(*part.failed))) return &part;
  }
  return nullptr;
}

// Lets go of what the steps found, off the loop where that is much.
class EndOfTrees {
 public:
  explicit EndOfTrees(Composition& all) : all_(all) {}
  EndOfTrees(const EndOfTrees&) = delete;
  EndOfTrees& operator=(const EndOfTrees&) = delete;
  ~EndOfTrees() {
    for (auto& part : all_.parts) {
      const LetGo parsed(all_.call, part.bytes, part.parsed);
      const LetGo summary(all_.call, part.bytes, part.summary);
    }
  }

 private:
  Composition& all_;
};

io::Task<> run_and_tell(Composition& all, Part& part) {
  part.begun = true;
  tell_place(all);
  co_await run_step(all, part);
  part.ended = true;
  tell_place(all);
  if (!all.call.context.on_progress) co_return;
  const auto done = std::ranges::count_if(all.parts, &Part::ended);
  all.call.context.on_progress(done, static_cast<std::int64_t>(all.parts.size()), part.step->name);
}

}  // namespace

bool ends_the_call(const ToolError& error) {
  return error.code == ErrorCode::rate_limited || error.code == ErrorCode::cancelled ||
         error.code == ErrorCode::unauthenticated;
}

void tell_place(const Composition& all) {
  auto* const waits = all.call.context.waits;
  if (waits == nullptr) return;
  const auto first =
      std::ranges::find_if(all.parts, [](const Part& part) { return part.begun && !part.ended; });
  waits->place = {};
  if (first == all.parts.end()) return;
  waits->place.name = first->step->name;
  waits->place.step = std::distance(all.parts.begin(), first) + 1;
  waits->place.steps = std::ssize(all.parts);
  if (first->most_pages < 2) return;
  waits->place.page = first->page_number;
  waits->place.most_pages = first->most_pages;
}

Composition::Composition(Call& composite, const Prepared& asked)
    : call(composite), prepared(asked), parts(composite.tool.steps.size()) {
  for (std::size_t i = 0; i < parts.size(); ++i) {
    parts[i].step = &definition().steps[i];
    parts[i].tool = composite.tool.steps[i];
    parts[i].unasked = (parts[i].tool == nullptr ? !definition().writes : !is_write(parts[i])) &&
                       !is_asked_for(*this, parts[i].step->given);
    parts[i].ended = parts[i].tool == nullptr || parts[i].unasked;
    parts[i].context = composite.context;
    // Cut is what all of them found, once that is known.
    parts[i].context.max_result_bytes = static_cast<std::size_t>(-1);
    // Of the steps, not of what goes on inside one.
    parts[i].context.on_progress = nullptr;
  }
}

const Part* Composition::find(std::string_view step) const {
  const auto found =
      std::ranges::find_if(parts, [&](const Part& part) { return part.step->name == step; });
  return found == parts.end() ? nullptr : &*found;
}

io::Task<std::optional<ToolError>> read_steps(Composition& all) {
  while (true) {
    std::vector<std::function<io::Task<>()>> jobs;
    Part* of_lists = nullptr;
    for (auto& part : all.parts) {
      if (part.ended || is_write(part) || !is_ready(all, part)) continue;
      if (part.step->each) {
        if (of_lists == nullptr) of_lists = &part;
      } else {
        jobs.emplace_back([&all, &part] { return run_and_tell(all, part); });
      }
    }
    // It has as many requests on their way by itself as a call may have.
    if (jobs.empty() && of_lists != nullptr) {
      jobs.emplace_back([&all, of_lists] { return run_and_tell(all, *of_lists); });
    }
    if (jobs.empty()) co_return std::nullopt;
    co_await fan_out(all.call.services.runtime, std::move(jobs));
    if (const auto* part = find_failure(all)) {
      if (part->call) all.call.upstream_status = part->call->upstream_status;
      co_return part->failed;
    }
  }
}

io::Task<Outcome<std::string>> answer_composite(Call& call, const Prepared& prepared) {
  Composition all(call, prepared);
  const EndOfTrees ending(all);
  if (auto sound = check_span(all); !sound) co_return std::unexpected(std::move(sound.error()));
  if (auto failed = co_await read_steps(all)) co_return std::unexpected(std::move(*failed));
  std::size_t bytes = 0;
  for (const auto& part : all.parts) bytes += part.bytes + part.page.bytes;
  // A year of hundreds of people's days is few bytes, and long to lay over each other.
  if (all.definition().work_time) bytes = static_cast<std::size_t>(-1);
  co_return co_await off_loop(call, bytes, [&all] { return write_answer(all); });
}

}  // namespace patchbay::gateway
