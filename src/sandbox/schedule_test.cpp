// The dispatch board: names, hours, conflicts, and who is on a ticket.
#include <doctest/doctest.h>

#include "sandbox/test_client.h"

using namespace patchbay;
using namespace patchbay::sandbox;
using namespace patchbay::sandbox::testing;

namespace {

TestReply book(TestClient& client, const std::string& start, const std::string& end,
               const std::string& more = {}) {
  return client.post("/schedule/entries", R"({"objectId":5012,"type":{"identifier":"S"},
      "member":{"identifier":"rgreen"},"dateStart":")" +
                                              start + R"(","dateEnd":")" + end + "\"" + more + "}");
}

}  // namespace

TEST_CASE("an entry for a ticket is named after it and counts its hours") {
  TestClient client;
  const TestReply made = book(client, "2026-06-01T08:00:00Z", "2026-06-01T09:30:00Z");
  CAPTURE(made.text);
  REQUIRE(made.status == 201);
  const TestReply ticket = client.get("/service/tickets/5012");
  CHECK(made.body.string_or("name", "") ==
        std::string(ticket.body.find("company")->string_or("name", "")) + " / Ticket# 5012 - " +
            std::string(ticket.body.string_or("summary", "")));
  CHECK(made.text.find(R"("hours":1.5)") != std::string::npos);
  CHECK(ticket.body.string_or("resources", "").find("rgreen") != std::string::npos);
}

TEST_CASE("nobody is in two places, unless the caller allows it") {
  TestClient client;
  REQUIRE(book(client, "2026-06-01T08:00:00Z", "2026-06-01T09:00:00Z").status == 201);
  const TestReply clash = book(client, "2026-06-01T08:30:00Z", "2026-06-01T09:30:00Z");
  CHECK(clash.status == 400);
  CHECK(clash.text.find("ScheduleConflict") != std::string::npos);
  CHECK(clash.text.find("allowScheduleConflictsFlag") != std::string::npos);
  CHECK(book(client, "2026-06-01T08:30:00Z", "2026-06-01T09:30:00Z",
             R"(,"allowScheduleConflictsFlag":true)")
            .status == 201);
  // One after the other is no conflict, and neither is somebody else's time.
  CHECK(book(client, "2026-06-01T09:30:00Z", "2026-06-01T10:00:00Z").status == 201);
  CHECK(client
            .post("/schedule/entries", R"({"objectId":5012,"type":{"id":4},
      "member":{"identifier":"jdoe"},"dateStart":"2026-06-01T08:00:00Z",
      "dateEnd":"2026-06-01T09:00:00Z"})")
            .status == 201);
}

TEST_CASE("what is done or a to-do takes nobody's time") {
  TestClient client;
  REQUIRE(
      book(client, "2026-06-01T08:00:00Z", "2026-06-01T09:00:00Z", R"(,"doneFlag":true)").status ==
      201);
  CHECK(book(client, "2026-06-01T08:00:00Z", "2026-06-01T09:00:00Z").status == 201);
  CHECK(client
            .post("/schedule/entries", R"({"type":{"identifier":"M"},
      "member":{"identifier":"rgreen"},"dateStart":"2026-06-01T00:00:00Z",
      "dateEnd":"2026-06-01T00:00:00Z"})")
            .status == 201);
}

TEST_CASE("entries that make no sense are refused") {
  TestClient client;
  CHECK(book(client, "2026-06-01T10:00:00Z", "2026-06-01T09:00:00Z").status == 400);
  CHECK(client
            .post("/schedule/entries", R"({"objectId":999999,"type":{"id":4},
      "dateStart":"2026-06-01T08:00:00Z","hours":1})")
            .status == 400);
  CHECK(client.post("/schedule/entries", R"({"objectId":5012})").status == 400);
}

TEST_CASE("the last entry of a member for a ticket takes them off it") {
  TestClient client;
  const TestReply made = book(client, "2026-06-01T08:00:00Z", "2026-06-01T09:00:00Z");
  REQUIRE(made.status == 201);
  CHECK(client.remove("/schedule/entries/" + std::to_string(made.body.int64_or("id", 0))).status ==
        204);
  CHECK(client.get("/service/tickets/5012").body.string_or("resources", "").find("rgreen") ==
        std::string::npos);
}

TEST_CASE("an entry is about what its type says: a ticket's id is no sales activity's") {
  TestClient client;
  const auto book_as = [&](const std::string& type, std::int64_t object) {
    return client.post("/schedule/entries",
                       R"({"objectId":)" + std::to_string(object) + R"(,"type":{"identifier":")" +
                           type +
                           R"("},"member":{"identifier":"rgreen"},"doneFlag":true,
      "dateStart":"2026-06-01T08:00:00Z","dateEnd":"2026-06-01T09:00:00Z"})");
  };
  const TestReply refused = book_as("C", 5012);
  CHECK(refused.status == 400);
  CHECK(refused.text.find("Activity 5012 not found") != std::string::npos);
  const TestReply activities = client.get("/sales/activities?pageSize=1&fields=id");
  const std::int64_t activity = activities.body.if_array()->front().int64_or("id", 0);
  CHECK(book_as("C", activity).status == 201);
  CHECK(book_as("S", 5012).status == 201);
}
