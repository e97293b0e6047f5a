#include "admin/actions.h"
#include "admin/body_reader.h"
#include "admin/lists.h"
#include "admin/views.h"

namespace patchbay::admin {

Result<json::Value> list_environments(Context& context, const ApiRequest& request) {
  const auto page = read_page(request);
  if (!page) return std::unexpected(page.error());
  const auto rows = context.control.environments(request.principal, *page);
  if (!rows) return std::unexpected(rows.error());
  return list_view(*rows, *page, [](const auto& row) { return view(row); });
}

Result<json::Value> create_environment(Context& context, const ApiRequest& request) {
  BodyReader read(request.body);
  auto name = read.give(read.required_text("name"));
  if (!name) return std::unexpected(name.error());
  const auto row = context.control.create_environment(request.principal, std::move(*name));
  if (!row) return std::unexpected(row.error());
  return view(*row);
}

Result<json::Value> get_environment(Context& context, const ApiRequest& request) {
  const auto row = context.control.environment(request.principal, request.parameter("id"));
  if (!row) return std::unexpected(row.error());
  const auto owned = context.control.owned_by(*row);
  if (!owned) return std::unexpected(owned.error());
  json::Value shown = view(*row);
  shown["integrated_account_count"] = owned->accounts;
  shown["mcp_server_count"] = owned->mcp_servers;
  return shown;
}

Result<json::Value> update_environment(Context& context, const ApiRequest& request) {
  BodyReader read(request.body);
  auto change = read.give(control::EnvironmentChange{.name = read.changed_text("name"),
                                                     .audit = read.changed_object("audit")});
  if (!change) return std::unexpected(change.error());
  const auto row = context.control.update_environment(request.principal, request.parameter("id"),
                                                      std::move(*change));
  if (!row) return std::unexpected(row.error());
  return view(*row);
}

Result<json::Value> delete_environment(Context& context, const ApiRequest& request) {
  const auto done = context.control.delete_environment(request.principal, request.parameter("id"));
  if (!done) return std::unexpected(done.error());
  return view_of_deleted(request.parameter("id"), done->on_disk);
}

}  // namespace patchbay::admin
