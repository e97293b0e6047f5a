// The journal of writes: what is about to be sent to an upstream, and what became of it.
//
// A write is one row, with two commits: begin() before it is sent, finish() when its outcome is
// known. What a crash leaves in between stays "started": it is open, and nothing sends it again
// that has not looked first whether it was done. The caller's idempotency key is a column of that
// row, so that a repetition finds it there: no second record of the same write, and no third
// commit. So far a row is made for writes that carry a key.
//
// A key belongs to an account, and to its first write for 24 hours (Write::valid); then the row
// goes. Results are customers' data and lie sealed.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "base/clock.h"
#include "base/error.h"

namespace patchbay::store {
class WriteRows;
struct WriteRow;
}  // namespace patchbay::store
namespace patchbay::vault {
class Vault;
}

namespace patchbay::audit {

struct Write {
  std::string account_id;
  std::string key;                            // as the caller gave it
  std::string digest;                         // of what is meant: the same for a repetition
  std::chrono::milliseconds longest_call{0};  // after this long it is not under way any more
  std::chrono::milliseconds valid = std::chrono::hours(24);  // an older one does not count
};

// What begin() finds.
struct Go {
  std::string id;  // for finish()
};
struct Repeat {
  std::string result;  // of the first write with this key
  std::string id;
};
struct OtherArguments {};  // the key stands for a write that means something else
// The first one was sent a moment ago, and may still be done; by then at the latest it is decided.
struct UnderWay {
  std::chrono::milliseconds at_most{0};
};
struct Lost {};  // the first one was done, and its result opens no more
struct Open {    // the first one got no answer, or died with its process
  std::string id;
  WallTime since{};  // when it was begun
  std::chrono::milliseconds longest_call{0};
};
using Begun = std::variant<Go, Repeat, OtherArguments, UnderWay, Lost, Open>;

// What finish() is told: it was done; nothing happened; or an answer came that tells neither.
// Without an answer the upstream may still be at it, and it is not finished.
struct Done {
  std::string_view result;
};
struct NotDone {};
struct Unknown {};
using Ended = std::variant<Done, NotDone, Unknown>;

// Whether the result that the row keeps opens; also where it keeps none. For an offline check.
bool opens(const store::WriteRow& row, const vault::Vault& vault);

// Thread-safe. Both functions block: they run on the blocking pool.
class Journal {
 public:
  // `rows` and `clock` outlive it.
  Journal(store::WriteRows& rows, std::shared_ptr<const vault::Vault> vault, const Clock& clock)
      : rows_(rows), vault_(std::move(vault)), clock_(clock) {}

  // With Go the write may be sent, since it survives a crash from now on; with Open only after
  // resume(); with all else nothing is to be sent. Errors: unavailable, not_found (no such
  // account).
  Result<Begun> begin(const Write& write);
  // An open write is taken up again, by whoever has looked that it was not done. UnderWay: another
  // has taken it up. Errors: unavailable.
  Result<Begun> resume(const Open& open);
  // NotDone frees the key. Errors: unavailable, not_found. If this fails the write stays "started",
  // which is told as unknown later: no result is lost but the one that a repetition would have got.
  Result<> finish(const Write& write, const Go& begun, const Ended& ended);

 private:
  store::WriteRows& rows_;
  const std::shared_ptr<const vault::Vault> vault_;
  const Clock& clock_;
};

}  // namespace patchbay::audit
