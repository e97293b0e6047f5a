#include "gateway/shape_plans.h"

#include "gateway/stages.h"

namespace patchbay::gateway {

std::shared_ptr<const json::ShapePlan> Plans::find(
    const std::shared_ptr<const integration::Integration>& integration, bool verbose) {
  auto& entry = entries_[integration.get()];
  // The address of an integration that went may have come back as another one's.
  if (entry.integration.lock() != integration) {
    std::erase_if(entries_, [&](const auto& item) {
      return item.first != integration.get() && item.second.integration.expired();
    });
    auto rules = integration->shape;
    rules.verbose = false;
    entry.usual = std::make_shared<json::ShapePlan>(rules);
    rules.verbose = true;
    entry.verbose = std::make_shared<json::ShapePlan>(rules);
    entry.integration = integration;
  }
  return verbose ? entry.verbose : entry.usual;
}

namespace {

Result<ShapedList> shape_all(const std::string& body, const json::ShapePlan& plan) {
  ShapedList list;
  auto records = json::shape_list(body, plan, list.text);
  if (!records) return std::unexpected(std::move(records.error()));
  list.records = std::move(*records);
  return list;
}

Result<std::string> shape_one(const std::string& body, const json::ShapePlan& plan) {
  std::string text;
  auto shaped = json::shape_record(body, plan, text);
  if (!shaped) return std::unexpected(std::move(shaped.error()));
  return text;
}

}  // namespace

io::Task<Result<ShapedList>> shape_list_of(Call& call, const std::string& body) {
  const auto plan =
      call.loop.plans.find(call.context.account->shared_integration(), call.verbose());
  if (body.size() <= call.services.options.offload_bytes) co_return shape_all(body, *plan);
  // The caller's frame holds the body until we are back.
  co_return co_await call.services.runtime.run_blocking(
      [&body, plan] { return shape_all(body, *plan); });
}

io::Task<Result<std::string>> shape_record_of(Call& call, const std::string& body) {
  const auto plan =
      call.loop.plans.find(call.context.account->shared_integration(), call.verbose());
  auto shaped = body.size() <= call.services.options.offload_bytes
                    ? shape_one(body, *plan)
                    : co_await call.services.runtime.run_blocking(
                          [&body, plan] { return shape_one(body, *plan); });
  if (!shaped) co_return shaped;
  co_return compact_custom_fields(call, std::move(*shaped));
}

}  // namespace patchbay::gateway
