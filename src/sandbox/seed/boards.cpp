// Boards: statuses by their way of working, taxonomy from their topics, a team each.
#include <chrono>
#include <map>
#include <utility>

#include "sandbox/seed/context.h"
#include "sandbox/seed/parts.h"

namespace patchbay::sandbox {
namespace {

struct BoardPlan {
  const char* name;
  const char* team;
  int weight;  // of 100 tickets
  const char* manager;
};

constexpr BoardPlan kBoards[] = {
    {"Service Desk", "service", 34, "pnovak"},
    {"Triage", "dispatch", 5, "eclarke"},
    {"Network Infrastructure", "network", 12, "mreed"},
    {"Server Team", "server", 14, "tbecker"},
    {"Emergency Escalations", "network", 2, "nlarsen"},
    {"Cloud Services", "cloud", 8, "dmartinez"},
    {"Security Operations", "security", 6, "lokafor"},
    {"Field Services", "field", 4, "kobrien"},
    {"Monitoring Alerts", "server", 8, "tbecker"},
    {"Onboarding & Offboarding", "service", 4, "pnovak"},
    {"Procurement & Licensing", "procurement", 2, "ctaylor"},
    {"Internal IT", "cloud", 1, "ejohansson"},
};

struct StatusPlan {
  const char* name;
  bool closed;
  const char* escalation;
};
using Statuses = std::vector<StatusPlan>;

Statuses statuses_of(std::string_view board) {
  const StatusPlan fresh = {"New", false, "NotResponded"};
  if (board == "Triage") {
    return {fresh,
            {"In Review", false, "Responded"},
            {"Needs Information", false, "NoEscalation"},
            {"Routed", true, "Resolved"},
            {"Closed", true, "Resolved"}};
  }
  if (board == "Emergency Escalations") {
    return {fresh,
            {"Major Incident", false, "Responded"},
            {"Monitoring", false, "ResolutionPlan"},
            {"Post-Incident Review", false, "Resolved"},
            {"All Clear", true, "Resolved"}};
  }
  if (board == "Monitoring Alerts") {
    return {fresh,
            {"Acknowledged", false, "Responded"},
            {"Auto-Closed", true, "Resolved"},
            {"Closed", true, "Resolved"}};
  }
  if (board == "Internal IT") {
    // A status that is called closed, but is not: here it waits for a second person's check.
    return {fresh,
            {"In Progress", false, "Responded"},
            {"Closed", false, "ResolutionPlan"},
            {"Verified", true, "Resolved"}};
  }
  if (board == "Procurement & Licensing") {
    return {fresh,
            {"Quote Sent", false, "Responded"},
            {"Approved", false, "ResolutionPlan"},
            {"On Order", false, "ResolutionPlan"},
            {"Delivered", true, "Resolved"},
            {"Cancelled", true, "Resolved"}};
  }
  Statuses usual = {fresh,
                    {"Assigned", false, "Responded"},
                    {"In Progress", false, "Responded"},
                    {"Waiting on Client", false, "NoEscalation"},
                    {"Scheduled", false, "ResolutionPlan"},
                    {"Resolved", false, "Resolved"},
                    {"Closed", true, "Resolved"}};
  if (board == "Network Infrastructure" || board == "Server Team") {
    usual.insert(usual.begin() + 4, {"Escalated", false, "Responded"});
    usual.insert(usual.begin() + 5, {"Waiting on Vendor", false, "NoEscalation"});
  }
  return usual;
}

class Boards {
 public:
  explicit Boards(SeedContext& context)
      : context_(context), since_(context.options.now - std::chrono::days(1300)) {}

  void run() {
    for (const BoardPlan& plan : kBoards) add(plan);
  }

 private:
  Draft draft(std::string_view table) {
    Draft made(context_.db, table);
    made.entered(since_, "zadmin");
    return made;
  }

  void add(const BoardPlan& plan) {
    SeededBoard board;
    board.name = plan.name;
    board.team = plan.team;
    board.weight = plan.weight;
    board.id = draft("boards")
                   .set("name", plan.name)
                   .refer("location", 1)
                   .refer("department", 1)
                   .refer("serviceManagerMember", context_.member(plan.manager).id)
                   .refer("dispatchMember", context_.member("eclarke").id)
                   .set("notifyEmailFrom", "support@cascademsp.example")
                   .set("notifyEmailFromName", "Cascade Support")
                   .insert();
    add_statuses(board);
    choose_closing_status(board);
    add_taxonomy(board);
    add_team(board, plan);
    context_.boards.push_back(std::move(board));
  }

  void add_statuses(SeededBoard& board) {
    std::int64_t sort = 10;
    for (const StatusPlan& status : statuses_of(board.name)) {
      const std::int64_t id = draft("boardStatuses")
                                  .refer("board", board.id)
                                  .set("name", status.name)
                                  .set("sortOrder", std::exchange(sort, sort + 10))
                                  .set("closedStatus", status.closed)
                                  .set("displayOnBoard", !status.closed)
                                  .set("timeEntryNotAllowed", false)
                                  .set("defaultFlag", board.new_status == 0)
                                  .set("escalationStatus", status.escalation)
                                  .insert();
      if (board.new_status == 0) board.new_status = id;
      (status.closed ? board.closed_statuses : board.open_statuses).push_back(id);
    }
  }

  // Not of every board: on some that have several nobody has said which is the usual one.
  void choose_closing_status(const SeededBoard& board) {
    if (board.closed_statuses.empty() || board.name == "Procurement & Licensing") return;
    Table& boards = context_.db.table("boards");
    Record record = *boards.find(board.id);
    const bool last = board.name == "Triage";
    boards.at(record, "autoCloseStatus") =
        RecordReference{last ? board.closed_statuses.back() : board.closed_statuses.front()};
    boards.put(std::move(record));
  }

  // The id of a name in the table below the board, made at its first use.
  std::int64_t named(std::map<std::string, std::int64_t>& known, std::string_view table,
                     const SeededBoard& board, std::string_view name) {
    if (name.empty()) return 0;
    std::int64_t& id = known[std::string(name)];
    if (id == 0) {
      Draft made = draft(table);
      made.refer("board", board.id).set("name", std::string(name));
      if (table == "boardTypes") {
        made.set("category", "Reactive").set("defaultFlag", known.size() == 1);
      }
      id = made.insert();
    }
    return id;
  }

  void add_taxonomy(SeededBoard& board) {
    std::map<std::string, std::int64_t> types;
    std::map<std::string, std::int64_t> sub_types;
    std::map<std::string, std::int64_t> items;
    std::map<std::int64_t, Ids> types_of;
    for (const Topic& topic : all_topics()) {
      if (topic.board != board.name) continue;
      const SeededTopic seeded{&topic, named(types, "boardTypes", board, topic.type),
                               named(sub_types, "boardSubTypes", board, topic.sub_type),
                               named(items, "boardItems", board, topic.item)};
      draft("boardAssociations")
          .refer("board", board.id)
          .refer("type", seeded.type)
          .refer("subType", seeded.sub_type)
          .refer("item", seeded.item)
          .insert();
      types_of[seeded.sub_type].push_back(seeded.type);
      board.topics.push_back(seeded);
    }
    Table& table = context_.db.table("boardSubTypes");
    for (auto& [sub_type, ids] : types_of) {
      Record record = *table.find(sub_type);
      table.at(record, "typeAssociationIds") = std::move(ids);
      table.put(std::move(record));
    }
    // A type that nothing goes with and that is out of use.
    named(types, "boardTypes", board, "Other");
    Table& all_types = context_.db.table("boardTypes");
    Record other = *all_types.find(types["Other"]);
    all_types.at(other, "inactiveFlag") = true;
    all_types.put(std::move(other));
  }

  void add_team(SeededBoard& board, const BoardPlan& plan) {
    Ids members;
    for (const SeededMember* one : context_.team(plan.team)) members.push_back(one->id);
    board.team_id = draft("boardTeams")
                        .refer("board", board.id)
                        .set("name", std::string(plan.name) + " Team")
                        .refer("teamLeader", members.front())
                        .set("members", members)
                        .set("defaultFlag", true)
                        .set("locationId", std::int64_t{1})
                        .set("businessUnitId", std::int64_t{1})
                        .insert();
  }

  SeedContext& context_;
  Instant since_;
};

}  // namespace

void seed_boards(SeedContext& context) {
  Boards(context).run();
}

}  // namespace patchbay::sandbox
