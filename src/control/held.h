// The rows that this node has in memory: what it uses, as long as there is room. The snapshot shows
// the same to the call path.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "control/snapshot.h"
#include "store/records.h"

namespace patchbay::control {

template <class T>
using ById = std::map<std::string, T, std::less<>>;

struct HeldServer {
  store::McpServerRow row;
  std::shared_ptr<const McpServer> live;
};

struct HeldToken {
  vault::TokenHash hash;
  std::string environment_id;
  std::optional<WallTime> expires_at;
  std::int64_t version = 0;
  std::shared_ptr<Use> use;
};

// An open connection, for as long as a server that is held or runs has it.
struct HeldAccount {
  store::AccountRow row;
  std::weak_ptr<const upstream::Account> live;
};

// Not thread-safe.
struct Held {
  ById<HeldServer> servers;
  ById<HeldToken> tokens;
  ById<HeldAccount> accounts;

  std::vector<std::string> servers_of_account(std::string_view account_id) const;
  std::vector<std::string> servers_of_environment(std::string_view environment_id) const;
  std::vector<std::string> tokens_of_environment(std::string_view environment_id) const;

  // What holding it costs, about: objects, texts and its places in the tables.
  static std::size_t bytes_of(const HeldServer& server);
  static std::size_t bytes_of(const HeldToken& token);
};

}  // namespace patchbay::control
