// Boards and what is set up below them, priorities, sources: /service.
#include "sandbox/records/database.h"
#include "sandbox/records/declaration.h"

namespace patchbay::sandbox {
namespace {

const std::vector<std::string> kSortings = {"Ascending", "Descending"};

Resource boards() {
  Resource made = resource(
      "boards", "service/boards", "Board", "Service Board", "board",
      {text("name").is_required().at_most(50),
       reference("location", "locations").is_required(),
       reference("department", "departments").is_required(),
       boolean("inactiveFlag").or_else(false),
       boolean("sendToContactFlag").or_else(true),
       boolean("sendToResourceFlag").or_else(false),
       boolean("projectFlag").or_else(false),
       boolean("showDependenciesFlag").or_else(false),
       boolean("showEstimatesFlag").or_else(false),
       boolean("billTicketsAfterClosedFlag").or_else(false),
       boolean("billTicketSeparatelyFlag").or_else(false),
       boolean("billUnapprovedTimeExpenseFlag").or_else(false),
       boolean("overrideBillingSetupFlag").or_else(false),
       reference("dispatchMember", "members"),
       reference("serviceManagerMember", "members"),
       reference("dutyManagerMember", "members"),
       reference("oncallMember", "members"),
       reference("workRole", "workRoles"),
       reference("workType", "workTypes"),
       choice("billTime", kBillableOptions).or_else("NoDefault"),
       choice("billExpense", kBillableOptions).or_else("NoDefault"),
       choice("billProduct", kBillableOptions).or_else("NoDefault"),
       boolean("autoAssignNewTicketsFlag").or_else(false),
       boolean("discussionsLockedFlag").or_else(false),
       boolean("timeEntryLockedFlag").or_else(false),
       text("notifyEmailFrom"),
       text("notifyEmailFromName"),
       boolean("closedLoopDiscussionsFlag").or_else(false),
       boolean("closedLoopResolutionFlag").or_else(false),
       boolean("closedLoopInternalAnalysisFlag").or_else(false),
       boolean("timeEntryDiscussionFlag").or_else(false),
       boolean("timeEntryResolutionFlag").or_else(false),
       boolean("timeEntryInternalAnalysisFlag").or_else(true),
       choice("problemSort", kSortings).or_else("Descending"),
       choice("resolutionSort", kSortings).or_else("Descending"),
       choice("internalAnalysisSort", kSortings).or_else("Descending"),
       boolean("emailConnectorAllowReopenClosedFlag").or_else(true),
       boolean("useMemberDisplayNameFlag").or_else(false),
       boolean("sendToCCFlag").or_else(true),
       boolean("autoAssignTicketOwnerFlag").or_else(false),
       choice("percentageCalculation", {"ActualHours", "Manual", "ClosedPhases", "ClosedTickets"})
           .or_else("ActualHours"),
       choice("allSort", kSortings).or_else("Descending"),
       boolean("markFirstNoteIssueFlag").or_else(false),
       boolean("restrictBoardByDefaultFlag").or_else(false)});
  made.info = {{"teams_href", "service/boards/{id}/teams", ""},
               {"types_href", "service/boards/{id}/types", ""},
               {"subtypes_href", "service/boards/{id}/subtypes", ""},
               {"items_href", "service/boards/{id}/items", ""},
               {"statuses_href", "service/boards/{id}/statuses", ""}};
  return made;
}

Resource statuses() {
  Resource made = resource(
      "boardStatuses", "service/boards/{board}/statuses", "BoardStatus", "Service Status", "status",
      {text("name").is_required().at_most(50), reference("board", "boards").is_read_only(),
       integer("sortOrder").or_else(std::int64_t{100}), boolean("displayOnBoard").or_else(true),
       boolean("inactive").or_else(false), boolean("closedStatus").or_else(false),
       boolean("timeEntryNotAllowed").or_else(false), boolean("roundRobinCatchall").or_else(false),
       boolean("defaultFlag").or_else(false),
       choice("escalationStatus",
              {"NotResponded", "Responded", "ResolutionPlan", "Resolved", "NoEscalation"})
           .or_else("NotResponded"),
       text("customerPortalDescription"), boolean("customerPortalFlag").or_else(false),
       text("customStatusIndicatorName"), boolean("saveTimeAsNote").or_else(false)});
  made.reference_form = {{"id", "id"}, {"name", "name"}, {"Sort", "sortOrder"}};
  return made;
}

// Subtypes say by themselves which types they go with; the associations follow.
void refresh_associations(const WriteContext& context, const Record& sub_type) {
  Database& db = context.db;
  Table& associations = db.table("boardAssociations");
  const Table& sub_types = db.table("boardSubTypes");
  const auto* types = std::get_if<Ids>(&sub_types.at(sub_type, "typeAssociationIds"));
  if (types == nullptr) return;
  const Cell board = sub_types.at(sub_type, "board");
  for (const std::int64_t type : *types) {
    bool known = false;
    for (const auto& [id, one] : associations.records()) {
      known = known || (reference_or(associations.at(one, "type"), 0) == type &&
                        reference_or(associations.at(one, "subType"), 0) == sub_type.id);
    }
    if (known) continue;
    Record record = associations.blank();
    associations.at(record, "board") = board;
    associations.at(record, "type") = Reference{type};
    associations.at(record, "subType") = Reference{sub_type.id};
    associations.insert(std::move(record));
  }
}

}  // namespace

void add_board_resources(std::vector<Resource>& out) {
  Resource service_locations = resource(
      "serviceLocations", "service/locations", "ServiceLocation", "Service Location", "location",
      {text("name").is_required(), choice("where", {"OnSite", "Remote", "InHouse"}),
       boolean("defaultFlag").or_else(false)});
  out.push_back(std::move(service_locations));
  out.push_back(resource("slas", "service/SLAs", "SLA", "SLA", "sla",
                         {text("name").is_required(), boolean("defaultFlag").or_else(false),
                          decimal("resolutionHours"), decimal("respondHours")}));

  Resource priorities =
      resource("priorities", "service/priorities", "Priority", "Priority", "priority",
               {text("name").is_required().at_most(50),
                choice("color", {"Black", "Blue", "Cyan", "Gray", "Green", "Lime", "Orange", "Pink",
                                 "Purple", "Red", "White", "Yellow", "Custom"})
                    .is_required(),
                integer("sortOrder"), boolean("defaultFlag").or_else(false), text("imageLink"),
                text("urgencySortOrder"), choice("level", {"Critical", "High", "Medium", "Low"})});
  priorities.reference_form = {
      {"id", "id"}, {"name", "name"}, {"sort", "sortOrder"}, {"level", "level"}};
  priorities.reference_info = {
      {"image_href", "service/priorities/{id}/image?lm={lastUpdated}", ""}};
  out.push_back(std::move(priorities));

  Resource sources =
      resource("sources", "service/sources", "Source", "Source", "source",
               {text("name").is_required().at_most(50), boolean("defaultFlag").or_else(false)});
  out.push_back(std::move(sources));
  out.push_back(boards());
  out.push_back(statuses());

  out.push_back(resource(
      "boardTypes", "service/boards/{board}/types", "BoardType", "Service Type", "type",
      {text("name").is_required().at_most(50), choice("category", {"Reactive", "Proactive"}),
       boolean("defaultFlag").or_else(false), boolean("inactiveFlag").or_else(false),
       boolean("requestForChangeFlag").or_else(false), text("integrationXref"),
       reference("board", "boards").is_read_only(), reference("location", "locations"),
       reference("department", "departments")}));
  Resource sub_types = resource(
      "boardSubTypes", "service/boards/{board}/subtypes", "BoardSubType", "Service SubType",
      "subType",
      {text("name").is_required().at_most(50), boolean("inactiveFlag").or_else(false),
       integers("typeAssociationIds"), boolean("addAllTypesFlag").is_input_only(),
       boolean("removeAllTypesFlag").is_input_only(), reference("board", "boards").is_read_only()});
  sub_types.rules.stored = refresh_associations;
  out.push_back(std::move(sub_types));
  out.push_back(
      resource("boardItems", "service/boards/{board}/items", "BoardItem", "Service Item", "item",
               {text("name").is_required().at_most(50), boolean("inactiveFlag").or_else(false),
                reference("board", "boards").is_read_only()}));
  Resource associations =
      resource("boardAssociations", "service/boards/{board}/typeSubTypeItemAssociations",
               "BoardTypeSubTypeItemAssociation", "Association", "association",
               {reference("type", "boardTypes").filtered_by({"inactiveFlag"}),
                reference("subType", "boardSubTypes").filtered_by({"inactiveFlag"}),
                reference("item", "boardItems").filtered_by({"inactiveFlag"}),
                reference("board", "boards")});
  associations.methods = kReadOnly;
  out.push_back(std::move(associations));
  out.push_back(resource(
      "boardTeams", "service/boards/{board}/teams", "BoardTeam", "Service Team", "team",
      {text("name").is_required().at_most(50), reference("teamLeader", "members").is_required(),
       integers("members"), boolean("defaultFlag").or_else(false),
       boolean("notifyOnTicketDelete").or_else(false),
       boolean("defaultRoundRobinFlag").or_else(false), boolean("roundRobinFlag").or_else(false),
       reference("board", "boards").is_hidden(),
       integer("boardId").is_read_only().read_by([](const Database& db, const Record& team) {
         return Cell(reference_or(db.table("boardTeams").at(team, "board"), 0));
       }),
       integer("locationId"), integer("businessUnitId")}));
}

}  // namespace patchbay::sandbox
