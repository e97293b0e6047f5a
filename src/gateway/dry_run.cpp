#include "gateway/stages.h"
#include "http/message.h"
#include "json/write.h"
#include "upstream/account.h"

namespace patchbay::gateway {

Step<std::string> dry_run(Call& call) {
  // Headers are left out altogether: the sign-in is among them.
  json::Object request;
  request.append("method", http::to_string(upstream::method_of(call.method().verb)));
  request.append("path", call.path);
  if (!call.query.empty()) request.append("query", call.query);
  if (call.upload) {
    // The file's content stays out: the caller has it.
    request.append("content_type", "multipart/form-data");
    request.append("parts", call.body);
    request.append("file", shown_file(call));
  } else if (call.has_body) {
    request.append("body", call.body);
  }
  json::Object shown;
  shown.append("dry_run", true);
  shown.append("request", std::move(request));
  call.add_notice("Nothing was sent. The API may still refuse it for reasons that only it knows.");
  return assemble_record(call, json::to_string(shown), resolved_member(call));
}

}  // namespace patchbay::gateway
