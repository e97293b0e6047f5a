#include <doctest/doctest.h>

#include "store/each_row.h"
#include "store/test_repository_contract.h"
#include "store/test_rows.h"

namespace patchbay::store {
namespace {

template <class Row>
std::vector<Row> all(Repository& repository) {
  std::vector<Row> rows;
  const auto read = each_row<Row>(repository, [&](Row& row) -> Result<> {
    rows.push_back(std::move(row));
    return {};
  });
  REQUIRE_MESSAGE(read.has_value(), read.error().message);
  return rows;
}

}  // namespace

void check_rows(const RepositoryFactory& factory) {
  auto repository = factory.make();
  REQUIRE(repository->insert(environment("env_1")));

  SUBCASE("Every field comes back as it went in, also after a restart") {
    REQUIRE(repository->insert(api_token("tok_1", "env_1", 1)));
    REQUIRE(repository->insert(api_token("tok_2", "", 2)));
    REQUIRE(repository->insert(account("acc_1", "env_1")));
    McpServerRow expiring = server("mcp_1", "acc_1", 3);
    expiring.expires_at = WallTime(std::chrono::milliseconds(1'234'567'890'123));
    REQUIRE(repository->insert(expiring));
    REQUIRE(repository->insert(server("mcp_2", "acc_1", 4)));
    repository = factory.reopen(std::move(repository));

    const auto environments = all<EnvironmentRow>(*repository);
    REQUIRE(environments.size() == 1);
    CHECK(environments[0].name == "Name of env_1");
    CHECK(environments[0].created_at == at(1));
    CHECK(environments[0].updated_at == at(2));

    const auto tokens = all<ApiTokenRow>(*repository);
    REQUIRE(tokens.size() == 2);
    CHECK(tokens[0].environment_id == "env_1");
    CHECK(tokens[0].hash == hash_of(1));
    CHECK(tokens[0].expires_at == at(99));
    CHECK(tokens[0].created_by == "somebody");
    CHECK(tokens[0].scope == "mcp");
    CHECK(tokens[0].limits == api_token("", "", 0).limits);
    CHECK(tokens[0].mac == api_token("", "", 0).mac);
    CHECK(tokens[1].environment_id.empty());

    const auto accounts = all<AccountRow>(*repository);
    REQUIRE(accounts.size() == 1);
    const AccountRow expected = account("acc_1", "env_1");
    CHECK(accounts[0].name == expected.name);
    CHECK(accounts[0].integration == expected.integration);
    CHECK(accounts[0].tenant_id == expected.tenant_id);
    CHECK(accounts[0].status == expected.status);
    CHECK(accounts[0].last_error == expected.last_error);
    CHECK(accounts[0].credentials.bytes == expected.credentials.bytes);
    CHECK(accounts[0].settings == expected.settings);
    CHECK(accounts[0].created_by == "tok_1");
    CHECK(accounts[0].created_at == at(5));
    CHECK(accounts[0].updated_at == at(6));
    CHECK(accounts[0].mac == expected.mac);

    const auto servers = all<McpServerRow>(*repository);
    REQUIRE(servers.size() == 2);
    CHECK(servers[0].id == "mcp_1");
    CHECK(servers[0].account_id == "acc_1");
    CHECK(servers[0].environment_id == "env_1");
    CHECK(servers[0].config == expiring.config);
    CHECK(servers[0].hash == hash_of(3));
    CHECK(servers[0].expires_at == expiring.expires_at);
    CHECK(servers[0].created_by == "tok_1");
    CHECK(servers[0].mac == expiring.mac);
    CHECK_FALSE(servers[1].expires_at);
  }

  SUBCASE("An update replaces every field, and leaves its version in the row") {
    AccountRow changed_account = account("acc_1", "env_1");
    REQUIRE(repository->insert(changed_account));
    McpServerRow rotated = server("mcp_1", "acc_1", 1);
    REQUIRE(repository->insert(rotated));
    ApiTokenRow narrowed = api_token("tok_1", "env_1", 9);
    REQUIRE(repository->insert(narrowed));
    narrowed.scope = "read";
    narrowed.limits = json::Object{};
    narrowed.mac = "another";
    REQUIRE(repository->update(narrowed));
    const ApiTokenRow token = given(repository->api_token("tok_1")).value();
    CHECK(token.scope == "read");
    CHECK(token.limits == narrowed.limits);
    CHECK(token.mac == "another");
    CHECK(token.version == narrowed.version);

    EnvironmentRow changed = given(repository->environment("env_1")).value();
    changed.name = "Other";
    REQUIRE(repository->update(changed));
    CHECK(given(repository->environment("env_1"))->name == "Other");
    // What the row holds by now can be changed further.
    changed.name = "Third";
    REQUIRE(repository->update(changed));

    changed_account.status = "active";
    changed_account.credentials.bytes = "other";
    REQUIRE(repository->update(changed_account));
    CHECK(given(repository->account("acc_1"))->status == "active");
    CHECK(given(repository->account("acc_1"))->credentials.bytes == "other");

    rotated.hash = hash_of(9);
    rotated.expires_at = at(50);
    REQUIRE(repository->update(rotated));
    CHECK(given(repository->mcp_server("mcp_1"))->hash == hash_of(9));
    CHECK(given(repository->mcp_server("mcp_1"))->expires_at == at(50));
    CHECK_FALSE(given(repository->mcp_server(hash_of(1))));
    CHECK(given(repository->mcp_server(hash_of(9)))->id == "mcp_1");
  }

  SUBCASE("An update of what is not there says so") {
    EnvironmentRow no_environment = environment("env_9");
    AccountRow no_account = account("acc_9", "env_1");
    ApiTokenRow no_token = api_token("tok_9", "env_1", 1);
    McpServerRow no_server = server("mcp_9", "acc_1", 8);
    CHECK(code_of(repository->update(no_environment)) == ErrorCode::not_found);
    CHECK(code_of(repository->update(no_account)) == ErrorCode::not_found);
    CHECK(code_of(repository->update(no_token)) == ErrorCode::not_found);
    CHECK(code_of(repository->update(no_server)) == ErrorCode::not_found);
  }

  SUBCASE(
      "Who changes a row that somebody else has changed meanwhile is told, and changes nothing") {
    REQUIRE(repository->insert(account("acc_1", "env_1")));
    AccountRow mine = given(repository->account("acc_1")).value();
    AccountRow theirs = mine;
    theirs.name = "Theirs";
    REQUIRE(repository->update(theirs));
    CHECK(theirs.version > mine.version);
    const AccountRow before = mine;
    mine.name = "Mine";
    const auto refused = repository->update(mine);
    CHECK(code_of(refused) == ErrorCode::conflict);
    CHECK(refused.error().message.find("somebody else") != std::string::npos);
    CHECK(mine.version == before.version);
    CHECK(given(repository->account("acc_1"))->name == "Theirs");
    // Read again, it can be.
    mine = given(repository->account("acc_1")).value();
    mine.name = "Mine";
    CHECK(repository->update(mine));
  }

  SUBCASE("A row is found by its id and by its hash, and what is not there is nothing") {
    REQUIRE(repository->insert(account("acc_1", "env_1")));
    REQUIRE(repository->insert(server("mcp_1", "acc_1", 1)));
    REQUIRE(repository->insert(api_token("tok_1", "", 1)));
    CHECK(given(repository->environment("env_1"))->name == "Name of env_1");
    CHECK(given(repository->api_token("tok_1"))->hash == hash_of(1));
    CHECK(given(repository->api_token(hash_of(1)))->id == "tok_1");
    CHECK(given(repository->account("acc_1"))->tenant_id == "customer-7");
    CHECK(given(repository->mcp_server("mcp_1"))->hash == hash_of(1));
    CHECK(given(repository->mcp_server(hash_of(1)))->id == "mcp_1");
    CHECK_FALSE(given(repository->environment("env_9")));
    CHECK_FALSE(given(repository->api_token("mcp_1")));
    CHECK_FALSE(given(repository->api_token(hash_of(2))));
    CHECK_FALSE(given(repository->account("")));
    CHECK_FALSE(given(repository->mcp_server("' OR 1=1 --")));
    CHECK_FALSE(given(repository->mcp_server(hash_of(2))));
  }

  SUBCASE("Ids, environment names and hashes are unique") {
    REQUIRE(repository->insert(account("acc_1", "env_1")));
    REQUIRE(repository->insert(server("mcp_1", "acc_1", 1)));
    REQUIRE(repository->insert(server("mcp_2", "acc_1", 2)));
    REQUIRE(repository->insert(api_token("tok_1", "", 1)));
    CHECK(code_of(repository->insert(environment("env_1"))) == ErrorCode::conflict);
    EnvironmentRow same_name = environment("env_2");
    same_name.name = "Name of env_1";
    CHECK(code_of(repository->insert(same_name)) == ErrorCode::conflict);
    CHECK(code_of(repository->insert(account("acc_1", "env_1"))) == ErrorCode::conflict);
    CHECK(code_of(repository->insert(server("mcp_3", "acc_1", 1))) == ErrorCode::conflict);
    McpServerRow same_hash = given(repository->mcp_server("mcp_2")).value();
    same_hash.hash = hash_of(1);
    CHECK(code_of(repository->update(same_hash)) == ErrorCode::conflict);
    CHECK(code_of(repository->insert(api_token("tok_2", "", 1))) == ErrorCode::conflict);
    // A failed statement leaves the store usable.
    CHECK(repository->insert(server("mcp_3", "acc_1", 3)));
  }

  SUBCASE("Nothing is owned by what does not exist") {
    CHECK(code_of(repository->insert(account("acc_1", "env_9"))) == ErrorCode::not_found);
    CHECK(code_of(repository->insert(api_token("tok_1", "env_9", 1))) == ErrorCode::not_found);
    CHECK(code_of(repository->insert(server("mcp_1", "acc_9", 1))) == ErrorCode::not_found);
  }

  SUBCASE("A deleted owner takes all that it owns along, and nothing else") {
    REQUIRE(repository->insert(environment("env_2")));
    REQUIRE(repository->insert(account("acc_1", "env_1")));
    REQUIRE(repository->insert(account("acc_2", "env_2")));
    REQUIRE(repository->insert(server("mcp_1", "acc_1", 1)));
    McpServerRow other = server("mcp_2", "acc_2", 2);
    other.environment_id = "env_2";
    REQUIRE(repository->insert(other));
    REQUIRE(repository->insert(api_token("tok_1", "env_1", 1)));
    REQUIRE(repository->insert(api_token("tok_2", "", 2)));

    REQUIRE(repository->delete_account("acc_2"));
    REQUIRE(all<McpServerRow>(*repository).size() == 1);
    REQUIRE(repository->delete_environment("env_1"));
    CHECK(all<EnvironmentRow>(*repository).size() == 1);
    CHECK(all<AccountRow>(*repository).empty());
    CHECK(all<McpServerRow>(*repository).empty());
    REQUIRE(all<ApiTokenRow>(*repository).size() == 1);
    CHECK(all<ApiTokenRow>(*repository)[0].id == "tok_2");
  }

  SUBCASE("Deleting what is not there says so") {
    CHECK(code_of(repository->delete_environment("env_9")) == ErrorCode::not_found);
    CHECK(code_of(repository->delete_api_token("tok_9")) == ErrorCode::not_found);
    CHECK(code_of(repository->delete_account("acc_9")) == ErrorCode::not_found);
    CHECK(code_of(repository->delete_mcp_server("mcp_9")) == ErrorCode::not_found);
    CHECK(code_of(repository->delete_mcp_server("' OR 1=1 --")) == ErrorCode::not_found);
    CHECK(all<EnvironmentRow>(*repository).size() == 1);
  }

  SUBCASE("What owns a lot is gone at once, and its rows follow in parts") {
    constexpr std::uint32_t kMany = 501;
    AccountRow row = account("acc_1", "env_1");
    REQUIRE(repository->insert(row));
    REQUIRE(repository->insert(account("acc_2", "env_1")));
    for (std::uint32_t i = 0; i < kMany; ++i) {
      REQUIRE(repository->insert(server("mcp_" + std::to_string(i), "acc_1", i)));
    }
    REQUIRE(repository->insert(server("stays", "acc_2", 9'999)));
    const std::int64_t before = given(repository->revision());
    REQUIRE(repository->delete_account("acc_1"));
    CHECK(given(repository->count_mcp_servers("acc_1")) == kMany);
    const auto change = std::get<Changes>(given(repository->changes_since(before, 9))).changes;
    REQUIRE(change.size() == 1);
    CHECK(change[0].kind == Kind::account);
    CHECK(change[0].id == "acc_1");
    CHECK(change[0].deleted);

    repository = factory.reopen(std::move(repository));
    CHECK_FALSE(given(repository->account("acc_1")));
    for (const AccountFilter& filter :
         {AccountFilter{}, AccountFilter{.environment_id = "env_1"},
          AccountFilter{.tenant_id = row.tenant_id}, AccountFilter{.integration = row.integration},
          AccountFilter{.environment_id = "env_1", .integration = row.integration},
          AccountFilter{.ids = std::vector<std::string>{"acc_1", "acc_2"}}}) {
      const auto found = given(repository->accounts(filter, Page()));
      REQUIRE(found.size() == 1);
      CHECK(found[0].id == "acc_2");
    }
    CHECK_FALSE(repository->update(row));
    // Who goes through all rows sees it, and cannot bring it back to life.
    AccountRow marked = given(repository->accounts_after(std::nullopt, 1)).at(0);
    CHECK(marked.id == "acc_1");
    CHECK(code_of(repository->update(marked)) == ErrorCode::not_found);
    CHECK(code_of(repository->delete_account("acc_1")) == ErrorCode::not_found);

    int parts = 0;
    while (given(repository->delete_remains(200))) ++parts;
    CHECK(parts == 3);
    CHECK(all<AccountRow>(*repository).size() == 1);
    CHECK(all<McpServerRow>(*repository).size() == 1);
  }
}

}  // namespace patchbay::store
