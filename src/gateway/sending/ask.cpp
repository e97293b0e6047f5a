#include "gateway/sending/ask.h"

#include <utility>

#include "gateway/sending/refusal.h"
#include "gateway/sending/send.h"
#include "http/url.h"

namespace patchbay::gateway {

namespace {

// What every refusal means for the call's record.
std::unexpected<ToolError> tell(Call& call, ToolError error) {
  if (error.code == ErrorCode::unauthenticated) call.credentials_refused = true;
  return std::unexpected(std::move(error));
}

}  // namespace

io::Task<Outcome<upstream::Answer>> read_upstream(Call& call, const Arguments& arguments,
                                                  upstream::Request request) {
  auto sent = co_await send(call, std::move(request));
  if (!sent) co_return tell(call, say_refusal(call, arguments, sent.error(), false));
  co_return std::move(*sent);
}

io::Task<Outcome<upstream::Answer>> write_upstream(Call& call, const Arguments& arguments,
                                                   upstream::Request request) {
  auto sent = co_await send(call, std::move(request));
  if (!sent) co_return tell(call, say_refusal(call, arguments, sent.error(), true));
  co_return std::move(*sent);
}

io::Task<Outcome<upstream::Answer>> look_up(Call& call, const integration::Resource& about,
                                            upstream::Request request) {
  auto sent = co_await send(call, std::move(request));
  if (!sent) co_return tell(call, say_refusal_about(call, about, sent.error()));
  co_return std::move(*sent);
}

void add_parameter(std::string& query, std::string_view name, std::string_view value) {
  if (name.empty() || value.empty()) return;
  if (!query.empty()) query += '&';
  query += http::percent_encode(name) + '=' + http::percent_encode(value);
}

}  // namespace patchbay::gateway
