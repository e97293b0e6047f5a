// What the endpoints do: from a checked call to the control plane and back to JSON.
#pragma once

#include "admin/endpoint.h"

namespace patchbay::admin {

// environments.cpp
Result<Reply> list_environments(Context& context, const Call& call);
Result<Reply> create_environment(Context& context, const Call& call);
Result<Reply> get_environment(Context& context, const Call& call);
Result<Reply> update_environment(Context& context, const Call& call);
Result<Reply> delete_environment(Context& context, const Call& call);

// api_tokens.cpp
Result<Reply> list_api_tokens(Context& context, const Call& call);
Result<Reply> create_api_token(Context& context, const Call& call);
Result<Reply> delete_api_token(Context& context, const Call& call);

// integrations.cpp
Result<Reply> list_integrations(Context& context, const Call& call);
Result<Reply> get_integration(Context& context, const Call& call);

// accounts.cpp
Result<Reply> list_accounts(Context& context, const Call& call);
Result<Reply> create_account(Context& context, const Call& call);
Result<Reply> get_account(Context& context, const Call& call);
Result<Reply> update_account(Context& context, const Call& call);
Result<Reply> delete_account(Context& context, const Call& call);
Result<Reply> probe_account(Context& context, const Call& call);

// capabilities.cpp
Result<Reply> get_capabilities(Context& context, const Call& call);

// mcp_servers.cpp
Result<Reply> list_mcp_servers(Context& context, const Call& call);
Result<Reply> create_mcp_server(Context& context, const Call& call);
Result<Reply> get_mcp_server(Context& context, const Call& call);
Result<Reply> update_mcp_server(Context& context, const Call& call);
Result<Reply> delete_mcp_server(Context& context, const Call& call);
Result<Reply> rotate_mcp_server(Context& context, const Call& call);

// {"id": "..."}: what was deleted.
Reply deleted(std::string_view id);
// A member that must be a string where it is given and not null.
Result<std::string> optional_text(const json::Object& body, std::string_view member);

}  // namespace patchbay::admin
