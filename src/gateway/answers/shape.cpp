#include "gateway/answers/shape.h"

#include <algorithm>
#include <utility>

#include "gateway/call/stage.h"
#include "gateway/sending/off_loop.h"
#include "gateway/sending/read_answer.h"

namespace patchbay::gateway {

namespace {

Result<ShapedList> shape_all(std::string_view source, const json::ShapePlan& plan) {
  ShapedList list;
  std::size_t nulls = 0;
  auto records = json::shape_list(source, plan, list.text, &nulls);
  if (!records) return std::unexpected(std::move(records.error()));
  list.records = std::move(*records);
  list.source = source;
  list.came = std::ssize(list.records) + static_cast<std::int64_t>(nulls);
  return list;
}

Result<std::string> shape_one(std::string_view body, const json::ShapePlan& plan) {
  std::string text;
  auto shaped = json::shape_record(body, plan, text);
  if (!shaped) return std::unexpected(std::move(shaped.error()));
  return text;
}

const json::ShapePlan& plan_for(const Call& call, const Arguments& arguments) {
  const auto& plans = *call.tool.shape_plans;
  return arguments.verbose() ? plans.verbose : plans.usual;
}

// What passes while it is there counts as shaping.
class Timed {
 public:
  explicit Timed(Call& call) : call_(call), began_(call.services.clock.monotonic()) {}
  Timed(const Timed&) = delete;
  Timed& operator=(const Timed&) = delete;
  ~Timed() { call_.shape_time += call_.services.clock.monotonic() - began_; }

 private:
  Call& call_;
  const MonotonicTime began_;
};

bool is_object(const ShapedList& list, const json::ShapedRecord& record) {
  return list.text[record.begin] == '{';
}

// A list of numbers is one; a number in a list of records is no record.
void leave_out_odd(ShapedList& list) {
  const auto objects = std::ranges::count_if(
      list.records, [&](const auto& record) { return is_object(list, record); });
  if (objects == 0 || objects == std::ssize(list.records)) return;
  ShapedList kept{.text = "[", .source = list.source, .came = list.came};
  for (const auto& record : list.records) {
    if (!is_object(list, record)) continue;
    if (!kept.records.empty()) kept.text += ',';
    const auto begin = static_cast<std::uint32_t>(kept.text.size());
    kept.text += std::string_view(list.text).substr(record.begin, record.end - record.begin);
    kept.records.push_back({record.source_begin, record.source_end, begin,
                            static_cast<std::uint32_t>(kept.text.size())});
  }
  kept.text += ']';
  list = std::move(kept);
}

Result<ShapedList> shape_records(const json::ShapePlan& plan, const upstream::Answer& answer,
                                 const integration::Method* list) {
  std::string_view source = answer.body;
  if (list != nullptr) {
    const auto raw = raw_records(*list, answer);
    if (!raw) return fail(ErrorCode::upstream, raw.error().message);
    source = *raw;
  }
  auto shaped = shape_all(source, plan);
  if (shaped) leave_out_odd(*shaped);
  return shaped;
}

io::Task<Result<ShapedList>> shape_list_once(Call& call, const json::ShapePlan& plan,
                                             const upstream::Answer& answer,
                                             const integration::Method* list) {
  co_return co_await off_loop(call, answer.body.size(),
                              [&plan, &answer, list] { return shape_records(plan, answer, list); });
}

io::Task<Result<std::string>> shape_record_once(Call& call, const json::ShapePlan& plan,
                                                const upstream::Answer& answer) {
  const std::string_view source = answer.body;
  co_return co_await off_loop(call, source.size(),
                              [source, &plan] { return shape_one(source, plan); });
}

}  // namespace

io::Task<Result<ShapedList>> shape_list_of(Call& call, const Arguments& arguments,
                                           upstream::Answer& answer,
                                           const integration::Method* list) {
  const Stage stage(call, "shape");
  const Timed timed(call);
  const auto& plan = plan_for(call, arguments);
  auto shaped = co_await shape_list_once(call, plan, answer, list);
  if (!shaped && co_await mend(call, answer)) {
    shaped = co_await shape_list_once(call, plan, answer, list);
  }
  if (!shaped) co_return shaped;
  tell_left_out(call, shaped->came - std::ssize(shaped->records));
  co_return shaped;
}

io::Task<Result<std::string>> shape_record_of(Call& call, const Arguments& arguments,
                                              upstream::Answer& answer) {
  const Stage stage(call, "shape");
  const Timed timed(call);
  const auto& plan = plan_for(call, arguments);
  auto shaped = co_await shape_record_once(call, plan, answer);
  if (!shaped && co_await mend(call, answer)) {
    shaped = co_await shape_record_once(call, plan, answer);
  }
  co_return shaped;
}

}  // namespace patchbay::gateway
