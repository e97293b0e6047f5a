#include "admin/actions.h"
#include "admin/lists.h"
#include "admin/views.h"
#include "control/members.h"

namespace patchbay::admin {
namespace {

// Token and URL stand in two answers only: to the creation and to a rotation.
json::Value view_with_secrets(const Context& context,
                              const control::Minted<store::McpServerRow>& minted) {
  json::Value shown = view(minted.row);
  shown["token"] = minted.token.reveal();
  shown["url"] = context.public_url + "/mcp/" + std::string(minted.token.reveal());
  return shown;
}

Result<control::NewMcpServer> read_new_server(const json::Object& body) {
  if (auto known = control::only_known_members(body, "", {"name", "config", "expires_at"});
      !known) {
    Error error = known.error();
    for (const auto& [name, value] : body) {
      if (name == "methods" || name == "tags" || name == "require_api_token_auth" ||
          name == "tool_exposure") {
        error.hint = "It belongs into 'config': {\"config\": {\"" + name + "\": …}}.";
      }
    }
    return std::unexpected(error);
  }
  control::NewMcpServer server;
  auto name = control::read_name(body.find("name"), "name");
  if (!name) return std::unexpected(name.error());
  server.name = std::move(*name);
  if (const json::Value* const config = body.find("config")) server.config = *config;
  if (const json::Value* const value = body.find("expires_at")) {
    const auto time = control::read_optional_time(*value, "expires_at");
    if (!time) return std::unexpected(time.error());
    server.expires_at = *time;
  }
  return server;
}

}  // namespace

Result<Reply> list_mcp_servers(Context& context, const Call& call) {
  const auto page = read_page(call);
  if (!page) return std::unexpected(page.error());
  const auto rows = context.control.mcp_servers(call.principal, call.parameter("id"), *page);
  if (!rows) return std::unexpected(rows.error());
  return list_reply(*rows, *page, [](const auto& row) { return view(row); });
}

Result<Reply> create_mcp_server(Context& context, const Call& call) {
  auto server = read_new_server(call.body);
  if (!server) return std::unexpected(server.error());
  const auto minted =
      context.control.create_mcp_server(call.principal, call.parameter("id"), std::move(*server));
  if (!minted) return std::unexpected(minted.error());
  return Reply{201, view_with_secrets(context, *minted)};
}

Result<Reply> get_mcp_server(Context& context, const Call& call) {
  const auto row =
      context.control.mcp_server(call.principal, call.parameter("id"), call.parameter("mcp_id"));
  if (!row) return std::unexpected(row.error());
  return Reply{200, view(*row)};
}

Result<Reply> update_mcp_server(Context& context, const Call& call) {
  const auto row = context.control.update_mcp_server(call.principal, call.parameter("id"),
                                                     call.parameter("mcp_id"), call.body);
  if (!row) return std::unexpected(row.error());
  return Reply{200, view(*row)};
}

Result<Reply> delete_mcp_server(Context& context, const Call& call) {
  const auto done = context.control.delete_mcp_server(call.principal, call.parameter("id"),
                                                      call.parameter("mcp_id"));
  if (!done) return std::unexpected(done.error());
  return deleted(call.parameter("mcp_id"));
}

Result<Reply> rotate_mcp_server(Context& context, const Call& call) {
  const auto minted = context.control.rotate_mcp_server(call.principal, call.parameter("id"),
                                                        call.parameter("mcp_id"));
  if (!minted) return std::unexpected(minted.error());
  return Reply{200, view_with_secrets(context, *minted)};
}

}  // namespace patchbay::admin
