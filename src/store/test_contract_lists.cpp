#include <set>

#include <doctest/doctest.h>

#include "store/each_row.h"
#include "store/test_repository_contract.h"
#include "store/test_rows.h"

namespace patchbay::store {
namespace {

template <class Row>
std::string ids(const std::vector<Row>& rows) {
  std::string text;
  for (const Row& row : rows) text += (text.empty() ? "" : " ") + row.id;
  return text;
}

Page page_of(std::size_t limit) {
  return {.limit = limit, .after = std::nullopt};
}

Page after(const auto& row, std::size_t limit = 100) {
  return {.limit = limit, .after = Page::Position{row.created_at, row.id}};
}

AccountRow account_of(std::string id, std::string environment_id, std::string tenant_id,
                      std::string integration, std::int64_t created) {
  AccountRow row = account(std::move(id), std::move(environment_id));
  row.tenant_id = std::move(tenant_id);
  row.integration = std::move(integration);
  row.created_at = at(created);
  return row;
}

McpServerRow server_of(std::uint32_t number, std::optional<WallTime> expires_at) {
  McpServerRow row = server("mcp_" + std::to_string(number), "acc_1", number);
  row.expires_at = expires_at;
  row.created_at = at(number);
  return row;
}

void check_pages(Repository& repository) {
  // Two of the same moment: the id decides.
  for (const auto& [id, created] : {std::pair("env_a", 10), {"env_b", 20}, {"env_c", 20}}) {
    EnvironmentRow row = environment(id);
    row.created_at = at(created);
    REQUIRE(repository.insert(row));
  }
  CHECK(ids(given(repository.environments(page_of(100)))) == "env_c env_b env_a env_1");
  const auto first = given(repository.environments(page_of(2)));
  CHECK(ids(first) == "env_c env_b");
  CHECK(ids(given(repository.environments(after(first[0], 1)))) == "env_b");
  CHECK(ids(given(repository.environments(after(first[1])))) == "env_a env_1");
  CHECK(given(repository.environments(page_of(0))).empty());

  // What comes and goes in between moves nothing from one page to the next.
  EnvironmentRow newest = environment("env_d");
  newest.created_at = at(30);
  REQUIRE(repository.insert(newest));
  REQUIRE(repository.delete_environment("env_b"));
  CHECK(ids(given(repository.environments(after(first[1])))) == "env_a env_1");
  REQUIRE(repository.delete_environment("env_a"));
  CHECK(ids(given(repository.environments(after(first[1])))) == "env_1");

  REQUIRE(repository.insert(api_token("tok_1", "env_1", 1)));
  REQUIRE(repository.insert(api_token("tok_2", "", 2)));
  REQUIRE(repository.insert(api_token("tok_3", "env_1", 3)));
  CHECK(ids(given(repository.api_tokens("", page_of(9)))) == "tok_3 tok_2 tok_1");
  const auto of_environment = given(repository.api_tokens("env_1", page_of(1)));
  CHECK(ids(of_environment) == "tok_3");
  CHECK(ids(given(repository.api_tokens("env_1", after(of_environment[0])))) == "tok_1");
  CHECK(given(repository.api_tokens("env_9", page_of(9))).empty());
}

void check_account_filters(Repository& repository) {
  REQUIRE(repository.insert(environment("env_2")));
  REQUIRE(repository.insert(account_of("acc_1", "env_1", "t1", "psa", 10)));
  REQUIRE(repository.insert(account_of("acc_2", "env_1", "t2", "psa", 20)));
  REQUIRE(repository.insert(account_of("acc_3", "env_1", "t1", "rmm", 30)));
  REQUIRE(repository.insert(account_of("acc_4", "env_2", "t1", "psa", 40)));
  REQUIRE(repository.insert(account_of("acc_5", "env_2", "", "rmm", 50)));
  const auto listed = [&](const AccountFilter& filter, const Page& page = page_of(100)) {
    return ids(given(repository.accounts(filter, page)));
  };
  CHECK(listed({}) == "acc_5 acc_4 acc_3 acc_2 acc_1");
  CHECK(listed({.environment_id = "env_1"}) == "acc_3 acc_2 acc_1");
  CHECK(listed({.integration = "psa"}) == "acc_4 acc_2 acc_1");
  CHECK(listed({.environment_id = "env_1", .integration = "psa"}) == "acc_2 acc_1");
  CHECK(listed({.tenant_id = "t1"}) == "acc_4 acc_3 acc_1");
  CHECK(listed({.environment_id = "env_1", .tenant_id = "t1"}) == "acc_3 acc_1");
  CHECK(listed({.environment_id = "env_1", .tenant_id = "t1", .integration = "psa"}) == "acc_1");
  CHECK(listed({.ids = {{"acc_4", "acc_1", "acc_9"}}}) == "acc_4 acc_1");
  CHECK(listed({.environment_id = "env_1", .ids = {{"acc_4", "acc_1"}}}) == "acc_1");
  CHECK(listed({.tenant_id = "t1", .integration = "psa", .ids = {{"acc_3", "acc_4"}}}) == "acc_4");
  CHECK(listed({.ids = std::vector<std::string>()}).empty());
  CHECK(listed({.ids = {{"\"", "' OR 1=1", "acc_2"}}}) == "acc_2");
  CHECK(listed({.environment_id = "env_9"}).empty());

  // Each goes on where its page ended.
  const AccountRow fourth = account_of("acc_4", "", "", "", 40);
  const AccountRow third = account_of("acc_3", "", "", "", 30);
  CHECK(listed({}, after(fourth, 2)) == "acc_3 acc_2");
  CHECK(listed({.environment_id = "env_1"}, after(third)) == "acc_2 acc_1");
  CHECK(listed({.integration = "psa"}, after(fourth, 1)) == "acc_2");
  CHECK(listed({.environment_id = "env_1", .integration = "psa"}, after(third, 1)) == "acc_2");
  CHECK(listed({.tenant_id = "t1"}, after(fourth, 1)) == "acc_3");
  CHECK(listed({.ids = {{"acc_1", "acc_4"}}}, after(fourth)) == "acc_1");
}

void check_counts(Repository& repository) {
  REQUIRE(repository.insert(environment("env_2")));
  REQUIRE(repository.insert(account("acc_1", "env_1")));
  REQUIRE(repository.insert(account("acc_2", "env_1")));
  REQUIRE(repository.insert(server("mcp_1", "acc_1", 1)));
  REQUIRE(repository.insert(server("mcp_2", "acc_1", 2)));
  REQUIRE(repository.insert(server("mcp_3", "acc_2", 3)));
  CHECK(given(repository.count_mcp_servers("acc_1")) == 2);
  CHECK(given(repository.count_mcp_servers("acc_9")) == 0);
  CHECK(given(repository.owned_by_environment("env_1")).accounts == 2);
  CHECK(given(repository.owned_by_environment("env_1")).mcp_servers == 3);
  CHECK(given(repository.owned_by_environment("env_2")).accounts == 0);

  const auto token = [&](std::uint32_t number, std::string environment_id, std::string scope,
                         std::optional<WallTime> expires_at) {
    ApiTokenRow row = api_token("tok_" + std::to_string(number), environment_id, number);
    row.scope = scope;
    row.expires_at = expires_at;
    REQUIRE(repository.insert(row));
  };
  token(1, "", "admin", std::nullopt);
  token(2, "", "admin", at(100));
  token(3, "", "read", std::nullopt);
  token(4, "env_1", "admin", std::nullopt);
  CHECK(given(repository.count_instance_admins(at(99))) == 2);
  CHECK(given(repository.count_instance_admins(at(100))) == 1);

  // The last one stays where that is asked for; whatever else goes.
  const KeepAnAdmin keep{at(100)};
  CHECK(code_of(repository.delete_api_token("tok_1", keep)) == ErrorCode::conflict);
  ApiTokenRow narrowed = given(repository.api_token("tok_1")).value();
  narrowed.scope = "read";
  CHECK(code_of(repository.update(narrowed, keep)) == ErrorCode::conflict);
  CHECK(code_of(repository.delete_api_token("tok_9", keep)) == ErrorCode::not_found);
  CHECK(repository.delete_api_token("tok_3", keep));
  CHECK(repository.delete_api_token("tok_4", keep));
  CHECK(given(repository.api_token("tok_1"))->scope == "admin");
  token(5, "", "admin", std::nullopt);
  CHECK(repository.update(narrowed, keep));
  CHECK(code_of(repository.delete_api_token("tok_5", keep)) == ErrorCode::conflict);
  CHECK(given(repository.count_instance_admins(at(100))) == 1);
}

void check_expiry(Repository& repository) {
  CHECK_FALSE(given(repository.nearest_expiry()));
  CHECK(given(repository.delete_expired(at(1'000'000), 10)).empty());
  REQUIRE(repository.insert(account("acc_1", "env_1")));
  for (const auto& row : {server_of(0, at(100)), server_of(1, at(200)), server_of(2, at(201)),
                          server_of(3, std::nullopt)}) {
    McpServerRow copy = row;
    REQUIRE(repository.insert(copy));
  }
  ApiTokenRow token = api_token("tok_1", "", 9);
  token.expires_at = at(150);
  REQUIRE(repository.insert(token));
  token = api_token("tok_2", "env_1", 10);
  token.expires_at.reset();
  REQUIRE(repository.insert(token));

  CHECK(ids(given(repository.mcp_servers("acc_1", at(0), page_of(9)))) ==
        "mcp_3 mcp_2 mcp_1 mcp_0");
  CHECK(ids(given(repository.mcp_servers("acc_1", at(200), page_of(9)))) == "mcp_3 mcp_2");
  CHECK(ids(given(repository.mcp_servers("acc_1", at(100), after(server_of(3, {}), 1)))) ==
        "mcp_2");
  CHECK(given(repository.mcp_servers("acc_9", at(0), page_of(9))).empty());

  CHECK(given(repository.nearest_expiry()) == at(100));
  CHECK(given(repository.delete_expired(at(99), 10)).empty());
  // As many as asked for, then the rest; what is not over stays.
  auto gone = given(repository.delete_expired(at(200), 2));
  REQUIRE(gone.size() == 2);
  for (const Expired& each : given(repository.delete_expired(at(200), 2))) gone.push_back(each);
  REQUIRE(gone.size() == 3);
  std::set<std::string> expected;
  for (const Expired& each : gone) {
    expected.insert(each.id);
    CHECK((each.kind == Kind::api_token) == (each.id == "tok_1"));
    CHECK(each.hash == hash_of(each.id == "tok_1" ? 9 : each.id == "mcp_0" ? 0 : 1));
  }
  CHECK(expected == std::set<std::string>{"mcp_0", "mcp_1", "tok_1"});
  CHECK(given(repository.nearest_expiry()) == at(201));
  CHECK(ids(given(repository.mcp_servers("acc_1", at(0), page_of(9)))) == "mcp_3 mcp_2");
  CHECK(ids(given(repository.api_tokens("", page_of(9)))) == "tok_2");
}

void check_names(Repository& repository) {
  REQUIRE(repository.insert(account("acc_1", "env_1")));
  std::uint32_t number = 0;
  for (const char* const name : {"Claude, desk", "100% of it", "a_b", "acb"}) {
    McpServerRow row = server_of(number++, std::nullopt);
    row.name = name;
    REQUIRE(repository.insert(row));
  }
  const auto named = [&](std::string_view name) {
    return ids(given(repository.mcp_servers("acc_1", at(0), page_of(9), name)));
  };
  CHECK(named("claUDE") == "mcp_0");
  CHECK(named("a") == "mcp_3 mcp_2 mcp_0");
  // No sign means anything else than itself.
  CHECK(named("%") == "mcp_1");
  CHECK(named("a_b") == "mcp_2");
  CHECK(named("\\") == "");
  CHECK(named("nobody") == "");
  CHECK(ids(given(repository.mcp_servers("acc_1", at(0), page_of(1), "a"))) == "mcp_3");

  for (const auto& [id, name] : {std::pair("acc_2", "Acme"), {"acc_3", "ACME West"}}) {
    AccountRow row = account_of(id, "env_1", "", "connectwise_psa", 50);
    row.name = name;
    REQUIRE(repository.insert(row));
  }
  CHECK(ids(given(repository.accounts({.name = "acme"}, page_of(9)))) == "acc_3 acc_2");
  CHECK(ids(given(repository.accounts({.name = "west"}, page_of(9)))) == "acc_3");
  CHECK(
      given(repository.accounts({.environment_id = "env_2", .name = "west"}, page_of(9))).empty());
}

void check_each_row(Repository& repository) {
  constexpr std::uint32_t kServers = 17;
  REQUIRE(repository.insert(account("acc_1", "env_1")));
  for (std::uint32_t i = 1; i < kServers; ++i) REQUIRE(repository.insert(server_of(i, {})));
  // One with no id at all, which Patchbay makes none of, comes before all others.
  REQUIRE(repository.insert(server("", "acc_1", 99)));
  std::set<std::string> seen;
  // Each is changed or deleted on the way.
  const auto visited = each_row<McpServerRow>(
      repository,
      [&](McpServerRow& row) -> Result<> {
        CHECK(seen.insert(row.id).second);
        if (seen.size() % 2 == 0) return repository.delete_mcp_server(row.id);
        row.name = "changed";
        return repository.update(row);
      },
      5);
  REQUIRE(visited);
  CHECK(seen.size() == kServers);
  CHECK(given(repository.count_mcp_servers("acc_1")) == (kServers + 1) / 2);
  // The first error ends it.
  std::size_t visits = 0;
  const auto refused = each_row<McpServerRow>(repository, [&](McpServerRow&) -> Result<> {
    ++visits;
    return fail(ErrorCode::internal, "Enough.");
  });
  CHECK(code_of(refused) == ErrorCode::internal);
  CHECK(visits == 1);
}

}  // namespace

void check_lists(const RepositoryFactory& factory) {
  const auto repository = factory.make();
  REQUIRE(repository->insert(environment("env_1")));
  SUBCASE("A list is read by the page, newest first") {
    check_pages(*repository);
  }
  SUBCASE("Accounts are listed by what they are asked for") {
    check_account_filters(*repository);
  }
  SUBCASE("What is owned is counted") {
    check_counts(*repository);
  }
  SUBCASE("What expires goes at its moment and not before, as many at once as wanted") {
    check_expiry(*repository);
  }
  SUBCASE("What is looked for by a part of its name is found, whatever signs are in it") {
    check_names(*repository);
  }
  SUBCASE("Every row can be seen without having all of them in memory") {
    check_each_row(*repository);
  }
}

}  // namespace patchbay::store
