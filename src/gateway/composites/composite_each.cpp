#include "gateway/composites/composite_each.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "base/text.h"
#include "gateway/composites/composite_list.h"
#include "gateway/sending/fan_out.h"
#include "gateway/sending/off_loop.h"
#include "json/path.h"
#include "json/write.h"

namespace patchbay::gateway {

namespace {

constexpr std::size_t kMostNamed = 10;  // lists that could not be read; of others the number

bool is_search(const integration::CompositeStep& step) {
  return step.each && step.reduce && step.reduce->records;
}

}  // namespace

Lists::Lists(Composition& all, Part& part, json::Object arguments)
    : all_(all), part_(part), arguments_(std::move(arguments)) {
  const auto& each = *part.step->each;
  const auto* source = all.find(each.step);
  if (!source->summary) return;
  std::vector<json::Value> values;
  for (const auto& record : source->summary->kept) {
    const auto* value = json::find_at(record, each.path);
    if (value == nullptr || value->is_null()) continue;
    if (std::ranges::find(values, *value) == values.end()) values.push_back(*value);
  }
  asked_ = std::vector<Asked>(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    asked_[i].value = std::move(values[i]);
    asked_[i].part.step = part.step;
    asked_[i].part.tool = part.tool;
    asked_[i].part.context = part.context;
  }
}

void Lists::give_to(Reducer& reducer) {
  for (auto& one : asked_) {
    for (auto& record : one.records) reducer.add(std::move(record));
  }
}

bool Lists::more() const {
  return std::ranges::any_of(asked_, [](const Asked& one) { return one.more || !one.done; });
}

bool Lists::is_last_straw(const ToolError& error) const {
  if (!is_search(*part_.step) || ends_the_call(error)) return true;
  if (std::ranges::any_of(asked_, &Asked::done)) return false;
  if (error.code == ErrorCode::permission_denied) return true;
  // As many as are asked at once.
  const auto failed = std::ranges::count_if(asked_, [](const Asked& one) { return !!one.failed; });
  return std::cmp_greater_equal(failed, kRequestsAtOnce);
}

io::Task<> Lists::read_one(Asked& one) {
  if (ended_by_) co_return;
  ++part_.page_number;
  tell_place(all_);
  auto arguments = arguments_;
  arguments[part_.step->each->argument] = one.value;
  const Intake intake{
      .take = [&one](json::Value record) { one.records.push_back(std::move(record)); },
      .seen = &seen_,
      .notices = &notices_};
  auto more = co_await read_through(all_, one.part, arguments, intake);
  part_.pages += one.part.pages;
  part_.bytes += one.part.bytes;
  if (part_.arguments.empty()) {
    part_.arguments = one.part.arguments;
    part_.arguments.erase(part_.step->each->argument);
  }
  if (more) {
    one.done = true;
    one.more = *more;
    co_return;
  }
  one.failed = std::move(more.error());
  if (!ended_by_ && is_last_straw(*one.failed)) ended_by_ = one.failed;
}

io::Task<Outcome<>> Lists::read() {
  const auto& source = *all_.find(part_.step->each->step);
  if (is_search(*part_.step) && !source.summary) {
    co_return refuse(source.failed ? source.failed->code : ErrorCode::not_found,
                     "nothing was looked through: " + source.step->name + " is left out.");
  }
  std::vector<std::function<io::Task<>()>> jobs;
  for (auto& one : asked_) jobs.emplace_back([this, &one] { return read_one(one); });
  part_.most_pages = std::ssize(asked_);
  co_await fan_out(all_.call.services.runtime, std::move(jobs));
  if (!ended_by_) co_return Outcome<>();
  // A limit that is reached on the way leaves what was found until then.
  const bool some = is_search(*part_.step) && std::ranges::any_of(asked_, &Asked::done);
  if (some && ended_by_->code == ErrorCode::rate_limited) co_return Outcome<>();
  co_await off_loop(all_.call, part_.bytes, [this] {
    for (auto& one : asked_) one.records = {};
  });
  co_return std::unexpected(std::move(*ended_by_));
}

std::string Lists::named(const std::vector<const Asked*>& some) const {
  std::vector<std::string> values;
  for (const auto* one : some) {
    if (values.size() == kMostNamed) break;
    const auto* text = one->value.if_string();
    values.push_back(text != nullptr ? *text : json::to_string(one->value));
  }
  std::string out = part_.step->each->argument + ' ' + join(values);
  const auto others = some.size() - values.size();
  return others == 0 ? out : out + " and " + std::to_string(others) + " others";
}

// "company, board": those that the caller may give.
std::string Lists::narrowed_by() const {
  const auto& call = all_.call;
  std::vector<std::string> names;
  for (const auto& [name, value] : all_.find(part_.step->each->step)->step->with) {
    if (value.from != integration::StepValue::From::argument) continue;
    const auto* argument = call.find_argument(value.name);
    const auto* limit = call.reach() != nullptr && argument != nullptr
                            ? call.reach()->limit_of(call.resource(), call.method(), *argument)
                            : nullptr;
    if (limit == nullptr || !limit->fixed()) names.push_back(value.name);
  }
  return join(names);
}

// "Looked through 50 service tickets only, the first by lastUpdated desc (to 2026-11-20T09:00:00Z):
// …"
std::string Lists::told_of_source(std::size_t whole) const {
  const auto& source = *all_.find(part_.step->each->step);
  auto what = source.tool->resource->label;
  if (!what.empty()) what.front() = to_lower(what.substr(0, 1)).front();
  if (!source.summary->more) {
    if (asked_.empty()) return "There are no " + what + " within the call to look through.";
    const auto all = std::to_string(asked_.size());
    return "Looked through " +
           (whole == asked_.size() ? "all " : std::to_string(whole) + " of the ") + all + ' ' +
           what + " within the call.";
  }
  std::string out = "Looked through " + std::to_string(whole) + ' ' + what + " only";
  const auto* by = source.arguments.find("orderBy");
  const std::string order = by != nullptr && by->if_string() != nullptr ? *by->if_string() : "";
  if (!order.empty()) out += ", the first by " + order;
  const auto& listed = source.summary->kept;
  const auto* last = order.empty() || listed.empty()
                         ? nullptr
                         : json::find_at(listed.back(), order.substr(0, order.find(' ')));
  if (last != nullptr && last->if_string() != nullptr) {
    out += " (to " + *last->if_string() + ", which others may have as well)";
  }
  out += ": there are more, and what those hold is not in here.";
  const auto narrowing = narrowed_by();
  return narrowing.empty() ? out : out + " To reach them, narrow the call by " + narrowing + '.';
}

std::string Lists::told() const {
  if (!is_search(*part_.step)) return more() ? told_of_more(seen_) : std::string();
  std::vector<const Asked*> failed, unended;
  std::size_t whole = 0, unasked = 0;
  for (const auto& one : asked_) {
    if (one.failed) {
      failed.push_back(&one);
    } else if (!one.done) {
      ++unasked;
    } else if (one.more) {
      unended.push_back(&one);
    } else {
      ++whole;
    }
  }
  std::string out = told_of_source(whole);
  if (!failed.empty()) {
    add_sentence(out, "Could not be read: " + named(failed) + " (" +
                          std::string(cut_utf8(failed.front()->failed->message, 200)) + ").");
  }
  if (!unended.empty()) add_sentence(out, "Not read to the end: " + named(unended) + '.');
  if (unasked > 0) {
    add_sentence(out, std::to_string(unasked) + " were not asked for any more.");
  }
  return out;
}

bool is_looked_through(const Composition& all, const Part& part) {
  return !part.step->shown && std::ranges::any_of(all.parts, [&](const Part& other) {
    return is_search(*other.step) && other.step->each->step == part.step->name;
  });
}

}  // namespace patchbay::gateway
