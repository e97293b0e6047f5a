#include "gateway/stages.h"
#include "json/parse.h"
#include "json/write.h"

namespace patchbay::gateway {

io::Task<Step<std::string>> count(Call& call) {
  auto path = fill_path(call, call.method().count_path);
  if (!path) co_return std::unexpected(std::move(path.error()));
  upstream::Request request;
  request.path = std::move(*path);
  request.query = call.query;
  add_parameter(request.query, call.integration().pagination.filter_parameter, call.filter);
  auto answer = co_await send(call, std::move(request), false);
  if (!answer) co_return std::unexpected(std::move(answer.error()));
  const auto body = json::parse(answer->body);
  // {"count": 7} is what it should be; a bare number is what some APIs say.
  const auto* total = body && body->is_object() ? body->find("count") : body ? &*body : nullptr;
  if (total == nullptr || !total->as_int64()) {
    co_return stop(ErrorCode::upstream, "The API's answer was no count.",
                   "List the records instead.");
  }
  co_return json::to_string(json::Object{{"count", *total}});
}

}  // namespace patchbay::gateway
