#include "cli/instance/log_follower.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/encoding.h"
#include "base/iso8601.h"

namespace patchbay::cli {
namespace {

constexpr std::chrono::seconds kBack{10};
constexpr std::chrono::minutes kFarBack{5};
constexpr std::uint64_t kFarEvery = 30;  // looks
// Of a thousand events: more than that in a look is nothing that anybody follows.
constexpr int kMostPages = 20;

std::string path_of(const ApiClient::Query& query) {
  std::string path = "/log";
  for (const auto& [name, value] : query) {
    if (value.empty()) continue;
    path += fmt::format("{}{}={}", path.contains('?') ? '&' : '?', name, percent_encode(value));
  }
  return path;
}

// When it was written as it is now.
std::string_view written_at(const json::Value& event) {
  const std::string_view ended = event.string_or("ended_at", "");
  return ended.empty() ? event.string_or("at", "") : ended;
}

Result<json::Array> events_of(const json::Value& page) {
  const json::Value* const result = page.find("result");
  if (result == nullptr || !result->is_array()) {
    return fail(ErrorCode::upstream, "The answer is no list.");
  }
  return *result->if_array();
}

// The first `most` of the list, by the page.
Result<json::Array> read(const LogFollower::Get& get, ApiClient::Query query, std::size_t most) {
  json::Array events;
  query.emplace_back("limit", std::to_string(std::clamp<std::size_t>(most, 1, 1'000)));
  query.emplace_back("next_cursor", "");
  for (int pages = 0; pages < kMostPages && events.size() < most; ++pages) {
    const auto page = get(path_of(query));
    if (!page) return std::unexpected(page.error());
    auto found = events_of(*page);
    if (!found) return found;
    events.insert(events.end(), found->begin(), found->end());
    query.back().second = page->string_or("next_cursor", "");
    if (query.back().second.empty()) break;
  }
  if (events.size() > most) events.resize(most);
  return events;
}

}  // namespace

LogFollower::LogFollower(Get get, ApiClient::Query filters)
    : get_(std::move(get)), filters_(std::move(filters)) {}

Result<std::optional<json::Value>> LogFollower::newest() const {
  auto found = read(get_, {}, 1);
  if (!found) return std::unexpected(found.error());
  if (found->empty()) return std::nullopt;
  return std::move(found->front());
}

Result<json::Array> LogFollower::since(WallTime from) const {
  ApiClient::Query query = filters_;
  query.emplace_back("from", format_utc_millis(from));
  return read(get_, std::move(query), std::size_t{kMostPages} * 1'000);
}

bool LogFollower::give(const json::Value& event) {
  Given& given = given_[std::string(event.string_or("id", ""))];
  const std::string_view outcome = event.string_or("outcome", "");
  if (given.outcome == outcome) return false;
  given = {std::string(event.string_or("at", "")), std::string(outcome)};
  return true;
}

Result<json::Array> LogFollower::begin(std::size_t most) {
  const auto last = newest();
  if (!last) return std::unexpected(last.error());
  json::Array events;
  if (most > 0) {
    auto found = read(get_, filters_, most);
    if (!found) return found;
    events = std::move(*found);
  }
  for (const json::Value& event : events) give(event);
  if (*last) {
    begun_ = written_at(**last);
    give(**last);
  }
  std::ranges::reverse(events);
  return events;
}

Result<json::Array> LogFollower::next() {
  const auto last = newest();
  if (!last) return std::unexpected(last.error());
  if (!*last) return json::Array{};
  const auto at = parse_iso8601((*last)->string_or("at", ""), TimeZone::utc());
  if (!at) return fail(ErrorCode::upstream, "The newest event has no time.");
  const bool far = looks_ % kFarEvery == 0;
  auto found = since(*at - (far ? std::chrono::seconds(kFarBack) : kBack));
  if (!found) return found;
  ++looks_;
  std::erase_if(
      *found, [&](const json::Value& event) { return written_at(event) < begun_ || !give(event); });
  std::ranges::sort(*found, {}, [](const json::Value& each) {
    return std::pair(written_at(each), each.int64_or("number", 0));
  });
  const std::string forget = format_utc_millis(*at - 2 * kFarBack);
  std::erase_if(given_, [&](const auto& each) { return each.second.at < forget; });
  return found;
}

}  // namespace patchbay::cli
