// The bodies of test_socket.h; named so that they belong to the test program.
#include "http/test_socket.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <utility>

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace patchbay::http {

namespace {

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

const sockaddr* generic(const sockaddr_in& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

void bound_reads(int fd) {
  timeval patience{5, 0};
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
}

bool send_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    ssize_t sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void close_with_reset(int fd) {
  linger at_once{1, 0};
  ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

}  // namespace

RawClient::RawClient(std::uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
  bound_reads(fd_);
  sockaddr_in address = loopback(port);
  REQUIRE(::connect(fd_, generic(address), sizeof address) == 0);
}

RawClient::~RawClient() {
  ::close(fd_);
}

bool RawClient::send(std::string_view bytes) {
  return send_all(fd_, bytes);
}

bool RawClient::read_more() {
  char piece[4096];
  ssize_t size = ::recv(fd_, piece, sizeof piece, 0);
  if (size <= 0) {
    ended_ = size == 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
    return false;
  }
  buffer_.append(piece, static_cast<std::size_t>(size));
  return true;
}

std::string RawClient::read_until(std::string_view marker) {
  for (;;) {
    std::size_t at = buffer_.find(marker);
    if (at != std::string::npos) {
      std::string taken = buffer_.substr(0, at + marker.size());
      buffer_.erase(0, at + marker.size());
      return taken;
    }
    if (!read_more()) return std::exchange(buffer_, {});
  }
}

std::string RawClient::read_response() {
  std::string head = read_until("\r\n\r\n");
  std::size_t at = head.find("Content-Length: ");
  if (at == std::string::npos) return head;
  std::size_t length = std::strtoul(head.c_str() + at + 16, nullptr, 10);
  while (buffer_.size() < length && read_more()) {
  }
  std::size_t have = std::min(length, buffer_.size());
  head.append(buffer_, 0, have);
  buffer_.erase(0, have);
  return head;
}

std::string RawClient::read_to_end() {
  while (read_more()) {
  }
  return std::exchange(buffer_, {});
}

bool RawClient::closed_by_peer() {
  while (read_more()) {
  }
  return ended_;
}

void RawClient::shut_down_sending() {
  ::shutdown(fd_, SHUT_WR);
}

void RawClient::reset() {
  close_with_reset(fd_);
  ::close(fd_);
  fd_ = -1;
}

RawServer::RawServer(std::function<void(Peer&, int)> script)
    : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
  sockaddr_in address = loopback(0);
  REQUIRE(::bind(fd_, generic(address), sizeof address) == 0);
  REQUIRE(::listen(fd_, 16) == 0);
  socklen_t size = sizeof address;
  ::getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
  thread_ = std::jthread([this, script = std::move(script)](const std::stop_token& stop) {
    for (int connection = 0; !stop.stop_requested();) {
      pollfd waiting{fd_, POLLIN, 0};
      if (::poll(&waiting, 1, 20) <= 0) continue;
      int fd = ::accept(fd_, nullptr, nullptr);
      if (fd < 0) continue;
      bound_reads(fd);
      Peer peer(fd);
      script(peer, connection++);
      ::close(fd);
    }
  });
}

RawServer::~RawServer() {
  thread_.request_stop();
  thread_.join();
  ::close(fd_);
}

std::string RawServer::Peer::read_head() {
  for (;;) {
    std::size_t at = buffer_.find("\r\n\r\n");
    if (at != std::string::npos) {
      std::string head = buffer_.substr(0, at + 4);
      buffer_.erase(0, at + 4);
      return head;
    }
    char piece[4096];
    ssize_t size = ::recv(fd_, piece, sizeof piece, 0);
    if (size <= 0) return {};
    buffer_.append(piece, static_cast<std::size_t>(size));
  }
}

std::string RawServer::Peer::read_bytes(std::size_t count) {
  while (buffer_.size() < count) {
    char piece[4096];
    ssize_t size = ::recv(fd_, piece, sizeof piece, 0);
    if (size <= 0) break;
    buffer_.append(piece, static_cast<std::size_t>(size));
  }
  std::string taken = buffer_.substr(0, count);
  buffer_.erase(0, taken.size());
  return taken;
}

bool RawServer::Peer::send(std::string_view bytes) {
  return send_all(fd_, bytes);
}

void RawServer::Peer::reset() {
  close_with_reset(fd_);
}

void RawServer::Peer::wait_for_close() {
  char piece[4096];
  while (::recv(fd_, piece, sizeof piece, 0) > 0) {
  }
}

}  // namespace patchbay::http
