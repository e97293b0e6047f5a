#include "gateway/writes/dry_run.h"

#include <utility>

#include "gateway/answers/envelope.h"
#include "gateway/answers/record.h"
#include "gateway/arguments/upload.h"
#include "gateway/writes/look_first.h"
#include "gateway/writes/remarks.h"
#include "http/message.h"
#include "json/write.h"
#include "upstream/account.h"

namespace patchbay::gateway {

json::Object shown_request(const Call& call, const Bound& bound) {
  json::Object request;
  request.append("method", http::to_string(upstream::method_of(call.method().verb)));
  request.append("path", bound.path);
  if (!bound.query.empty()) request.append("query", bound.query);
  if (bound.upload) {
    // The file's content stays out: the caller has it.
    request.append("content_type", "multipart/form-data");
    request.append("parts", bound.body);
    request.append("file", shown_file(call.method(), *bound.upload));
  } else if (bound.has_body) {
    request.append("body", bound.body);
  }
  return request;
}

io::Task<Outcome<std::string>> show_request(Call& call, const Prepared& prepared) {
  // There is nothing to look at about what belongs to a record that is not made.
  if (!call.context.unmade) {
    if (auto looked = co_await look_first(call, prepared); !looked) {
      co_return std::unexpected(std::move(looked.error()));
    }
    co_await foretell_remarks(call, prepared);
  }
  json::Object shown;
  shown.append("dry_run", true);
  shown.append("request", shown_request(call, prepared.bound));
  // Told once, by the record that they belong to.
  if (!call.context.unmade) {
    call.add_notice(
        "Nothing was sent. The API may still refuse it for reasons that only it knows.");
  }
  co_return write_record(call, json::to_string(shown),
                         resolved_names(prepared.arguments, prepared.names));
}

}  // namespace patchbay::gateway
