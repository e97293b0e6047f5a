#include "admin/actions.h"
#include "admin/body_reader.h"
#include "admin/lists.h"
#include "admin/views.h"
#include "admin/warnings_view.h"
#include "catalog/listing.h"
#include "control/client_limits.h"
#include "json/parse.h"

namespace patchbay::admin {
namespace {

// What it is used for is told as far as the database does: nobody goes without the rest for that.
json::Value view_of(const Context& context, const store::McpServerRow& row) {
  const auto usage = context.control.usage({row});
  return view(row, context.control, usage ? &*usage : nullptr);
}

// Of what the server lists. A listing whose every byte were paid for is often below what is warned
// of, and needs no reading.
std::int64_t tokens_of(const Context& context, const control::McpServer& server) {
  const auto text = context.listing ? context.listing(server) : server.toolset->listing();
  if (static_cast<std::int64_t>(text->size()) <= control::kManyTokens) return 0;
  const auto listing = json::parse(*text);
  std::int64_t tokens = 0;
  if (!listing || !listing->is_array()) return tokens;
  for (const json::Value& listed : *listing->if_array()) {
    tokens += catalog::tokens_estimate(listed);
  }
  return tokens;
}

// To whoever chose the tools: what clients make of so many, and how to call them there.
json::Value view_with_notices(const Context& context, const store::McpServerRow& row) {
  json::Value shown = view_of(context, row);
  const auto server = context.control.live(row);
  if (server == nullptr) return shown;
  auto remark = control::ControlPlane::tool_count(*server).remark;
  if (!remark.empty()) shown["notices"] = json::Array{std::move(remark)};
  auto warnings = view(control::warnings_on(*server, tokens_of(context, *server)));
  if (!warnings.empty()) shown["warnings"] = std::move(warnings);
  shown["client_name"] = control::client_name(server->toolset->catalog().integration());
  return shown;
}

// Token and URL stand in two answers only: to the creation and to a rotation.
json::Value view_with_secrets(const Context& context,
                              const control::Minted<store::McpServerRow>& minted) {
  json::Value shown = view_with_notices(context, minted.row);
  shown["token"] = minted.token.reveal();
  shown["url"] = context.public_url + "/mcp/" + std::string(minted.token.reveal());
  if (!minted.on_disk) tell_unwritten(shown);
  return shown;
}

Result<control::NewMcpServer> read_new_server(const json::Object& body) {
  BodyReader read(body);
  return read.give(control::NewMcpServer{.name = read.required_text("name"),
                                         .config = read.object("config"),
                                         .expires_at = read.time("expires_at"),
                                         .member = read.name_or_id("member"),
                                         .credentials = read.secrets("credentials")});
}

Result<control::McpServerChange> read_server_change(const json::Object& body) {
  BodyReader read(body);
  return read.give(control::McpServerChange{.name = read.changed_text("name"),
                                            .config = read.changed_object("config"),
                                            .expires_at = read.changed_time("expires_at"),
                                            .member = read.changed_name_or_id("member"),
                                            .credentials = read.changed_secrets("credentials")});
}

}  // namespace

Result<json::Value> list_mcp_servers(Context& context, const ApiRequest& request) {
  const auto page = read_page(request);
  if (!page) return std::unexpected(page.error());
  const auto rows = context.control.mcp_servers(request.principal, request.parameter("id"), *page,
                                                request.query_or("name", ""));
  if (!rows) return std::unexpected(rows.error());
  const auto usage = context.control.usage(*rows);
  return list_view(*rows, *page, [&](const auto& row) {
    return view(row, context.control, usage ? &*usage : nullptr);
  });
}

Result<json::Value> create_mcp_server(Context& context, const ApiRequest& request) {
  auto server = read_new_server(request.body);
  if (!server) return std::unexpected(server.error());
  const auto minted = context.control.create_mcp_server(request.principal, request.parameter("id"),
                                                        std::move(*server));
  if (!minted) return std::unexpected(minted.error());
  return view_with_secrets(context, *minted);
}

Result<json::Value> get_mcp_server(Context& context, const ApiRequest& request) {
  const auto row = context.control.mcp_server(request.principal, request.parameter("id"),
                                              request.parameter("mcp_id"));
  if (!row) return std::unexpected(row.error());
  return view_of(context, *row);
}

Result<json::Value> update_mcp_server(Context& context, const ApiRequest& request) {
  auto change = read_server_change(request.body);
  if (!change) return std::unexpected(change.error());
  const bool tools_chosen = change->config.has_value();
  const auto row = context.control.update_mcp_server(
      request.principal, request.parameter("id"), request.parameter("mcp_id"), std::move(*change));
  if (!row) return std::unexpected(row.error());
  return tools_chosen ? view_with_notices(context, *row) : view_of(context, *row);
}

Result<json::Value> delete_mcp_server(Context& context, const ApiRequest& request) {
  const auto done = context.control.delete_mcp_server(request.principal, request.parameter("id"),
                                                      request.parameter("mcp_id"));
  if (!done) return std::unexpected(done.error());
  return view_of_deleted(request.parameter("mcp_id"), done->on_disk);
}

Result<json::Value> rotate_mcp_server(Context& context, const ApiRequest& request) {
  BodyReader read(request.body);
  const auto overlap = read.give(read.seconds("overlap_seconds", control::kMostOverlap));
  if (!overlap) return std::unexpected(overlap.error());
  const auto minted = context.control.rotate_mcp_server(request.principal, request.parameter("id"),
                                                        request.parameter("mcp_id"), *overlap);
  if (!minted) return std::unexpected(minted.error());
  return view_with_secrets(context, *minted);
}

}  // namespace patchbay::admin
