// Cancellation within one event loop, without Asio's per-operation slots (which throw at the next
// co_await and race when they cross threads). A source is owned by whoever may give up (an HTTP
// request whose client went away); work that can stop early registers a callback.
//
// Single-threaded: source, tokens and callbacks live on one loop.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <utility>

namespace patchbay::io {

class CancelToken;

class CancelSource {
 public:
  CancelSource();
  ~CancelSource();
  CancelSource(const CancelSource&) = delete;
  CancelSource& operator=(const CancelSource&) = delete;

  // Runs the registered callbacks, once, in the order of their registration. Later registrations
  // run at once.
  void cancel();
  CancelToken token() const;

 private:
  friend class CancelToken;
  struct State;
  std::shared_ptr<State> state_;
};

class CancelToken {
 public:
  CancelToken() = default;  // never cancelled
  bool cancelled() const;

  // Keeps the callback registered as long as the returned object lives.
  class Registration {
   public:
    Registration() = default;
    Registration(Registration&&) noexcept;
    Registration& operator=(Registration&&) noexcept;
    ~Registration();

   private:
    friend class CancelToken;
    std::shared_ptr<CancelSource::State> state_;
    std::uint64_t id_ = 0;
  };
  [[nodiscard]] Registration on_cancel(std::function<void()> callback) const;

 private:
  friend class CancelSource;
  std::shared_ptr<CancelSource::State> state_;
};

}  // namespace patchbay::io
