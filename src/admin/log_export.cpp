#include "admin/log_export.h"

#include <memory>
#include <stdexcept>
#include <utility>

#include "admin/log.h"
#include "admin/responses.h"
#include "audit/export.h"

namespace patchbay::admin {
namespace {

constexpr std::size_t kEventsAtOnce = 500;  // some 300 KB

struct Export {
  io::Runtime& runtime;
  Context& context;
  const audit::LogQuery query;
  const bool csv;
  const Credentials credentials;
  const control::Principal asker;
  audit::LogPosition after = {};
};

std::string text_of(const Export& exported, const audit::LogPage& page) {
  std::string text;
  for (const store::EventRow& row : page.events) {
    text += exported.csv ? audit::csv_line(row) : audit::json_line(row);
  }
  return text;
}

// What is cut short must not look whole: without the last chunk its reader sees it.
[[noreturn]] void break_off(const std::string& why) {
  throw std::runtime_error("an export of the log was broken off: " + why);
}

// Whoever's token is taken back, or narrowed, hears no more of it.
io::Task<bool> may_still_read(const Export& exported) {
  const auto now =
      co_await authenticate(exported.runtime, exported.context.control, exported.credentials);
  co_return now && now->principal.environment_id == exported.asker.environment_id &&
      now->principal.scope.scope == exported.asker.scope.scope;
}

io::Task<> write_all(std::shared_ptr<Export> exported, http::StreamWriter& writer) {
  if (exported->csv && !co_await writer.write(audit::csv_head())) co_return;
  while (true) {
    if (!co_await may_still_read(*exported)) break_off("the API token is no longer good for it");
    std::string text;
    const auto page = co_await exported->runtime.run_blocking([exported, &text] {
      auto read = audit::read_log(*exported->context.log.rows, exported->query, exported->after,
                                  kEventsAtOnce);
      if (read) text = text_of(*exported, *read);
      return read;
    });
    if (!page) break_off(page.error().message);
    if (!text.empty() && !co_await writer.write(text)) co_return;
    if (!page->next) break;
    exported->after = *page->next;
  }
}

}  // namespace

Result<http::Response> export_log(io::Runtime& runtime, Context& context, const ApiRequest& request,
                                  Credentials credentials) {
  if (context.log.rows == nullptr) {
    return fail(ErrorCode::unsupported, "This server keeps no audit log.");
  }
  const std::string_view format = request.query_or("format", "jsonl");
  if (format != "jsonl" && format != "csv") {
    return fail(ErrorCode::invalid_argument, "'format' must be jsonl or csv.");
  }
  auto query = read_log_query(request);
  if (!query) return std::unexpected(std::move(query.error()));
  auto exported = std::make_shared<Export>(Export{.runtime = runtime,
                                                  .context = context,
                                                  .query = std::move(*query),
                                                  .csv = format == "csv",
                                                  .credentials = std::move(credentials),
                                                  .asker = request.principal});
  http::Response response;
  add_common_headers(response);
  response.headers.add("Content-Type",
                       exported->csv ? "text/csv; charset=utf-8" : "application/x-ndjson");
  response.headers.add("Content-Disposition", exported->csv
                                                  ? "attachment; filename=\"patchbay-log.csv\""
                                                  : "attachment; filename=\"patchbay-log.jsonl\"");
  response.stream = [exported](http::StreamWriter& writer) { return write_all(exported, writer); };
  return response;
}

}  // namespace patchbay::admin
