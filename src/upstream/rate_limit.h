// What upstreams say about limits, each in its own words, in ours.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "base/clock.h"
#include "base/error.h"
#include "http/message.h"
#include "integration/model.h"

namespace patchbay::upstream {

struct RateLimit {
  std::optional<std::int64_t> limit;
  std::optional<std::int64_t> remaining;
  std::optional<std::int64_t> reset_seconds;
  std::optional<std::int64_t> retry_after_seconds;
  bool operator==(const RateLimit&) const = default;
};

// Reads answers by an integration's rules.
class RateLimitReader {
 public:
  RateLimitReader() = default;
  // Error: invalid_argument (the body pattern is no regular expression with one group).
  static Result<RateLimitReader> compile(const integration::RateLimitHeaders& rules);
  // `now`: what dates in Retry-After are measured against.
  RateLimit read(int status, const http::Headers& headers, std::string_view body,
                 WallTime now) const;

 private:
  struct Rules;
  std::shared_ptr<const Rules> rules_;
};

// The seconds until an HTTP date ("Sun, 06 Nov 1994 08:49:37 GMT"), not below 0; nothing if it is
// none.
std::optional<std::int64_t> seconds_until_http_date(std::string_view text, WallTime now);

}  // namespace patchbay::upstream
