// A tool call from arguments to result. The stages, each in a file of its own and each with its
// reason, are listed at the top of gateway.cpp.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/secret.h"
#include "catalog/tool.h"
#include "gateway/idempotency.h"
#include "io/runtime.h"
#include "json/value.h"
#include "upstream/account.h"

namespace patchbay::gateway {

// What a call needs to know beside its arguments.
struct CallContext {
  std::shared_ptr<const upstream::Account> account;
  std::string scope_id;    // the MCP server's id: cursors are valid within it only
  std::string request_id;  // ends up in errors
  std::size_t max_result_bytes = 100'000;
  std::string traceparent;  // passed on if not empty
  // Reads wait out a rate limit, up to GatewayOptions::max_rate_limit_wait, instead of passing it
  // on.
  bool wait_on_rate_limit = false;
  io::CancelToken cancel;
  // Called as pages arrive, where a call fetches several. May be empty.
  std::function<void(std::int64_t done, std::int64_t total, std::string_view message)> on_progress;
};

// What a download brought: it stands beside the result's text, which describes it.
struct FileContent {
  enum class Kind : std::uint8_t { text, image, other };
  Kind kind = Kind::other;
  std::string content;  // UTF-8 where it is text, else base64
  std::string media_type;
  std::string uri;  // a name for it; nothing is served there
};

// Exactly one JSON text; an error is one too (DESIGN 7).
struct CallResult {
  std::string text;
  std::optional<FileContent> file;
  bool is_error = false;
  std::optional<upstream::RateLimit> rate_limit;
  // For records of the call: the upstream's last status (0: none), bytes before and after shaping,
  // whether the upstream refused the credentials (the account needs re-authentication).
  int upstream_status = 0;
  std::uint64_t upstream_bytes = 0;
  bool credentials_refused = false;
};

struct GatewayOptions {
  std::chrono::milliseconds upstream_timeout{60'000};
  std::chrono::milliseconds reference_ttl{300'000};       // how long a look-up is believed
  std::chrono::milliseconds max_rate_limit_wait{60'000};  // of one call, all its waits together
  upstream::ThrottleLimits throttle;              // of each account's requests, in this process
  std::shared_ptr<IdempotencyStore> idempotency;  // null: keys are refused
  std::size_t offload_bytes = 256 * 1024;         // larger bodies are shaped off the event loop
  // Of a file, before base64. A request body of 1 MiB, base64's third less, and some for the rest.
  std::size_t max_upload_bytes = 1024 * 1024 / 3 * 2;
};

// Whether a call would only be shown, and nothing sent. Arguments as the caller wrote them.
bool is_dry_run(const catalog::Tool& tool, const json::Value& arguments);

class Gateway {
 public:
  // `cursor_key`: 32 bytes that seal cursors; the same on every node.
  Gateway(io::Runtime& runtime, upstream::Sender& sender, const Clock& clock, Secret cursor_key,
          GatewayOptions options);
  ~Gateway();

  // Runs on the calling loop. Never fails: what goes wrong is a result that says so.
  io::Task<CallResult> call(const catalog::Tool& tool, json::Value arguments, CallContext context);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace patchbay::gateway
