// One client's connection to the server: reads requests one after the other, has each answered,
// and holds what the next one can reuse.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/mutex.h"
#include "base/replaceable.h"
#include "base/shares.h"
#include "http/message.h"
#include "http/request_parser.h"
#include "http/server.h"
#include "io/deadline.h"
#include "io/stream.h"
#include "io/tls.h"

namespace patchbay::http {

// When a client that was refused for want of something may come again, in seconds.
inline constexpr std::string_view kRetryAfter = "5";

// What a server's connections are bounded by, at the moment.
struct ConnectionLimits {
  RequestLimits request;
  std::size_t max_connections;  // of each loop
};

// The certificate at the moment; a lock, once for each connection.
class Certificate {
 public:
  void set(io::TlsContext context) {
    const MutexLock lock(mutex_);
    context_ = std::move(context);
  }
  io::TlsSession new_session() const {
    const MutexLock lock(mutex_);
    return context_->new_server_session();
  }

 private:
  mutable Mutex mutex_;
  std::optional<io::TlsContext> context_ PATCHBAY_GUARDED_BY(mutex_);
};

// What all connections of a server share. Constant after start, or synchronised by itself.
struct ServerShared {
  ServerShared(ServerOptions given, Handler with_handler);

  const ServerOptions options;  // but for what is in `limits`
  Replaceable<ConnectionLimits> limits;
  Handler handler;
  bool secure = false;
  Certificate certificate;  // where it is secure
  // Bodies that have not come whole, by holder; and what is waited for before that, by network: a
  // connection's first words, the rest of a head.
  std::shared_ptr<Shares> unfinished = nullptr;
  std::shared_ptr<Shares> heads = nullptr;
  // Connections of all loops.
  mutable std::atomic<std::int64_t> open = 0;
};

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(io::Loop& loop, io::Socket socket, std::shared_ptr<const ServerShared> shared);
  ~Connection();

  // Until the connection ends, for whatever reason. Throws nothing.
  io::Task<> run();
  // Answers 503 without reading anything.
  io::Task<> turn_away();
  // Who counts as the same client: see peer.h.
  const std::string& network() const { return network_; }

  // From the loop's thread. stop(): close now if no request is being handled, else after it.
  // abort(): now.
  void stop();
  void abort();

 private:
  // The body of a stream, chunk by chunk (or until the close, for HTTP/1.0).
  class StreamBody final : public StreamWriter {
   public:
    // `head` goes out before the first bytes.
    StreamBody(Connection& connection, std::string head, io::CancelToken gone)
        : connection_(connection), head_(std::move(head)), gone_(std::move(gone)) {}
    io::Task<bool> write(std::string_view bytes) override;
    io::Task<bool> write_head();
    io::CancelToken disconnected() const override { return gone_; }

   private:
    io::Task<bool> write_parts(std::span<const io::Stream::Part> parts);

    Connection& connection_;
    std::string head_;
    const io::CancelToken gone_;
  };

  io::Task<> serve();
  // Each false: the connection is over.
  io::Task<bool> read_head();
  io::Task<bool> admit_body(std::optional<std::uint64_t> length);
  bool make_room(std::size_t body_bytes);
  io::Task<bool> read_body();
  io::Task<bool> read_sized_body(std::size_t length);
  io::Task<bool> read_chunked_body();
  io::Task<bool> read_more();
  io::Task<Response> call_handler();
  io::Task<bool> write_response(Response response);
  std::shared_ptr<StreamWriter> begin_stream(const Response& head);
  io::Task<bool> write_stream(Response response);
  std::string head_of_stream(const Response& response);
  io::Task<bool> write_bytes(std::string_view bytes);
  io::Task<> refuse(Refusal refusal);
  io::Task<> refuse(Response response);
  io::Task<> refuse_for_want_of(std::string_view what, std::string_view whose);
  io::Task<> linger();
  Refusal timed_out() const;
  bool read_client();
  std::string client_network() const;

  void on_deadline();
  void expect_receipt();
  void note_written();
  bool hold_head_place();
  void heed_limits();
  void prepare_request();
  void choose_request_id();
  void give_memory_back();
  io::CancelToken watch_peer();
  void keep_watching();
  void end_watch();
  std::string_view unread() const { return {buffer_.get() + begin_, end_ - begin_}; }

  const std::shared_ptr<const ServerShared> shared_;

  io::Stream stream_;
  io::Deadline deadline_;
  io::Deadline watch_begins_;
  const ConnectionLimits* limits_;  // that the parser goes by
  RequestParser parser_;
  Request request_;
  std::string out_;                       // heads are formed here
  std::shared_ptr<io::Receipt> receipt_;  // of the answer written last; null: nobody asked
  std::optional<StreamBody> body_;        // of the stream that this request is answered with

  std::string network_;
  // Where a trusted proxy is at the other end, its address; each request then is another client's.
  std::string proxy_;

  // Of this request: whom it is put down to, while its body comes and while it takes memory.
  std::string holder_;
  Shares::Share unfinished_;  // its head, then its body
  Shares::Share body_bytes_;
  Shares::Share answer_bytes_;

  // Bytes read and not yet taken: buffer_[begin_, end_).
  std::unique_ptr<char[]> buffer_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;

  enum class Phase : std::uint8_t { opening, idle, head, body, handling, writing };
  Phase phase_ = Phase::opening;
  bool expired_ = false;   // the deadline of this phase has passed
  bool reset_ = false;     // reading ended otherwise than by the peer's end
  bool stopping_ = false;  // no further requests
  bool keep_alive_ = true;
  bool body_follows_ = false;

  // Watching for the peer's going away; a new source for each request that asks.
  std::optional<io::CancelSource> gone_;
  std::uint32_t watch_ = 0;  // counts watches, so that a late answer of an old one is known
  bool watching_ = false;
  bool awaits_peer_ = false;  // the watch has begun
};

}  // namespace patchbay::http
