#include "gateway/answers/shape.h"

#include <utility>

#include "gateway/answers/compact_custom_fields.h"

namespace patchbay::gateway {

namespace {

Result<ShapedList> shape_all(std::string_view body, const json::ShapePlan& plan) {
  ShapedList list;
  auto records = json::shape_list(body, plan, list.text);
  if (!records) return std::unexpected(std::move(records.error()));
  list.records = std::move(*records);
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

}  // namespace

io::Task<Result<ShapedList>> shape_list_of(Call& call, const Arguments& arguments,
                                           std::string_view body) {
  const auto& plan = plan_for(call, arguments);
  if (body.size() <= call.services.options.offload_bytes) co_return shape_all(body, plan);
  co_return co_await call.services.runtime.run_blocking(
      [body, &plan] { return shape_all(body, plan); });
}

io::Task<Result<std::string>> shape_record_of(Call& call, const Arguments& arguments,
                                              std::string_view body) {
  const auto& plan = plan_for(call, arguments);
  auto shaped = body.size() <= call.services.options.offload_bytes
                    ? shape_one(body, plan)
                    : co_await call.services.runtime.run_blocking(
                          [body, &plan] { return shape_one(body, plan); });
  if (!shaped || arguments.verbose()) co_return shaped;
  co_return compact_custom_fields(call.integration(), std::move(*shaped));
}

}  // namespace patchbay::gateway
