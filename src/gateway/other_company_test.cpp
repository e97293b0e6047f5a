// One company's contact or agreement is never put on another's record, by whatever it is given.
#include "gateway/test_world.h"

namespace patchbay::gateway {

namespace {

// The first record of that list whose company is, or is not, this one.
std::int64_t of_company(World& world, const std::string& path, std::int64_t company, bool same) {
  const auto records = world.direct(path + "?pageSize=200&orderBy=id&conditions=company/id%20" +
                                    (same ? "=" : "!=") + "%20" + std::to_string(company) +
                                    "%20and%20inactiveFlag%20%3D%20false");
  REQUIRE_FALSE(records.if_array()->empty());
  return records.if_array()->front().int64_or("id", 0);
}

}  // namespace

TEST_CASE("another company's contact or agreement is refused by its id as by its name") {
  World world;
  const auto ticket = world.direct("/service/tickets/5012");
  const auto company = ticket.find("company")->int64_or("id", 0);
  const auto theirs = std::to_string(of_company(world, "/company/contacts", company, false));
  const auto ours = std::to_string(of_company(world, "/company/contacts", company, true));
  const auto before = world.direct("/service/tickets/count");
  const auto create = [&](const std::string& with) {
    return world.call("create_a_connect_wise_psa_ticket",
                      R"({"summary":"Whose is it","allow_duplicate":true,"company":)" +
                          std::to_string(company) + "," + with + '}');
  };
  for (const std::string& form : {theirs, '"' + theirs + '"', "\"(id " + theirs + ")\""}) {
    for (const char* dry : {"true", "false"}) {
      const auto outcome = create("\"contact\":" + form + ",\"dry_run\":" + dry);
      CHECK_MESSAGE(outcome.error().contains("contact"), outcome.result.text);
      CHECK(outcome.was_applied() == "no");
    }
    const auto update = world.call("update_a_connect_wise_psa_ticket_by_id",
                                   R"({"id":5012,"contact":)" + form + '}');
    CHECK_MESSAGE(update.error().contains("contact"), update.result.text);
  }
  CHECK(world.direct("/service/tickets/count") == before);
  CHECK(world.direct("/service/tickets/5012").find("contact") != nullptr);
  const auto right = create("\"contact\":" + ours);
  CHECK_MESSAGE(!right.result.is_error, right.result.text);
}

}  // namespace patchbay::gateway
