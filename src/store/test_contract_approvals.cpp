#include <doctest/doctest.h>

#include "store/each_row.h"
#include "store/test_repository_contract.h"
#include "store/test_rows.h"

namespace patchbay::store {
namespace {

std::vector<std::string> ids_of(const Result<std::vector<ApprovalRow>>& rows) {
  REQUIRE(rows.has_value());
  std::vector<std::string> ids;
  for (const ApprovalRow& row : *rows) ids.push_back(row.id);
  return ids;
}

using Ids = std::vector<std::string>;

}  // namespace

void check_approvals(const RepositoryFactory& factory) {
  auto repository = factory.make();
  REQUIRE(repository->insert(environment("env_1")));
  REQUIRE(repository->insert(account("acc_1", "env_1")));
  REQUIRE(repository->insert(account("acc_2", "env_1")));

  SUBCASE("Every field of an approval comes back as it went in, also after a restart") {
    ApprovalRow row = approval("apr_1", "acc_1", "d1");
    row.outcome.bytes = std::string("\0came", 5);
    row.state = "refused";
    row.decided_by = "tok_1";
    row.reason = "Not this one; \"no\"";
    row.decided_at = at(150);
    REQUIRE(repository->insert(row));
    REQUIRE(repository->insert(approval("apr_2", "acc_1", "d2")));
    repository = factory.reopen(std::move(repository));
    const auto found = repository->approval("apr_1").value();
    REQUIRE(found);
    CHECK(found->environment_id == "env_1");
    CHECK(found->account_id == "acc_1");
    CHECK(found->server_id == "mcp_1");
    CHECK(found->tool == "delete_a_ticket");
    CHECK(found->digest == "d1");
    CHECK(found->state == "refused");
    CHECK(found->content.bytes == row.content.bytes);
    CHECK(found->outcome.bytes == row.outcome.bytes);
    CHECK(found->decided_by == "tok_1");
    CHECK(found->reason == row.reason);
    CHECK(found->decided_at == at(150));
    CHECK(found->expires_at == at(200));
    CHECK(found->created_at == at(100));
    CHECK(found->updated_at == at(101));
    CHECK(found->mac == row.mac);
    CHECK_FALSE(repository->approval("apr_2").value()->decided_at);
    CHECK_FALSE(repository->approval("apr_3").value());
  }

  SUBCASE("The same call is pending once, and of two who decide one does") {
    ApprovalRow row = approval("apr_1", "acc_1", "d1");
    REQUIRE(repository->insert(row));
    CHECK(code_of(repository->insert(approval("apr_2", "acc_1", "d1"))) == ErrorCode::conflict);
    ApprovalRow other = row;
    row.state = "sending";
    REQUIRE(repository->update(row));
    other.state = "refused";
    CHECK(code_of(repository->update(other)) == ErrorCode::conflict);
    CHECK(repository->approval("apr_1").value()->state == "sending");
    row.state = "done";
    REQUIRE(repository->update(row));
    ApprovalRow next = approval("apr_2", "acc_1", "d1");
    next.created_at = at(101);
    REQUIRE(repository->insert(next));
    CHECK(repository->approval_of_call("mcp_1", "d1").value()->id == "apr_2");
    CHECK_FALSE(repository->approval_of_call("mcp_2", "d1").value());
    ApprovalRow never = approval("apr_9", "acc_1", "d9");
    CHECK(code_of(repository->update(never)) == ErrorCode::not_found);
    CHECK(code_of(repository->insert(approval("apr_9", "acc_9", "d9"))) == ErrorCode::not_found);
  }

  SUBCASE("Lists go by page, newest first, within what they are filtered by") {
    for (int i = 1; i <= 4; ++i) {
      ApprovalRow row = approval("apr_" + std::to_string(i), i % 2 == 0 ? "acc_2" : "acc_1",
                                 "d" + std::to_string(i));
      row.server_id = i == 4 ? "mcp_2" : "mcp_1";
      row.state = i == 3 ? "done" : "pending";
      row.created_at = at(100 + i);
      REQUIRE(repository->insert(row));
    }
    const Page all{.limit = 10, .after = {}};
    CHECK(ids_of(repository->approvals({}, all)) == Ids{"apr_4", "apr_3", "apr_2", "apr_1"});
    CHECK(ids_of(repository->approvals({.environment_id = "env_1", .state = "pending"}, all)) ==
          Ids{"apr_4", "apr_2", "apr_1"});
    CHECK(ids_of(repository->approvals({.environment_id = "env_2"}, all)).empty());
    CHECK(ids_of(repository->approvals({.account_id = "acc_1"}, all)) == Ids{"apr_3", "apr_1"});
    CHECK(ids_of(repository->approvals({.environment_id = "env_2", .account_id = "acc_1"}, all))
              .empty());
    CHECK(ids_of(repository->approvals({.account_id = "acc_2", .server_id = "mcp_1"}, all)) ==
          Ids{"apr_2"});
    const Page second{.limit = 1, .after = Page::Position{at(103), "apr_3"}};
    CHECK(ids_of(repository->approvals({.server_id = "mcp_1"}, second)) == Ids{"apr_2"});
    CHECK(ids_of(repository->approvals_after("apr_2", 10)) == Ids{"apr_3", "apr_4"});
  }

  SUBCASE("Those that are due, those that wait, and those that are old are found") {
    for (int i = 1; i <= 3; ++i) {
      ApprovalRow row = approval("apr_" + std::to_string(i), "acc_1", "d" + std::to_string(i));
      row.created_at = at(100 + i);
      row.expires_at = at(300 - i);
      REQUIRE(repository->insert(row));
    }
    CHECK(ids_of(repository->approvals_due("pending", at(298), 10)) == Ids{"apr_3", "apr_2"});
    CHECK(ids_of(repository->approvals_due("sending", at(400), 10)).empty());
    CHECK(repository->count_pending(at(298)).value() == 1);
    CHECK(repository->count_pending("mcp_1", at(0)).value() == 3);
    CHECK(repository->count_pending("mcp_2", at(0)).value() == 0);
    CHECK(repository->count_pending_of_environment("env_1", at(298)).value() == 1);
    CHECK(repository->count_pending_of_environment("env_1", at(0)).value() == 3);
    CHECK(repository->count_pending_of_environment("env_2", at(0)).value() == 0);
    CHECK(repository->delete_approvals(at(102), 1).value() == 1);
    CHECK(repository->delete_approvals(at(102), 10).value() == 1);
    CHECK(ids_of(repository->approvals_after("", 10)) == Ids{"apr_3"});
  }

  SUBCASE("They go with their account, and stay without their MCP server") {
    REQUIRE(repository->insert(server("mcp_1", "acc_1", 1)));
    REQUIRE(repository->insert(approval("apr_1", "acc_1", "d1")));
    REQUIRE(repository->insert(approval("apr_2", "acc_2", "d2")));
    REQUIRE(repository->delete_mcp_server("mcp_1"));
    CHECK(repository->approval("apr_1").value());
    REQUIRE(repository->delete_account("acc_1"));
    CHECK_FALSE(repository->approval("apr_1").value());
    REQUIRE(repository->delete_environment("env_1"));
    CHECK_FALSE(repository->approval("apr_2").value());
  }
}

}  // namespace patchbay::store
