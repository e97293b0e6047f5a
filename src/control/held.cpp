#include "control/held.h"

#include "json/write.h"

namespace patchbay::control {
namespace {

// Of an object's place in a map, a shard and its copies, and of what allocators add.
constexpr std::size_t kPlaces = 600;

// A connection of one's own, and who has it.
std::size_t bytes_of_own(const store::McpServerRow& row) {
  const std::size_t member = 8 * json::to_string(row.member).size();
  if (row.credentials.bytes.empty()) return member;
  return member + sizeof(upstream::Account) + kPlaces + 6 * row.credentials.bytes.size();
}

template <class T, class Belongs>
std::vector<std::string> ids_where(const ById<T>& all, Belongs belongs) {
  std::vector<std::string> ids;
  for (const auto& [id, one] : all) {
    if (belongs(one)) ids.push_back(id);
  }
  return ids;
}

}  // namespace

std::vector<std::string> Held::servers_of_account(std::string_view account_id) const {
  return ids_where(servers,
                   [&](const HeldServer& one) { return one.row.account_id == account_id; });
}

std::vector<std::string> Held::servers_of_environment(std::string_view environment_id) const {
  return ids_where(servers,
                   [&](const HeldServer& one) { return one.row.environment_id == environment_id; });
}

std::vector<std::string> Held::tokens_of_environment(std::string_view environment_id) const {
  return ids_where(tokens,
                   [&](const HeldToken& one) { return one.environment_id == environment_id; });
}

std::size_t Held::bytes_of(const HeldServer& server) {
  const store::McpServerRow& row = server.row;
  // A config as values takes several times what it takes as text.
  return kPlaces + sizeof(HeldServer) + sizeof(McpServer) + 2 * row.name.size() +
         3 * (row.id.size() + row.account_id.size() + row.environment_id.size()) +
         8 * json::to_string(row.config).size() + bytes_of_own(row);
}

std::size_t Held::bytes_of(const HeldToken& token) {
  return kPlaces + sizeof(HeldToken) + sizeof(ApiToken) + sizeof(Use) +
         2 * token.environment_id.size();
}

}  // namespace patchbay::control
