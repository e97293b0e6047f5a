#include "cli/instance/find.h"

#include <vector>

#include <fmt/format.h>

#include "base/nearest.h"
#include "base/text.h"

namespace patchbay::cli {
namespace {

// What is asked for, in messages.
struct Kind {
  std::string_view name;    // "integrated account"
  std::string_view plural;  // how to see them all
  std::string_view list;
  std::string_view called = "name";  // the member that people call it by
};
constexpr Kind kEnvironment{"environment", "environments", "patchbay environment list"};
constexpr Kind kApiToken{"API token", "API tokens", "patchbay token list"};
constexpr Kind kAccount{"integrated account", "integrated accounts", "patchbay account list"};
constexpr Kind kWebhook{"webhook", "webhooks", "patchbay webhook list", "description"};
constexpr Kind kServer{"MCP server", "MCP servers", "patchbay server list"};

Result<json::Value> pick(const json::Array& records, std::string_view wanted, const Kind& kind) {
  std::vector<const json::Value*> same;
  std::vector<const json::Value*> alike;
  std::vector<std::string> names;
  for (const json::Value& each : records) {
    const std::string_view name = each.string_or(kind.called, "");
    if (each.string_or("id", "") == wanted) return each;
    if (name == wanted) same.push_back(&each);
    if (equal_ignoring_case(name, wanted)) alike.push_back(&each);
    names.emplace_back(name);
  }
  if (same.empty()) same = std::move(alike);
  if (same.size() == 1) return *same.front();
  if (same.empty()) {
    const auto near = nearest(wanted, names, 5);
    return fail(ErrorCode::not_found, fmt::format("There is no {} '{}'.", kind.name, wanted),
                near.empty() ? fmt::format("`{}` shows all {}.", kind.list, kind.plural)
                             : "Did you mean " + join(near) + "?");
  }
  std::vector<std::string> ids;
  for (const json::Value* const each : same) ids.push_back(id_of(*each));
  return fail(ErrorCode::conflict,
              fmt::format("{} {} are called '{}'.", ids.size(), kind.plural, wanted),
              "Say which by its id: " + join(ids) + ".");
}

Result<json::Value> find_in(const ApiClient& client, const std::string& path,
                            std::string_view wanted, const Kind& kind) {
  const auto records = client.list(path);
  if (!records) return std::unexpected(records.error());
  return pick(*records, wanted, kind);
}

// By its id at once, where it looks like one: lists are long, and may be cut.
Result<json::Value> find_by_id_or_name(const ApiClient& client, std::string_view segment,
                                       std::string_view prefix, std::string_view wanted,
                                       const Kind& kind) {
  if (trim(wanted).empty()) {
    return fail(ErrorCode::invalid_argument,
                fmt::format("Which {}? The name is empty.", kind.name));
  }
  if (wanted.starts_with(prefix)) {
    auto found = client.get(path_to({segment, wanted}));
    if (found || found.error().code != ErrorCode::not_found) return found;
  }
  return find_in(client, path_to({segment}), wanted, kind);
}

template <class Find>
Result<json::Array> ids_of(const std::vector<std::string>& wanted, const Find& find) {
  json::Array ids;
  for (const std::string& each : wanted) {
    const auto found = find(each);
    if (!found) return std::unexpected(found.error());
    ids.emplace_back(id_of(*found));
  }
  return ids;
}

}  // namespace

std::string id_of(const json::Value& record) {
  return std::string(record.string_or("id", ""));
}

std::string server_path(const json::Value& server) {
  return path_to({"integrated-account", server.string_or("integrated_account_id", ""), "mcp",
                  server.string_or("id", "")});
}

Result<json::Value> find_environment(const ApiClient& client, std::string_view wanted) {
  return find_by_id_or_name(client, "environment", "env_", wanted, kEnvironment);
}

Result<json::Value> find_api_token(const ApiClient& client, std::string_view wanted) {
  if (trim(wanted).empty()) {
    return fail(ErrorCode::invalid_argument, "Which API token? The name is empty.");
  }
  return find_in(client, "/api-token", wanted, kApiToken);
}

Result<json::Value> find_account(const ApiClient& client, std::string_view wanted) {
  return find_by_id_or_name(client, "integrated-account", "acc_", wanted, kAccount);
}

Result<json::Value> find_webhook(const ApiClient& client, std::string_view wanted) {
  return find_by_id_or_name(client, "webhook", "whk_", wanted, kWebhook);
}

Result<json::Array> list_servers(const ApiClient& client, std::string_view account) {
  json::Array accounts;
  if (!account.empty()) {
    auto one = find_account(client, account);
    if (!one) return std::unexpected(one.error());
    accounts.push_back(std::move(*one));
  } else {
    auto all = client.list("/integrated-account");
    if (!all) return std::unexpected(all.error());
    accounts = std::move(*all);
  }
  json::Array servers;
  for (const json::Value& each : accounts) {
    const auto its = client.list(path_to({"integrated-account", id_of(each), "mcp"}));
    if (!its) return std::unexpected(its.error());
    servers.insert(servers.end(), its->begin(), its->end());
  }
  return servers;
}

Result<json::Value> find_server(const ApiClient& client, std::string_view wanted,
                                std::string_view account) {
  if (trim(wanted).empty()) {
    return fail(ErrorCode::invalid_argument, "Which MCP server? The name is empty.");
  }
  const auto servers = list_servers(client, account);
  if (!servers) return std::unexpected(servers.error());
  return pick(*servers, wanted, kServer);
}

Result<json::Array> account_ids(const ApiClient& client, const std::vector<std::string>& wanted) {
  return ids_of(wanted, [&](const std::string& each) { return find_account(client, each); });
}

Result<json::Array> server_ids(const ApiClient& client, const std::vector<std::string>& wanted) {
  return ids_of(wanted, [&](const std::string& each) { return find_server(client, each, ""); });
}

}  // namespace patchbay::cli
