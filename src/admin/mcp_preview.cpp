// What an MCP server of a config would list, before it is minted: its tools, what they cost a
// model, and whether clients take so many.
#include <string>
#include <utility>

#include "admin/actions.h"
#include "admin/body_reader.h"
#include "admin/tool_view.h"
#include "admin/warnings_view.h"
#include "catalog/listing.h"
#include "control/client_limits.h"
#include "json/parse.h"

namespace patchbay::admin {
namespace {

using control::ClientLimit;

json::Value limit_view(const ClientLimit& limit, std::int64_t tools, std::int64_t tokens) {
  const bool counts_tools = limit.unit == ClientLimit::Unit::tools;
  return json::Object{{"client", limit.client},
                      {"limit", limit.limit},
                      {"unit", counts_tools ? "tools" : "tokens"},
                      {"kind", limit.refuses ? "hard" : "advice"},
                      {"exceeded", (counts_tools ? tools : tokens) > limit.limit}};
}

json::Array notices_on(const control::McpServer& server, std::int64_t tokens) {
  json::Array notices;
  if (auto remark = control::ControlPlane::tool_count(server).remark; !remark.empty()) {
    notices.push_back(std::move(remark));
  }
  if (tokens > control::kAdvisedTokens) {
    notices.push_back("About " + std::to_string(tokens) +
                      " tokens (an estimate) stand in every conversation before its first word; "
                      "up to " +
                      std::to_string(control::kAdvisedTokens) +
                      " leave a model room. Narrow the config with tags or methods.");
  }
  return notices;
}

// What the four that are listed find.
json::Array found_by_search(const catalog::Toolset& toolset) {
  json::Array found;
  if (toolset.exposure() != catalog::Exposure::discovery) return found;
  for (const catalog::Tool* tool : toolset.tools()) {
    found.push_back(brief_view(catalog::listed_tool(*tool, toolset.shown(*tool)), tool));
  }
  return found;
}

}  // namespace

Result<json::Value> preview_mcp_server(Context& context, const ApiRequest& request) {
  BodyReader read(request.body);
  auto draft = read.give(control::NewMcpServer{.name = {},
                                               .config = read.object("config"),
                                               .expires_at = {},
                                               .member = read.name_or_id("member")});
  if (!draft) return std::unexpected(std::move(draft.error()));
  const auto server = context.control.preview_mcp_server(request.principal, request.parameter("id"),
                                                         std::move(*draft));
  if (!server) return std::unexpected(server.error());
  const auto text = context.listing ? context.listing(**server) : (*server)->toolset->listing();
  const auto listing = json::parse(*text);
  if (!listing) return std::unexpected(listing.error());
  std::int64_t tokens = 0;
  json::Array tools;
  for (const json::Value& listed : *listing->if_array()) {
    const catalog::Tool* const tool = (*server)->toolset->find(listed.string_or("name", ""));
    tokens += catalog::tokens_estimate(listed);
    tools.push_back(brief_view(listed, tool));
  }
  const auto count = static_cast<std::int64_t>(tools.size());
  json::Array clients;
  for (const ClientLimit& limit : control::kClientLimits) {
    clients.push_back(limit_view(limit, count, tokens));
  }
  return json::Object{{"tool_count", count},
                      {"tokens_estimate", tokens},
                      {"tools", std::move(tools)},
                      {"found_by_search", found_by_search(*(*server)->toolset)},
                      {"notices", notices_on(**server, tokens)},
                      {"warnings", view(control::warnings_on(**server, tokens))},
                      {"clients", std::move(clients)}};
}

}  // namespace patchbay::admin
