#include "gateway/answers/count.h"

#include <utility>

#include "gateway/answers/envelope.h"
#include "gateway/names/fill_path.h"
#include "gateway/names/known_filters.h"
#include "gateway/sending/ask.h"
#include "gateway/sending/off_loop.h"
#include "gateway/sending/read_answer.h"
#include "json/write.h"

namespace patchbay::gateway {

io::Task<Outcome<std::int64_t>> count_of(Call& call, const Prepared& prepared) {
  const auto& [arguments, names, bound] = prepared;
  auto path = fill_path(call.method(), arguments, names, call.method().count_path);
  if (!path) co_return std::unexpected(std::move(path.error()));
  upstream::Request request;
  request.path = std::move(*path);
  request.query = bound.query;
  add_parameter(request.query, call.integration().pagination.filter_parameter, bound.filter);
  auto answer = co_await read_upstream(call, arguments, std::move(request));
  if (!answer) co_return std::unexpected(std::move(answer.error()));
  auto body = co_await parse_answer(call, *answer);
  const LetGo ending(call, answer->body.size(), body);
  // {"count": 7} is what it should be; a bare number is what some APIs say.
  const auto* total = body && body->is_object() ? body->find("count") : body ? &*body : nullptr;
  if (total == nullptr || !total->as_int64()) {
    co_return refuse(ErrorCode::upstream, "The API's answer was no count.",
                     "List the records instead.");
  }
  co_return *total->as_int64();
}

io::Task<Outcome<std::string>> count_records(Call& call, const Prepared& prepared) {
  const auto total = co_await count_of(call, prepared);
  if (!total) co_return std::unexpected(total.error());
  // None at all: are there none, or does a filter name what does not exist?
  if (*total == 0) {
    auto known = co_await check_filters_name_something(call, prepared.arguments, prepared.names);
    if (!known) co_return std::unexpected(std::move(known.error()));
  }
  std::string out = json::to_string(json::Object{{"count", *total}});
  prepend_members(out, Envelope{.notice = call.notice}.members());
  co_return out;
}

}  // namespace patchbay::gateway
