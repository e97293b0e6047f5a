#include "http/request_parser.h"

#include <algorithm>
#include <functional>
#include <string>

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

#include "base/text.h"
#include "http/chunk_decoder.h"

namespace patchbay::http {

namespace beast_http = boost::beast::http;
using boost::beast::error_code;

namespace {

std::string_view view(boost::beast::string_view text) {
  return {text.data(), text.size()};
}

// Beast lets a header continue on the next line (obsolete since 2014, and read differently by
// different servers). A folded value is a copy outside of the input, or begins behind a line end.
bool is_folded(std::string_view input, std::string_view name, std::string_view value) {
  std::less<const char*> before;
  if (before(value.data(), input.data()) || before(input.data() + input.size(), value.data())) {
    return true;
  }
  const char* name_end = name.data() + name.size();
  return std::find(name_end, value.data(), '\n') != value.data();
}

bool is_target_character(char c) {
  auto byte = static_cast<unsigned char>(c);
  return byte > ' ' && byte < 0x7f && c != '#';
}

// What a name, an address or a port is written with. The host ends up in URLs that we show.
bool is_host_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("-._~:[]%").find(c) != std::string_view::npos;
}

Refusal refusal_of(const error_code& error) {
  if (error == beast_http::error::body_limit) {
    return {413, "too_large", "The request body is larger than this server accepts."};
  }
  if (error == beast_http::error::header_limit) {
    return {431, "headers_too_large", "The request headers are larger than this server accepts."};
  }
  if (error == beast_http::error::bad_version) {
    return {505, "http_version_not_supported", "This server speaks HTTP/1.1."};
  }
  return {400, "bad_request", "The request is not well-formed HTTP."};
}

// Beast's parser calls back with each piece; one object per request, as Beast wants it.
class Message final : public beast_http::basic_parser<true> {
 public:
  Message(const RequestLimits& limits, Request& request, std::string& target)
      : limits_(limits), request_(request), target_(target), max_body_(limits.max_body_bytes) {
    header_limit(static_cast<std::uint32_t>(limits.max_header_bytes));
    body_limit(limits.max_body_bytes);
  }

  RequestParser::Progress put_head(std::string_view bytes);
  RequestParser::Progress put_chunks(std::string_view bytes);

  bool http_11 = false;
  bool expects_continue = false;
  Refusal refusal;

 private:
  using string_view = boost::beast::string_view;
  void on_request_impl(beast_http::verb, string_view method, string_view target, int version,
                       error_code& error) override;
  void on_response_impl(int, string_view, int, error_code&) override {}
  void on_field_impl(beast_http::field field, string_view name, string_view value,
                     error_code& error) override;
  void on_header_impl(error_code& error) override;
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(string_view, error_code&) override { return 0; }
  void on_chunk_header_impl(std::uint64_t, string_view, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, string_view, error_code&) override { return 0; }
  void on_finish_impl(error_code&) override {}

  void refuse(error_code& error, Refusal why);
  RequestParser::Progress failed(const error_code& error);

  const RequestLimits& limits_;
  Request& request_;
  std::string& target_;
  std::string_view input_;      // what put() is looking at
  std::size_t head_bytes_ = 0;  // taken so far
  std::size_t max_body_;
  std::size_t fields_ = 0;
  int hosts_ = 0;
  int lengths_ = 0;
  ChunkDecoder chunks_;
};

void Message::refuse(error_code& error, Refusal why) {
  refusal = why;
  error = beast_http::error::bad_value;  // any error stops the parser
}

RequestParser::Progress Message::failed(const error_code& error) {
  if (refusal.code.empty()) refusal = refusal_of(error);
  return {RequestParser::Step::refused, 0};
}

RequestParser::Progress Message::put_head(std::string_view bytes) {
  // RFC 9112 section 2.2: an empty line before the request line is skipped, as some clients end a
  // body with one. One; more are noise.
  if (head_bytes_ == 0 && bytes.starts_with('\r')) {
    if (bytes.size() < 2) return {RequestParser::Step::need_more, 0};
    if (bytes[1] == '\n') {
      head_bytes_ = 2;
      auto progress = put_head(bytes.substr(2));
      progress.used += 2;
      return progress;
    }
  }
  input_ = bytes;
  error_code error;
  std::size_t used = put(boost::asio::const_buffer(bytes.data(), bytes.size()), error);
  head_bytes_ += used;
  bool too_long = head_bytes_ > limits_.max_header_bytes;
  if (error == beast_http::error::need_more) {
    too_long = head_bytes_ + (bytes.size() - used) > limits_.max_header_bytes;
    if (!too_long) return {RequestParser::Step::need_more, used};
  }
  if (too_long) return failed(beast_http::make_error_code(beast_http::error::header_limit));
  if (error) return failed(error);
  return {is_done() ? RequestParser::Step::done : RequestParser::Step::head_done, used};
}

RequestParser::Progress Message::put_chunks(std::string_view bytes) {
  auto [step, used] = chunks_.put(bytes, request_.body, max_body_);
  switch (step) {
    case ChunkDecoder::Step::need_more:
      return {RequestParser::Step::need_more, used};
    case ChunkDecoder::Step::done:
      return {RequestParser::Step::done, used};
    case ChunkDecoder::Step::body_too_large:
      return failed(beast_http::make_error_code(beast_http::error::body_limit));
    case ChunkDecoder::Step::lines_too_long:
      return failed(beast_http::make_error_code(beast_http::error::header_limit));
    case ChunkDecoder::Step::malformed:
      break;
  }
  return failed(beast_http::make_error_code(beast_http::error::bad_chunk));
}

void Message::on_request_impl(beast_http::verb, string_view method, string_view target, int version,
                              error_code& error) {
  http_11 = version == 11;
  auto known = patchbay::http::parse_method(view(method));
  if (!known) return refuse(error, {400, "unknown_method", "This HTTP method is not known here."});
  request_.method = *known;
  if (target.front() != '/' || !std::all_of(target.begin(), target.end(), is_target_character)) {
    return refuse(error, {400, "bad_target",
                          "The request target must be a path that begins with '/', with other "
                          "characters percent-encoded."});
  }
  target_.assign(target.data(), target.size());
  if (limits_.takes_large_body == nullptr) return;
  const std::string_view path = std::string_view(target_).substr(0, target_.find('?'));
  if (!limits_.takes_large_body(path)) return;
  max_body_ = std::max(max_body_, limits_.max_large_body_bytes);
  body_limit(max_body_);
}

void Message::on_field_impl(beast_http::field field, string_view name, string_view value,
                            error_code& error) {
  if (++fields_ > limits_.max_headers) {
    return refuse(error, {431, "too_many_headers", "The request has too many headers."});
  }
  if (is_folded(input_, view(name), view(value))) {
    return refuse(error, {400, "folded_header", "A header must not continue on the next line."});
  }
  switch (field) {
    case beast_http::field::host:
      ++hosts_;
      if (!std::all_of(value.begin(), value.end(), is_host_character)) {
        return refuse(error, {400, "bad_host", "The Host header is malformed."});
      }
      break;
    case beast_http::field::content_length: {
      bool digits =
          std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; });
      if (++lengths_ > 1 || !digits) {
        return refuse(error, {400, "bad_content_length", "Content-Length must be one number."});
      }
      break;
    }
    case beast_http::field::transfer_encoding:
      if (!http_11 || !equal_ignoring_case(view(value), "chunked")) {
        return refuse(error, {400, "bad_transfer_encoding",
                              "The only Transfer-Encoding is chunked, on HTTP/1.1."});
      }
      break;
    case beast_http::field::expect:
      if (!equal_ignoring_case(view(value), "100-continue")) {
        return refuse(error, {417, "expectation_failed", "The only expectation is 100-continue."});
      }
      expects_continue = http_11;
      break;
    default:
      break;
  }
  request_.headers.add(view(name), view(value));
}

void Message::on_header_impl(error_code& error) {
  if (hosts_ > 1 || (hosts_ == 0 && http_11)) {
    return refuse(error, {400, "bad_host", "The request must have exactly one Host header."});
  }
  request_.target = target_;
  std::size_t question = target_.find('?');
  request_.path = request_.target.substr(0, question);
  request_.query =
      question == std::string::npos ? std::string_view() : request_.target.substr(question + 1);
}

}  // namespace

class RequestParser::Impl {
 public:
  explicit Impl(const RequestLimits& given) : limits(given) {}
  RequestLimits limits;
  std::string target;  // what the request's views point into
  std::optional<Message> message;
};

RequestParser::RequestParser(const RequestLimits& limits) : impl_(std::make_unique<Impl>(limits)) {}
RequestParser::~RequestParser() = default;

void RequestParser::limit(const RequestLimits& limits) {
  impl_->message.reset();  // it refers to them
  impl_->limits = limits;
}

void RequestParser::start(Request& request) {
  request.target = request.path = request.query = {};
  request.headers.clear();
  request.body.clear();
  impl_->message.emplace(impl_->limits, request, impl_->target);
}

RequestParser::Progress RequestParser::put_head(std::string_view bytes) {
  return impl_->message->put_head(bytes);
}

std::optional<std::uint64_t> RequestParser::content_length() const {
  auto length = impl_->message->content_length();
  if (!length) return std::nullopt;
  return *length;
}

RequestParser::Progress RequestParser::put_chunks(std::string_view bytes) {
  return impl_->message->put_chunks(bytes);
}

bool RequestParser::keep_alive() const {
  return impl_->message->keep_alive();
}
bool RequestParser::is_http_11() const {
  return impl_->message->http_11;
}
bool RequestParser::expects_continue() const {
  return impl_->message->expects_continue;
}
const Refusal& RequestParser::refusal() const {
  return impl_->message->refusal;
}

}  // namespace patchbay::http
