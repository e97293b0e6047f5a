// The transport of 2024-11-05: GET /mcp/<token>/sse opens a stream whose first event names the URL
// to POST messages to; answers come back on the stream. For clients that speak nothing newer.
//
// A session is a stream that is open in this process: with several nodes the balancer has to send
// both requests of a client to the same one. It may do what any other request with the token may
// do, and each POST is admitted anew; the session id only says which stream the answer belongs to.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/mutex.h"
#include "http/message.h"
#include "io/runtime.h"
#include "mcp/methods/services.h"
#include "mcp/server/outbox.h"
#include "mcp/server/server.h"

namespace patchbay::mcp {

class EventStreamTransport {
 public:
  // The stream. `messages_url`: where to POST, without a query, on this origin.
  http::Response open(std::shared_ptr<const Server> server, std::string messages_url,
                      McpServices& services);
  // 202, and the answer on the stream; 404 if that session is not open here; 503 while too much of
  // what was asked for before waits to be read, or is worked on: what a call holds is counted until
  // it is answered, as the body of any other POST is.
  http::Response post(std::shared_ptr<const Server> server, const http::Request& request,
                      McpServices& services);
  // Something may have ended: soon each stream looks whether its server has.
  void look_again();
  // Closes all streams, soon.
  void end_all();

 private:
  struct Session;
  struct Kept;
  class Listed;
  class Writer;
  static io::Task<> run(std::shared_ptr<Kept> kept, std::weak_ptr<Session> session);
  static io::Task<> answer(std::shared_ptr<Kept> kept, std::weak_ptr<Session> session);
  static io::Task<> write_stream(EventStreamTransport* transport, std::shared_ptr<Session> session,
                                 std::string messages_url, McpServices* services,
                                 http::StreamWriter& writer);

  Mutex mutex_;
  std::map<std::string, std::shared_ptr<Session>, std::less<>> sessions_
      PATCHBAY_GUARDED_BY(mutex_);
};

}  // namespace patchbay::mcp
