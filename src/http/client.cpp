#include "http/client.h"

#include <vector>

#include <boost/asio/post.hpp>

#include "http/client_exchange.h"
#include "http/client_pool.h"

namespace patchbay::http {

struct Client::Impl {
  struct OfLoop {
    std::shared_ptr<const ClientShared> shared;
    std::shared_ptr<ClientPool> pool;
  };

  io::Runtime& runtime;
  ClientOptions options;
  std::vector<OfLoop> loops;  // one each, used on it only
};

Client::Client(io::Runtime& runtime, ClientOptions options)
    : impl_(std::make_unique<Impl>(runtime, std::move(options))) {
  const auto shared = std::make_shared<const ClientShared>(
      runtime, impl_->options, io::TlsContext::client(impl_->options.ca_file));
  for (std::size_t i = 0; i < runtime.size(); ++i) {
    impl_->loops.push_back({shared, std::make_shared<ClientPool>(runtime.loop(i), impl_->options)});
  }
}

void Client::trust(io::TlsContext tls) {
  const auto shared =
      std::make_shared<const ClientShared>(impl_->runtime, impl_->options, std::move(tls));
  for (std::size_t i = 0; i < impl_->loops.size(); ++i) {
    io::Loop& loop = impl_->runtime.loop(i);
    io::post(loop, [&loop, &of_loop = impl_->loops[i], shared] {
      of_loop.pool->shut_down();
      of_loop = {shared, std::make_shared<ClientPool>(loop, shared->options)};
    });
  }
}

// Pools end on their loops; running requests keep them alive until they are done.
Client::~Client() {
  if (!impl_->runtime.running()) return;
  for (std::size_t i = 0; i < impl_->loops.size(); ++i) {
    boost::asio::post(impl_->runtime.loop(i).executor(),
                      [pool = std::move(impl_->loops[i].pool)] { pool->shut_down(); });
  }
}

io::Task<std::expected<ClientResponse, ClientError>> Client::send(ClientRequest request) {
  io::Loop& loop = io::Loop::current();
  const Impl::OfLoop mine = impl_->loops[loop.index()];
  ClientExchange exchange(loop, request, mine.shared, mine.pool);
  co_return co_await exchange.run();
}

// A frame of its own beneath the other would cost every request an allocation.
io::Task<std::expected<ClientResponse, ClientError>> Client::send_kept(
    const ClientRequest& request) {
  io::Loop& loop = io::Loop::current();
  const Impl::OfLoop mine = impl_->loops[loop.index()];
  ClientExchange exchange(loop, request, mine.shared, mine.pool);
  co_return co_await exchange.run();
}

}  // namespace patchbay::http
