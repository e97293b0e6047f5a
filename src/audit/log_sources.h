// Where the log is read from: events that have a row each, and calls that lie many to a row
// (calls.h). Each gives its events newest first: by time, of the same millisecond by name.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "audit/calls.h"
#include "audit/log.h"
#include "base/error.h"
#include "store/event_rows.h"

namespace patchbay::audit {

class EventSource {
 public:
  EventSource(store::EventRows& rows, store::EventPage part)
      : rows_(rows), part_(std::move(part)) {}
  // Null: there are no more. Errors: the rows'.
  Result<store::EventRow*> next();
  void pass();

 private:
  store::EventRows& rows_;
  store::EventPage part_;
  std::vector<store::EventRow> page_;
  std::size_t place_ = 0;
  bool ended_ = false;
};

class CallSource {
 public:
  // Of the part those that come after its position.
  CallSource(store::EventRows& rows, const store::EventPage& part);

  struct Call {
    std::shared_ptr<const store::CallsRow> row;
    CallRead read;
    std::string id;
  };
  Result<const Call*> next();
  void pass();

 private:
  Result<> fill();
  Result<const store::CallsRow*> next_row();
  Result<> open(const store::CallsRow& row);
  bool is_wanted(WallTime at, const std::string& id) const;

  store::EventRows& rows_;
  const WallTime from_;
  const WallTime before_at_;
  const std::string before_id_;
  store::CallsPage part_;
  std::vector<store::CallsRow> page_;
  std::size_t place_ = 0;
  bool ended_ = false;
  std::vector<Call> calls_;  // of the rows that were opened: a heap, the newest on top
};

}  // namespace patchbay::audit
