// A request's body: judged before it is waited for, counted while it comes.
#include <algorithm>
#include <utility>

#include "http/connection.h"
#include "http/response_head.h"
#include "json/shape.h"
#include "telemetry/watch.h"

namespace patchbay::http {

namespace {

// A chunked body does not say how long it is: it is put down in steps of this.
constexpr std::size_t kBodyStep = 64 * 1024;

}  // namespace

io::Task<bool> Connection::read_body() {
  phase_ = Phase::body;
  if (!body_follows_) co_return true;
  auto length = parser_.content_length();
  bool complete_here = length && end_ - begin_ >= *length;
  if (!complete_here) {
    if (!co_await admit_body(length)) co_return false;
    deadline_.expires_after(shared_->options.body_timeout);
    if (parser_.expects_continue() && begin_ == end_ &&
        !co_await write_bytes("HTTP/1.1 100 Continue\r\n\r\n")) {
      co_return false;
    }
  }
  bool complete = length ? co_await read_sized_body(static_cast<std::size_t>(*length))
                         : co_await read_chunked_body();
  deadline_.clear();
  unfinished_.give_back();
  co_return complete;
}

// What has to be waited for takes memory and time: path, token and size are judged before, and
// nobody has too many of them on the way.
io::Task<bool> Connection::admit_body(std::optional<std::uint64_t> length) {
  const ServerOptions& options = shared_->options;
  if (!options.judge_body) co_return true;
  BodyVerdict verdict = options.judge_body(request_);
  if (verdict.later) {
    const auto later = std::move(verdict.later);
    verdict = co_await later();
  }
  if (verdict.refused) {
    co_await refuse(std::move(*verdict.refused));
    co_return false;
  }
  const bool stranger = verdict.holder.empty();
  holder_ = stranger ? client_network() : std::move(verdict.holder);
  auto place = shared_->unfinished->take(
      holder_, 1, stranger ? options.max_unfinished_of_stranger : options.max_unfinished);
  if (!place) {
    co_await refuse_for_want_of("unfinished bodies", holder_);
    co_return false;
  }
  unfinished_ = std::move(*place);
  if (!make_room(static_cast<std::size_t>(length.value_or(kBodyStep)))) {
    co_await refuse_for_want_of("bytes in flight", holder_);
    co_return false;
  }
  co_return true;
}

// False: memory for a body of this size is not to be had.
bool Connection::make_room(std::size_t body_bytes) {
  if (shared_->options.bytes == nullptr || body_bytes <= body_bytes_.amount()) return true;
  if (body_bytes_.amount() > 0) return body_bytes_.grow(body_bytes - body_bytes_.amount());
  auto room = shared_->options.bytes->take(holder_, body_bytes);
  if (room) body_bytes_ = std::move(*room);
  return room.has_value();
}

// The body is read straight into the string that the handler sees.
io::Task<bool> Connection::read_sized_body(std::size_t length) {
  std::string& body = request_.body;
  std::size_t have = std::min(length, end_ - begin_);
  body.reserve(length + json::kPadding);
  body.assign(buffer_.get() + begin_, have);
  begin_ += have;
  if (have == length) co_return true;
  body.resize_and_overwrite(length, [](char*, std::size_t size) { return size; });
  while (have < length) {
    io::IoResult<std::size_t> read;
    if (!expired_) read = co_await stream_.read_some({body.data() + have, length - have});
    if (expired_ || !read) {
      if (expired_) co_await refuse(timed_out());
      co_return false;
    }
    have += *read;
  }
  co_return true;
}

io::Task<bool> Connection::read_chunked_body() {
  for (;;) {
    auto progress = parser_.put_chunks(unread());
    begin_ += progress.used;
    if (progress.step == RequestParser::Step::done) break;
    if (progress.step == RequestParser::Step::refused) {
      co_await refuse(parser_.refusal());
      co_return false;
    }
    if (!make_room(request_.body.size() + kBodyStep)) {
      co_await refuse_for_want_of("bytes in flight", holder_);
      co_return false;
    }
    if (!co_await read_more()) {
      if (expired_) co_await refuse(timed_out());
      co_return false;
    }
  }
  request_.body.reserve(request_.body.size() + json::kPadding);
  co_return true;
}

io::Task<> Connection::refuse_for_want_of(std::string_view what, std::string_view whose) {
  if (shared_->options.watch) {
    shared_->options.watch->saw(telemetry::Sight::limit_hit, whose, what);
  }
  Response response = Response::json(
      503, error_body("overloaded", "This server has too much in hand. Try again in a while."));
  response.headers.set("Retry-After", kRetryAfter);
  co_await refuse(std::move(response));
}

}  // namespace patchbay::http
