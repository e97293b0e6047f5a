#include "sandbox/request_log.h"

#include <utility>

#include "base/iso8601.h"
#include "base/text.h"

namespace patchbay::sandbox {
namespace {

constexpr std::size_t kKept = 1000;
constexpr std::size_t kKeptBodyBytes = std::size_t{16} * 1024;

}  // namespace

std::uint64_t RequestLog::begin(const http::Request& request, std::string member, WallTime now,
                                MonotonicTime monotonic) {
  Entry entry;
  entry.number = next_++;
  entry.at = format_utc_millis(now);
  entry.begun = monotonic;
  entry.method = request.method;
  entry.path = request.path;
  entry.query = request.query;
  entry.body = cut_utf8(request.body, kKeptBodyBytes);
  entry.member = std::move(member);
  entry.client_id = request.headers.find("clientId").value_or("");
  entry.accept = request.headers.find("Accept").value_or("");
  entry.traceparent = request.headers.find("traceparent").value_or("");
  const std::uint64_t number = entry.number;
  entries_.push_back(std::move(entry));
  ++in_flight_;
  ++total_;
  // The oldest go, but none that is still on its way.
  if (entries_.size() > kKept && entries_.front().state != "in_flight") entries_.pop_front();
  return number;
}

RequestLog::Entry* RequestLog::find(std::uint64_t number) {
  for (auto entry = entries_.rbegin(); entry != entries_.rend(); ++entry) {
    if (entry->number == number) return &*entry;
  }
  return nullptr;
}

void RequestLog::finish(std::uint64_t number, int status, std::string state, MonotonicTime now) {
  --in_flight_;
  Entry* entry = find(number);
  if (entry == nullptr) return;  // the log was cleared meanwhile
  entry->status = status;
  entry->state = std::move(state);
  entry->duration_ms = std::chrono::duration<double, std::milli>(now - entry->begun).count();
}

void RequestLog::end(std::uint64_t number, int status, MonotonicTime now) {
  finish(number, status, "done", now);
}

void RequestLog::cancelled(std::uint64_t number, MonotonicTime now) {
  finish(number, 0, "cancelled", now);
}

void RequestLog::clear() {
  std::erase_if(entries_, [](const Entry& entry) { return entry.state != "in_flight"; });
  total_ = entries_.size();
}

json::Value RequestLog::to_json(std::size_t at_most) const {
  json::Array shown;
  for (auto entry = entries_.rbegin(); entry != entries_.rend() && shown.size() < at_most;
       ++entry) {
    shown.emplace_back(json::Object{{"number", entry->number},
                                    {"at", entry->at},
                                    {"method", http::to_string(entry->method)},
                                    {"path", entry->path},
                                    {"query", entry->query},
                                    {"body", entry->body},
                                    {"member", entry->member},
                                    {"client_id", entry->client_id},
                                    {"accept", entry->accept},
                                    {"traceparent", entry->traceparent},
                                    {"status", entry->status},
                                    {"state", entry->state},
                                    {"duration_ms", entry->duration_ms}});
  }
  return json::Object{{"in_flight", in_flight_}, {"total", total_}, {"requests", std::move(shown)}};
}

}  // namespace patchbay::sandbox
