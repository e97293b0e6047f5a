#include "store/test_repository_contract.h"

#include <doctest/doctest.h>

namespace patchbay::store {
namespace {

WallTime at(std::int64_t seconds) {
  return WallTime(std::chrono::seconds(seconds));
}

vault::TokenHash hash_of(std::uint8_t first) {
  vault::TokenHash hash;
  hash.bytes[0] = first;
  hash.bytes[31] = 0;
  return hash;
}

EnvironmentRow environment(std::string id) {
  return {.id = id, .name = "Name of " + id, .created_at = at(1), .updated_at = at(2)};
}

ApiTokenRow api_token(std::string id, std::string environment_id, std::uint8_t hash) {
  return {.id = id,
          .environment_id = environment_id,
          .name = "token",
          .scope = "mcp",
          .limits = json::Object{{"mcp_server_ids", json::Array{"mcp_1"}}},
          .hash = hash_of(hash),
          .expires_at = at(99),
          .created_by = "somebody",
          .created_at = at(3),
          .updated_at = at(4),
          .mac = std::string("\0mac", 4)};
}

AccountRow account(std::string id, std::string environment_id) {
  AccountRow row{.id = id,
                 .environment_id = environment_id,
                 .integration = "connectwise_psa",
                 .tenant_id = "customer-7",
                 .name = "Müller & Söhne \"MSP\"; DROP TABLE environment; --",
                 .status = "needs_reauth",
                 .last_error = "refused"};
  row.credentials.bytes = std::string("\0\x01\xff sealed", 10);
  row.settings["time_zone"] = "Europe/London";
  row.created_by = "tok_1";
  row.created_at = at(5);
  row.updated_at = at(6);
  row.mac = "mac of an account";
  return row;
}

McpServerRow server(std::string id, std::string account_id, std::uint8_t hash) {
  McpServerRow row{.id = id, .account_id = account_id, .environment_id = "env_1", .name = "server"};
  row.config["methods"].push_back("read");
  row.config["max_result_bytes"] = 5000;
  row.hash = hash_of(hash);
  row.created_by = "tok_1";
  row.created_at = at(7);
  row.updated_at = at(8);
  row.mac = "mac of a server";
  return row;
}

template <class T>
ErrorCode code_of(const Result<T>& result) {
  REQUIRE_FALSE(result.has_value());
  return result.error().code;
}

}  // namespace

void check_repository_contract(const RepositoryFactory& factory) {
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

    const auto environments = repository->environments().value();
    REQUIRE(environments.size() == 1);
    CHECK(environments[0].name == "Name of env_1");
    CHECK(environments[0].created_at == at(1));
    CHECK(environments[0].updated_at == at(2));

    const auto tokens = repository->api_tokens().value();
    REQUIRE(tokens.size() == 2);
    CHECK(tokens[0].environment_id == "env_1");
    CHECK(tokens[0].hash == hash_of(1));
    CHECK(tokens[0].expires_at == at(99));
    CHECK(tokens[0].created_by == "somebody");
    CHECK(tokens[0].scope == "mcp");
    CHECK(tokens[0].limits == api_token("", "", 0).limits);
    CHECK(tokens[0].mac == api_token("", "", 0).mac);
    CHECK(tokens[1].environment_id.empty());

    const auto accounts = repository->accounts().value();
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

    const auto servers = repository->mcp_servers().value();
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

  SUBCASE("An update replaces every field and knows what is missing") {
    REQUIRE(repository->insert(account("acc_1", "env_1")));
    REQUIRE(repository->insert(server("mcp_1", "acc_1", 1)));
    REQUIRE(repository->insert(api_token("tok_1", "env_1", 9)));
    ApiTokenRow narrowed = api_token("tok_1", "env_1", 9);
    narrowed.scope = "read";
    narrowed.limits = json::Object{};
    narrowed.mac = "another";
    REQUIRE(repository->update(narrowed));
    CHECK(repository->api_tokens().value()[0].scope == "read");
    CHECK(repository->api_tokens().value()[0].limits == narrowed.limits);
    CHECK(repository->api_tokens().value()[0].mac == "another");
    narrowed.id = "tok_2";
    CHECK(code_of(repository->update(narrowed)) == ErrorCode::not_found);
    EnvironmentRow changed = environment("env_1");
    changed.name = "Other";
    REQUIRE(repository->update(changed));
    CHECK(repository->environments().value()[0].name == "Other");

    AccountRow changed_account = account("acc_1", "env_1");
    changed_account.status = "active";
    changed_account.credentials.bytes = "other";
    REQUIRE(repository->update(changed_account));
    CHECK(repository->accounts().value()[0].status == "active");
    CHECK(repository->accounts().value()[0].credentials.bytes == "other");

    McpServerRow rotated = server("mcp_1", "acc_1", 9);
    rotated.expires_at = at(50);
    REQUIRE(repository->update(rotated));
    CHECK(repository->mcp_servers().value()[0].hash == hash_of(9));
    CHECK(repository->mcp_servers().value()[0].expires_at == at(50));

    CHECK(code_of(repository->update(environment("env_9"))) == ErrorCode::not_found);
    CHECK(code_of(repository->update(account("acc_9", "env_1"))) == ErrorCode::not_found);
    CHECK(code_of(repository->update(server("mcp_9", "acc_1", 8))) == ErrorCode::not_found);
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
    CHECK(code_of(repository->update(server("mcp_2", "acc_1", 1))) == ErrorCode::conflict);
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
    REQUIRE(repository->mcp_servers().value().size() == 1);
    REQUIRE(repository->delete_environment("env_1"));
    CHECK(repository->environments().value().size() == 1);
    CHECK(repository->accounts().value().empty());
    CHECK(repository->mcp_servers().value().empty());
    REQUIRE(repository->api_tokens().value().size() == 1);
    CHECK(repository->api_tokens().value()[0].id == "tok_2");
  }

  SUBCASE("Deleting what is not there says so") {
    CHECK(code_of(repository->delete_environment("env_9")) == ErrorCode::not_found);
    CHECK(code_of(repository->delete_api_token("tok_9")) == ErrorCode::not_found);
    CHECK(code_of(repository->delete_account("acc_9")) == ErrorCode::not_found);
    CHECK(code_of(repository->delete_mcp_server("mcp_9")) == ErrorCode::not_found);
    CHECK(code_of(repository->delete_mcp_server("' OR 1=1 --")) == ErrorCode::not_found);
    CHECK(repository->environments().value().size() == 1);
  }

  SUBCASE("Expired servers go at their moment and not before") {
    REQUIRE(repository->insert(account("acc_1", "env_1")));
    const std::optional<WallTime> expiries[] = {at(100), at(200), at(201), std::nullopt};
    std::uint8_t number = 0;
    for (const auto& expiry : expiries) {
      McpServerRow row = server("mcp_" + std::to_string(number), "acc_1", number);
      row.expires_at = expiry;
      REQUIRE(repository->insert(row));
      ++number;
    }
    CHECK(repository->delete_expired_mcp_servers(at(99)).value().empty());
    const auto gone = repository->delete_expired_mcp_servers(at(200)).value();
    CHECK(gone.size() == 2);
    const auto left = repository->mcp_servers().value();
    REQUIRE(left.size() == 2);
    CHECK(left[0].id == "mcp_2");
    CHECK(left[1].id == "mcp_3");
  }

  SUBCASE("A key belongs to its first write, also after a restart, for its lifetime") {
    REQUIRE(repository->insert(account("acc_1", "env_1")));
    REQUIRE(repository->insert(account("acc_2", "env_1")));
    WriteRow row{.id = "wrt_1",
                 .account_id = "acc_1",
                 .key = "k'1",
                 .digest = "d1",
                 .state = "started",
                 .result = {},
                 .started_at = at(100)};
    CHECK_FALSE(repository->begin_write(row, at(0)).value());
    row.id = "wrt_2";
    row.digest = "d2";
    row.started_at = at(101);
    auto first = repository->begin_write(row, at(0)).value();
    REQUIRE(first);
    CHECK(first->id == "wrt_1");
    CHECK(first->account_id == "acc_1");
    CHECK(first->key == "k'1");
    CHECK(first->digest == "d1");
    CHECK(first->state == "started");
    CHECK(first->result.bytes == "");
    CHECK(first->started_at == at(100));
    CHECK(code_of(repository->finish_write("wrt_2", "done", {})) == ErrorCode::not_found);

    // Begun again by one of those who have seen it as it is, and by no one else.
    REQUIRE(repository->finish_write("wrt_1", "unknown", {}));
    CHECK_FALSE(repository->restart_write("wrt_1", at(99), at(100)).value());
    CHECK_FALSE(repository->restart_write("wrt_2", at(100), at(101)).value());
    CHECK(repository->restart_write("wrt_1", at(100), at(103)).value());
    CHECK_FALSE(repository->restart_write("wrt_1", at(100), at(104)).value());
    first = repository->begin_write(row, at(0)).value();
    REQUIRE(first);
    CHECK(first->state == "started");
    CHECK(first->started_at == at(103));

    const vault::SealedBytes sealed{std::string("\0sealed\xff", 8)};
    REQUIRE(repository->finish_write("wrt_1", "done", sealed));
    CHECK_FALSE(repository->restart_write("wrt_1", at(103), at(104)).value());
    repository = factory.reopen(std::move(repository));
    first = repository->begin_write(row, at(100)).value();
    REQUIRE(first);
    CHECK(first->state == "done");
    CHECK(first->result.bytes == sealed.bytes);
    CHECK(first->digest == "d1");

    // Another account's key is another key.
    WriteRow other = row;
    other.account_id = "acc_2";
    CHECK_FALSE(repository->begin_write(other, at(0)).value());
    REQUIRE(repository->delete_write("wrt_2"));
    CHECK(code_of(repository->delete_write("wrt_2")) == ErrorCode::not_found);
    CHECK(code_of(repository->finish_write("wrt_2", "done", sealed)) == ErrorCode::not_found);
    CHECK_FALSE(repository->begin_write(other, at(0)).value());
    // An id is used once; that another key has it changes nothing.
    other.key = "k'2";
    CHECK(code_of(repository->begin_write(other, at(0))) == ErrorCode::conflict);
    CHECK(repository->begin_write(row, at(0)).value());

    // Too old to count: the key is free, and all such rows are gone.
    row.id = "wrt_3";
    row.started_at = at(200);
    CHECK_FALSE(repository->begin_write(row, at(104)).value());
    for (const char* id : {"wrt_1", "wrt_2"}) {
      CHECK(code_of(repository->delete_write(id)) == ErrorCode::not_found);
    }
    // A deleted account takes its writes along, and a new one cannot be added to it.
    REQUIRE(repository->delete_account("acc_1"));
    CHECK(code_of(repository->delete_write("wrt_3")) == ErrorCode::not_found);
    CHECK(code_of(repository->begin_write(row, at(0))) == ErrorCode::not_found);
    // A refused row leaves the store usable.
    row.account_id = "acc_2";
    CHECK_FALSE(repository->begin_write(row, at(0)).value());
  }

  SUBCASE("Secrets of the instance are written once and then replaced on purpose") {
    CHECK_FALSE(repository->secret("pepper").value());
    CHECK(code_of(repository->update_secret("pepper", {"x"})) == ErrorCode::not_found);
    REQUIRE(repository->insert_secret("pepper", {"first"}));
    CHECK(code_of(repository->insert_secret("pepper", {"second"})) == ErrorCode::conflict);
    CHECK(repository->secret("pepper").value()->bytes == "first");
    REQUIRE(repository->update_secret("pepper", {"third"}));
    repository = factory.reopen(std::move(repository));
    CHECK(repository->secret("pepper").value()->bytes == "third");
  }
}

}  // namespace patchbay::store
