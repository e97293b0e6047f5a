#include <doctest/doctest.h>

#include "store/test_repository_contract.h"
#include "store/test_rows.h"

namespace patchbay::store {

void check_journal_and_secrets(const RepositoryFactory& factory) {
  auto repository = factory.make();
  REQUIRE(repository->insert(environment("env_1")));

  SUBCASE("A key belongs to its first write, also after a restart, for its lifetime") {
    REQUIRE(repository->insert(account("acc_1", "env_1")));
    REQUIRE(repository->insert(account("acc_2", "env_1")));
    WriteRow row = write("wrt_1", "acc_1", "k'1");
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
