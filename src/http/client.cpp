#include "http/client.h"

#include <vector>

#include <boost/asio/post.hpp>

#include "http/client_exchange.h"
#include "http/client_pool.h"

namespace patchbay::http {

struct Client::Impl {
  io::Runtime& runtime;
  std::shared_ptr<const ClientShared> shared;
  std::vector<std::shared_ptr<ClientPool>> pools;  // one per loop, used on it only
};

Client::Client(io::Runtime& runtime, ClientOptions options)
    : impl_(std::make_unique<Impl>(runtime, nullptr)) {
  auto tls = io::TlsContext::client(options.ca_file);
  impl_->shared = std::make_shared<ClientShared>(runtime, std::move(options), std::move(tls));
  for (std::size_t i = 0; i < runtime.size(); ++i) {
    impl_->pools.push_back(std::make_shared<ClientPool>(runtime.loop(i), impl_->shared->options));
  }
}

// Pools end on their loops; running requests keep them alive until they are done.
Client::~Client() {
  if (!impl_->runtime.running()) return;
  for (std::size_t i = 0; i < impl_->pools.size(); ++i) {
    boost::asio::post(impl_->runtime.loop(i).executor(),
                      [pool = std::move(impl_->pools[i])] { pool->shut_down(); });
  }
}

io::Task<std::expected<ClientResponse, ClientError>> Client::send(ClientRequest request) {
  io::Loop& loop = io::Loop::current();
  auto pool = impl_->pools[loop.index()];
  ClientExchange exchange(loop, std::move(request), impl_->shared, std::move(pool));
  co_return co_await exchange.run();
}

}  // namespace patchbay::http
