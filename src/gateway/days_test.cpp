// A day is a day: an account's time zone moves times, and never the date of an invoice.
#include <doctest/doctest.h>

#include "gateway/test_world.h"
#include "http/url.h"

namespace patchbay::gateway {

namespace {

std::size_t count_direct(World& world, const std::string& path, const std::string& conditions) {
  return world.direct_ids(path + "?conditions=" + http::percent_encode(conditions)).size();
}

}  // namespace

TEST_CASE("days: a filter by day finds the records of that day, east and west of Greenwich") {
  World world;
  const auto expected = count_direct(world, "/finance/invoices",
                                     "date >= [2026-11-01T00:00:00Z] and date < "
                                     "[2026-11-02T00:00:00Z]");
  REQUIRE(expected > 0);
  for (const auto* zone : {"Europe/Berlin", "America/New_York", "Australia/Sydney"}) {
    CAPTURE(zone);
    world.harness.move_to(zone);
    const auto found =
        world.call("list_all_connect_wise_psa_invoices",
                   R"({"datedAfter":"2026-11-01","datedBefore":"2026-11-02","count":true})");
    CHECK_MESSAGE(found.value.int64_or("count", -1) == static_cast<std::int64_t>(expected),
                  found.result.text);
  }
}

TEST_CASE("days: what is dated is sent with that day, however it is written") {
  World world;
  for (const auto* zone : {"Europe/Berlin", "America/New_York", "Australia/Sydney"}) {
    CAPTURE(zone);
    world.harness.move_to(zone);
    for (const auto* day : {"2026-11-01", "2026-11-01T00:00:00", "2026-11-01T23:30:00-05:00"}) {
      const auto shown = world.call(
          "update_a_connect_wise_psa_agreement_addition_by_id",
          std::string(R"({"agreementId":1,"id":1,"dry_run":true,"effectiveDate":")") + day + "\"}");
      CHECK_MESSAGE(shown.result.text.contains("2026-11-01T00:00:00Z"), shown.result.text);
    }
  }
}

TEST_CASE("a deletion names what is gone, and apart from it what it was part of") {
  World world;
  const auto notes = world.direct("/service/tickets/5012/notes?pageSize=1&orderBy=id%20desc");
  const auto id = std::to_string(notes.if_array()->front().int64_or("id", 0));
  const auto gone = world.call("delete_a_connect_wise_psa_ticket_note_by_id",
                               R"({"ticketId":5012,"id":)" + id + '}');
  const auto* touches = gone.value.find("touches");
  REQUIRE_MESSAGE(touches != nullptr, gone.result.text);
  CHECK(touches->if_array()->front().string_or("record", "") == "ticket_note");
  CHECK(std::to_string(touches->if_array()->front().int64_or("id", 0)) == id);
  CHECK_MESSAGE(gone.result.text.ends_with(R"("ticketId":5012,"id":)" + id + R"(,"deleted":true})"),
                gone.result.text);
}

}  // namespace patchbay::gateway
