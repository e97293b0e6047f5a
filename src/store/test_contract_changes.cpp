#include <doctest/doctest.h>

#include "store/test_repository_contract.h"
#include "store/test_rows.h"

namespace patchbay::store {
namespace {

// "1 environment env_1, 2 deleted account acc_1"
std::string told(Repository& repository, std::int64_t since, std::size_t limit = 100) {
  const auto answer = given(repository.changes_since(since, limit));
  if (const auto* const forgotten = std::get_if<Forgotten>(&answer)) {
    return "forgotten, now " + std::to_string(forgotten->revision);
  }
  std::string text;
  for (const Change& change : std::get<Changes>(answer).changes) {
    if (!text.empty()) text += ", ";
    text += std::to_string(change.revision) + (change.deleted ? " deleted " : " ");
    switch (change.kind) {
      case Kind::environment:
        text += "environment ";
        break;
      case Kind::api_token:
        text += "api_token ";
        break;
      case Kind::account:
        text += "account ";
        break;
      case Kind::mcp_server:
        text += "mcp_server ";
        break;
      case Kind::definition:
        text += "definition ";
        break;
    }
    text += change.id;
  }
  return text;
}

}  // namespace

void check_changes(const RepositoryFactory& factory) {
  auto repository = factory.make();
  CHECK(given(repository->revision()) == 0);
  CHECK(told(*repository, 0).empty());
  EnvironmentRow env = environment("env_1");
  REQUIRE(repository->insert(env));
  CHECK(env.version == 1);

  SUBCASE("Whatever changes takes the next revision, and is told to who asks since another") {
    AccountRow acc = account("acc_1", "env_1");
    REQUIRE(repository->insert(acc));
    ApiTokenRow token = api_token("tok_1", "", 1);
    REQUIRE(repository->insert(token));
    McpServerRow one = server("mcp_1", "acc_1", 1);
    REQUIRE(repository->insert(one));
    one.hash = hash_of(2);
    REQUIRE(repository->update(one));
    CHECK(one.version == 5);
    CHECK(told(*repository, 0) ==
          "1 environment env_1, 2 account acc_1, 3 api_token tok_1, 4 mcp_server mcp_1, "
          "5 mcp_server mcp_1");
    CHECK(told(*repository, 3) == "4 mcp_server mcp_1, 5 mcp_server mcp_1");
    CHECK(told(*repository, 1, 2) == "2 account acc_1, 3 api_token tok_1");
    CHECK(told(*repository, 5).empty());
    // An owner's deletion stands for what it owns.
    REQUIRE(repository->delete_account("acc_1"));
    REQUIRE(repository->delete_api_token("tok_1"));
    REQUIRE(repository->delete_environment("env_1"));
    CHECK(told(*repository, 5) ==
          "6 deleted account acc_1, 7 deleted api_token tok_1, 8 deleted environment env_1");
    repository = factory.reopen(std::move(repository));
    CHECK(given(repository->revision()) == 8);
    CHECK(told(*repository, 7) == "8 deleted environment env_1");
  }

  SUBCASE("What fails takes no revision") {
    CHECK(code_of(repository->insert(environment("env_1"))) == ErrorCode::conflict);
    CHECK(code_of(repository->insert(account("acc_1", "env_9"))) == ErrorCode::not_found);
    CHECK(code_of(repository->delete_account("acc_1")) == ErrorCode::not_found);
    EnvironmentRow old = env;
    REQUIRE(repository->update(env));
    CHECK(code_of(repository->update(old)) == ErrorCode::conflict);
    CHECK(given(repository->revision()) == 2);
    CHECK(told(*repository, 0) == "1 environment env_1, 2 environment env_1");
  }

  SUBCASE("What expires is told one by one") {
    REQUIRE(repository->insert(account("acc_1", "env_1")));
    for (std::uint32_t i = 1; i <= 3; ++i) {
      McpServerRow row = server("mcp_" + std::to_string(i), "acc_1", i);
      row.expires_at = at(i);
      REQUIRE(repository->insert(row));
    }
    REQUIRE(repository->insert(api_token("tok_1", "", 1)));  // expires at 99
    const std::int64_t before = given(repository->revision());
    REQUIRE(given(repository->delete_expired(at(99), 3)).size() == 3);
    REQUIRE(given(repository->delete_expired(at(99), 3)).size() == 1);
    const auto answer = std::get<Changes>(given(repository->changes_since(before, 100)));
    REQUIRE(answer.changes.size() == 4);
    for (std::size_t i = 0; i < 4; ++i) {
      CHECK(answer.changes[i].revision == before + static_cast<std::int64_t>(i) + 1);
      CHECK(answer.changes[i].deleted);
    }
    CHECK(answer.changes[3].id == "tok_1");
  }

  SUBCASE("Who has been away for too long, or knows a future that never was, is to begin anew") {
    CHECK(told(*repository, 2) == "forgotten, now 1");
    // Secrets and the journal are nobody's to keep.
    REQUIRE(repository->insert_secret("s", {"x"}));
    CHECK(given(repository->revision()) == 1);
  }
}

}  // namespace patchbay::store
