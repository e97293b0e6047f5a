#include "http/server.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/detail/socket_option.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "http/connection.h"
#include "io/stream.h"

namespace patchbay::http {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;
using Acceptor = asio::basic_socket_acceptor<tcp, io::Executor>;
using ReusePort = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

namespace {

constexpr int kBacklog = 4096;
// Out of file descriptors: taking a break gives connections time to end.
constexpr std::chrono::milliseconds kAcceptPause{100};
constexpr std::chrono::milliseconds kAbortPatience{2'000};
// More that are refused at a time are closed without a word.
constexpr std::size_t kMostTurnedAway = 256;

// One loop's share of a server. Everything in it belongs to the loop's thread.
class Door : public std::enable_shared_from_this<Door> {
 public:
  Door(io::Loop& loop, std::shared_ptr<const ServerShared> shared, Acceptor acceptor)
      : loop_(loop), shared_(std::move(shared)), acceptor_(std::move(acceptor)) {}

  io::Task<> accept();
  void stop();
  void abort();
  // Thread-safe: nothing is accepted any more and no connection is left.
  bool empty() const { return stopped_.load() && open_.load() == 0; }
  io::Loop& loop() { return loop_; }

 private:
  io::Task<> serve(std::shared_ptr<Connection> connection, bool welcome);
  void take_in(io::Socket accepted);
  void forget(Connection& connection, bool was_welcome);

  io::Loop& loop_;
  const std::shared_ptr<const ServerShared> shared_;
  Acceptor acceptor_;
  std::unordered_set<Connection*> connections_;
  std::size_t served_ = 0;  // of connections_; the others are being turned away
  std::unordered_map<std::string, std::size_t> by_network_;  // of those that are served
  bool stopping_ = false;

  // For other threads: connections_.size(), and whether stop() has run.
  std::atomic<std::size_t> open_ = 0;
  std::atomic<bool> stopped_ = false;
};

io::Task<> keep_door(std::shared_ptr<Door> door) {
  co_await door->accept();
}

io::Task<> Door::accept() {
  auto token = asio::as_tuple(asio::use_awaitable_t<io::Executor>());
  while (!stopping_) {
    auto [error, accepted] = co_await acceptor_.async_accept(loop_.executor(), token);
    if (stopping_ || error == asio::error::operation_aborted) break;
    bool short_of_memory = false;
    try {
      if (!error) take_in(std::move(accepted));
    } catch (const std::exception&) {
      short_of_memory = true;  // this client goes; those to come may find some
    }
    if (short_of_memory || (error && error != asio::error::connection_aborted)) {
      co_await io::sleep(kAcceptPause);
    }
  }
}

// A client has no more connections than it leaves free, so that neither one alone nor a few
// together keep the others out. Those that are turned away take no place while they are told so.
void Door::take_in(io::Socket accepted) {
  const std::size_t most = shared_->limits.get().max_connections;
  auto connection = std::make_shared<Connection>(loop_, std::move(accepted), shared_);
  const auto found = by_network_.find(connection->network());
  const std::size_t own = found != by_network_.end() ? found->second : 0;
  const bool welcome = served_ < most && own <= most - served_ - 1;
  if (!welcome && connections_.size() - served_ >= kMostTurnedAway) return;  // closed, untold
  if (welcome) {
    ++by_network_[connection->network()];
    ++served_;
  }
  connections_.insert(connection.get());
  open_.store(connections_.size());
  ++shared_->open;
  try {
    asio::co_spawn(loop_.executor(), serve(connection, welcome), asio::detached);
  } catch (...) {
    forget(*connection, welcome);
    throw;
  }
}

void Door::forget(Connection& connection, bool was_welcome) {
  connections_.erase(&connection);
  open_.store(connections_.size());
  --shared_->open;
  if (!was_welcome) return;
  --served_;
  const auto own = by_network_.find(connection.network());
  if (--own->second == 0) by_network_.erase(own);
}

io::Task<> Door::serve(std::shared_ptr<Connection> connection, bool welcome) {
  auto self = shared_from_this();
  // Also where memory fails it.
  struct Forgotten {
    Door& door;
    Connection& connection;
    bool welcome;
    ~Forgotten() { door.forget(connection, welcome); }
  } const forgotten{*self, *connection, welcome};
  if (welcome) {
    co_await connection->run();
  } else {
    co_await connection->turn_away();
  }
}

void Door::stop() {
  stopping_ = true;
  boost::system::error_code ignored;
  acceptor_.close(ignored);
  for (Connection* connection : connections_) connection->stop();
  stopped_.store(true);
}

void Door::abort() {
  // abort() runs cancel callbacks, which do not end connections in place; a copy is safer still.
  std::vector<std::shared_ptr<Connection>> all;
  for (Connection* connection : connections_) all.push_back(connection->shared_from_this());
  for (auto& connection : all) connection->abort();
}

Result<tcp::endpoint> endpoint_of(const std::string& text, std::uint16_t port) {
  boost::system::error_code error;
  const auto address = asio::ip::make_address(text, error);
  if (!error) return tcp::endpoint(address, port);
  return fail(ErrorCode::invalid_argument, "'" + text + "' is not an IP address.",
              "Listen on 127.0.0.1, 0.0.0.0, ::1, :: or an address of this machine.");
}

Result<Acceptor> listen(io::Loop& loop, const tcp::endpoint& endpoint, bool share_port) {
  Acceptor acceptor(loop.executor());
  boost::system::error_code error;
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error && share_port) acceptor.set_option(ReusePort(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(kBacklog, error);
  if (error) {
    return fail(error == asio::error::address_in_use ? ErrorCode::conflict : ErrorCode::unavailable,
                "Cannot listen on " + endpoint.address().to_string() + ":" +
                    std::to_string(endpoint.port()) + ": " + error.message() + ".",
                error == asio::error::address_in_use
                    ? "Stop the other program, or choose a port."
                    : "Choose an address of this machine, and a port that the user may listen on.");
  }
  return acceptor;
}

}  // namespace

ServerShared::ServerShared(ServerOptions given, Handler with_handler)
    : options(std::move(given)),
      limits({{options.max_header_bytes, options.max_headers, options.max_body_bytes,
               options.takes_large_body, options.max_large_body_bytes},
              options.max_connections}),
      handler(std::move(with_handler)) {}

struct Server::Impl {
  bool wait_until_empty(std::chrono::milliseconds at_most) const {
    auto until = std::chrono::steady_clock::now() + at_most;
    for (;;) {
      if (std::ranges::all_of(doors, [](const auto& door) { return door->empty(); })) return true;
      if (std::chrono::steady_clock::now() >= until) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
  }

  io::Runtime& runtime;
  std::shared_ptr<ServerShared> shared;
  std::vector<std::shared_ptr<Door>> doors;
  std::uint16_t port = 0;

  Impl(io::Runtime& given_runtime, ServerOptions options, Handler handler)
      : runtime(given_runtime),
        shared(std::make_shared<ServerShared>(std::move(options), std::move(handler))) {
    const std::size_t most = most_unfinished(shared->options.max_connections);
    shared->unfinished = Shares::make(most);
    shared->heads = Shares::make(most);
  }

  // Not so many in all that they take what those who have said all need.
  std::size_t most_unfinished(std::size_t max_connections) const {
    return std::max<std::size_t>(2, runtime.size() * max_connections / 2);
  }
};

Server::Server(io::Runtime& runtime, ServerOptions options, Handler handler)
    : impl_(std::make_shared<Impl>(runtime, std::move(options), std::move(handler))) {}

Server::~Server() {
  stop(std::chrono::milliseconds(0));
}

Result<> Server::try_port(io::Runtime& runtime, const std::string& address, std::uint16_t port) {
  const auto endpoint = endpoint_of(address, port);
  if (!endpoint) return std::unexpected(endpoint.error());
  if (port == 0) return {};
  const auto probe = listen(runtime.loop(0), *endpoint, false);
  if (!probe) return std::unexpected(probe.error());
  return {};
}

Result<> Server::start() {
  ServerShared& shared = *impl_->shared;
  const ServerOptions& options = shared.options;
  // SO_REUSEPORT lets our loops share the port, but would let a second server of ours in unnoticed:
  // an ordinary bind first tells whether somebody is there.
  if (auto free = try_port(impl_->runtime, options.address, options.port); !free) return free;
  auto endpoint = *endpoint_of(options.address, options.port);
  if (options.tls_certificate_file.empty() != options.tls_key_file.empty()) {
    return fail(ErrorCode::invalid_argument,
                "TLS needs both a certificate file and a key file; one is missing.");
  }
  if (!options.tls_certificate_file.empty()) {
    auto context = io::TlsContext::server(options.tls_certificate_file, options.tls_key_file);
    if (!context) return std::unexpected(context.error());
    shared.certificate.set(std::move(*context));
    shared.secure = true;
  }

  std::vector<Acceptor> acceptors;
  for (std::size_t i = 0; i < impl_->runtime.size(); ++i) {
    auto acceptor = listen(impl_->runtime.loop(i), endpoint, true);
    if (!acceptor) return std::unexpected(acceptor.error());
    endpoint = acceptor->local_endpoint();
    acceptors.push_back(std::move(*acceptor));
  }
  impl_->port = endpoint.port();
  for (std::size_t i = 0; i < acceptors.size(); ++i) {
    io::Loop& loop = impl_->runtime.loop(i);
    auto door = std::make_shared<Door>(loop, impl_->shared, std::move(acceptors[i]));
    impl_->doors.push_back(door);
    asio::co_spawn(loop.executor(), keep_door(door), asio::detached);
  }
  return {};
}

std::uint16_t Server::port() const {
  return impl_->port;
}

void Server::set_limits(const ServerLimits& limits) {
  ServerShared& shared = *impl_->shared;
  const std::size_t most = impl_->most_unfinished(limits.max_connections);
  shared.unfinished->set_in_all(most);
  shared.heads->set_in_all(most);
  shared.limits.replace(
      {{limits.max_header_bytes, shared.options.max_headers, limits.max_body_bytes,
        shared.options.takes_large_body, shared.options.max_large_body_bytes},
       limits.max_connections});
}

void Server::set_certificate(io::TlsContext certificate) {
  impl_->shared->certificate.set(std::move(certificate));
}

std::size_t Server::connections() const {
  return static_cast<std::size_t>(std::max<std::int64_t>(0, impl_->shared->open.load()));
}

namespace {

io::Task<> abort_after(std::shared_ptr<Door> door, std::chrono::milliseconds grace) {
  co_await io::sleep(grace);
  door->abort();
}

}  // namespace

void Server::stop(std::chrono::milliseconds grace) {
  if (!impl_->runtime.running()) return;  // what is left goes with the loops
  for (auto& door : impl_->doors) asio::post(door->loop().executor(), [door] { door->stop(); });
  if (io::Loop::if_current()) {
    for (auto& door : impl_->doors) {
      asio::co_spawn(door->loop().executor(), abort_after(door, grace), asio::detached);
    }
    return;
  }
  if (impl_->wait_until_empty(grace)) return;
  for (auto& door : impl_->doors) asio::post(door->loop().executor(), [door] { door->abort(); });
  // Handlers that do not watch for the end of their connection run on; they are not waited for
  // longer than this.
  impl_->wait_until_empty(kAbortPatience);
}

}  // namespace patchbay::http
