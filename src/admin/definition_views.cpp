#include "admin/definition_views.h"

#include <utility>

#include "base/iso8601.h"

namespace patchbay::admin {
namespace {

json::Array texts(const std::vector<std::string>& all) {
  json::Array array;
  for (const std::string& text : all) array.emplace_back(text);
  return array;
}

}  // namespace

json::Value view(const std::vector<pack::Problem>& faults) {
  json::Array array;
  for (const pack::Problem& fault : faults) {
    array.emplace_back(json::Object{{"file", fault.file},
                                    {"line", static_cast<std::int64_t>(fault.line)},
                                    {"message", fault.message},
                                    {"hint", fault.fix}});
  }
  return array;
}

json::Value view(const definitions::Difference& difference) {
  json::Array changed;
  for (const definitions::ToolChange& change : difference.changed) {
    changed.emplace_back(json::Object{
        {"tool", change.tool}, {"is_breaking", change.is_breaking}, {"what", texts(change.what)}});
  }
  return json::Object{{"added", texts(difference.added)},
                      {"removed", texts(difference.removed)},
                      {"changed", std::move(changed)}};
}

json::Value view(const definitions::Outcome& outcome) {
  json::Array left_out;
  for (const definitions::LeftOut& each : outcome.left_out) {
    left_out.emplace_back(json::Object{{"operation", each.operation}, {"reason", each.reason}});
  }
  json::Array servers;
  for (const definitions::ServerEffect& server : outcome.servers) {
    servers.emplace_back(json::Object{{"id", server.id},
                                      {"name", server.name},
                                      {"added", texts(server.added)},
                                      {"removed", texts(server.removed)},
                                      {"changed", texts(server.changed)},
                                      {"is_breaking", server.is_breaking}});
  }
  return json::Object{
      {"operations", static_cast<std::int64_t>(outcome.operations)},
      {"tools", static_cast<std::int64_t>(outcome.tools)},
      {"left_out", std::move(left_out)},
      {"diff", view(outcome.difference)},
      {"mcp_servers", std::move(servers)},
      {"faults", view(outcome.faults)},
      {"revision", outcome.revision ? json::Value(*outcome.revision) : json::Value()}};
}

void add_standing(json::Value& integration, const definitions::Standing& standing) {
  integration["origin"] = json::Value(std::string(definitions::to_string(standing.origin)));
  integration["revision"] = standing.revision ? json::Value(*standing.revision) : json::Value();
  integration["loaded_at"] = json::Value(format_utc_millis(standing.loaded_at));
  integration["faults"] = view(standing.faults);
}

}  // namespace patchbay::admin
