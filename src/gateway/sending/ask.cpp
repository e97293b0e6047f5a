#include "gateway/sending/ask.h"

#include <utility>

#include "gateway/sending/refusal.h"
#include "gateway/sending/send.h"
#include "http/url.h"
#include "json/mend.h"

namespace patchbay::gateway {

namespace {

// What every refusal means for the call's record.
std::unexpected<ToolError> tell(Call& call, ToolError error) {
  if (error.code == ErrorCode::unauthenticated) call.credentials_refused = true;
  return std::unexpected(std::move(error));
}

// A mark that some write before their text says nothing, and is no JSON. A file keeps its own.
void skip_mark(Call& call, bool is_file, upstream::Answer& answer) {
  if (is_file || !json::skip_byte_order_mark(answer.body)) return;
  constexpr std::string_view kTold = "The API's answer began with a byte order mark, skipped.";
  if (!call.notice.contains(kTold)) call.add_notice(kTold);
}

}  // namespace

io::Task<Outcome<upstream::Answer>> read_upstream(Call& call, const Arguments& arguments,
                                                  upstream::Request request) {
  const bool is_file = request.any_media_type;
  auto sent = co_await send(call, std::move(request));
  if (!sent) co_return tell(call, say_refusal(call, arguments, sent.error(), false));
  skip_mark(call, is_file, *sent);
  co_return std::move(*sent);
}

io::Task<Outcome<upstream::Answer>> write_upstream(Call& call, const Arguments& arguments,
                                                   upstream::Request request) {
  const bool is_file = request.any_media_type;
  auto sent = co_await send(call, std::move(request));
  if (!sent) co_return tell(call, say_refusal(call, arguments, sent.error(), true));
  skip_mark(call, is_file, *sent);
  co_return std::move(*sent);
}

io::Task<Outcome<upstream::Answer>> look_up(Call& call, const integration::Resource& about,
                                            upstream::Request request) {
  const bool is_file = request.any_media_type;
  auto sent = co_await send(call, std::move(request));
  if (!sent) co_return tell(call, say_refusal_about(call, about, sent.error()));
  skip_mark(call, is_file, *sent);
  co_return std::move(*sent);
}

void add_parameter(std::string& query, std::string_view name, std::string_view value) {
  if (name.empty() || value.empty()) return;
  if (!query.empty()) query += '&';
  query += http::percent_encode(name) + '=' + http::percent_encode(value);
}

}  // namespace patchbay::gateway
