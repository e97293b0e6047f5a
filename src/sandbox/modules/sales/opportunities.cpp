// Opportunities with their stages, statuses, notes and forecasts: /sales. An opportunity has no
// revenue of its own: that is in its forecast (special_sales.cpp).
#include <chrono>

#include "sandbox/records/database.h"
#include "sandbox/records/declaration.h"

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
    if (const auto* company = std::get_if<Reference>(&table.at(record, "company"))) {
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
    table.at(record, "closedBy") = closed ? Cell(Reference{context.member}) : Cell();
  }
}

Resource opportunities() {
  Resource made =
      resource("opportunities", "sales/opportunities", "Opportunity", "Opportunity", "opportunity",
               {text("name").is_required().at_most(100),
                date_time("expectedCloseDate").is_required_on_replace(),
                reference("type", "opportunityTypes"),
                reference("stage", "stages").or_else_from([](const Database& db) {
                  return first_of(db, "stages");
                }),
                reference("status", "opportunityStatuses").or_else_from([](const Database& db) {
                  return first_flagged(db, "opportunityStatuses", "defaultFlag");
                }),
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
                reference("currency", "currencies").or_else_from([](const Database& db) {
                  return first_of(db, "currencies");
                }),
                integer("companyLocationId"),
                reference("technicalContact", "contacts"),
                custom_field_values()});
  made.info = {
      {"forecast_href", "sales/opportunities/{id}/forecast", ""},
      {"notes_href", "sales/opportunities/{id}/notes", ""},
      {"contacts_href", "sales/opportunities/{id}/contacts", ""},
      {"team_href", "sales/opportunities/{id}/team", ""},
      {"activities_href", "sales/activities?conditions=opportunity/id={id}", ""},
      {"documents_href", "system/documents?recordType=Opportunity&recordId={id}", ""},
  };
  made.custom_fields = {{31, "Competitor", "Text", "EntryField", 0},
                        {32, "Decision date confirmed", "Checkbox", "EntryField", 0}};
  made.rules.fill = fill_opportunity;
  made.rules.deleted = [](Database& db, const Record& gone) {
    for (const std::string_view name : {"forecastItems", "opportunityNotes"}) {
      Table& children = db.table(name);
      const std::set<std::int64_t> ids = children.children_of(gone.id);
      for (const std::int64_t id : ids) children.erase(id);
    }
  };
  return made;
}

Resource forecast_items() {
  Resource made =
      resource("forecastItems", "sales/opportunities/{opportunity}/forecast", "ForecastItem",
               "Forecast item", "forecast",
               {text("forecastDescription").at_most(50),
                reference("opportunity", "opportunities"),
                decimal("quantity").or_else(1.0),
                reference("status", "opportunityStatuses").or_else_from([](const Database& db) {
                  return first_flagged(db, "opportunityStatuses", "defaultFlag");
                }),
                text("productDescription"),
                text("productClass"),
                decimal("revenue").or_else(0.0),
                decimal("cost").or_else(0.0),
                decimal("margin").is_read_only(),
                integer("percentage").between(0, 100).or_else(std::int64_t{100}),
                boolean("includeFlag").or_else(true),
                choice("forecastType", {"Product", "Service", "Agreement", "Other1", "Other2"})
                    .is_required(),
                boolean("linkFlag").or_else(false),
                decimal("recurringRevenue").or_else(0.0),
                decimal("recurringCost").or_else(0.0),
                date_time("recurringDateStart"),
                date_time("recurringDateEnd"),
                text("cycleBasis"),
                integer("cycles").or_else(std::int64_t{0}),
                boolean("recurringFlag").or_else(false),
                decimal("sequenceNumber"),
                integer("subNumber").or_else(std::int64_t{0}),
                boolean("taxableFlag").or_else(true)});
  // The collection itself is the forecast: special_sales.cpp.
  made.methods.list = false;
  made.methods.create = false;
  made.rules.fill = [](const WriteContext& context, Record& record) {
    const Table& table = context.table;
    const double revenue = double_or(table.at(record, "revenue"), 0);
    const double cost = double_or(table.at(record, "cost"), 0);
    table.at(record, "margin") = revenue - cost;
  };
  return made;
}

Resource setup(std::string name, std::string path, std::string type, std::string label,
               std::string href, std::vector<Field> fields) {
  return resource(std::move(name), std::move(path), std::move(type), std::move(label),
                  std::move(href), std::move(fields));
}

}  // namespace

void add_sales_resources(std::vector<Resource>& out) {
  Resource probabilities = setup(
      "probabilities", "sales/probabilities", "SalesProbability", "Probability", "probability",
      {integer("probability").is_required().between(0, 100),
       text("name").is_hidden().read_by([](const Database& db, const Record& record) {
         const Table& table = db.table("probabilities");
         return Cell(std::to_string(int_or(table.at(record, "probability"), 0)));
       })});
  out.push_back(std::move(probabilities));
  out.push_back(
      setup("stages", "sales/stages", "OpportunityStage", "Opportunity Stage", "stage",
            {text("name").is_required().at_most(50), reference("probability", "probabilities"),
             text("color"), integer("sequenceNumber")}));
  out.push_back(
      setup("opportunityStatuses", "sales/opportunities/statuses", "OpportunityStatus",
            "Opportunity Status", "status",
            {text("name").is_required().at_most(30), boolean("wonFlag").or_else(false),
             boolean("lostFlag").or_else(false), boolean("closedFlag").or_else(false),
             boolean("inactiveFlag").or_else(false), boolean("defaultFlag").or_else(false)}));
  Resource types = setup(
      "opportunityTypes", "sales/opportunities/types", "OpportunityType", "Opportunity Type",
      "type",
      {text("description").is_required().at_most(50), boolean("inactiveFlag").or_else(false)});
  types.reference_form = {{"id", "id"}, {"name", "description"}};
  out.push_back(std::move(types));
  out.push_back(setup("opportunityRatings", "sales/opportunities/ratings", "OpportunityRating",
                      "Opportunity Rating", "rating",
                      {text("name").is_required(), integer("sortOrder")}));
  Resource priorities = setup("opportunityPriorities", "sales/priorities", "OpportunityPriority",
                              "Opportunity Priority", "", {text("name").is_required()});
  priorities.methods = kUnserved;
  out.push_back(std::move(priorities));
  Resource note_types = setup(
      "noteTypes", "company/noteTypes", "CompanyNoteType", "Note Type", "type",
      {text("name").is_required(), text("identifier"), boolean("defaultFlag").or_else(false)});
  out.push_back(std::move(note_types));
  out.push_back(opportunities());
  out.push_back(setup(
      "opportunityNotes", "sales/opportunities/{opportunity}/notes", "OpportunityNote",
      "Opportunity Note", "note",
      {reference("opportunity", "opportunities").is_hidden(),
       integer("opportunityId").is_read_only().read_by([](const Database& db, const Record& note) {
         return Cell(reference_or(db.table("opportunityNotes").at(note, "opportunity"), 0));
       }),
       reference("type", "noteTypes").or_else_from([](const Database& db) {
         return first_flagged(db, "noteTypes", "defaultFlag");
       }),
       text("text").is_required(), boolean("flagged").or_else(false),
       text("mobileGuid").is_read_only()}));
  out.push_back(forecast_items());
}

}  // namespace patchbay::sandbox
