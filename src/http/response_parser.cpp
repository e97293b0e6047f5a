#include "http/response_parser.h"

#include <optional>

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

#include "base/text.h"

namespace patchbay::http {

namespace beast_http = boost::beast::http;
using boost::beast::error_code;

namespace {

constexpr std::uint32_t kMaxHeadBytes = 64 * 1024;
constexpr std::size_t kMaxHeaders = 256;

constexpr std::size_t kStatusLine = std::string_view("HTTP/1.1 200").size();

// A status line without a reason has a blank at its end (RFC 9112 section 4), and some servers
// forget it.
bool lacks_last_blank(std::string_view bytes) {
  return bytes.size() > kStatusLine + 1 && bytes.starts_with("HTTP/1.") &&
         bytes.substr(kStatusLine).starts_with("\r\n");
}

class ResponseMessage final : public beast_http::basic_parser<false> {
 public:
  explicit ResponseMessage(bool no_body) {
    skip(no_body);
    header_limit(kMaxHeadBytes);
    body_limit(boost::none);  // the client has its own
  }

  ResponseHead* head = nullptr;  // set before each put()
  bool too_large = false;

 private:
  using string_view = boost::beast::string_view;
  void on_request_impl(beast_http::verb, string_view, string_view, int, error_code&) override {}
  void on_response_impl(int status, string_view, int, error_code&) override {
    head->status = status;
  }
  void on_field_impl(beast_http::field field, string_view name, string_view value,
                     error_code& error) override {
    if (++fields_ > kMaxHeaders) {
      too_large = true;
      error = beast_http::error::header_limit;
      return;
    }
    std::string_view text(value.data(), value.size());
    if (field == beast_http::field::transfer_encoding && !equal_ignoring_case(text, "chunked")) {
      error = beast_http::error::bad_transfer_encoding;
      return;
    }
    head->headers.add({name.data(), name.size()}, text);
  }
  void on_header_impl(error_code&) override {
    head->keep_alive = keep_alive();
    if (is_done()) return;
    if (auto length = content_length()) {
      head->body = ResponseHead::Body::sized;
      head->length = *length;
    } else {
      head->body = chunked() ? ResponseHead::Body::chunked : ResponseHead::Body::until_close;
    }
  }
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(string_view, error_code&) override { return 0; }
  void on_chunk_header_impl(std::uint64_t, string_view, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, string_view, error_code&) override { return 0; }
  void on_finish_impl(error_code&) override {}

  std::size_t fields_ = 0;
};

}  // namespace

class ResponseParser::Impl {
 public:
  std::optional<ResponseMessage> message;
};

ResponseParser::ResponseParser() : impl_(std::make_unique<Impl>()) {}
ResponseParser::~ResponseParser() = default;

void ResponseParser::start(Method method) {
  impl_->message.emplace(method == Method::head);
}

ResponseParser::Progress ResponseParser::put_head(std::string_view bytes, ResponseHead& head) {
  ResponseMessage& message = *impl_->message;
  message.head = &head;
  error_code error;
  std::size_t used = 0;
  if (!message.got_some() && lacks_last_blank(bytes)) {
    std::string mended(bytes);
    mended.insert(kStatusLine, 1, ' ');
    used = message.put(boost::asio::const_buffer(mended.data(), mended.size()), error);
    if (used > kStatusLine) --used;
  } else {
    used = message.put(boost::asio::const_buffer(bytes.data(), bytes.size()), error);
  }
  if (error == beast_http::error::need_more) {
    if (bytes.size() - used > kMaxHeadBytes) return {Step::too_large, used};
    return {Step::need_more, used};
  }
  if (error == beast_http::error::header_limit || message.too_large) return {Step::too_large, used};
  if (error) return {Step::malformed, used};
  return {Step::done, used};
}

}  // namespace patchbay::http
