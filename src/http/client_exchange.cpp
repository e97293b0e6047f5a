#include "http/client_exchange.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <new>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/text.h"
#include "http/chunk_decoder.h"
#include "http/client_look_up.h"
#include "io/resolve.h"
#include "json/shape.h"
#include "telemetry/watch.h"

namespace patchbay::http {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;

namespace {

constexpr std::size_t kFirstAnswerBuffer = 8 * 1024;
// Packed bodies from here on are unpacked off the loop: 64 KB may become 64 MB.
constexpr std::size_t kLargePacked = 64 * 1024;
// A body from here on is put down to its host, in steps of this.
constexpr std::size_t kLargeBody = 256 * 1024;
constexpr int kMaxInterimAnswers = 8;  // 100 Continue, 103 Early Hints
// How long one address may take when there are others.
constexpr std::chrono::milliseconds kConnectPatience{3'000};

bool is_clean(std::string_view text) {
  return std::ranges::none_of(text, [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

bool is_target(std::string_view text) {
  return text.starts_with('/') && std::ranges::all_of(text, [](char c) {
           return static_cast<unsigned char>(c) > ' ' && static_cast<unsigned char>(c) < 0x7f &&
                  c != '#';
         });
}

bool is_clients_own(std::string_view name) {
  static constexpr std::array<std::string_view, 6> kOwn = {
      "Host", "Content-Length", "Accept-Encoding", "Connection", "Transfer-Encoding", "Expect"};
  return std::ranges::any_of(kOwn,
                             [&](std::string_view own) { return equal_ignoring_case(own, name); });
}

bool may_have_body(Method method) {
  return method == Method::post || method == Method::put || method == Method::patch;
}

}  // namespace

ClientExchange::ClientExchange(io::Loop& loop, const ClientRequest& request,
                               std::shared_ptr<const ClientShared> shared,
                               std::shared_ptr<ClientPool> pool)
    : request_(request),
      shared_(std::move(shared)),
      pool_(std::move(pool)),
      key_{request_.origin,
           {request_.allow_private_addresses, request_.allow_loopback},
           request_.proxy ? *request_.proxy : Proxy{.origin = {}, .authorization = {}}},
      end_(std::chrono::steady_clock::now() + request_.timeout),
      loop_(loop),
      deadline_(loop, [this] { stop(Stopped::deadline); }) {}

io::Task<ClientResult> ClientExchange::run() {
  deadline_.expires_at(end_);
  cancel_ = request_.cancel.on_cancel([this] { stop(Stopped::cancelled); });
  if (stopped_ != Stopped::no) co_return give_error();
  if (auto formed = form_head(); !formed) {
    co_return std::unexpected(ClientError{std::move(formed.error()), false});
  }
  connection_ = pool_->take(key_);
  for (;;) {
    if (!connection_) {
      auto connected = co_await connect();
      if (!connected) {
        error_ = std::move(connected.error());
        co_return give_error();
      }
    }
    Attempt outcome = co_await attempt();
    if (outcome == Attempt::failed) co_return give_error();
    if (outcome == Attempt::answered) break;
    connection_.reset();  // stale: once more, on a connection of our own
  }
  deadline_.clear();
  if (answer_.keep_alive && connection_->begin == connection_->end) {
    connection_->begin = connection_->end = 0;
    pool_->give_back(key_, std::move(connection_));
  }
  co_return ClientResponse{answer_.status, std::move(answer_.headers), std::move(body_)};
}

Result<> ClientExchange::form_head() {
  if (!is_target(request_.target)) {
    return fail(ErrorCode::invalid_argument, "The request target is not a well-formed path.");
  }
  const Origin& origin = request_.origin;
  head_.reserve(512);
  head_.append(to_string(request_.method)).append(" ");
  head_.append(address_for_proxy()).append(request_.target);
  head_.append(" HTTP/1.1\r\nHost: ");
  bool is_v6 = origin.host.find(':') != std::string::npos;
  if (!is_clean(origin.host) || origin.host.empty()) {
    return fail(ErrorCode::invalid_argument, "The host name is malformed.");
  }
  head_.append(is_v6 ? "[" : "").append(origin.host).append(is_v6 ? "]" : "");
  if (origin.port != (origin.secure ? 443 : 80)) {
    head_.append(":").append(std::to_string(origin.port));
  }
  head_.append("\r\n");
  if (request_.proxy && !origin.secure && !request_.proxy->authorization.empty()) {
    head_.append("Proxy-Authorization: ").append(request_.proxy->authorization).append("\r\n");
  }
  for (auto [name, value] : request_.headers) {
    if (is_clients_own(name)) continue;
    if (!is_clean(name) || !is_clean(value) || name.empty() ||
        name.find(':') != std::string_view::npos) {
      return fail(ErrorCode::invalid_argument, "A request header contains a line break.");
    }
    head_.append(name).append(": ").append(value).append("\r\n");
  }
  // Events are read as they come; packed ones would come when the packer's buffer is full.
  if (shared_->options.accept_gzip && !request_.on_event_stream) {
    head_.append("Accept-Encoding: gzip, deflate\r\n");
  }
  if (!request_.body.empty() || may_have_body(request_.method)) {
    head_.append("Content-Length: ").append(std::to_string(request_.body.size())).append("\r\n");
  }
  head_.append("\r\n");
  return {};
}

// --- giving up ---

void ClientExchange::stop(Stopped why) {
  if (why == Stopped::deadline && connecting_ && std::chrono::steady_clock::now() < end_) {
    boost::system::error_code ignored;  // only this address took too long
    connecting_->close(ignored);
    return;
  }
  if (stopped_ == Stopped::no) stopped_ = why;
  boost::system::error_code ignored;
  if (connecting_) connecting_->close(ignored);
  if (connection_) connection_->stream.close();
  if (resolving_) resolving_->set();
}

bool ClientExchange::note(ErrorCode code, std::string message) {
  error_ = {code, std::move(message), {}};
  return false;
}

bool ClientExchange::note_too_large() {
  return note(ErrorCode::too_large, "The answer is larger than " +
                                        std::to_string(request_.max_response_bytes) + " bytes.");
}

void ClientExchange::saw_limit(std::string_view what) const {
  auto* const watch = shared_->options.watch;
  if (watch != nullptr) watch->saw(telemetry::Sight::limit_hit, request_.origin.host, what);
}

// False: there is no memory for a body of this size now.
bool ClientExchange::make_room(std::size_t body_bytes) {
  const auto& bytes = shared_->options.bytes;
  if (bytes == nullptr || body_bytes < kLargeBody || body_bytes <= body_bytes_.amount()) {
    return true;
  }
  const std::size_t wanted = (body_bytes / kLargeBody + 1) * kLargeBody;
  if (body_bytes_.amount() == 0) body_bytes_ = bytes->charge(request_.origin.host, 0);
  if (body_bytes_.grow(wanted - body_bytes_.amount())) return true;
  saw_limit("bytes in flight");
  return note(ErrorCode::unavailable,
              "There is too much in hand for an answer of this size. Try again in a while.");
}

ClientResult ClientExchange::give_error() const {
  if (stopped_ == Stopped::deadline) {
    return std::unexpected(ClientError{
        {ErrorCode::timeout,
         "No complete answer came within " + std::to_string(request_.timeout.count()) + " ms.",
         {}},
        maybe_sent_});
  }
  if (stopped_ == Stopped::cancelled) {
    return std::unexpected(
        ClientError{{ErrorCode::cancelled, "The request was cancelled.", {}}, maybe_sent_});
  }
  return std::unexpected(ClientError{error_, maybe_sent_});
}

// --- connecting ---

io::Task<Result<std::vector<asio::ip::address>>> ClientExchange::resolve() {
  boost::system::error_code not_an_address;
  auto address = asio::ip::make_address(peer().host, not_an_address);
  if (!not_an_address) co_return std::vector{address};
  const std::string& host = peer().host;
  std::shared_ptr<LookUp> answer;
  if (const auto running = pool_->look_ups().find(host); running != pool_->look_ups().end()) {
    answer = running->second;
  } else {
    auto place = std::make_shared<Shares::Share>();
    if (const auto& look_ups = shared_->options.look_ups) {
      auto taken = look_ups->take(domain_of(host), 1, kMostLookUpsOfDomain);
      if (!taken) {
        saw_limit("name look-ups");
        co_return fail(ErrorCode::unavailable,
                       "Too many name look-ups of this domain wait for an answer.",
                       "Try again in a few seconds.");
      }
      *place = std::move(*taken);
    }
    answer = std::make_shared<LookUp>();
    pool_->look_ups()[host] = answer;
    try {
      asio::co_spawn(loop_.executor(), look_up(shared_->runtime, host, pool_, answer, place),
                     asio::detached);
    } catch (const std::bad_alloc&) {
      // Nobody would ever answer it.
      pool_->look_ups().erase(host);
      throw;
    }
  }
  if (!answer->is_over) {
    resolving_ = std::make_shared<io::Event>();
    answer->waiting.push_back(resolving_);
    co_await resolving_->wait();
    resolving_.reset();
  }
  if (!answer->found) co_return fail(ErrorCode::timeout, "The name look-up took too long.");
  co_return *answer->found;
}

io::Task<Result<>> ClientExchange::connect() {
  const Origin& origin = request_.origin;
  if (origin.secure && !shared_->tls) co_return std::unexpected(shared_->tls.error());
  auto addresses = co_await resolve();
  if (!addresses) co_return std::unexpected(addresses.error());
  // What is checked here is what is connected to: no second look-up can change it.
  // A proxy was chosen by whoever runs this, and does the looking itself.
  std::erase_if(*addresses, [&](const auto& address) {
    return !request_.proxy && !io::allows(key_.rules, address);
  });
  if (addresses->empty()) {
    co_return fail(ErrorCode::permission_denied,
                   "'" + origin.host + "' is at an address that requests may not reach.",
                   "Loopback and private addresses are refused unless they are allowed.");
  }
  for (std::size_t i = 0; i < addresses->size() && !connection_; ++i) {
    if (stopped_ != Stopped::no) break;
    co_await connect_to((*addresses)[i], i + 1 < addresses->size());
  }
  if (!connection_) {
    co_return fail(ErrorCode::unavailable,
                   std::string("Cannot connect to ") + (request_.proxy ? "the proxy " : "") +
                       peer().host + ":" + std::to_string(peer().port) + ": " + error_.message);
  }
  if (!origin.secure) co_return Result<>();
  if (request_.proxy) {
    if (auto tunnel = co_await open_tunnel(); !tunnel) {
      connection_.reset();
      co_return tunnel;
    }
  }
  if (co_await connection_->stream.handshake(shared_->tls->new_client_session(origin.host))) {
    co_return Result<>();
  }
  std::string why = io::tls_failure(connection_->stream.tls());
  connection_.reset();
  co_return fail(ErrorCode::unavailable, "No TLS connection to " + origin.host + ": " + why + ".");
}

io::Task<bool> ClientExchange::connect_to(const asio::ip::address& address, bool more_to_try) {
  io::Socket socket(loop_.executor());
  connecting_ = &socket;
  if (more_to_try) {
    deadline_.expires_at(std::min(end_, std::chrono::steady_clock::now() + kConnectPatience));
  }
  auto token = asio::as_tuple(asio::use_awaitable_t<io::Executor>());
  tcp::endpoint endpoint(address, peer().port);
  auto [failure] = co_await socket.async_connect(endpoint, token);
  connecting_ = nullptr;
  deadline_.expires_at(end_);
  if (failure || stopped_ != Stopped::no) {
    co_return note(ErrorCode::unavailable, failure.message() + ".");
  }
  connection_ = std::make_unique<ClientConnection>(std::move(socket));
  co_return true;
}

// --- one attempt ---

io::Task<ClientExchange::Attempt> ClientExchange::attempt() {
  if (stopped_ != Stopped::no) co_return Attempt::failed;
  bool reused = connection_->reused;
  std::array<io::Stream::Part, 2> parts{
      {{head_.data(), head_.size()}, {request_.body.data(), request_.body.size()}}};
  std::size_t sent = 0;
  bool written = co_await connection_->stream.write(parts, nullptr, {}, &sent);
  maybe_sent_ = maybe_sent_ || sent > 0;
  if (sent == 0 && stopped_ == Stopped::no) {
    if (reused) co_return Attempt::stale;
    note(ErrorCode::unavailable, "The connection broke before the request was sent.");
    co_return Attempt::failed;
  }
  // Also when it was not written whole: who refuses a request may answer and close early.
  bool answered = co_await read_head();
  if (!answered && !heard_ && reused && stopped_ == Stopped::no &&
      (request_.method == Method::get || request_.method == Method::head)) {
    maybe_sent_ = false;  // a safe method: what it may have done is nothing
    co_return Attempt::stale;
  }
  if (!answered || !co_await read_body()) co_return Attempt::failed;
  if (!written) answer_.keep_alive = false;
  co_return Attempt::answered;
}

std::string_view ClientExchange::unread() const {
  return {connection_->buffer.get() + connection_->begin, connection_->end - connection_->begin};
}

io::Task<bool> ClientExchange::read_more() {
  ClientConnection& connection = *connection_;
  if (connection.begin == connection.end) connection.begin = connection.end = 0;
  if (connection.end == connection.capacity) {
    std::size_t held = connection.end - connection.begin;
    std::size_t capacity = connection.capacity == 0         ? kFirstAnswerBuffer
                           : held > connection.capacity / 2 ? 2 * connection.capacity
                                                            : connection.capacity;
    auto moved = std::make_unique_for_overwrite<char[]>(capacity);
    if (held > 0) std::memcpy(moved.get(), connection.buffer.get() + connection.begin, held);
    connection.buffer = std::move(moved);
    connection.capacity = capacity;
    connection.begin = 0;
    connection.end = held;
  }
  auto read = co_await connection.stream.read_some(
      {connection.buffer.get() + connection.end, connection.capacity - connection.end});
  peer_ended_ = !read && read.error() == asio::error::eof;
  if (!read || stopped_ != Stopped::no) {
    co_return note(ErrorCode::upstream, "The connection was closed in the middle of the answer.");
  }
  connection.end += *read;
  heard_ = true;
  co_return true;
}

io::Task<bool> ClientExchange::read_head() {
  for (int interim = 0; interim <= kMaxInterimAnswers; ++interim) {
    connection_->parser.start(request_.method);
    answer_ = {};
    for (;;) {
      if (connection_->begin == connection_->end && !co_await read_more()) {
        if (!heard_) note(ErrorCode::upstream, "The connection was closed without an answer.");
        co_return false;
      }
      auto progress = connection_->parser.put_head(unread(), answer_);
      connection_->begin += progress.used;
      if (progress.step == ResponseParser::Step::done) break;
      if (progress.step == ResponseParser::Step::too_large) {
        co_return note(ErrorCode::upstream, "The answer's headers are too large.");
      }
      if (progress.step == ResponseParser::Step::malformed) {
        co_return note(ErrorCode::upstream, "The answer is not well-formed HTTP.");
      }
      if (connection_->begin < connection_->end && !co_await read_more()) co_return false;
    }
    if (answer_.status == 101) break;
    if (answer_.status >= 200) co_return true;
  }
  co_return note(ErrorCode::upstream, "The answer is not one to this request.");
}

io::Task<bool> ClientExchange::read_body() {
  if (goes_on()) co_return co_await read_event_stream();
  bool complete = true;
  switch (answer_.body) {
    case ResponseHead::Body::none:
      break;
    case ResponseHead::Body::sized:
      complete = co_await read_sized_body(body_);
      break;
    case ResponseHead::Body::chunked:
      complete = co_await read_chunked_body(body_);
      break;
    case ResponseHead::Body::until_close:
      complete = co_await read_body_until_close(body_);
      break;
  }
  if (!complete || !co_await decode_body(body_)) co_return false;
  body_.reserve(body_.size() + json::kPadding);
  co_return true;
}

// Straight into the string, beyond what came along with the head.
io::Task<bool> ClientExchange::read_sized_body(std::string& body) {
  if (answer_.length > request_.max_response_bytes) {
    co_return note_too_large();
  }
  ClientConnection& connection = *connection_;
  auto length = static_cast<std::size_t>(answer_.length);
  if (!make_room(length)) co_return false;
  std::size_t have = std::min(length, connection.end - connection.begin);
  body.reserve(length + json::kPadding);
  body.assign(connection.buffer.get() + connection.begin, have);
  connection.begin += have;
  body.resize_and_overwrite(length, [](char*, std::size_t size) { return size; });
  while (have < length) {
    auto read = co_await connection.stream.read_some({body.data() + have, length - have});
    if (!read || stopped_ != Stopped::no) {
      co_return note(ErrorCode::upstream, "The connection was closed in the middle of the answer.");
    }
    have += *read;
  }
  co_return true;
}

io::Task<bool> ClientExchange::read_chunked_body(std::string& body) {
  ChunkDecoder chunks;
  for (;;) {
    auto [step, used] = chunks.put(unread(), body, request_.max_response_bytes);
    connection_->begin += used;
    switch (step) {
      case ChunkDecoder::Step::done:
        co_return true;
      case ChunkDecoder::Step::body_too_large:
        co_return note_too_large();
      case ChunkDecoder::Step::malformed:
      case ChunkDecoder::Step::lines_too_long:
        co_return note(ErrorCode::upstream, "The answer's chunks are malformed.");
      case ChunkDecoder::Step::need_more:
        break;
    }
    if (!make_room(body.size()) || !co_await read_more()) co_return false;
  }
}

io::Task<bool> ClientExchange::read_body_until_close(std::string& body) {
  answer_.keep_alive = false;
  for (;;) {
    body.append(unread());
    connection_->begin = connection_->end;
    if (body.size() > request_.max_response_bytes) {
      co_return note_too_large();
    }
    if (!make_room(body.size())) co_return false;
    connection_->begin = connection_->end = 0;
    auto read =
        co_await connection_->stream.read_some({connection_->buffer.get(), connection_->capacity});
    if (stopped_ != Stopped::no) co_return false;
    if (!read) {
      if (read.error() == asio::error::eof) co_return true;
      co_return note(ErrorCode::upstream, "The connection was closed in the middle of the answer.");
    }
    connection_->end = *read;
  }
}

io::Task<bool> ClientExchange::decode_body(std::string& body) {
  auto encoding = answer_.headers.find("Content-Encoding");
  if (!encoding || equal_ignoring_case(*encoding, "identity") || body.empty()) co_return true;
  if (!equal_ignoring_case(*encoding, "gzip") && !equal_ignoring_case(*encoding, "x-gzip") &&
      !equal_ignoring_case(*encoding, "deflate")) {
    co_return note(ErrorCode::upstream, "The answer has an encoding that was not asked for.");
  }
  std::string plain;
  bool too_large = false;
  auto inflate_it = [&] {
    return inflate_body(body, plain, request_.max_response_bytes, too_large);
  };
  // This frame waits for the pool, so that what the job refers to stays.
  bool inflated = body.size() < kLargePacked ? inflate_it()
                                             : co_await shared_->runtime.run_blocking(inflate_it);
  if (stopped_ != Stopped::no) co_return false;
  if (!inflated) {
    co_return too_large ? note_too_large()
                        : note(ErrorCode::upstream, "The answer's compression is damaged.");
  }
  body = std::move(plain);
  answer_.headers.remove("Content-Encoding");
  answer_.headers.remove("Content-Length");
  co_return true;
}

}  // namespace patchbay::http
