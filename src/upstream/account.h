// One account's connection to its upstream: where it is, how to sign in, and what its limits are.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/error.h"
#include "base/secret.h"
#include "catalog/model.h"
#include "http/client.h"
#include "io/task.h"

namespace patchbay::upstream {

// What the upstream said about limits, normalised.
struct RateLimit {
  std::optional<std::int64_t> limit;
  std::optional<std::int64_t> remaining;
  std::optional<std::int64_t> reset_seconds;
  std::optional<std::int64_t> retry_after_seconds;
};

struct Request {
  catalog::Verb verb = catalog::Verb::get;
  std::string path;   // below the base URL, encoded: "/service/tickets"
  std::string query;  // encoded, may be empty
  std::string body;   // JSON; empty: none
  std::map<std::string, std::string> headers;  // on top of the integration's
  std::chrono::milliseconds timeout{60'000};
  io::CancelToken cancel;
};

struct Answer {
  int status = 0;
  http::Headers headers;
  std::string body;  // padded for json::shape_*
  RateLimit rate_limit;
};

// An integrated account, ready to call. Immutable but for its counters, which are atomics: shared by
// all loops. A change of credentials makes a new one.
class Account {
 public:
  // Errors: invalid_argument (a credential is missing or does not fit its pattern, or the base URL
  // that they make is not allowed).
  static Result<std::shared_ptr<const Account>> open(
      std::string id, std::shared_ptr<const catalog::Integration> integration,
      const std::map<std::string, Secret>& credentials, const TimeZone& time_zone);

  const std::string& id() const { return id_; }
  const catalog::Integration& integration() const { return *integration_; }
  const std::shared_ptr<const catalog::Integration>& shared_integration() const {
    return integration_;
  }
  const TimeZone& time_zone() const { return time_zone_; }
  const http::Url& base_url() const { return base_url_; }

 private:
  friend class Sender;
  Account() : time_zone_(TimeZone::utc()) {}
  std::string id_;
  std::shared_ptr<const catalog::Integration> integration_;
  TimeZone time_zone_;
  http::Url base_url_;
  Secret authorization_;                        // header value
  std::map<std::string, Secret> headers_;       // after templates
};

// Sends for accounts. One object serves all loops.
class Sender {
 public:
  explicit Sender(http::Client& client) : client_(client) {}
  // An HTTP answer of any status is an Answer; ClientError is for those that did not come.
  io::Task<std::expected<Answer, http::ClientError>> send(const Account& account, Request request);
  // The integration's probe. Errors: unauthenticated, permission_denied, unavailable, upstream; the
  // message says what to check.
  io::Task<Result<>> probe(const Account& account);

 private:
  http::Client& client_;
};

}  // namespace patchbay::upstream
