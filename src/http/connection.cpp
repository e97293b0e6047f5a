#include "http/connection.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include <boost/asio/error.hpp>

#include "base/random.h"
#include "http/peer.h"
#include "http/response_head.h"
#include "io/receipt.h"
#include "telemetry/log.h"
#include "telemetry/watch.h"

namespace patchbay::http {

namespace {

constexpr std::size_t kFirstBuffer = 4 * 1024;  // holds nearly every request whole
constexpr std::size_t kKeptMemory = 16 * 1024;  // what an idle connection may keep of each buffer
// After a refusal the client may still be sending; closing at once would make the kernel reset the
// connection and discard the answer before it is read. So the rest is read and thrown away a while.
constexpr std::chrono::milliseconds kLingerTime{2'000};
constexpr std::size_t kLingerBytes = 16 * 1024 * 1024;
// An answer from here on is put down while it is written: its client may take its time.
constexpr std::size_t kLargeAnswer = 64 * 1024;

bool is_sane_id(std::string_view id) {
  return !id.empty() && id.size() <= 64 && std::ranges::all_of(id, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  });
}

// Unique, not secret: random start per thread, then a mixed counter (splitmix64).
void make_id(std::string& id) {
  thread_local std::uint64_t state = [] {
    std::uint64_t seed = 0;
    fill_random(std::as_writable_bytes(std::span(&seed, 1)));
    return seed;
  }();
  std::uint64_t mixed = state += 0x9e3779b97f4a7c15u;
  mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9u;
  mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111ebu;
  mixed ^= mixed >> 31;
  id.resize(16);
  for (char& c : id) {
    c = "0123456789abcdef"[mixed & 15];
    mixed >>= 4;
  }
}

}  // namespace

Connection::Connection(io::Loop& loop, io::Socket socket,
                       std::shared_ptr<const ServerShared> shared)
    : shared_(std::move(shared)),
      stream_(std::move(socket)),
      deadline_(loop, [this] { on_deadline(); }),
      watch_begins_(loop, [this] { keep_watching(); }),
      limits_(&shared_->limits.get()),
      parser_(limits_->request) {
  request_.secure = shared_->secure;
  request_.peer = peer_of(stream_.socket());
  network_ = network_of(request_.peer);
  if (is_one_of(request_.peer, shared_->options.trusted_proxies)) proxy_ = request_.peer;
  request_.watch_disconnect = [this] { return watch_peer(); };
  request_.begin_stream = [this](const Response& head) { return begin_stream(head); };
}

Connection::~Connection() = default;

io::Task<> Connection::run() {
  auto self = shared_from_this();
  // Handlers' own exceptions do not come here; want of memory does, and ends this connection only.
  try {
    co_await serve();
  } catch (const std::exception& error) {
    if (shared_->options.log) {
      shared_->options.log->write(telemetry::Level::error, "a connection failed",
                                  {{"exception", error.what()}});
    }
    end_watch();
    if (auto last = std::exchange(receipt_, nullptr)) last->lost();
  }
  deadline_.clear();
  stream_.close();
}

io::Task<> Connection::serve() {
  // From its first moment: who says nothing, or half a head, holds a place of those who may.
  if (!hold_head_place()) {
    co_await refuse_for_want_of("unfinished heads", request_.peer);
    co_return;
  }
  if (shared_->secure) {
    deadline_.expires_after(shared_->options.header_timeout);
    bool secured = co_await stream_.handshake(shared_->certificate.new_session());
    deadline_.clear();
    if (!secured) keep_alive_ = false;
  }
  while (keep_alive_ && !stopping_) {
    if (!co_await read_head()) break;
    // Whoever asks further has read what came before.
    if (auto before = std::exchange(receipt_, nullptr)) before->arrived();
    if (!co_await read_body()) break;
    phase_ = Phase::handling;
    Response response = co_await call_handler();
    end_watch();
    phase_ = Phase::writing;
    expect_receipt();
    if (!co_await write_response(std::move(response))) break;
    give_memory_back();
  }
  deadline_.clear();
  if (auto last = std::exchange(receipt_, nullptr)) reset_ ? last->lost() : last->closing();
  // Bytes that nobody will read would turn the close into a reset.
  if (stream_.is_open() && begin_ < end_) co_await linger();
  stream_.shutdown_send();
}

io::Task<> Connection::turn_away() {
  auto self = shared_from_this();
  try {
    if (shared_->options.watch) {
      shared_->options.watch->saw(telemetry::Sight::limit_hit, request_.peer, "connections");
    }
    Response response = Response::json(
        503, error_body("too_many_connections", "This server has too many connections."));
    response.headers.set("Retry-After", kRetryAfter);
    co_await refuse(std::move(response));
  } catch (const std::exception&) {
    deadline_.clear();  // want of memory: it is closed all the same
  }
  stream_.close();
}

void Connection::stop() {
  stopping_ = true;
  keep_alive_ = false;
  if (phase_ == Phase::opening || phase_ == Phase::idle) stream_.cancel();
}

void Connection::abort() {
  stopping_ = true;
  keep_alive_ = false;
  if (auto last = std::exchange(receipt_, nullptr)) last->closing();
  stream_.close();
  if (gone_) gone_->cancel();
}

void Connection::on_deadline() {
  expired_ = true;
  if (phase_ == Phase::writing || phase_ == Phase::handling) {
    abort();  // nobody takes our bytes, so nobody would take an explanation
  } else {
    stream_.cancel();
  }
}

// --- reading ---

io::Task<bool> Connection::read_more() {
  if (expired_) co_return false;
  if (begin_ == end_) begin_ = end_ = 0;
  if (end_ == capacity_) {
    std::size_t held = end_ - begin_;
    if (begin_ > 0 && held < capacity_ / 2) {
      std::memmove(buffer_.get(), buffer_.get() + begin_, held);
    } else {
      capacity_ = capacity_ == 0 ? kFirstBuffer : 2 * capacity_;
      auto grown = std::make_unique_for_overwrite<char[]>(capacity_);
      if (held > 0) std::memcpy(grown.get(), buffer_.get() + begin_, held);
      buffer_ = std::move(grown);
    }
    begin_ = 0;
    end_ = held;
  }
  auto read = co_await stream_.read_some({buffer_.get() + end_, capacity_ - end_});
  if (!read) {
    const auto& why = read.error();
    // Under TLS many clients just go: that is no failure, and told as one.
    reset_ = !stream_.tls() && why != boost::asio::error::eof &&
             why != boost::asio::error::operation_aborted;
    co_return false;
  }
  end_ += *read;
  co_return true;
}

io::Task<bool> Connection::read_head() {
  bool first = phase_ == Phase::opening;
  prepare_request();
  if (begin_ == end_) {
    phase_ = Phase::idle;
    deadline_.expires_after(first ? shared_->options.header_timeout
                                  : shared_->options.idle_timeout);
    if (stopping_ || !co_await read_more()) co_return false;
  }
  phase_ = Phase::head;
  heed_limits();
  bool head_timed = false;
  for (;;) {
    auto progress = parser_.put_head(unread());
    begin_ += progress.used;
    if (progress.step == RequestParser::Step::refused) {
      co_await refuse(parser_.refusal());
      co_return false;
    }
    body_follows_ = progress.step == RequestParser::Step::head_done;
    if (progress.step != RequestParser::Step::need_more) break;
    if (!hold_head_place()) {
      co_await refuse_for_want_of("unfinished heads", request_.peer);
      co_return false;
    }
    if (!head_timed) deadline_.expires_after(shared_->options.header_timeout);
    head_timed = true;
    if (!co_await read_more()) {
      if (expired_) co_await refuse(timed_out());
      co_return false;
    }
  }
  deadline_.clear();
  unfinished_.give_back();
  keep_alive_ = keep_alive_ && parser_.keep_alive();
  choose_request_id();
  if (!proxy_.empty() && !read_client()) {
    co_await refuse({400, "bad_forwarded_for", "X-Forwarded-For does not end with an IP address."});
    co_return false;
  }
  co_return true;
}

// Those of this moment, and not those of the moment at which the client began to be silent.
void Connection::heed_limits() {
  const ConnectionLimits& now = shared_->limits.get();
  if (&now == limits_) return;
  limits_ = &now;
  parser_.limit(now.request);
  parser_.start(request_);
}

// False: the proxy does not say whose request it is.
bool Connection::read_client() {
  auto client = forwarded_client(proxy_, request_.headers, shared_->options.trusted_proxies);
  if (!client) return false;
  request_.peer = std::move(*client);
  return true;
}

// Who counts as the same as whoever sent this request.
std::string Connection::client_network() const {
  return proxy_.empty() ? network_ : network_of(request_.peer);
}

// False: its network has as many unfinished heads as may be.
bool Connection::hold_head_place() {
  if (unfinished_.amount() > 0) return true;
  auto place = shared_->heads->take(network_, 1);
  if (place) unfinished_ = std::move(*place);
  return place.has_value();
}

void Connection::prepare_request() {
  parser_.start(request_);
  body_bytes_.give_back();
  answer_bytes_.give_back();
  body_.reset();
  gone_.reset();
  expired_ = false;
  reset_ = false;
}

void Connection::choose_request_id() {
  auto given = request_.headers.find("X-Request-Id");
  if (given && is_sane_id(*given)) {
    request_.id = *given;
  } else {
    make_id(request_.id);
  }
}

// --- answering ---

io::Task<Response> Connection::call_handler() {
  std::string what;
  try {
    co_return co_await shared_->handler(request_);
  } catch (const std::exception& error) {
    what = error.what();
  } catch (...) {
    what = "unknown exception";
  }
  if (shared_->options.log) {
    std::string path = telemetry::redact_path(request_.path);
    shared_->options.log->write(telemetry::Level::error, "a handler failed",
                                {{"request_id", request_.id}, {"path", path}, {"exception", what}});
  }
  co_return Response::json(
      500,
      error_body("internal", "Something went wrong here. The request id names it in the log."));
}

io::Task<bool> Connection::write_response(Response response) {
  if (response.close || stopping_) keep_alive_ = false;
  // A handler that failed after it had begun: what is cut short must not look complete.
  if (body_ && !response.stream) co_return false;
  if (response.stream && request_.method != Method::head) {
    co_return co_await write_stream(std::move(response));
  }
  bool bodiless = response.status == 204 || response.status == 304 || response.status < 200;
  std::size_t shared_size = response.shared ? response.shared->size() : 0;
  HeadFacts facts{
      .framing = bodiless || response.stream ? Framing::none : Framing::length,
      .length = response.head.size() + shared_size + response.tail.size(),
      .http_11 = parser_.is_http_11(),
      .keep_alive = keep_alive_,
      .server_name = shared_->options.server_name,
      .request_id = request_.id,
  };
  const std::size_t own_bytes = response.head.size() + response.tail.size();
  if (shared_->options.bytes && own_bytes > kLargeAnswer) {
    answer_bytes_ = shared_->options.bytes->charge(request_.peer, own_bytes);
  }
  out_.clear();
  append_head(out_, response, facts);
  std::array<io::Stream::Part, 4> parts{{{out_.data(), out_.size()}}};
  std::size_t count = 1;
  if (!bodiless && request_.method != Method::head) {
    parts[count++] = {response.head.data(), response.head.size()};
    if (response.shared) parts[count++] = {response.shared->data(), shared_size};
    parts[count++] = {response.tail.data(), response.tail.size()};
  }
  bool written =
      co_await stream_.write({parts.data(), count}, &deadline_, shared_->options.write_timeout);
  deadline_.clear();
  if (written) note_written();
  co_return written&& keep_alive_;
}

// The handler has returned; before its answer is written.
void Connection::expect_receipt() {
  receipt_ = std::exchange(request_.receipt, nullptr);
  const bool gone = (gone_ && gone_->token().cancelled()) ||
                    (receipt_ && stream_.peek() == io::Stream::Peer::gone);
  if (receipt_ && gone) receipt_->lost();
}

void Connection::note_written() {
  if (!receipt_) return;
  // The close is ours, right behind the answer: what is not acknowledged yet is on its way.
  if (!keep_alive_ || stopping_) {
    receipt_->arrived();
    receipt_ = nullptr;
  } else {
    receipt_->written(stream_.socket().native_handle());
  }
}

io::Task<bool> Connection::write_bytes(std::string_view bytes) {
  std::array<io::Stream::Part, 1> parts{{{bytes.data(), bytes.size()}}};
  bool written = co_await stream_.write(parts, &deadline_, shared_->options.write_timeout);
  if (phase_ == Phase::writing) deadline_.clear();
  co_return written;
}

io::Task<> Connection::refuse(Refusal refusal) {
  co_await refuse(Response::json(refusal.status, error_body(refusal.code, refusal.message)));
}

io::Task<> Connection::refuse(Response response) {
  keep_alive_ = false;
  phase_ = Phase::writing;
  unfinished_.give_back();
  body_bytes_.give_back();
  const HeadFacts facts{
      .length = response.head.size(),
      .keep_alive = false,
      .server_name = shared_->options.server_name,
  };
  out_.clear();
  append_head(out_, response, facts);
  out_.append(response.head);
  deadline_.expires_after(kLingerTime);
  if (co_await write_bytes(out_)) co_await linger();
}

Refusal Connection::timed_out() const {
  return {408, "request_timeout", "The request did not arrive in time."};
}

io::Task<> Connection::linger() {
  phase_ = Phase::writing;
  stream_.shutdown_send();
  begin_ = end_ = 0;
  if (capacity_ == 0) {
    capacity_ = kFirstBuffer;
    buffer_ = std::make_unique_for_overwrite<char[]>(capacity_);
  }
  deadline_.expires_after(kLingerTime);
  std::size_t thrown_away = 0;
  while (thrown_away < kLingerBytes) {
    auto read = co_await stream_.read_some({buffer_.get(), capacity_});
    if (!read) break;
    thrown_away += *read;
  }
  deadline_.clear();
}

// An idle connection keeps little: there may be thousands.
void Connection::give_memory_back() {
  body_bytes_.give_back();
  answer_bytes_.give_back();
  if (begin_ == end_ && capacity_ > kKeptMemory) {
    buffer_.reset();
    capacity_ = begin_ = end_ = 0;
  }
  if (request_.body.capacity() > kKeptMemory) std::string().swap(request_.body);
  if (out_.capacity() > kKeptMemory) std::string().swap(out_);
}

// --- watching for the peer's going away ---

io::CancelToken Connection::watch_peer() {
  if (!gone_) gone_.emplace();
  io::CancelToken token = gone_->token();
  if (!stream_.is_open()) {
    gone_->cancel();
  } else if (!watching_) {
    watching_ = true;
    ++watch_;
    // At the loop's next sweep, within 100 ms: nearly all calls are over by then, and need no
    // system call and no operation that is taken back.
    watch_begins_.expires_after(std::chrono::milliseconds(0));
  }
  return token;
}

void Connection::keep_watching() {
  awaits_peer_ = true;
  stream_.socket().async_wait(io::Socket::wait_read, [self = shared_from_this(), watch = watch_](
                                                         boost::system::error_code error) {
    if (error || !self->watching_ || watch != self->watch_) return;
    switch (self->stream_.peek()) {
      case io::Stream::Peer::quiet:
        self->keep_watching();
        break;
      case io::Stream::Peer::sent_something:
        break;  // its next request; from here on only a failing write tells
      case io::Stream::Peer::gone:
        self->gone_->cancel();
        break;
    }
  });
}

void Connection::end_watch() {
  if (!watching_) return;
  watching_ = false;
  watch_begins_.clear();
  if (std::exchange(awaits_peer_, false)) stream_.cancel();
}

}  // namespace patchbay::http
