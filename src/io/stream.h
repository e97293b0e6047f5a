// A connected socket, plain or under TLS: what the HTTP server and client read from and write to.
// Includes Asio's socket: for .cpp files of rooms that do I/O.
#pragma once

#include <chrono>
#include <cstddef>
#include <expected>
#include <span>

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "io/deadline.h"
#include "io/task.h"
#include "io/tls.h"

namespace patchbay::io {

using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, Executor>;

template <class T>
using IoResult = std::expected<T, boost::system::error_code>;

// Two coroutines at most wait on it at a time: one reading, one writing.
class Stream {
 public:
  // Sets the socket non-blocking and TCP_NODELAY.
  explicit Stream(Socket socket);
  ~Stream();
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  // From here on everything goes through TLS. False: see tls_failure().
  Task<bool> handshake(TlsSession session);
  const TlsSession& tls() const { return tls_; }

  // At least one byte, or the error; asio::error::eof at the end.
  Task<IoResult<std::size_t>> read_some(std::span<char> into);
  // All of the parts, in order, in one system call where the socket takes it. While the socket is
  // full, `progress` (if given) is armed anew whenever some bytes went out. `sent`, if given,
  // counts the bytes that the kernel took, also when the write fails.
  struct Part {
    const char* data;
    std::size_t size;
  };
  Task<bool> write(std::span<const Part> parts, Deadline* progress = nullptr,
                   std::chrono::milliseconds patience = {}, std::size_t* sent = nullptr);

  // Resumes when there is something to read or the peer has gone.
  Task<bool> wait_readable();
  enum class Peer { quiet, sent_something, gone };
  // Looks without waiting and without taking anything.
  Peer peek();

  // Ends pending operations with operation_aborted; later ones start afresh.
  void cancel();
  void shutdown_send();  // FIN (and close_notify)
  void close();
  bool is_open() const { return socket_.is_open(); }
  Socket& socket() { return socket_; }

 private:
  Task<IoResult<std::size_t>> read_tls(std::span<char> into);
  Task<bool> write_tls(std::span<const Part> parts, Deadline* progress,
                       std::chrono::milliseconds patience, std::size_t* sent);
  // Waits for what the TLS engine asked for; false when it asked for nothing.
  Task<bool> wait_for_tls(int result);
  Task<bool> wait_writable();

  Socket socket_;
  TlsSession tls_;
};

}  // namespace patchbay::io
