#include "audit/log_sources.h"

#include <algorithm>
#include <utility>

namespace patchbay::audit {
namespace {

constexpr std::size_t kManyEvents = 500;

bool is_older(const CallSource::Call& a, const CallSource::Call& b) {
  return a.read.at != b.read.at ? a.read.at < b.read.at : a.id < b.id;
}

// All calls of a row are of one slot: rows that are younger than the end of the position's have
// none that comes after it.
WallTime end_of_slot(WallTime at) {
  if (at >= WallTime::max() - kSlot) return WallTime::max();
  return WallTime((slot_of(at) + 1) * kSlot);
}

}  // namespace

Result<store::EventRow*> EventSource::next() {
  if (place_ == page_.size()) {
    if (ended_) return nullptr;
    auto page = rows_.events(part_);
    if (!page) return std::unexpected(std::move(page.error()));
    page_ = std::move(*page);
    place_ = 0;
    ended_ = page_.size() < part_.limit;
    // Whoever goes on looks for what is rare.
    part_.limit = kManyEvents;
    if (page_.empty()) return nullptr;
    part_.before_at = page_.back().at;
    part_.before_id = page_.back().id;
  }
  return &page_[place_];
}

void EventSource::pass() {
  ++place_;
}

CallSource::CallSource(store::EventRows& rows, const store::EventPage& part)
    : rows_(rows),
      from_(part.from),
      before_at_(part.before_at),
      before_id_(part.before_id),
      part_{.chain = part.chain,
            .from = part.from,
            .first_until = part.before_at,
            .before_last_at = end_of_slot(part.before_at)} {}

Result<const store::CallsRow*> CallSource::next_row() {
  if (place_ == page_.size()) {
    if (ended_) return nullptr;
    auto page = rows_.calls(part_);
    if (!page) return std::unexpected(std::move(page.error()));
    page_ = std::move(*page);
    place_ = 0;
    ended_ = page_.size() < part_.limit;
    if (page_.empty()) return nullptr;
    part_.before_last_at = page_.back().last_at;
    part_.before_id = page_.back().id;
  }
  return &page_[place_];
}

bool CallSource::is_wanted(WallTime at, const std::string& id) const {
  return at >= from_ && (at < before_at_ || (at == before_at_ && id < before_id_));
}

Result<> CallSource::open(const store::CallsRow& row) {
  const auto kept = std::make_shared<const store::CallsRow>(row);
  const auto calls = read_calls(*kept);
  if (!calls) return std::unexpected(calls.error());
  for (const CallRead& call : *calls) {
    std::string id = event_id(*kept, call);
    if (!is_wanted(call.at, id)) continue;
    calls_.push_back({kept, call, std::move(id)});
    std::ranges::push_heap(calls_, is_older);
  }
  return {};
}

// The rows that may have the newest call that was not passed yet.
Result<> CallSource::fill() {
  while (true) {
    const auto row = next_row();
    if (!row) return std::unexpected(row.error());
    if (*row == nullptr) return {};
    if (!calls_.empty() && (*row)->last_at < calls_.front().read.at) return {};
    if (auto opened = open(**row); !opened) return opened;
    ++place_;
  }
}

Result<const CallSource::Call*> CallSource::next() {
  if (auto filled = fill(); !filled) return std::unexpected(std::move(filled.error()));
  return calls_.empty() ? nullptr : &calls_.front();
}

void CallSource::pass() {
  std::ranges::pop_heap(calls_, is_older);
  calls_.pop_back();
}

}  // namespace patchbay::audit
