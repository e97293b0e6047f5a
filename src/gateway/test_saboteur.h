// For tests: an upstream that keeps books of what it made, and answers writes in any way that
// servers, proxies and networks are known for. Speaks HTTP over plain sockets, since some of these
// ways break it.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mutex.h"

namespace patchbay::gateway {

class Saboteur {
 public:
  struct Request {
    std::string verb;
    std::string path;  // without the query, as sent
    std::string query;
    std::string body;
  };
  // The bytes to send; the connection ends behind them if they say "Connection: close" or are
  // empty.
  using Answers = std::function<std::string(const Request&)>;

  explicit Saboteur(Answers answers) : answers_(std::move(answers)) {
    listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(bind(listener_, as_socket(address), sizeof address) == 0);
    REQUIRE(listen(listener_, 64) == 0);
    socklen_t size = sizeof address;
    REQUIRE(getsockname(listener_, as_socket(address), &size) == 0);
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread([this] { accept_all(); });
  }
  ~Saboteur() {
    stopping_ = true;
    shutdown(listener_, SHUT_RDWR);
    acceptor_.join();
    {
      const MutexLock lock(mutex_);
      for (const int one : open_) shutdown(one, SHUT_RDWR);
    }
    for (auto& thread : serving_) thread.join();
    close(listener_);
  }
  Saboteur(const Saboteur&) = delete;
  Saboteur& operator=(const Saboteur&) = delete;

  std::uint16_t port() const { return port_; }

 private:
  static sockaddr* as_socket(sockaddr_in& address) { return reinterpret_cast<sockaddr*>(&address); }

  void accept_all() {
    while (!stopping_) {
      const int connection = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (connection < 0) return;
      {
        const MutexLock lock(mutex_);
        open_.push_back(connection);
      }
      serving_.emplace_back([this, connection] { serve(connection); });
    }
  }

  void serve(int connection) {
    std::string buffer;
    while (auto request = read_request(connection, buffer)) {
      const auto answer = answers_(*request);
      std::string_view left = answer;
      while (!left.empty()) {
        const auto sent = send(connection, left.data(), left.size(), MSG_NOSIGNAL);
        if (sent <= 0) break;
        left.remove_prefix(static_cast<std::size_t>(sent));
      }
      if (answer.empty() || answer.contains("Connection: close")) break;
    }
    const MutexLock lock(mutex_);
    std::erase(open_, connection);
    close(connection);
  }

  static bool read_more(int connection, std::string& buffer) {
    char chunk[16 * 1024];
    const auto got = recv(connection, chunk, sizeof chunk, 0);
    if (got <= 0) return false;
    buffer.append(chunk, static_cast<std::size_t>(got));
    return true;
  }

  static std::optional<Request> read_request(int connection, std::string& buffer) {
    std::size_t head = 0;
    while ((head = buffer.find("\r\n\r\n")) == std::string::npos) {
      if (!read_more(connection, buffer)) return std::nullopt;
    }
    std::size_t length = 0;
    if (const auto at = buffer.find("Content-Length: "); at < head) {
      length = std::stoul(buffer.substr(at + std::string_view("Content-Length: ").size()));
    }
    while (buffer.size() < head + 4 + length) {
      if (!read_more(connection, buffer)) return std::nullopt;
    }
    Request request;
    const auto line = buffer.substr(0, buffer.find("\r\n"));
    const auto first = line.find(' ');
    const auto second = line.find(' ', first + 1);
    const auto target = line.substr(first + 1, second - first - 1);
    request.verb = line.substr(0, first);
    request.path = target.substr(0, target.find('?'));
    if (target.contains('?')) request.query = target.substr(target.find('?') + 1);
    request.body = buffer.substr(head + 4, length);
    buffer.erase(0, head + 4 + length);
    return request;
  }

  Answers answers_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<bool> stopping_ = false;
  std::thread acceptor_;
  std::vector<std::thread> serving_;  // touched by the acceptor alone, until it has ended
  Mutex mutex_;
  std::vector<int> open_ PATCHBAY_GUARDED_BY(mutex_);
};

}  // namespace patchbay::gateway
