#include <doctest/doctest.h>

#include "store/test_repository_contract.h"
#include "store/test_rows.h"

namespace patchbay::store {
namespace {

constexpr std::size_t kMost = 3;

void check(const RepositoryFactory& factory, std::unique_ptr<Repository>& repository) {
  SUBCASE("Every field comes back as it went in, also after a restart") {
    DefinitionRow row = definition("acme", 1);
    row.imported = 7;
    REQUIRE(repository->definitions().insert(row, kMost));
    repository = factory.reopen(std::move(repository));
    const auto found = given(repository->definitions().find("acme", 1));
    REQUIRE(found);
    CHECK(found->id == definition_id("acme", 1));
    CHECK(found->integration == "acme");
    CHECK(found->revision == 1);
    CHECK(found->origin == "uploaded");
    CHECK(found->uploaded == 1);
    CHECK(found->imported == 7);
    CHECK(found->files == row.files);
    CHECK(found->tools == 12);
    CHECK(found->created_by == "tok_1");
    CHECK(found->created_at == at(10));
    CHECK(found->mac == row.mac);
    CHECK_FALSE(given(repository->definitions().find("acme", 2)));
    CHECK_FALSE(given(repository->definitions().latest("other")));
  }

  SUBCASE("A version is there once, whoever comes second") {
    REQUIRE(repository->definitions().insert(definition("acme", 1), kMost));
    CHECK(code_of(repository->definitions().insert(definition("acme", 1), kMost)) ==
          ErrorCode::conflict);
    CHECK(repository->definitions().insert(definition("other", 1), kMost));
  }

  SUBCASE("The latest is in force, and a list begins with it, without files") {
    for (const std::int64_t revision : {1, 2, 10}) {
      REQUIRE(repository->definitions().insert(definition("acme", revision), kMost));
    }
    CHECK(given(repository->definitions().latest("acme"))->revision == 10);
    const auto all = given(repository->definitions().list("acme", DefinitionRows::kFromLatest, 2));
    REQUIRE(all.size() == 2);
    CHECK(all[0].revision == 10);
    CHECK(all[1].revision == 2);
    CHECK(all[0].files.empty());
    CHECK(given(repository->definitions().list("acme", 2, 5)).size() == 1);
  }

  SUBCASE("Old versions go, but for those that others are made of") {
    for (std::int64_t revision = 1; revision <= 6; ++revision) {
      DefinitionRow row = definition("acme", revision);
      row.imported = 2;
      REQUIRE(repository->definitions().insert(row, kMost));
    }
    const auto all = given(repository->definitions().list("acme", DefinitionRows::kFromLatest, 9));
    REQUIRE(all.size() == 4);
    CHECK(all[2].revision == 4);
    CHECK(all[3].revision == 2);
  }

  SUBCASE("The integrations that have any are told by name") {
    CHECK(given(repository->definitions().integrations()).empty());
    for (const char* const name : {"b_desk", "acme", "b"}) {
      REQUIRE(repository->definitions().insert(definition(name, 1), kMost));
      REQUIRE(repository->definitions().insert(definition(name, 2), kMost));
    }
    CHECK(given(repository->definitions().integrations()) ==
          std::vector<std::string>{"acme", "b", "b_desk"});
  }

  SUBCASE("A new version is a change that other nodes hear of, by the integration's name") {
    const auto before = given(repository->revision());
    REQUIRE(repository->definitions().insert(definition("acme", 1), kMost));
    const auto told = given(repository->changes_since(before, 10));
    const auto& changes = std::get<Changes>(told).changes;
    REQUIRE(changes.size() == 1);
    CHECK(changes[0].kind == Kind::definition);
    CHECK(changes[0].id == "acme");
  }
}

}  // namespace

void check_definitions(const RepositoryFactory& factory) {
  auto repository = factory.make();
  check(factory, repository);
}

}  // namespace patchbay::store
