#include "io/stream.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <sys/uio.h>

namespace patchbay::io {

namespace asio = boost::asio;

namespace {

constexpr auto kAsTuple = asio::as_tuple(asio::use_awaitable_t<Executor>());
constexpr std::size_t kMaxParts = 8;
constexpr std::size_t kTlsRecord = 16 * 1024;  // the largest record TLS knows

}  // namespace

Stream::Stream(Socket socket) : socket_(std::move(socket)) {
  boost::system::error_code ignored;
  socket_.non_blocking(true, ignored);
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
}

Stream::~Stream() = default;

Task<bool> Stream::handshake(TlsSession session) {
  tls_ = std::move(session);
  SSL_set_fd(tls_.get(), socket_.native_handle());
  for (;;) {
    ERR_clear_error();
    int result = SSL_do_handshake(tls_.get());
    if (result == 1) co_return true;
    if (!co_await wait_for_tls(result)) co_return false;
  }
}

Task<IoResult<std::size_t>> Stream::read_some(std::span<char> into) {
  if (tls_) co_return co_await read_tls(into);
  auto [error, size] =
      co_await socket_.async_read_some(asio::buffer(into.data(), into.size()), kAsTuple);
  if (error) co_return std::unexpected(error);
  co_return size;
}

Task<IoResult<std::size_t>> Stream::read_tls(std::span<char> into) {
  for (;;) {
    if (!socket_.is_open()) co_return std::unexpected(asio::error::operation_aborted);
    ERR_clear_error();
    std::size_t size = 0;
    int result = SSL_read_ex(tls_.get(), into.data(), into.size(), &size);
    if (result == 1) co_return size;
    if (SSL_get_error(tls_.get(), result) == SSL_ERROR_ZERO_RETURN) {
      co_return std::unexpected(asio::error::eof);
    }
    if (!co_await wait_for_tls(result)) {
      // An end without close_notify may be an attacker's cut: not an end, but a failure.
      co_return std::unexpected(asio::error::connection_reset);
    }
  }
}

Task<bool> Stream::write(std::span<const Part> parts, Deadline* progress,
                         std::chrono::milliseconds patience, std::size_t* sent) {
  if (tls_) co_return co_await write_tls(parts, progress, patience, sent);
  std::array<iovec, kMaxParts> vectors;
  std::size_t count = 0;
  for (const Part& part : parts) {
    if (part.size == 0 || count == kMaxParts) continue;
    vectors[count++] = {const_cast<char*>(part.data), part.size};
  }
  std::span<iovec> left(vectors.data(), count);
  while (!left.empty()) {
    if (!socket_.is_open()) co_return false;
    msghdr message{};
    message.msg_iov = left.data();
    message.msg_iovlen = left.size();
    ssize_t result = ::sendmsg(socket_.native_handle(), &message, MSG_NOSIGNAL);
    if (result < 0) {
      if (errno == EINTR) continue;
      if (errno != EAGAIN && errno != EWOULDBLOCK) co_return false;
      if (progress) progress->expires_after(patience);
      if (!co_await wait_writable()) co_return false;
      continue;
    }
    auto taken = static_cast<std::size_t>(result);
    if (sent) *sent += taken;
    while (!left.empty() && taken >= left.front().iov_len) {
      taken -= left.front().iov_len;
      left = left.subspan(1);
    }
    if (!left.empty()) {
      left.front().iov_base = static_cast<char*>(left.front().iov_base) + taken;
      left.front().iov_len -= taken;
    }
  }
  co_return true;
}

// Parts are gathered into whole records: a head and its body shall not travel as two.
Task<bool> Stream::write_tls(std::span<const Part> parts, Deadline* progress,
                             std::chrono::milliseconds patience, std::size_t* sent) {
  std::size_t total = 0;
  for (const Part& part : parts) total += part.size;
  auto record = std::make_unique_for_overwrite<char[]>(std::min(total, kTlsRecord));
  std::size_t filled = 0;
  std::size_t index = 0;
  std::size_t offset = 0;  // within parts[index]
  for (;;) {
    while (index < parts.size() && filled < kTlsRecord) {
      std::size_t take = std::min(kTlsRecord - filled, parts[index].size - offset);
      if (take > 0) std::memcpy(record.get() + filled, parts[index].data + offset, take);
      filled += take;
      offset += take;
      if (offset == parts[index].size) {
        ++index;
        offset = 0;
      }
    }
    if (filled == 0) co_return true;
    for (std::size_t at = 0; at < filled;) {
      if (!socket_.is_open()) co_return false;
      ERR_clear_error();
      std::size_t written = 0;
      int result = SSL_write_ex(tls_.get(), record.get() + at, filled - at, &written);
      if (result == 1) {
        at += written;
        if (sent) *sent += written;
        continue;
      }
      // A part of the record may be out already: OpenSSL does not tell.
      if (sent) *sent = std::max<std::size_t>(*sent, 1);
      if (progress) progress->expires_after(patience);
      if (!co_await wait_for_tls(result)) co_return false;
    }
    filled = 0;
  }
}

Task<bool> Stream::wait_for_tls(int result) {
  if (!socket_.is_open()) co_return false;
  switch (SSL_get_error(tls_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      co_return co_await wait_readable();
    case SSL_ERROR_WANT_WRITE:
      co_return co_await wait_writable();
    default:
      co_return false;
  }
}

Task<bool> Stream::wait_readable() {
  auto [error] = co_await socket_.async_wait(Socket::wait_read, kAsTuple);
  co_return !error;
}

Task<bool> Stream::wait_writable() {
  auto [error] = co_await socket_.async_wait(Socket::wait_write, kAsTuple);
  co_return !error;
}

Stream::Peer Stream::peek() {
  if (!socket_.is_open()) return Peer::gone;
  char byte = 0;
  if (tls_) {
    ERR_clear_error();
    std::size_t size = 0;
    int result = SSL_peek_ex(tls_.get(), &byte, 1, &size);
    if (result == 1) return Peer::sent_something;
    int reason = SSL_get_error(tls_.get(), result);
    return reason == SSL_ERROR_WANT_READ || reason == SSL_ERROR_WANT_WRITE ? Peer::quiet
                                                                           : Peer::gone;
  }
  ssize_t result = ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  if (result > 0) return Peer::sent_something;
  if (result < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) return Peer::quiet;
  return Peer::gone;
}

void Stream::cancel() {
  boost::system::error_code ignored;
  socket_.cancel(ignored);
}

void Stream::shutdown_send() {
  if (!socket_.is_open()) return;
  ERR_clear_error();
  if (tls_ && SSL_is_init_finished(tls_.get())) SSL_shutdown(tls_.get());
  boost::system::error_code ignored;
  socket_.shutdown(Socket::shutdown_send, ignored);
}

void Stream::close() {
  boost::system::error_code ignored;
  socket_.close(ignored);
}

}  // namespace patchbay::io
