#include <doctest/doctest.h>

#include "store/test_repository_contract.h"
#include "store/test_rows.h"

namespace patchbay::store {
namespace {

ServerUse use_of(std::string id, std::int64_t day, std::int64_t calls, std::int64_t errors,
                 std::int64_t last) {
  return {
      .id = std::move(id), .day = day, .calls = calls, .errors = errors, .last_used_at = at(last)};
}

ServerUse only(Repository& repository, const std::string& id) {
  const auto found = given(repository.uses({id}));
  REQUIRE(found.size() == 1);
  return found.front();
}

QuotaWishes wishes(std::int64_t minute, std::int64_t limit, std::int64_t wanted) {
  QuotaWishes all{};
  all[0] = {.period = minute, .limit = limit, .wanted = wanted};
  return all;
}

}  // namespace

void check_uses(const RepositoryFactory& factory) {
  auto repository = factory.make();
  REQUIRE(repository->insert(environment("env_1")));
  REQUIRE(repository->insert(account("acc_1", "env_1")));
  REQUIRE(repository->insert(server("mcp_1", "acc_1", 1)));
  REQUIRE(repository->insert(server("mcp_2", "acc_1", 2)));

  SUBCASE("What is counted adds up within its day, and wakes nobody") {
    const std::int64_t before = given(repository->revision());
    REQUIRE(repository->add_uses({use_of("mcp_1", 7, 3, 1, 50), use_of("mcp_2", 7, 1, 0, 51)}));
    REQUIRE(repository->add_uses({use_of("mcp_1", 7, 2, 2, 49)}));
    CHECK(only(*repository, "mcp_1").calls == 5);
    CHECK(only(*repository, "mcp_1").errors == 3);
    CHECK(only(*repository, "mcp_1").last_used_at == at(50));
    CHECK(given(repository->uses({"mcp_1", "mcp_2", "mcp_3"})).size() == 2);
    repository = factory.reopen(std::move(repository));
    CHECK(only(*repository, "mcp_1").calls == 5);
    REQUIRE(repository->add_uses({use_of("mcp_1", 8, 1, 0, 90)}));
    CHECK(only(*repository, "mcp_1").day == 8);
    CHECK(only(*repository, "mcp_1").calls == 1);
    // From a node whose clock is behind.
    REQUIRE(repository->add_uses({use_of("mcp_1", 7, 9, 9, 95)}));
    CHECK(only(*repository, "mcp_1").calls == 1);
    CHECK(only(*repository, "mcp_1").last_used_at == at(95));
    CHECK(given(repository->revision()) == before);
  }

  SUBCASE("Of a server that is gone nothing is kept, and of the others all is") {
    REQUIRE(repository->delete_mcp_server("mcp_1"));
    REQUIRE(repository->add_uses({use_of("mcp_1", 7, 3, 1, 50), use_of("mcp_2", 7, 1, 0, 51)}));
    CHECK(given(repository->uses({"mcp_1"})).empty());
    CHECK(only(*repository, "mcp_2").calls == 1);
    REQUIRE(repository->delete_account("acc_1"));
    CHECK(given(repository->uses({"mcp_2"})).empty());
    CHECK(code_of(repository->take_quota("mcp_2", wishes(5, 10, 1))) == ErrorCode::not_found);
  }

  SUBCASE("A quota grants what is left of its period, to whoever asks, also after a restart") {
    auto grant = given(repository->take_quota("mcp_1", wishes(5, 10, 6)))[0];
    CHECK(grant.granted == 6);
    CHECK(grant.taken == 6);
    repository = factory.reopen(std::move(repository));
    grant = given(repository->take_quota("mcp_1", wishes(5, 10, 6)))[0];
    CHECK(grant.granted == 4);
    CHECK(given(repository->take_quota("mcp_1", wishes(5, 10, 1)))[0].granted == 0);
    // Another server's is another one.
    CHECK(given(repository->take_quota("mcp_2", wishes(5, 10, 3)))[0].granted == 3);
    // A lower limit than what is taken takes nothing back.
    grant = given(repository->take_quota("mcp_1", wishes(5, 4, 1)))[0];
    CHECK(grant.granted == 0);
    CHECK(grant.taken == 10);
    CHECK(given(repository->take_quota("mcp_1", wishes(6, 10, 7)))[0].granted == 7);
    // A clock that is behind gets no fresh period.
    grant = given(repository->take_quota("mcp_1", wishes(5, 10, 7)))[0];
    CHECK(grant.period == 6);
    CHECK(grant.granted == 3);
    // What is counted of calls is another thing.
    REQUIRE(repository->add_uses({use_of("mcp_1", 7, 3, 1, 50)}));
    CHECK(given(repository->take_quota("mcp_1", wishes(6, 10, 1)))[0].granted == 0);
    CHECK(only(*repository, "mcp_1").calls == 3);
  }

  SUBCASE("A server is found by its previous token, which ends by itself") {
    McpServerRow row = *given(repository->mcp_server("mcp_1"));
    row.previous = PreviousToken{.hash = row.hash, .expires_at = at(70)};
    row.hash = hash_of(11);
    REQUIRE(repository->update(row));
    repository = factory.reopen(std::move(repository));
    CHECK(given(repository->mcp_server(hash_of(1)))->id == "mcp_1");
    CHECK(given(repository->mcp_server(hash_of(11)))->previous == row.previous);
    CHECK(given(repository->nearest_expiry()) == at(70));
    CHECK(given(repository->overlaps_until(at(69), 10)).empty());
    auto over = given(repository->overlaps_until(at(70), 10));
    REQUIRE(over.size() == 1);
    CHECK(given(repository->delete_expired(at(99), 10)).empty());
    over.front().previous.reset();
    REQUIRE(repository->update(over.front()));
    CHECK_FALSE(given(repository->mcp_server(hash_of(1))));
    CHECK_FALSE(given(repository->nearest_expiry()));
    // Nobody else has that token.
    McpServerRow other = *given(repository->mcp_server("mcp_2"));
    other.previous = PreviousToken{.hash = hash_of(1), .expires_at = at(70)};
    REQUIRE(repository->update(other));
    row = *given(repository->mcp_server("mcp_1"));
    row.previous = PreviousToken{.hash = hash_of(1), .expires_at = at(70)};
    CHECK(code_of(repository->update(row)) == ErrorCode::conflict);
  }
}

}  // namespace patchbay::store
