// What a call is given beside its arguments, and what it gives back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/event.h"
#include "gateway/call/tool_error.h"
#include "gateway/call/waits.h"
#include "io/cancel.h"
#include "io/task.h"
#include "json/value.h"
#include "reach/reach.h"
#include "telemetry/trace.h"
#include "upstream/account.h"

namespace patchbay::io {
class Receipt;
}
namespace patchbay::catalog {
struct Tool;
class Toolset;
}  // namespace patchbay::catalog

namespace patchbay::gateway {

class Turns;
struct CallResult;

// What a call needs to know beside its arguments.
struct CallContext {
  std::shared_ptr<const upstream::Account> account;
  // What its MCP server offers: answers name no other tools, and look up no names that it denies.
  // Null: everything. It outlives the call.
  const catalog::Toolset* toolset = nullptr;
  std::string scope_id;    // the MCP server's id: cursors are valid within it only
  std::string request_id;  // ends up in errors
  audit::Caller caller;    // for the record of it
  // Who "me" is: the member whose the MCP server is. Null: nobody.
  std::shared_ptr<const upstream::Member> member;
  // What the MCP server is held to; null: nothing. Every request of the call is (sending/held.h).
  std::shared_ptr<const reach::Reach> reach;
  // Of the result's text, and of a file that is text. The default is what programs show whole.
  std::size_t max_result_bytes = 30'000;
  // Of any other file, in base64: programs keep or show those beside what a model reads.
  std::size_t max_file_bytes = 100'000;
  std::string traceparent;  // passed on if not empty, with the next
  std::string tracestate;
  telemetry::SpanRef span;  // what the call does is recorded under it; of nothing: it is not
  // Reads wait out a rate limit, up to GatewayOptions::max_rate_limit_wait, instead of passing it
  // on.
  bool wait_on_rate_limit = false;
  // Given up: what was not sent yet is not, and a read that is on its way is left. A change that is
  // on its way goes on to its end, so that what became of it is known.
  io::CancelToken cancel;
  // What allowed the call is gone: nothing is sent any more, and what is on its way is not waited
  // for. It cancels `cancel` as well.
  io::CancelToken revoked;
  // Asked right before each request, wherever the call has waited. Empty: it is.
  std::function<bool()> still_allowed;
  // Whether the answer arrives. Empty: nobody will know, and it counts as arrived.
  std::function<std::shared_ptr<io::Receipt>()> receipt;
  // Kept up to date as long as the call runs; null where nobody asks what it waits for.
  Waits* waits = nullptr;
  // Of a write that a person has allowed: what they were shown (Preview::shown), and the key by
  // which it is done once, where the caller gave none. It is sent only while it is still as shown.
  const json::Value* approved = nullptr;
  std::string write_key;
  // Of a call of many records: asked before each is begun, with the tool and the arguments of a
  // call of that one alone. What is told in its place; nothing: it goes on. Empty: all do.
  std::function<io::Task<std::optional<CallResult>>(const catalog::Tool& tool,
                                                    const json::Value& arguments)>
      before_each;
  // Of a call that is one of those: how it waits for the others (turns.h). Null: it is none.
  Turns* turns = nullptr;
  std::size_t place = 0;
  // Of a dry run of what belongs to a record that is not made: the number that stands in its
  // arguments for that one's id. It and those above it, up to kLastUnmade, are looked up nowhere,
  // nor is what hangs on them. Nothing: all records that are named are there.
  std::optional<std::int64_t> unmade;
  static constexpr std::int64_t kLastUnmade = 2'147'483'647;  // nothing is numbered so high
  bool is_unmade(const json::Value& id) const {
    const auto number = unmade ? id.as_int64() : std::nullopt;
    return number && *number >= *unmade && *number <= kLastUnmade;
  }
  // Called as pages arrive, where a call fetches several. May be empty.
  std::function<void(std::int64_t done, std::int64_t total, std::string_view message)> on_progress;
};

// What a download brought: it stands beside the result's text, which describes it.
struct FileContent {
  enum class Kind : std::uint8_t { text, image, other };
  Kind kind = Kind::other;
  std::string content;  // UTF-8 where it is text, else base64
  std::string media_type;
  std::string uri;  // a name for it; nothing is served there
};

// What the last door gives.
struct Content {
  std::string text;  // JSON
  std::optional<FileContent> file;
};

// Names that complete what is typed, best first; `more`: there are others that were not looked at.
struct NamesFound {
  std::vector<std::string> names;
  // Of the records that are so called, in the same order; 0: several are, or it is no record. Empty
  // where no records were looked at.
  std::vector<std::int64_t> ids = {};
  bool more = false;
};

// Exactly one JSON text; an error is one too (DESIGN 7).
struct CallResult {
  std::string text;
  std::optional<FileContent> file;
  bool is_error = false;
  std::optional<upstream::RateLimit> rate_limit;
  // For records of the call: the upstream's last status (0: none), bytes before and after shaping,
  // whether the upstream refused the credentials (the account needs re-authentication).
  int upstream_status = 0;
  std::uint64_t upstream_bytes = 0;
  bool credentials_refused = false;
  // Of a write: whether it took place.
  Applied was_applied = Applied::no;
  // Of one that was allowed and is not as it was shown any more: what would be shown now. Else
  // null.
  json::Value shown_now = {};
};

// What a write would send, before anybody is asked for a yes.
struct Preview {
  // {"request", "before", "touches", "names"}. Null: nobody has to be asked, or it is refused.
  json::Value shown;
  std::string notice;
  std::optional<CallResult> refused;
};

}  // namespace patchbay::gateway
