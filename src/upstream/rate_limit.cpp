#include "upstream/rate_limit.h"

#include <algorithm>
#include <array>

#include <re2/re2.h>

#include "base/iso8601.h"
#include "base/text.h"

namespace patchbay::upstream {

struct RateLimitReader::Rules {
  integration::RateLimitHeaders headers;
  std::unique_ptr<const re2::RE2> body_pattern;
};

namespace {

// No upstream means to be left alone for longer; a larger figure is a misreading.
constexpr std::int64_t kMaxSeconds = 24 * 60 * 60;
// Bodies of 429s are a sentence; the pattern is not run over more than that.
constexpr std::size_t kMaxBodyBytes = 4096;

std::optional<std::int64_t> as_seconds(std::string_view text, WallTime now) {
  text = trim(text);
  // "12.5": whole seconds, rounded up so that nobody comes too early.
  const auto dot = text.find('.');
  auto whole = parse_int64(text.substr(0, dot));
  if (whole && dot != std::string_view::npos) ++*whole;
  if (!whole) whole = seconds_until_http_date(text, now);
  if (!whole || *whole < 0) return std::nullopt;
  // Seconds since 1970 rather than from now: X-RateLimit-Reset has it both ways.
  if (*whole > 1'000'000'000) {
    const auto today = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch());
    *whole = std::max<std::int64_t>(0, *whole - today.count());
  }
  return std::min(*whole, kMaxSeconds);
}

}  // namespace

std::optional<std::int64_t> seconds_until_http_date(std::string_view text, WallTime now) {
  static constexpr std::array<std::string_view, 12> kMonths = {
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  // IMF-fixdate only (RFC 9110 section 5.6.7); nobody sends the two obsolete forms any more.
  if (text.size() != 29 || text.substr(25) != " GMT") return std::nullopt;
  const auto month = std::ranges::find(kMonths, text.substr(8, 3));
  const auto day = parse_int64(text.substr(5, 2));
  const auto year = parse_int64(text.substr(12, 4));
  if (month == kMonths.end() || !day || !year) return std::nullopt;
  std::string iso(text.substr(12, 4));
  const auto number = static_cast<int>(month - kMonths.begin()) + 1;
  iso += number < 10 ? "-0" : "-";
  iso += std::to_string(number) + '-' + std::string(text.substr(5, 2)) + 'T' +
         std::string(text.substr(17, 8)) + 'Z';
  const auto time = parse_iso8601(iso, TimeZone::utc());
  if (!time) return std::nullopt;
  const auto wait = std::chrono::ceil<std::chrono::seconds>(*time - now).count();
  return std::max<std::int64_t>(0, wait);
}

Result<RateLimitReader> RateLimitReader::compile(const integration::RateLimitHeaders& headers) {
  auto rules = std::make_shared<Rules>();
  rules->headers = headers;
  if (!headers.body_pattern.empty()) {
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(1 << 20);
    auto pattern = std::make_unique<re2::RE2>(headers.body_pattern, options);
    if (!pattern->ok() || pattern->NumberOfCapturingGroups() != 1) {
      return fail(ErrorCode::invalid_argument,
                  "rate_limit.body_pattern must be a regular expression with one group");
    }
    rules->body_pattern = std::move(pattern);
  }
  RateLimitReader reader;
  reader.rules_ = std::move(rules);
  return reader;
}

RateLimit RateLimitReader::read(int status, const http::Headers& headers, std::string_view body,
                                WallTime now) const {
  RateLimit found;
  if (!rules_) return found;
  const auto number = [&](const std::string& name) -> std::optional<std::int64_t> {
    if (name.empty()) return std::nullopt;
    const auto text = headers.find(name);
    if (!text) return std::nullopt;
    // "110;w=10" and "110, 110;window=10" say the limit first.
    const auto value = parse_int64(trim(text->substr(0, text->find_first_of(";,"))));
    return value && *value >= 0 ? value : std::nullopt;
  };
  const auto seconds = [&](const std::string& name) -> std::optional<std::int64_t> {
    if (name.empty()) return std::nullopt;
    const auto text = headers.find(name);
    return text ? as_seconds(*text, now) : std::nullopt;
  };
  const auto& rules = rules_->headers;
  found.limit = number(rules.limit);
  found.remaining = number(rules.remaining);
  found.reset_seconds = seconds(rules.reset);
  if (status != 429 && status != 503) return found;
  found.retry_after_seconds = seconds(rules.retry_after);
  if (!found.retry_after_seconds && rules_->body_pattern) {
    std::string text;
    if (re2::RE2::PartialMatch(body.substr(0, kMaxBodyBytes), *rules_->body_pattern, &text)) {
      found.retry_after_seconds = as_seconds(text, now);
    }
  }
  if (status == 429) {
    if (!found.retry_after_seconds) found.retry_after_seconds = found.reset_seconds;
    // Said by the refusal itself, where no header says it.
    if (!found.remaining) found.remaining = 0;
    if (!found.reset_seconds) found.reset_seconds = found.retry_after_seconds;
  }
  return found;
}

}  // namespace patchbay::upstream
