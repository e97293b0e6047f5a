// A status that is called closed, and closes nothing.
#include "gateway/test_world.h"

namespace patchbay::gateway {

namespace {

constexpr const char* kSaid = "does not close it";

std::string notice_of(const Answered& outcome) {
  return std::string(outcome.value.string_or("notice", ""));
}

// The board's status of that name, which closes nothing from here on.
std::int64_t unclosing(World& world, const std::string& board) {
  const auto statuses =
      world.direct("/service/boards/" + board + "/statuses?conditions=name='Closed'");
  REQUIRE(!statuses.if_array()->empty());
  const auto id = statuses.if_array()->front().int64_or("id", 0);
  world.change("/service/boards/" + board + "/statuses/" + std::to_string(id),
               R"([{"op":"replace","path":"closedStatus","value":false}])");
  return id;
}

std::int64_t made(World& world, const std::string& summary) {
  const auto outcome =
      world.harness.call_value("create_a_connect_wise_psa_ticket",
                               json::Object{{"summary", summary}, {"company", 250}, {"board", 2}});
  REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
  return outcome.value.int64_or("id", 0);
}

}  // namespace

TEST_CASE("closing: a status that does not close is told by every write, in its dry run as well") {
  World world;
  const std::string prefix = "connect_wise_psa_";
  const auto stays = made(world, "Stays");
  const auto goes = made(world, "Goes");
  const std::vector<std::pair<std::string, json::Object>> writes = {
      {"create_a_" + prefix + "ticket",
       {{"summary", "New"}, {"company", 250}, {"board", 2}, {"status", "Closed"}}},
      {"update_a_" + prefix + "ticket_by_id", {{"id", stays}, {"status", "Closed"}}},
      {prefix + "tickets_merge",
       {{"ticketId", stays}, {"mergeTicketIds", json::Array{goes}}, {"status", "Closed"}}},
  };
  const auto notice = [&](const std::string& tool, json::Object arguments, bool dry) {
    if (dry) arguments.append("dry_run", true);
    const auto outcome = world.harness.call_value(tool, json::Value(std::move(arguments)));
    REQUIRE_MESSAGE(!outcome.result.is_error, tool << ": " << outcome.result.text);
    return notice_of(outcome);
  };
  for (const auto& [tool, arguments] : writes) {
    CAPTURE(tool);
    CHECK_FALSE(notice(tool, arguments, true).contains(kSaid));
  }
  unclosing(world, "2");
  for (const bool dry : {true, false}) {
    CAPTURE(dry);
    for (const auto& [tool, arguments] : writes) {
      const auto said = notice(tool, arguments, dry);
      CHECK_MESSAGE(said.contains(kSaid), tool << ": " << said);
    }
  }
}

TEST_CASE("closing: whatever can be closed by its status says so where it is made and changed") {
  for (const auto& tool : shipped_tools()->tools()) {
    const auto& resource = *tool->resource;
    const auto kind = tool->method->kind;
    const bool sets =
        kind == integration::MethodKind::create || kind == integration::MethodKind::update;
    const auto* flag = resource.find_field("closedFlag");
    if (flag == nullptr) flag = resource.find_field("closeFlag");
    if (!sets || flag == nullptr || !flag->returned) continue;
    const auto status =
        std::ranges::find(tool->method->arguments, "status", &integration::Argument::name);
    if (status == tool->method->arguments.end() || !status->reference) continue;
    const auto& remarks = tool->method->remarks;
    const bool said = std::ranges::any_of(remarks, [](const auto& remark) {
      return remark.given == "status" && !remark.foretold.empty();
    });
    CHECK_MESSAGE(said, tool->name);
  }
}

}  // namespace patchbay::gateway
