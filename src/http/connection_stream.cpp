// Responses that go on: begun while their handler still runs, or when it has returned.
#include <array>
#include <cstdio>
#include <exception>

#include "http/connection.h"
#include "http/response_head.h"
#include "telemetry/log.h"

namespace patchbay::http {

io::Task<bool> Connection::StreamBody::write(std::string_view bytes) {
  if (gone_.cancelled() || !connection_.stream_.is_open()) co_return false;
  if (bytes.empty()) co_return true;  // an empty chunk would be the end
  std::array<char, 20> size;
  std::array<io::Stream::Part, 4> parts{{{head_.data(), head_.size()}}};
  std::size_t count = 1;
  const bool chunked = connection_.parser_.is_http_11();
  if (chunked) {
    const int digits = std::snprintf(size.data(), size.size(), "%zx\r\n", bytes.size());
    parts[count++] = {size.data(), static_cast<std::size_t>(digits)};
  }
  parts[count++] = {bytes.data(), bytes.size()};
  if (chunked) parts[count++] = {"\r\n", 2};
  const bool written = co_await write_parts({parts.data(), count});
  head_.clear();
  co_return written;
}

// Without waiting for something to follow it; nothing where it is out already.
io::Task<bool> Connection::StreamBody::write_head() {
  if (head_.empty()) co_return true;
  std::array<io::Stream::Part, 1> parts{{{head_.data(), head_.size()}}};
  const bool written = co_await write_parts(parts);
  head_.clear();
  co_return written;
}

io::Task<bool> Connection::StreamBody::write_parts(std::span<const io::Stream::Part> parts) {
  bool written = co_await connection_.stream_.write(parts, &connection_.deadline_,
                                                    connection_.shared_->options.write_timeout);
  connection_.deadline_.clear();
  if (!written) connection_.abort();
  co_return written;
}

std::string Connection::head_of_stream(const Response& response) {
  const bool chunked = parser_.is_http_11();
  if (!chunked) keep_alive_ = false;
  const HeadFacts facts{
      .framing = chunked ? Framing::chunked : Framing::until_close,
      .http_11 = chunked,
      .keep_alive = keep_alive_,
      .server_name = shared_->options.server_name,
      .request_id = request_.id,
  };
  std::string head;
  append_head(head, response, facts);
  return head;
}

std::shared_ptr<StreamWriter> Connection::begin_stream(const Response& head) {
  body_.emplace(*this, head_of_stream(head), watch_peer());
  return {shared_from_this(), &*body_};
}

io::Task<bool> Connection::write_stream(Response response) {
  const io::CancelToken gone = watch_peer();
  if (!body_) body_.emplace(*this, head_of_stream(response), gone);
  const bool chunked = parser_.is_http_11();
  if (!co_await body_->write_head()) co_return false;
  give_memory_back();

  bool ended_well = true;
  try {
    co_await response.stream(*body_);
  } catch (const std::exception& error) {
    ended_well = false;
    if (shared_->options.log) {
      shared_->options.log->write(telemetry::Level::error, "a stream failed",
                                  {{"request_id", request_.id}, {"exception", error.what()}});
    }
  }
  end_watch();
  // A stream that failed must not look complete: it is cut without its last chunk.
  if (!ended_well || !stream_.is_open()) co_return false;
  if (chunked && !co_await write_bytes("0\r\n\r\n")) co_return false;
  if (!gone.cancelled()) note_written();
  co_return keep_alive_ && !stopping_;
}

}  // namespace patchbay::http
