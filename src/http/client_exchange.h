// One request of the client and its answer: connect, write, read, all under one deadline.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "http/client.h"
#include "http/client_pool.h"
#include "io/deadline.h"
#include "io/event.h"

namespace patchbay::http {

using ClientResult = std::expected<ClientResponse, ClientError>;

// What all exchanges of a client share. Constant after construction.
struct ClientShared {
  io::Runtime& runtime;
  ClientOptions options;
  Result<io::TlsContext> tls;
};

class ClientExchange {
 public:
  // The request lives as long as this.
  ClientExchange(io::Loop& loop, const ClientRequest& request,
                 std::shared_ptr<const ClientShared> shared, std::shared_ptr<ClientPool> pool);
  ClientExchange(const ClientExchange&) = delete;
  ClientExchange& operator=(const ClientExchange&) = delete;

  io::Task<ClientResult> run();

 private:
  enum class Stopped : std::uint8_t { no, deadline, cancelled };
  // What became of one attempt on one connection.
  enum class Attempt : std::uint8_t { answered, failed, stale };

  Result<> form_head();
  io::Task<Result<>> connect();
  const Origin& peer() const;  // what is connected to: the proxy, if there is one
  std::string address_for_proxy() const;
  io::Task<Result<>> open_tunnel();
  io::Task<Result<std::vector<boost::asio::ip::address>>> resolve();
  io::Task<bool> connect_to(const boost::asio::ip::address& address, bool more_to_try);
  io::Task<Attempt> attempt();
  io::Task<bool> read_head();
  io::Task<bool> read_body();
  bool goes_on() const;
  io::Task<bool> read_event_stream();
  io::Task<bool> read_sized_body(std::string& body);
  io::Task<bool> read_chunked_body(std::string& body);
  io::Task<bool> read_body_until_close(std::string& body);
  io::Task<bool> decode_body(std::string& body);
  io::Task<bool> read_more();
  void stop(Stopped why);
  bool note(ErrorCode code, std::string message);  // false, for `return note(…)`
  bool note_too_large();
  bool make_room(std::size_t body_bytes);
  void saw_limit(std::string_view what) const;
  ClientResult give_error() const;
  std::string_view unread() const;

  const ClientRequest& request_;
  const std::shared_ptr<const ClientShared> shared_;
  const std::shared_ptr<ClientPool> pool_;
  const PoolKey key_;
  const std::chrono::steady_clock::time_point end_;
  io::Loop& loop_;

  std::string head_;
  std::unique_ptr<ClientConnection> connection_;
  io::Socket* connecting_ = nullptr;
  std::shared_ptr<io::Event> resolving_;
  ResponseHead answer_;
  std::string body_;
  Shares::Share body_bytes_;
  bool heard_ = false;       // some byte of an answer came
  bool peer_ended_ = false;  // the other side has said all that it had to
  bool maybe_sent_ = false;
  Error error_;

  Stopped stopped_ = Stopped::no;
  io::Deadline deadline_;
  io::CancelToken::Registration cancel_;
};

}  // namespace patchbay::http
