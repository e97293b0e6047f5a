// For tests: sockets without any of our own code, that send exactly what they are told.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <thread>

namespace patchbay::http {

// A connection to 127.0.0.1:port. Blocking, with a bound of 5 s on every read.
class RawClient {
 public:
  explicit RawClient(std::uint16_t port);
  ~RawClient();
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  bool send(std::string_view bytes);
  // Until `marker` is there, or the end of the connection. What stood behind it stays for later.
  std::string read_until(std::string_view marker);
  // A head and a body of Content-Length bytes.
  std::string read_response();
  std::string read_to_end();
  bool closed_by_peer();  // waits for it
  void shut_down_sending();
  void reset();  // closes with RST
  int fd() const { return fd_; }

 private:
  bool read_more();
  int fd_ = -1;
  std::string buffer_;
  bool ended_ = false;
};

// A server on 127.0.0.1 whose connections are each given to `script`, one after the other, on a
// thread.
class RawServer {
 public:
  class Peer {
   public:
    explicit Peer(int fd) : fd_(fd) {}
    std::string read_head();  // up to and with the empty line; empty at the end
    std::string read_bytes(std::size_t count);
    bool send(std::string_view bytes);
    void reset();
    void wait_for_close();

   private:
    int fd_;
    std::string buffer_;
  };
  explicit RawServer(std::function<void(Peer&, int connection)> script);
  ~RawServer();
  std::uint16_t port() const { return port_; }

 private:
  int fd_ = -1;
  std::uint16_t port_ = 0;
  std::jthread thread_;
};

}  // namespace patchbay::http
