// subscriptions/listen (2026-07-28): streams that tell when a server's tools or prompts change.
//
// What a server lists is an immutable object that is replaced when its config, its integration or
// its life changes, by whichever connection or node made the change. So listening is comparing:
// each loop looks every 100 ms whether the listings of its listeners are still the ones that it saw
// last. That is a look-up by hash each (2,000 listeners: 12 ms of a core a second, measured), needs
// no wiring to whoever changes things, and cannot miss a change. A server that is gone (deleted,
// rotated, expired) ends its streams with the result that the protocol asks for.
#pragma once

#include <list>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/mutex.h"
#include "base/shares.h"
#include "http/message.h"
#include "io/deadline.h"
#include "io/runtime.h"
#include "mcp/server/outbox.h"
#include "mcp/server/server.h"
#include "mcp/wire/jsonrpc.h"
#include "mcp/wire/result.h"

namespace patchbay::mcp {

// Said where there are as many as there may be, in all or of one URL.
Fault too_many_listeners();

class Listeners {
 public:
  Listeners();
  ~Listeners();

  // The response to subscriptions/listen, or what is wrong with it. `call` and `server` are copied
  // as far as they are needed; `version` lives as long as the endpoint. `place`: its share of
  // the streams that there may be.
  std::expected<http::Response, Fault> listen(std::shared_ptr<const Server> server,
                                              const MethodCall& call, std::string_view version,
                                              Shares::Share place);

  // Looks at once, and not only when its time has come. From any thread.
  void look_again();
  // Ends all streams with their result, soon. For a graceful stop.
  void end_all();

 private:
  struct Listener;
  struct PerLoop;
  class Listed;
  static io::Task<> write_stream(std::shared_ptr<Listener> listener, http::StreamWriter& writer);
  std::shared_ptr<PerLoop> here();

  Mutex mutex_;
  std::map<io::Loop*, std::shared_ptr<PerLoop>> loops_ PATCHBAY_GUARDED_BY(mutex_);
};

}  // namespace patchbay::mcp
