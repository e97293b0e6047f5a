// All that a ControlPlane knows, in memory, and the rule of who may read and who may change it.
//
// Two locks. `writing` serialises changes, database included; it may be held while the disk is
// waited for. `mutex` guards the rows and is held for moments only, so that readers never wait for
// a disk. A change needs both, so whoever holds either may read: with `mutex`, shared, nobody
// changes anything meanwhile; with `writing` nobody else does.
//
//   Reading   `mutex`, shared             read()
//   Writing   `writing`                   read(); and what is guarded by `writing` alone
//   Applying  `mutex`, within a Writing   read() and change()
//
// clang knows no "either of two". But who holds `writing` has just the rights of who holds `mutex`
// shared, and so that is what Writing tells it. Reading under Writing, Applying without Writing or
// within another Applying do not compile.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>

#include "base/mutex.h"
#include "control/snapshot.h"
#include "store/repository.h"

namespace patchbay::control {

struct AccountEntry {
  store::AccountRow row;
  std::shared_ptr<const upstream::Account> live;  // null: cannot be used, see problem
  std::string problem;
  std::set<std::string, std::less<>> servers;  // ids
};

struct McpServerEntry {
  store::McpServerRow row;
  std::shared_ptr<const McpServer> live;  // null: not served, see problem
  std::string problem;
};

template <class T>
using ById = std::map<std::string, T, std::less<>>;

struct Rows {
  ById<std::shared_ptr<const catalog::ToolCatalog>> catalogs;  // by integration
  ById<store::EnvironmentRow> environments;
  ById<store::ApiTokenRow> api_tokens;
  ById<AccountEntry> accounts;
  ById<McpServerEntry> servers;
};

class GuardedRows {
 public:
  // Not to be kept beyond the lock.
  const Rows& read() const PATCHBAY_REQUIRES_SHARED(mutex) { return rows_; }
  Rows& change() PATCHBAY_REQUIRES(mutex) { return rows_; }

  // To be held by the three below alone.
  Mutex writing;
  mutable SharedMutex mutex;

 private:
  Rows rows_ PATCHBAY_GUARDED_BY(mutex);
};

class PATCHBAY_SCOPED_LOCK Reading {
 public:
  explicit Reading(const GuardedRows& rows) PATCHBAY_ACQUIRES_SHARED(rows.mutex) : rows_(rows) {
    rows_.mutex.lock_shared();
  }
  ~Reading() PATCHBAY_RELEASES() { rows_.mutex.unlock_shared(); }
  Reading(const Reading&) = delete;
  Reading& operator=(const Reading&) = delete;

 private:
  const GuardedRows& rows_;
};

// Unchecked inside: it locks less than it says, see above.
class PATCHBAY_SCOPED_LOCK Writing {
 public:
  explicit Writing(GuardedRows& rows) PATCHBAY_ACQUIRES(rows.writing)
      PATCHBAY_ACQUIRES_SHARED(rows.mutex) PATCHBAY_LOCKS_UNCHECKED : rows_(rows) {
    rows_.writing.lock();
  }
  ~Writing() PATCHBAY_RELEASES() PATCHBAY_LOCKS_UNCHECKED { rows_.writing.unlock(); }
  Writing(const Writing&) = delete;
  Writing& operator=(const Writing&) = delete;

 private:
  GuardedRows& rows_;
};

// Unchecked inside: `writing` is the surrounding Writing's and stays locked. It is said to be taken
// over and given back, since clang would take PATCHBAY_REQUIRES of a scoped lock for adoption.
class PATCHBAY_SCOPED_LOCK Applying {
 public:
  explicit Applying(GuardedRows& rows) PATCHBAY_RELEASES(rows.writing)
      PATCHBAY_ACQUIRES(rows.writing) PATCHBAY_RELEASES_SHARED(rows.mutex)
          PATCHBAY_ACQUIRES(rows.mutex) PATCHBAY_LOCKS_UNCHECKED : rows_(rows) {
    rows_.mutex.lock();
  }
  ~Applying() PATCHBAY_RELEASES() PATCHBAY_LOCKS_UNCHECKED { rows_.mutex.unlock(); }
  Applying(const Applying&) = delete;
  Applying& operator=(const Applying&) = delete;

 private:
  GuardedRows& rows_;
};

}  // namespace patchbay::control
