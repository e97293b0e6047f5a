#include "store/copy.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <sodium.h>

#include "base/encoding.h"
#include "base/text.h"

namespace patchbay::store {
namespace {

constexpr std::size_t kCopiedAtOnce = 500;
constexpr std::size_t kMostNamed = 10;
constexpr int kMostAttempts = 5;

// The secret that an installation has for life, sealed as it lies there: which one this is.
Result<std::string> name_of(Repository& repository) {
  const auto pepper = repository.secret("pepper");
  if (!pepper) return std::unexpected(pepper.error());
  if (!*pepper) return std::string();
  static_cast<void>(sodium_init());
  std::string digest(16, '\0');
  crypto_generichash(reinterpret_cast<unsigned char*>(digest.data()), digest.size(),
                     reinterpret_cast<const unsigned char*>((*pepper)->bytes.data()),
                     (*pepper)->bytes.size(), nullptr, 0);
  return to_hex(digest);
}

// The rows of a table, one after the other.
class Rows {
 public:
  Rows(Everything& all, Table table) : all_(all), table_(table) {}
  // Null: that was the last one.
  Result<const Record*> next() {
    if (at_ == block_.size() && !ended_) {
      if (!block_.empty()) last_ = block_.back().id();
      auto block = all_.after(table_, last_, kCopiedAtOnce);
      if (!block) return std::unexpected(std::move(block.error()));
      block_ = std::move(*block);
      at_ = 0;
      ended_ = block_.size() < kCopiedAtOnce;
    }
    return at_ < block_.size() ? &block_[at_] : nullptr;
  }
  void take() { ++at_; }

 private:
  Everything& all_;
  const Table table_;
  std::optional<std::string> last_;
  std::vector<Record> block_;
  std::size_t at_ = 0;
  bool ended_ = false;
};

// Calls `visit` with the two rows of each id; one of them may be null.
using VisitPair = std::function<Result<>(const Record* source, const Record* target)>;
Result<> each_pair(Everything& from, Everything& to, Table table, const VisitPair& visit) {
  Rows sources(from, table);
  Rows targets(to, table);
  while (true) {
    auto source = sources.next();
    if (!source) return std::unexpected(std::move(source.error()));
    auto target = targets.next();
    if (!target) return std::unexpected(std::move(target.error()));
    if (*source == nullptr && *target == nullptr) return {};
    if (*source != nullptr && *target != nullptr) {
      const int order = (*source)->id().compare((*target)->id());
      if (order < 0) target = nullptr;
      if (order > 0) source = nullptr;
    }
    if (auto visited = visit(*source, *target); !visited) return visited;
    if (*source != nullptr) sources.take();
    if (*target != nullptr) targets.take();
  }
}

class Copy {
 public:
  Copy(Repository& from, Repository& to, const Progress& progress)
      : from_(from),
        to_(to),
        source_(from.everything()),
        target_(to.everything()),
        progress_(progress) {}

  Result<std::size_t> run() {
    auto begun = begin();
    if (!begun) return std::unexpected(std::move(begun.error()));
    if (auto counted = count(); !counted) return std::unexpected(std::move(counted.error()));
    if (*begun == Is::there_already) return see_that_it_is_there();
    if (auto copied = copy_tables(); !copied) return std::unexpected(std::move(copied.error()));
    auto rows = compare();
    if (!rows) return rows;
    if (auto ended = target_.end_copy(state_); !ended) {
      return std::unexpected(std::move(ended.error()));
    }
    return rows;
  }

 private:
  enum class Is : std::uint8_t { under_way, there_already };

  Result<Is> begin() {
    auto name = name_of(from_);
    if (!name) return std::unexpected(std::move(name.error()));
    auto there = target_.copy_state();
    if (!there) return std::unexpected(std::move(there.error()));
    const auto revision = from_.revision();
    if (!revision) return std::unexpected(revision.error());
    if (*there) {
      state_ = std::move(**there);
      if (state_.source == *name) return Is::under_way;
      return fail(ErrorCode::conflict, "A copy of another database into this one was begun.",
                  "Go on with the --from that it was begun with, or name an empty database.");
    }
    state_ = {.source = *name, .revision = *revision};
    if (auto begun = target_.begin_copy(state_); !begun) {
      // An earlier call may have ended the copy without a chance to say so.
      const auto theirs = name_of(to_);
      const auto after = to_.revision();
      const bool is_copy = theirs && after && !name->empty() && *theirs == *name &&
                           *after == *revision + 1 && begun.error().code == ErrorCode::conflict;
      if (!is_copy) return std::unexpected(std::move(begun.error()));
      not_empty_ = std::move(begun.error());
      return Is::there_already;
    }
    return Is::under_way;
  }

  Result<std::size_t> see_that_it_is_there() {
    auto rows = compare();
    // It was, and its servers work with it.
    if (!rows && rows.error().code == ErrorCode::conflict) return std::unexpected(not_empty_);
    return rows;
  }

  Result<> count() {
    for (std::size_t table = 1; table < kTables; ++table) {
      const auto here = source_.count(static_cast<Table>(table));
      if (!here) return std::unexpected(here.error());
      const auto there = target_.count(static_cast<Table>(table));
      if (!there) return std::unexpected(there.error());
      total_ += *here;
      copied_ += *there;
    }
    return {};
  }

  void tell(std::string_view what, std::size_t rows) const {
    if (progress_) progress_({.what = what, .rows = rows, .total = std::max(rows, total_)});
  }

  Result<> copy_tables() {
    for (std::size_t i = 1; i < kTables; ++i) {
      const auto table = static_cast<Table>(i);
      if (has_revisions(table) && table < state_.table) continue;
      if (table > state_.table) state_.last.reset();
      state_.table = table;
      auto copied = follow();
      if (copied) copied = has_revisions(table) ? copy_table(table) : make_the_same(table);
      if (!copied) return copied;
    }
    return follow();
  }

  Result<> copy_table(Table table) {
    int attempts = 0;
    while (true) {
      if (auto followed = follow(); !followed) return followed;
      const auto records = source_.after(table, state_.last, kCopiedAtOnce);
      if (!records) return std::unexpected(records.error());
      if (records->empty()) return {};
      CopyState next = state_;
      next.last = records->back().id();
      if (auto appended = target_.append(next, *records); !appended) {
        // What owns a row may have come after its own table was copied.
        const auto now = from_.revision();
        const bool moved = now && *now != state_.revision;
        if (!moved || ++attempts == kMostAttempts) return appended;
        continue;
      }
      attempts = 0;
      state_ = std::move(next);
      copied_ += records->size();
      tell("copied", copied_);
    }
  }

  // What was changed since: of the part that is here already.
  Result<> follow() {
    while (true) {
      const auto now = from_.revision();
      if (!now) return std::unexpected(now.error());
      if (*now == state_.revision) return {};
      auto since = from_.changes_since(state_.revision, kCopiedAtOnce);
      if (!since) return std::unexpected(std::move(since.error()));
      const auto* const told = std::get_if<Changes>(&*since);
      if (told == nullptr) {
        return fail(ErrorCode::conflict,
                    "More was changed in the database that is copied than it tells of.",
                    "Stop its servers, and copy it to an empty database.");
      }
      CopyState next = state_;
      std::vector<Wanted> wanted;
      for (const Change& change : told->changes) {
        next.revision = change.revision;
        const auto table = table_of(change.kind);
        if (!table) continue;
        auto record = source_.row(*table, change.id);
        if (!record) return std::unexpected(std::move(record.error()));
        if (*record && !is_here(*table, change.id)) continue;
        wanted.push_back({.table = *table, .id = change.id, .record = std::move(*record)});
      }
      if (auto brought = target_.bring(next, wanted); !brought) return brought;
      state_ = std::move(next);
    }
  }

  bool is_here(Table table, const std::string& id) const {
    return table < state_.table || (table == state_.table && state_.last && id <= *state_.last);
  }

  Result<> make_the_same(Table table) {
    std::vector<Record> fresh;
    std::vector<Wanted> others;
    const auto write = [&]() -> Result<> {
      if (fresh.empty() && others.empty()) return {};
      // First, since one of them may have the key that another has by now.
      if (!others.empty()) {
        if (auto brought = target_.bring(state_, others); !brought) return brought;
      }
      if (auto appended = target_.append(state_, fresh); !appended) return appended;
      copied_ += fresh.size();
      tell("copied", copied_);
      fresh.clear();
      others.clear();
      return {};
    };
    auto all = each_pair(
        source_, target_, table, [&](const Record* source, const Record* target) -> Result<> {
          if (source != nullptr && target != nullptr && *source == *target) return {};
          if (target == nullptr) {
            fresh.push_back(*source);
          } else {
            others.push_back({.table = table,
                              .id = target->id(),
                              .record = source == nullptr ? std::nullopt : std::optional(*source)});
          }
          return fresh.size() + others.size() < kCopiedAtOnce ? Result<>() : write();
        });
    return all ? write() : all;
  }

  Result<std::size_t> compare() {
    std::size_t rows = 0;
    std::size_t differ = 0;
    std::vector<std::string> named;
    for (std::size_t i = 1; i < kTables; ++i) {
      const auto table = static_cast<Table>(i);
      auto all = each_pair(source_, target_, table,
                           [&](const Record* source, const Record* target) -> Result<> {
                             if (++rows % kCopiedAtOnce == 0) tell("compared", rows);
                             if (source != nullptr && target != nullptr && *source == *target)
                               return {};
                             if (++differ > kMostNamed) return {};
                             const Record& one = source != nullptr ? *source : *target;
                             named.push_back(std::string(to_string(table)) + " " + one.id() +
                                             (target == nullptr   ? " is missing"
                                              : source == nullptr ? " is in the new one only"
                                                                  : " is another"));
                             return {};
                           });
      if (!all) return std::unexpected(std::move(all.error()));
    }
    const auto now = from_.revision();
    if (!now) return std::unexpected(now.error());
    if (*now != state_.revision) {
      return fail(ErrorCode::conflict,
                  "The database that is copied was changed while the two were compared.",
                  "Stop its servers. The same command then copies what was changed since, and "
                  "compares again.");
    }
    tell("compared", rows);
    if (differ == 0) return rows;
    if (differ > named.size()) named.emplace_back("…");
    return fail(ErrorCode::conflict,
                "The two databases differ in " + std::to_string(differ) +
                    (differ == 1 ? " row: " : " rows: ") + join(named) + ".",
                "Stop whatever writes to either of them; the same command compares them again. A "
                "row that something else altered in the new one stays so: copy to another empty "
                "database then.");
  }

  Repository& from_;
  Repository& to_;
  Everything& source_;
  Everything& target_;
  const Progress& progress_;
  CopyState state_;
  Error not_empty_;
  std::size_t total_ = 0;
  std::size_t copied_ = 0;
};

}  // namespace

Result<std::size_t> copy(Repository& from, Repository& to, const Progress& progress) {
  return Copy(from, to, progress).run();
}

}  // namespace patchbay::store
