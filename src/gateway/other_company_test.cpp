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

TEST_CASE("another company's configuration is attached to a ticket only where the call says so") {
  World world;
  const auto company = world.direct("/service/tickets/5012").find("company")->int64_or("id", 0);
  const auto configurations = [&](const char* op) {
    return world.direct_ids("/company/configurations?conditions=company/id" + std::string(op) +
                            std::to_string(company));
  };
  const auto attached = [&] { return world.direct_ids("/service/tickets/5012/configurations"); };
  const auto has = attached();
  const auto attach = [&](std::int64_t id, bool insists) {
    json::Value arguments = json::Object{{"ticketId", 5012}, {"configurationId", id}};
    if (insists) arguments["allow_other_company"] = true;
    return world.harness.call_value("create_a_connect_wise_psa_ticket_configuration", arguments);
  };
  const auto theirs = configurations("!=").front();
  const auto refused = attach(theirs, false);
  CHECK_MESSAGE(refused.error().contains("allow_other_company"), refused.result.text);
  CHECK(refused.was_applied() == "no");
  CHECK(attached() == has);
  CHECK_FALSE(attach(theirs, true).result.is_error);
  for (const auto ours : configurations("=")) {
    if (std::ranges::find(has, ours) != has.end()) continue;
    const auto done = attach(ours, false);
    CHECK_MESSAGE(!done.result.is_error, done.result.text);
    break;
  }
}

}  // namespace patchbay::gateway
