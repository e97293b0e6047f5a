// A tool call from arguments to result. The corridor that it passes stands in corridor.cpp, the
// doors before the last one in arguments/prepare.cpp.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

#include "base/clock.h"
#include "base/secret.h"
#include "catalog/tool.h"
#include "gateway/call/context.h"
#include "gateway/call/services.h"
#include "io/runtime.h"
#include "io/task.h"
#include "json/value.h"
#include "upstream/account.h"

namespace patchbay::gateway {

// Whether a call would only be shown, and nothing sent. Arguments as the caller wrote them.
bool is_dry_run(const catalog::Tool& tool, const json::Value& arguments);

// Whether a call is of several records (many/asked.h), or of one that brings others along.
bool is_of_many(const catalog::Tool& tool, const json::Value& arguments);
// Such a call as calls of one record each: of a filter the change alone, and nothing as long as it
// is only counted. Any other call, and one that will be refused, is itself.
std::vector<json::Value> each_of(const catalog::Tool& tool, const json::Value& arguments);

class Gateway {
 public:
  // `cursor_keys`: 32 bytes each; the first seals cursors, all of them open some. The same on every
  // node.
  Gateway(io::Runtime& runtime, upstream::Sender& sender, const Clock& clock,
          std::vector<Secret> cursor_keys, GatewayOptions options);
  ~Gateway();

  // Runs on the calling loop. Never fails: what goes wrong is a result that says so.
  io::Task<CallResult> call(const catalog::Tool& tool, json::Value arguments, CallContext context);

  // What a write would send, without sending it. `asks` is given the arguments as they would be
  // sent, and says whether anybody has to be asked; where nobody has, nothing more is looked at.
  // Runs on the calling loop.
  using Asks = std::function<bool(const json::Object& arguments)>;
  io::Task<Preview> preview(const catalog::Tool& tool, json::Value arguments, CallContext context,
                            Asks asks);

  // The names of the records that a list tool lists, as they complete `typed`. Runs on the calling
  // loop. None where the list needs a parent's id, or where the upstream does not answer.
  io::Task<NamesFound> complete(const catalog::Tool& list, std::string typed, CallContext context);

  // The same of an argument that names records, or of one with a few values, within what the other
  // arguments say (a status: on which board). None where that cannot be told.
  io::Task<NamesFound> complete_argument(const catalog::Tool& tool, std::string argument,
                                         std::string typed, json::Object others,
                                         CallContext context);

  // From each request's next turn on. From any thread.
  void set_limits(const CallLimits& limits);

  // Where calls leave their events; null: nowhere. From any thread.
  std::shared_ptr<audit::Journal> journal() const;

  // How many calls wait for their turn among the requests of an account. From any thread.
  std::size_t waiting() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace patchbay::gateway
