// Records by what a person calls them: an id, or a name that only one has.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "cli/instance/api_client.h"
#include "json/value.h"

namespace patchbay::cli {

// Errors: not_found, with what there is by near names; conflict, with the ids of all that are
// called so; those of the API.
Result<json::Value> find_environment(const ApiClient& client, std::string_view wanted);
Result<json::Value> find_api_token(const ApiClient& client, std::string_view wanted);
Result<json::Value> find_account(const ApiClient& client, std::string_view wanted);
// By its id, or a description that only one has.
Result<json::Value> find_webhook(const ApiClient& client, std::string_view wanted);
// `account`: of this account only; empty: of all.
Result<json::Value> find_server(const ApiClient& client, std::string_view wanted,
                                std::string_view account);
// Every MCP server, of one account or of all.
Result<json::Array> list_servers(const ApiClient& client, std::string_view account);

// What a record is addressed by.
std::string id_of(const json::Value& record);
std::string server_path(const json::Value& server);

// Their ids: a list of accounts or MCP servers as a person calls them.
Result<json::Array> account_ids(const ApiClient& client, const std::vector<std::string>& wanted);
Result<json::Array> server_ids(const ApiClient& client, const std::vector<std::string>& wanted);

}  // namespace patchbay::cli
