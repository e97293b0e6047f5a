#include <doctest/doctest.h>

#include "store/test_repository_contract.h"
#include "store/test_rows.h"

namespace patchbay::store {
namespace {

constexpr std::size_t kMost = 3;

DashboardSessionRow session(std::string id, std::string token_id, std::uint32_t hash,
                            std::int64_t ends_at = 100) {
  return {.id = std::move(id),
          .api_token_id = std::move(token_id),
          .hash = hash_of(hash),
          .ends_at = at(ends_at),
          .expires_at = at(900),
          .created_at = at(10),
          .mac = std::string("\0code", 5)};
}

SignInLinkRow link(std::string id, std::string token_id, std::uint32_t hash,
                   std::int64_t expires_at = 100) {
  return {.id = std::move(id),
          .api_token_id = std::move(token_id),
          .hash = hash_of(hash),
          .expires_at = at(expires_at),
          .created_at = at(10),
          .mac = std::string("\0code", 5)};
}

bool opens(Repository& repository, std::uint32_t hash) {
  return given(repository.sign_ins().session(hash_of(hash))).has_value();
}

void check_sessions(const RepositoryFactory& factory, std::unique_ptr<Repository>& repository) {
  SUBCASE("Every field of a session comes back as it went in, also after a restart") {
    REQUIRE(repository->sign_ins().insert(session("ses_1", "tok_1", 11), kMost));
    repository = factory.reopen(std::move(repository));
    const auto found = given(repository->sign_ins().session(hash_of(11)));
    REQUIRE(found);
    CHECK(found->id == "ses_1");
    CHECK(found->api_token_id == "tok_1");
    CHECK(found->hash == hash_of(11));
    CHECK(found->ends_at == at(100));
    CHECK(found->expires_at == at(900));
    CHECK(found->created_at == at(10));
    CHECK(found->mac == std::string("\0code", 5));
    CHECK_FALSE(opens(*repository, 12));
  }

  SUBCASE("It is prolonged while it is there, and ends alone, or with all of its API token") {
    SignInRows& rows = repository->sign_ins();
    REQUIRE(rows.insert(session("ses_1", "tok_1", 11), kMost));
    REQUIRE(rows.insert(session("ses_2", "tok_1", 12), kMost));
    REQUIRE(rows.insert(session("ses_3", "tok_2", 13), kMost));
    CHECK(given(rows.prolong("ses_1", at(200))));
    CHECK(given(rows.session(hash_of(11)))->ends_at == at(200));
    CHECK(given(rows.remove_session("ses_1")));
    CHECK_FALSE(given(rows.remove_session("ses_1")));
    CHECK_FALSE(given(rows.prolong("ses_1", at(300))));
    CHECK_FALSE(opens(*repository, 11));
    REQUIRE(rows.insert(session("ses_4", "tok_1", 14), kMost));
    CHECK(given(rows.remove_sessions_of("tok_1")) == 2);
    CHECK_FALSE(opens(*repository, 12));
    CHECK(opens(*repository, 13));
  }

  SUBCASE("An API token has so many, and those that end last; with the token all go") {
    SignInRows& rows = repository->sign_ins();
    for (std::uint32_t i = 1; i <= 5; ++i) {
      REQUIRE(
          rows.insert(session("ses_" + std::to_string(i), "tok_1", i, i == 1 ? 500 : i), kMost));
    }
    REQUIRE(rows.insert(session("ses_9", "tok_2", 9, 1), kMost));
    for (const std::uint32_t hash : {1U, 4U, 5U, 9U}) CHECK(opens(*repository, hash));
    for (const std::uint32_t hash : {2U, 3U}) CHECK_FALSE(opens(*repository, hash));
    REQUIRE(repository->delete_api_token("tok_1"));
    CHECK_FALSE(opens(*repository, 1));
    CHECK(opens(*repository, 9));
    CHECK(code_of(rows.insert(session("ses_6", "tok_1", 6), kMost)) == ErrorCode::not_found);
    CHECK(code_of(rows.insert(link("lnk_6", "tok_1", 6), kMost)) == ErrorCode::not_found);
  }
}

void check_links(const RepositoryFactory& factory, std::unique_ptr<Repository>& repository) {
  SUBCASE("A link comes back as it went in, and makes one session, once") {
    REQUIRE(repository->sign_ins().insert(link("lnk_1", "tok_1", 21), kMost));
    repository = factory.reopen(std::move(repository));
    SignInRows& rows = repository->sign_ins();
    const auto found = given(rows.link(hash_of(21)));
    REQUIRE(found);
    CHECK(found->id == "lnk_1");
    CHECK(found->api_token_id == "tok_1");
    CHECK(found->hash == hash_of(21));
    CHECK(found->expires_at == at(100));
    CHECK(found->created_at == at(10));
    CHECK(found->mac == std::string("\0code", 5));
    CHECK_FALSE(given(rows.link(hash_of(22))));

    CHECK(given(rows.use_link("lnk_1", session("ses_1", "tok_1", 11), kMost)));
    CHECK(opens(*repository, 11));
    CHECK_FALSE(given(rows.link(hash_of(21))));
    CHECK_FALSE(given(rows.use_link("lnk_1", session("ses_2", "tok_1", 12), kMost)));
    CHECK_FALSE(opens(*repository, 12));
  }

  SUBCASE("A link whose session cannot be made is still there") {
    SignInRows& rows = repository->sign_ins();
    REQUIRE(rows.insert(session("ses_1", "tok_1", 11), kMost));
    REQUIRE(rows.insert(link("lnk_1", "tok_1", 21), kMost));
    CHECK_FALSE(rows.use_link("lnk_1", session("ses_1", "tok_1", 12), kMost));
    CHECK(given(rows.link(hash_of(21))));
  }

  SUBCASE("An API token has so many; with it all go, and what has ended goes some at a time") {
    SignInRows& rows = repository->sign_ins();
    for (std::uint32_t i = 1; i <= 5; ++i) {
      REQUIRE(rows.insert(link("lnk_" + std::to_string(i), "tok_1", i, 100 + i), kMost));
    }
    CHECK_FALSE(given(rows.link(hash_of(2))));
    CHECK(given(rows.link(hash_of(3))));
    REQUIRE(rows.insert(session("ses_1", "tok_1", 11, 50), kMost));
    REQUIRE(rows.insert(session("ses_2", "tok_1", 12, 200), kMost));
    CHECK(given(rows.remove_ended(at(104), 1)) == 2);  // one of each
    CHECK_FALSE(opens(*repository, 11));
    CHECK_FALSE(given(rows.link(hash_of(3))));
    CHECK(given(rows.remove_ended(at(104), 10)) == 1);
    CHECK(given(rows.remove_ended(at(104), 10)) == 0);
    CHECK(opens(*repository, 12));
    CHECK(given(rows.link(hash_of(5))));
    REQUIRE(repository->delete_api_token("tok_1"));
    CHECK_FALSE(given(rows.link(hash_of(5))));
  }
}

}  // namespace

void check_sign_ins(const RepositoryFactory& factory) {
  auto repository = factory.make();
  REQUIRE(repository->insert(environment("env_1")));
  REQUIRE(repository->insert(api_token("tok_1", "env_1", 1001)));
  REQUIRE(repository->insert(api_token("tok_2", "", 1002)));
  check_sessions(factory, repository);
  check_links(factory, repository);
}

}  // namespace patchbay::store
