// Revocations that hold on this node, and that the database could not take yet. What they took away
// does not exist, whatever the database says.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/mutex.h"
#include "store/records.h"
#include "store/revocation_notes.h"

namespace patchbay::control {

// Thread-safe.
class Unwritten {
 public:
  // `notes`: where they survive a restart; null: nowhere.
  explicit Unwritten(std::shared_ptr<store::RevocationNotes> notes) : notes_(std::move(notes)) {}

  // `rotated`: of an mcp_url, its server as it is since then.
  void add(store::Revocation revocation, std::optional<store::McpServerRow> rotated = {});
  // From here on it holds on this node, while the database is asked; until give_up().
  void begin(const store::Revocation& revocation);
  void give_up(const store::Revocation& revocation);
  // Calls `write` with each; what was written, or never can be, is no longer one.
  using Write = std::function<Result<>(const store::Revocation& revocation,
                                       const store::McpServerRow* rotated)>;
  void try_again(const Write& write);
  bool any() const { return held_ > 0; }
  // Revocations that somebody made and the database does not know.
  std::size_t count() const { return count_; }

  bool took(const store::EnvironmentRow& row) const;
  bool took(const store::ApiTokenRow& row) const;
  bool took(const store::AccountRow& row) const;
  bool took(const store::McpServerRow& row) const;
  // A server whose new URL the database does not know.
  std::optional<store::McpServerRow> rotated(std::string_view id) const;
  std::optional<store::McpServerRow> rotated(const vault::TokenHash& hash) const;

 private:
  bool has(store::Revocation::Kind kind, std::string_view id) const PATCHBAY_REQUIRES(mutex_);
  void count_again() PATCHBAY_REQUIRES(mutex_);
  void note() PATCHBAY_REQUIRES(mutex_);

  const std::shared_ptr<store::RevocationNotes> notes_;
  mutable Mutex mutex_;
  std::vector<store::Revocation> all_ PATCHBAY_GUARDED_BY(mutex_);
  std::vector<store::Revocation> under_way_ PATCHBAY_GUARDED_BY(mutex_);
  std::map<std::string, store::McpServerRow, std::less<>> rotated_ PATCHBAY_GUARDED_BY(mutex_);
  // For whoever only asks: of both, and of those that were not only noticed to be over.
  std::atomic<std::size_t> held_ = 0;
  std::atomic<std::size_t> count_ = 0;
};

}  // namespace patchbay::control
