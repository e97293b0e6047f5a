// Boards and what is set up below them: /service/boards, /service/teams.
#include "sandbox/modules/service/boards.h"

#include "sandbox/operations/actions_read.h"
#include "sandbox/operations/module_endpoint.h"
#include "sandbox/records/record_access.h"
#include "sandbox/records/rules.h"

namespace patchbay::sandbox {
namespace {

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
    associations.at(record, "type") = RecordReference{type};
    associations.at(record, "subType") = RecordReference{sub_type.id};
    associations.insert(std::move(record));
  }
}

constexpr std::string_view kSortings = "Ascending, Descending";

// Teams of all boards.
ApiResult<ApiResponse> list_teams(const ApiCall& call) {
  return list(call, call.db.table("boardTeams"), std::nullopt);
}

constexpr FieldSpec kBoardFields[] = {
    text("name").is_required().at_most(50),
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
    reference("autoCloseStatus", "boardStatuses"),
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
    choice("percentageCalculation", "ActualHours, Manual, ClosedPhases, ClosedTickets")
        .or_else("ActualHours"),
    choice("allSort", kSortings).or_else("Descending"),
    boolean("markFirstNoteIssueFlag").or_else(false),
    boolean("restrictBoardByDefaultFlag").or_else(false),
};

constexpr InfoMember kBoardInfo[] = {{"teams_href", "service/boards/{id}/teams"},
                                     {"types_href", "service/boards/{id}/types"},
                                     {"subtypes_href", "service/boards/{id}/subtypes"},
                                     {"items_href", "service/boards/{id}/items"},
                                     {"statuses_href", "service/boards/{id}/statuses"}};

constexpr FieldSpec kBoardStatusFields[] = {
    text("name").is_required().at_most(50),
    reference("board", "boards").is_read_only(),
    integer("sortOrder").or_else(100),
    boolean("displayOnBoard").or_else(true),
    boolean("inactive").or_else(false),
    boolean("closedStatus").or_else(false),
    boolean("timeEntryNotAllowed").or_else(false),
    boolean("roundRobinCatchall").or_else(false),
    boolean("defaultFlag").or_else(false),
    choice("escalationStatus", "NotResponded, Responded, ResolutionPlan, Resolved, NoEscalation")
        .or_else("NotResponded"),
    text("customerPortalDescription"),
    boolean("customerPortalFlag").or_else(false),
    text("customStatusIndicatorName"),
    boolean("saveTimeAsNote").or_else(false),
};

constexpr ReferenceMember kBoardStatusForm[] = {
    {"id", "id"}, {"name", "name"}, {"Sort", "sortOrder"}};

constexpr FieldSpec kBoardTypeFields[] = {
    text("name").is_required().at_most(50),         choice("category", "Reactive, Proactive"),
    boolean("defaultFlag").or_else(false),          boolean("inactiveFlag").or_else(false),
    boolean("requestForChangeFlag").or_else(false), text("integrationXref"),
    reference("board", "boards").is_read_only(),    reference("location", "locations"),
    reference("department", "departments"),
};

constexpr FieldSpec kBoardSubTypeFields[] = {
    text("name").is_required().at_most(50),
    boolean("inactiveFlag").or_else(false),
    integers("typeAssociationIds"),
    boolean("addAllTypesFlag").is_input_only(),
    boolean("removeAllTypesFlag").is_input_only(),
    reference("board", "boards").is_read_only(),
};

constexpr Rules kBoardSubTypeRules = {
    .stored = refresh_associations,
};

constexpr FieldSpec kBoardItemFields[] = {
    text("name").is_required().at_most(50),
    boolean("inactiveFlag").or_else(false),
    reference("board", "boards").is_read_only(),
};

constexpr FieldSpec kBoardAssociationFields[] = {
    reference("type", "boardTypes").filtered_by("inactiveFlag"),
    reference("subType", "boardSubTypes").filtered_by("inactiveFlag"),
    reference("item", "boardItems").filtered_by("inactiveFlag"),
    reference("board", "boards"),
};

constexpr FieldSpec kBoardTeamFields[] = {
    text("name").is_required().at_most(50),
    reference("teamLeader", "members").is_required(),
    integers("members"),
    boolean("defaultFlag").or_else(false),
    boolean("notifyOnTicketDelete").or_else(false),
    boolean("defaultRoundRobinFlag").or_else(false),
    boolean("roundRobinFlag").or_else(false),
    reference("board", "boards").is_hidden(),
    integer("boardId").id_of("board"),
    integer("locationId"),
    integer("businessUnitId"),
};

constexpr ResourceSpec kBoardResources[] = {
    {
        .name = "boards",
        .path = "service/boards",
        .type = "Board",
        .label = "Service Board",
        .href = "board",
        .fields = kBoardFields,
        .info = kBoardInfo,
    },
    {
        .name = "boardStatuses",
        .path = "service/boards/{board}/statuses",
        .type = "BoardStatus",
        .label = "Service Status",
        .href = "status",
        .fields = kBoardStatusFields,
        .reference_form = kBoardStatusForm,
    },
    {
        .name = "boardTypes",
        .path = "service/boards/{board}/types",
        .type = "BoardType",
        .label = "Service Type",
        .href = "type",
        .fields = kBoardTypeFields,
    },
    {
        .name = "boardSubTypes",
        .path = "service/boards/{board}/subtypes",
        .type = "BoardSubType",
        .label = "Service SubType",
        .href = "subType",
        .fields = kBoardSubTypeFields,
        .rules = &kBoardSubTypeRules,
    },
    {
        .name = "boardItems",
        .path = "service/boards/{board}/items",
        .type = "BoardItem",
        .label = "Service Item",
        .href = "item",
        .fields = kBoardItemFields,
    },
    {
        .name = "boardAssociations",
        .path = "service/boards/{board}/typeSubTypeItemAssociations",
        .type = "BoardTypeSubTypeItemAssociation",
        .label = "Association",
        .href = "association",
        .fields = kBoardAssociationFields,
        .methods = kReadOnly,
    },
    {
        .name = "boardTeams",
        .path = "service/boards/{board}/teams",
        .type = "BoardTeam",
        .label = "Service Team",
        .href = "team",
        .fields = kBoardTeamFields,
    },
};

}  // namespace

std::span<const ResourceSpec> board_resources() {
  return kBoardResources;
}

void add_team_endpoints(std::vector<ModuleEndpoint>& out) {
  out.push_back({http::Method::get, "service/teams", list_teams});
}

}  // namespace patchbay::sandbox
