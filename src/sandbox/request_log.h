// What was asked of the sandbox, so that a test can prove what was sent, and what was not.
#pragma once

#include <cstdint>
#include <deque>
#include <string>

#include "base/clock.h"
#include "http/message.h"
#include "json/value.h"

namespace patchbay::sandbox {

class RequestLog {
 public:
  // Remembers the request; the number names it from now on. `member`: whose keys it carries, by
  // identifier; "": nobody's.
  std::uint64_t begin(const http::Request& request, std::string member, WallTime now,
                      MonotonicTime monotonic);
  void end(std::uint64_t number, int status, MonotonicTime now);
  // The client went away before it had an answer.
  void cancelled(std::uint64_t number, MonotonicTime now);
  void clear();

  // Newest first. Of requests, not of credentials: headers are left out but for a harmless few.
  json::Value to_json(std::size_t at_most) const;

 private:
  struct Entry {
    std::uint64_t number = 0;
    std::string at;
    MonotonicTime begun;
    http::Method method = http::Method::get;
    std::string path;
    std::string query;
    std::string body;
    std::string member;
    std::string client_id;
    std::string accept;
    std::string traceparent;
    int status = 0;
    std::string state = "in_flight";
    double duration_ms = 0;
  };
  Entry* find(std::uint64_t number);
  void finish(std::uint64_t number, int status, std::string state, MonotonicTime now);

  std::deque<Entry> entries_;
  std::uint64_t next_ = 1;
  std::uint64_t total_ = 0;
  std::int64_t in_flight_ = 0;
};

}  // namespace patchbay::sandbox
