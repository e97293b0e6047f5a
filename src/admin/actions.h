// What the operations do: from a checked request to the control plane and back to JSON.
#pragma once

#include "admin/operation.h"

namespace patchbay::admin {

// environments.cpp
Result<json::Value> list_environments(Context& context, const ApiRequest& request);
Result<json::Value> create_environment(Context& context, const ApiRequest& request);
Result<json::Value> get_environment(Context& context, const ApiRequest& request);
Result<json::Value> update_environment(Context& context, const ApiRequest& request);
Result<json::Value> delete_environment(Context& context, const ApiRequest& request);

// log.cpp
Result<json::Value> list_events(Context& context, const ApiRequest& request);
Result<json::Value> get_event(Context& context, const ApiRequest& request);
Result<json::Value> verify_log(Context& context, const ApiRequest& request);

// activity.cpp
Result<json::Value> get_activity(Context& context, const ApiRequest& request);

// overview.cpp
Result<json::Value> get_overview(Context& context, const ApiRequest& request);

// api_tokens.cpp
Result<json::Value> list_api_tokens(Context& context, const ApiRequest& request);
Result<json::Value> create_api_token(Context& context, const ApiRequest& request);
Result<json::Value> update_api_token(Context& context, const ApiRequest& request);
Result<json::Value> delete_api_token(Context& context, const ApiRequest& request);

// integrations.cpp
Result<json::Value> list_integrations(Context& context, const ApiRequest& request);
Result<json::Value> get_integration(Context& context, const ApiRequest& request);

// definitions.cpp
Result<json::Value> reload_integration(Context& context, const ApiRequest& request);
Result<json::Value> import_integration(Context& context, const ApiRequest& request);
Result<json::Value> upload_integration(Context& context, const ApiRequest& request);
Result<json::Value> roll_back_integration(Context& context, const ApiRequest& request);
Result<json::Value> list_revisions(Context& context, const ApiRequest& request);

// accounts.cpp
Result<json::Value> list_accounts(Context& context, const ApiRequest& request);
Result<json::Value> create_account(Context& context, const ApiRequest& request);
Result<json::Value> get_account(Context& context, const ApiRequest& request);
Result<json::Value> update_account(Context& context, const ApiRequest& request);
Result<json::Value> delete_account(Context& context, const ApiRequest& request);
Result<json::Value> probe_account(Context& context, const ApiRequest& request);
Result<json::Value> make_connect_link(Context& context, const ApiRequest& request);

// capabilities.cpp
Result<json::Value> get_capabilities(Context& context, const ApiRequest& request);

// tools.cpp
Result<json::Value> get_tool(Context& context, const ApiRequest& request);
Result<json::Value> try_tool(Context& context, const ApiRequest& request);
Result<json::Value> complete_argument(Context& context, const ApiRequest& request);

// mcp_servers.cpp
Result<json::Value> list_mcp_servers(Context& context, const ApiRequest& request);
Result<json::Value> create_mcp_server(Context& context, const ApiRequest& request);
Result<json::Value> get_mcp_server(Context& context, const ApiRequest& request);
Result<json::Value> update_mcp_server(Context& context, const ApiRequest& request);
Result<json::Value> delete_mcp_server(Context& context, const ApiRequest& request);
Result<json::Value> rotate_mcp_server(Context& context, const ApiRequest& request);

// sessions.cpp
Result<json::Value> get_session(Context& context, const ApiRequest& request);
Result<json::Value> end_session(Context& context, const ApiRequest& request);
Result<json::Value> make_sign_in_link(Context& context, const ApiRequest& request);

// mcp_preview.cpp
Result<json::Value> preview_mcp_server(Context& context, const ApiRequest& request);

// instance.cpp
Result<json::Value> reload(Context& context, const ApiRequest& request);

// approvals.cpp
Result<json::Value> list_approvals(Context& context, const ApiRequest& request);
Result<json::Value> get_approval(Context& context, const ApiRequest& request);
Result<json::Value> approve(Context& context, const ApiRequest& request);
Result<json::Value> refuse_approval(Context& context, const ApiRequest& request);
Result<json::Value> link_approval(Context& context, const ApiRequest& request);

// webhooks.cpp
Result<json::Value> list_webhooks(Context& context, const ApiRequest& request);
Result<json::Value> create_webhook(Context& context, const ApiRequest& request);
Result<json::Value> get_webhook(Context& context, const ApiRequest& request);
Result<json::Value> update_webhook(Context& context, const ApiRequest& request);
Result<json::Value> delete_webhook(Context& context, const ApiRequest& request);
Result<json::Value> rotate_webhook(Context& context, const ApiRequest& request);
Result<json::Value> test_webhook(Context& context, const ApiRequest& request);
Result<json::Value> list_deliveries(Context& context, const ApiRequest& request);
Result<json::Value> replay_delivery(Context& context, const ApiRequest& request);

}  // namespace patchbay::admin
