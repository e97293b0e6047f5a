#include "control/token_scope.h"

#include <algorithm>
#include <array>
#include <span>

#include "base/text.h"
#include "control/members.h"
#include "control/server_config.h"

namespace patchbay::control {
namespace {

constexpr std::array<std::string_view, 4> kScopes{"admin", "read", "mint", "mcp"};
constexpr std::array<std::string_view, 3> kMintLimits{"integrated_account_ids", "methods", "tags"};
constexpr std::array<std::string_view, 1> kMcpLimits{"mcp_server_ids"};
constexpr std::size_t kMostValues = 200;

std::span<const std::string_view> known_limits(Scope scope) {
  if (scope == Scope::mint) return kMintLimits;
  if (scope == Scope::mcp) return kMcpLimits;
  return {};
}

Result<std::vector<std::string>> read_list(const json::Value& limits, std::string_view member) {
  std::vector<std::string> entries;
  const json::Value* const value = limits.find(member);
  if (value == nullptr) return entries;
  const auto refuse = [&](std::string_view rule) {
    return fail(ErrorCode::invalid_argument,
                "limits." + std::string(member) + " " + std::string(rule),
                "Leave it out to set no such limit.");
  };
  const json::Array* const array = value->if_array();
  if (array == nullptr) return refuse("must be an array of strings.");
  if (array->empty()) return refuse("must not be empty.");
  if (array->size() > kMostValues) return refuse("must have at most 200 entries.");
  for (const json::Value& entry : *array) {
    const std::string* const text = entry.if_string();
    if (text == nullptr || text->empty()) {
      return refuse("must be an array of strings that are not empty.");
    }
    entries.push_back(*text);
  }
  return entries;
}

bool contains(const std::vector<std::string>& list, std::string_view wanted) {
  return std::ranges::find(list, wanted) != list.end();
}

Result<> check_words(const std::vector<std::string>& allowed,
                     const std::vector<std::string>& wanted, std::string_view member) {
  if (allowed.empty()) return {};
  const bool within = !wanted.empty() && std::ranges::all_of(wanted, [&](const std::string& word) {
    return contains(allowed, word);
  });
  if (within) return {};
  return fail(ErrorCode::permission_denied,
              "config." + std::string(member) + " goes beyond what this API token may mint.",
              "Give config." + std::string(member) + " some of: " + join(allowed) + ".");
}

}  // namespace

std::string_view to_string(Scope scope) {
  return kScopes.at(static_cast<std::size_t>(scope));
}

Result<TokenScope> read_token_scope(std::string_view scope, const json::Value& limits) {
  const auto* const found = std::ranges::find(kScopes, scope);
  if (found == kScopes.end()) {
    return fail(ErrorCode::invalid_argument,
                "'scope' must be one of: " +
                    join(std::vector<std::string>(kScopes.begin(), kScopes.end())) + ".");
  }
  TokenScope read{.scope = static_cast<Scope>(found - kScopes.begin())};
  const json::Object* const object = limits.if_object();
  if (object == nullptr) return fail(ErrorCode::invalid_argument, "'limits' must be an object.");
  const auto known = known_limits(read.scope);
  if (known.empty() && !object->empty()) {
    return fail(ErrorCode::invalid_argument,
                "An API token of scope '" + std::string(scope) + "' has no limits.",
                "Leave 'limits' out, or choose the scope 'mint' or 'mcp'.");
  }
  if (auto only = only_known_members(*object, "limits", known); !only) {
    return std::unexpected(only.error());
  }
  struct List {
    std::string_view member;
    std::vector<std::string>& into;
  };
  for (const List& list :
       {List{"integrated_account_ids", read.accounts}, List{"methods", read.words.methods},
        List{"tags", read.words.tags}, List{"mcp_server_ids", read.servers}}) {
    auto entries = read_list(limits, list.member);
    if (!entries) return std::unexpected(entries.error());
    list.into = std::move(*entries);
  }
  return read;
}

json::Value limits_of(const TokenScope& scope) {
  json::Object limits;
  const auto add = [&](std::string_view member, const std::vector<std::string>& list) {
    if (!list.empty()) limits[std::string(member)] = json::Array(list.begin(), list.end());
  };
  add("integrated_account_ids", scope.accounts);
  add("methods", scope.words.methods);
  add("tags", scope.words.tags);
  add("mcp_server_ids", scope.servers);
  return limits;
}

bool covers_account(const TokenScope& scope, std::string_view account_id) {
  return scope.scope != Scope::mint || scope.accounts.empty() ||
         contains(scope.accounts, account_id);
}

bool admits_to_server(const TokenScope& scope, std::string_view server_id) {
  if (scope.scope == Scope::admin) return true;
  return scope.scope == Scope::mcp && (scope.servers.empty() || contains(scope.servers, server_id));
}

Result<> check_within(const TokenScope& scope, const json::Value& config) {
  if (scope.scope != Scope::mint) return {};
  const auto read = read_server_config(config);
  if (!read) return std::unexpected(read.error());
  if (auto methods = check_words(scope.words.methods, read->filter.methods, "methods"); !methods) {
    return methods;
  }
  return check_words(scope.words.tags, read->filter.tags, "tags");
}

}  // namespace patchbay::control
