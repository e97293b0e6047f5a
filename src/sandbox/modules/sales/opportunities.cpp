// Opportunities with their stages, statuses and notes: /sales/opportunities. An opportunity has no
// revenue of its own: that is in its forecast.
#include "sandbox/modules/sales/opportunities.h"

#include <chrono>
#include <set>
#include <string>

#include "sandbox/records/record_access.h"
#include "sandbox/records/rules.h"

namespace patchbay::sandbox {
namespace {

bool is_closed(const WriteContext& context, const Record& opportunity) {
  return bool_or(context.db.read(context.table, opportunity, "status/closedFlag"), false);
}

void fill_opportunity(const WriteContext& context, Record& record) {
  const Table& table = context.table;
  const auto fill = [&](std::string_view field, const Cell& value) {
    if (is_null(table.at(record, field))) table.at(record, field) = value;
  };
  const bool is_new = context.before == nullptr;
  if (is_new) {
    fill("expectedCloseDate", context.now + std::chrono::days(30));
    fill("dateBecameLead", context.now);
    fill("locationId", std::int64_t{1});
    fill("businessUnitId", std::int64_t{1});
    if (const auto* company = std::get_if<RecordReference>(&table.at(record, "company"))) {
      const Table& companies = context.db.table("companies");
      const Record* of = companies.find(company->id);
      if (of != nullptr) fill("site", companies.at(*of, "site"));
      fill("billToCompany", *company);
      fill("shipToCompany", *company);
    }
  }
  if (is_new || context.was_given("stage")) {
    if (!context.was_given("probability")) {
      const Cell of_stage = context.db.read(table, record, "stage/probability");
      if (!is_null(of_stage)) table.at(record, "probability") = of_stage;
    }
    table.at(record, "pipelineChangeDate") = context.now;
  }
  const bool was_closed = !is_new && is_closed(context, *context.before);
  const bool closed = is_closed(context, record);
  if (closed != was_closed) {
    table.at(record, "closedDate") = closed ? Cell(context.now) : Cell();
    table.at(record, "closedBy") = closed ? Cell(RecordReference{context.member}) : Cell();
  }
}

constexpr FieldSpec kSalesProbabilityFields[] = {
    integer("probability").is_required().between(0, 100),
    text("name").is_hidden().read_by([](const Database& db, const Record& record) {
      const Table& table = db.table("probabilities");
      return Cell(std::to_string(int_or(table.at(record, "probability"), 0)));
    }),
};

constexpr FieldSpec kOpportunityStageFields[] = {
    text("name").is_required().at_most(50),
    reference("probability", "probabilities"),
    text("color"),
    integer("sequenceNumber"),
};

constexpr FieldSpec kOpportunityStatusFields[] = {
    text("name").is_required().at_most(30), boolean("wonFlag").or_else(false),
    boolean("lostFlag").or_else(false),     boolean("closedFlag").or_else(false),
    boolean("inactiveFlag").or_else(false), boolean("defaultFlag").or_else(false),
};

constexpr FieldSpec kOpportunityTypeFields[] = {
    text("description").is_required().at_most(50),
    boolean("inactiveFlag").or_else(false),
};

constexpr FieldSpec kOpportunityRatingFields[] = {
    text("name").is_required(),
    integer("sortOrder"),
};

constexpr FieldSpec kOpportunityPriorityFields[] = {
    text("name").is_required(),
};

constexpr FieldSpec kOpportunityFields[] = {
    text("name").is_required().at_most(100),
    date_time("expectedCloseDate").is_required_on_replace(),
    reference("type", "opportunityTypes"),
    reference("stage", "stages").or_else_first(),
    reference("status", "opportunityStatuses").or_else_default(),
    reference("priority", "opportunityPriorities"),
    text("notes"),
    reference("probability", "probabilities"),
    text("source"),
    reference("rating", "opportunityRatings"),
    reference("campaign", "campaigns"),
    reference("primarySalesRep", "members").is_required(),
    reference("secondarySalesRep", "members"),
    integer("locationId").is_required_on_replace(),
    integer("businessUnitId").is_required_on_replace(),
    reference("company", "companies").is_required(),
    reference("contact", "contacts").is_required(),
    reference("site", "companySites").within("company"),
    text("customerPO").at_most(25),
    date_time("pipelineChangeDate").is_read_only(),
    date_time("dateBecameLead"),
    date_time("closedDate").is_read_only(),
    reference("closedBy", "members").is_read_only(),
    decimal("totalSalesTax").or_else(0.0).is_read_only(),
    reference("shipToCompany", "companies"),
    reference("shipToContact", "contacts"),
    reference("shipToSite", "companySites"),
    reference("billToCompany", "companies"),
    reference("billToContact", "contacts"),
    reference("billToSite", "companySites"),
    reference("billingTerms", "billingTerms"),
    reference("taxCode", "taxCodes"),
    reference("currency", "currencies").or_else_first(),
    integer("companyLocationId"),
    reference("technicalContact", "contacts"),
    custom_field_values(),
};

constexpr InfoMember kOpportunityInfo[] = {
    {"forecast_href", "sales/opportunities/{id}/forecast"},
    {"notes_href", "sales/opportunities/{id}/notes"},
    {"contacts_href", "sales/opportunities/{id}/contacts"},
    {"team_href", "sales/opportunities/{id}/team"},
    {"activities_href", "sales/activities?conditions=opportunity/id={id}"},
    {"documents_href", "system/documents?recordType=Opportunity&recordId={id}"},
};

constexpr CustomFieldDefinition kOpportunityCustomFields[] = {
    {31, "Competitor", "Text", "EntryField"},
    {32, "Decision date confirmed", "Checkbox", "EntryField"}};

constexpr Rules kOpportunityRules = {
    .fill = fill_opportunity,
    .deleted =
        [](Database& db, const Record& gone) {
          for (const std::string_view name : {"forecastItems", "opportunityNotes"}) {
            Table& children = db.table(name);
            const std::set<std::int64_t> ids = children.children_of(gone.id);
            for (const std::int64_t id : ids) children.erase(id);
          }
        },
};

constexpr FieldSpec kOpportunityNoteFields[] = {
    reference("opportunity", "opportunities").is_hidden(),
    integer("opportunityId").id_of("opportunity"),
    reference("type", "noteTypes").or_else_default(),
    text("text").is_required(),
    boolean("flagged").or_else(false),
    text("mobileGuid").is_read_only(),
};

constexpr ResourceSpec kOpportunityResources[] = {
    {
        .name = "probabilities",
        .path = "sales/probabilities",
        .type = "SalesProbability",
        .label = "Probability",
        .href = "probability",
        .fields = kSalesProbabilityFields,
    },
    {
        .name = "stages",
        .path = "sales/stages",
        .type = "OpportunityStage",
        .label = "Opportunity Stage",
        .href = "stage",
        .fields = kOpportunityStageFields,
    },
    {
        .name = "opportunityStatuses",
        .path = "sales/opportunities/statuses",
        .type = "OpportunityStatus",
        .label = "Opportunity Status",
        .href = "status",
        .fields = kOpportunityStatusFields,
    },
    {
        .name = "opportunityTypes",
        .path = "sales/opportunities/types",
        .type = "OpportunityType",
        .label = "Opportunity Type",
        .href = "type",
        .fields = kOpportunityTypeFields,
        .reference_form = kIdAndDescriptionAsName,
    },
    {
        .name = "opportunityRatings",
        .path = "sales/opportunities/ratings",
        .type = "OpportunityRating",
        .label = "Opportunity Rating",
        .href = "rating",
        .fields = kOpportunityRatingFields,
    },
    {
        .name = "opportunityPriorities",
        .path = "sales/priorities",
        .type = "OpportunityPriority",
        .label = "Opportunity Priority",
        .fields = kOpportunityPriorityFields,
        .methods = kUnserved,
    },
    {
        .name = "opportunities",
        .path = "sales/opportunities",
        .type = "Opportunity",
        .label = "Opportunity",
        .href = "opportunity",
        .fields = kOpportunityFields,
        .info = kOpportunityInfo,
        .custom_fields = kOpportunityCustomFields,
        .rules = &kOpportunityRules,
    },
    {
        .name = "opportunityNotes",
        .path = "sales/opportunities/{opportunity}/notes",
        .type = "OpportunityNote",
        .label = "Opportunity Note",
        .href = "note",
        .fields = kOpportunityNoteFields,
    },
};

}  // namespace

std::span<const ResourceSpec> opportunity_resources() {
  return kOpportunityResources;
}

}  // namespace patchbay::sandbox
