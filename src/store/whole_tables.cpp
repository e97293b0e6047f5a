// Until control asks by page. Goes then.
#include <algorithm>

#include "store/each_row.h"
#include "store/repository.h"

namespace patchbay::store {
namespace {

template <class Row>
Result<std::vector<Row>> all_of(Repository& repository) {
  std::vector<Row> all;
  auto read = each_row<Row>(repository, [&](Row& row) -> Result<> {
    all.push_back(std::move(row));
    return {};
  });
  if (!read) return std::unexpected(std::move(read.error()));
  std::ranges::sort(all, {}, [](const Row& row) { return std::pair(row.created_at, row.id); });
  return all;
}

}  // namespace

Result<std::vector<EnvironmentRow>> Repository::environments() {
  return all_of<EnvironmentRow>(*this);
}
Result<std::vector<ApiTokenRow>> Repository::api_tokens() {
  return all_of<ApiTokenRow>(*this);
}
Result<std::vector<AccountRow>> Repository::accounts() {
  return all_of<AccountRow>(*this);
}
Result<std::vector<McpServerRow>> Repository::mcp_servers() {
  return all_of<McpServerRow>(*this);
}

Result<std::vector<std::string>> Repository::delete_expired_mcp_servers(WallTime now) {
  std::vector<std::string> ids;
  while (true) {
    const auto gone = delete_expired(now, kRowsAtOnce);
    if (!gone) return std::unexpected(gone.error());
    for (const Expired& each : *gone) {
      if (each.kind == Kind::mcp_server) ids.push_back(each.id);
    }
    if (gone->size() < kRowsAtOnce) return ids;
  }
}

}  // namespace patchbay::store
