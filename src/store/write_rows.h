// The rows of the journal of writes (audit/journal.h). An interface of its own, since the journal
// needs no more of a Repository, and its tests let a disk fail between the two questions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/error.h"
#include "vault/vault.h"

namespace patchbay::store {

// A write to an upstream: inserted before it is sent, completed when its outcome is known.
struct WriteRow {
  std::string id;
  std::string account_id;
  std::string key;                // the caller's; unique within the account
  std::string digest;             // of what the call means
  std::string state = "started";  // started, done, unknown
  vault::SealedBytes result;      // done: the result's text, sealed; else empty
  WallTime started_at{};
};

// Each function is one commit. Errors of all: unavailable.
class WriteRows {
 public:
  virtual ~WriteRows() = default;

  // Inserts the row, unless the account's key is in use: then returns the row that has it. Rows
  // that were started before `valid_from` do not count, and go. Errors: not_found (no such
  // account), internal (the row that has the key is damaged).
  virtual Result<std::optional<WriteRow>> begin_write(const WriteRow& row, WallTime valid_from) = 0;
  // The row, if it is still as it was then, is "started" again from now on. False: it is not.
  virtual Result<bool> restart_write(std::string_view id, WallTime then, WallTime now) = 0;
  // Error: not_found.
  virtual Result<> finish_write(std::string_view id, std::string_view state,
                                const vault::SealedBytes& result) = 0;
  virtual Result<> delete_write(std::string_view id) = 0;
};

}  // namespace patchbay::store
