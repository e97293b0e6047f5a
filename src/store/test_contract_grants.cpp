#include <doctest/doctest.h>

#include "store/test_repository_contract.h"
#include "store/test_rows.h"

namespace patchbay::store {

void check_grants(const RepositoryFactory& factory) {
  auto repository = factory.make();
  REQUIRE(repository->insert(environment("env_1")));
  REQUIRE(repository->insert(account("acc_1", "env_1")));
  const GrantRow first{.account_id = "acc_1",
                       .tokens = {std::string("\0sealed", 7)},
                       .expires_at = at(500),
                       .connected_at = at(10)};

  SUBCASE("What was put comes back, also after a restart, and what is put again takes its place") {
    CHECK_FALSE(given(repository->grants().grant("acc_1")));
    REQUIRE(repository->grants().put(first));
    repository = factory.reopen(std::move(repository));
    const auto found = given(repository->grants().grant("acc_1"));
    REQUIRE(found);
    CHECK(found->tokens.bytes == std::string("\0sealed", 7));
    CHECK(found->expires_at == at(500));
    CHECK(found->connected_at == at(10));
    GrantRow second = first;
    second.tokens = {"other"};
    REQUIRE(repository->grants().put(second));
    const auto now = given(repository->grants().grant("acc_1"));
    CHECK(now->tokens.bytes == "other");
    CHECK(now->version > found->version);
    CHECK(repository->grants().put({.account_id = "acc_9"}).error().code == ErrorCode::not_found);
  }

  SUBCASE("One claims it, until it is kept or the claim is over") {
    GrantRows& grants = repository->grants();
    REQUIRE(grants.put(first));
    const auto version = given(grants.grant("acc_1"))->version;
    CHECK(given(grants.claim("acc_1", version, at(100), at(140))));
    CHECK_FALSE(given(grants.claim("acc_1", version, at(100), at(140))));
    CHECK_FALSE(given(grants.claim("acc_1", version + 1, at(139), at(180))));
    CHECK_FALSE(given(grants.keep("acc_1", version, {"late"}, at(900))));
    CHECK_FALSE(given(grants.reseal("acc_1", version + 1, at(139), {"again"})));
    CHECK(given(grants.keep("acc_1", version + 1, {"next"}, at(900))));
    CHECK(given(grants.grant("acc_1"))->tokens.bytes == "next");
    CHECK(given(grants.grant("acc_1"))->expires_at == at(900));
    CHECK(given(grants.reseal("acc_1", version + 2, at(139), {"again"})));
    // Of a node that went in the middle of it.
    CHECK(given(grants.claim("acc_1", version + 3, at(200), at(240))));
    CHECK(given(grants.claim("acc_1", version + 4, at(240), at(280))));
  }

  SUBCASE("It goes with its account, or by itself") {
    REQUIRE(repository->grants().put(first));
    REQUIRE(repository->grants().remove("acc_1"));
    REQUIRE(repository->grants().remove("acc_1"));
    CHECK_FALSE(given(repository->grants().grant("acc_1")));
    REQUIRE(repository->grants().put(first));
    REQUIRE(repository->delete_account("acc_1"));
    CHECK_FALSE(given(repository->grants().grant("acc_1")));
  }
}

}  // namespace patchbay::store
