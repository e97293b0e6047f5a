// An opportunity becomes a ticket, a project, a sales order or an agreement; or goes to one that is
// there. Notes, documents and products come along as the body says.
#include "sandbox/modules/sales/opportunities_conversion.h"

#include <algorithm>
#include <chrono>

#include <fmt/core.h>

#include "base/text.h"
#include "json/parse.h"
#include "sandbox/modules/procurement/products_rules.h"
#include "sandbox/operations/actions_read.h"
#include "sandbox/operations/actions_write.h"
#include "sandbox/operations/body_position.h"
#include "sandbox/operations/module_endpoint.h"
#include "sandbox/records/record_access.h"
#include "sandbox/records/rules.h"

namespace patchbay::sandbox {
namespace {

struct Conversion {
  const char* path;                  // "convertToProject"
  const char* type;                  // of the body
  const char* existing;              // the member that names a record that is there
  const char* table;                 // what it becomes
  const char* document;              // recordType of its documents
  const char* notes;                 // the table of its notes; null: they go into the field below
  const char* notes_field;           // of the new record
  const char* product;               // the field of a product that names it
  std::vector<const char*> members;  // of the body, beyond those that all have
};

const std::vector<Conversion>& conversions() {
  static const std::vector<Conversion> kAll = {
      {"convertToServiceTicket",
       "OpportunityToServiceTicketConversion",
       "ticketId",
       "tickets",
       "Ticket",
       "ticketNotes",
       nullptr,
       "ticket",
       {"summary"}},
      {"convertToProject",
       "OpportunityToProjectConversion",
       "projectId",
       "projects",
       "Project",
       "projectNotes",
       nullptr,
       "project",
       {"name", "status", "locationId", "businessUnitId", "board", "manager", "estimatedStart",
        "estimatedEnd"}},
      {"convertToSalesOrder",
       "OpportunityToSalesOrderConversion",
       "salesOrderId",
       "orders",
       "SalesOrder",
       nullptr,
       "notes",
       "salesOrder",
       {"name"}},
      {"convertToAgreement",
       "OpportunityToAgreementConversion",
       "agreementId",
       "agreements",
       "Agreement",
       nullptr,
       "internalNotes",
       "agreement",
       {"name", "type", "startDate", "endDate", "noEndingDateFlag", "billCycleId",
        "billOneTimeFlag", "locationId", "businessUnitId"}},
  };
  return kAll;
}

constexpr std::string_view kCommon[] = {"includeAllNotesFlag",    "includeAllDocumentsFlag",
                                        "includeAllProductsFlag", "includeNoteIds",
                                        "includeDocumentIds",     "includeProductIds"};

std::optional<ApiError> check_members(const ApiCall& call, const Conversion& conversion,
                                      const json::Value& body) {
  for (const auto& [name, value] : *body.if_object()) {
    const auto same = [&](std::string_view one) { return equal_ignoring_case(one, name); };
    if (same(conversion.existing) || std::ranges::any_of(kCommon, same) ||
        std::ranges::any_of(conversion.members, same)) {
      continue;
    }
    return unknown_member(name, conversion.type, call.body);
  }
  return std::nullopt;
}

json::Value by_id(std::int64_t id) {
  return json::Object{{"id", id}};
}

// What the new record takes from the opportunity, and what the body says of it.
json::Object to_record(const ApiCall& call, const Conversion& conversion, const Record& opportunity,
                       const json::Value& body) {
  const Table& table = call.db.table("opportunities");
  const std::string_view target = conversion.table;
  json::Object made;
  for (const std::string_view field : {"company", "contact"}) {
    const std::int64_t id = id_in(table, opportunity, field);
    if (id != 0) made[field] = by_id(id);
  }
  made["opportunity"] = by_id(opportunity.id);
  const std::string name = text_or(table.at(opportunity, "name"), "");
  if (target == "tickets") made["summary"] = name.substr(0, 100);
  if (target == "projects" || target == "agreements") made["name"] = name;
  if (target == "orders") made["salesRep"] = by_id(id_in(table, opportunity, "primarySalesRep"));
  if (target == "projects") {
    made["billingMethod"] = "ActualRates";
    made["estimatedStart"] = to_text(call.now);
    made["estimatedEnd"] = to_text(call.now + std::chrono::days(30));
    const Cell board = first_flagged(call.db, "boards", "projectFlag");
    if (!is_null(board)) made["board"] = by_id(reference_or(board, 0));
  }
  if (target == "agreements") {
    const Cell type = first_flagged(call.db, "agreementTypes", "defaultFlag");
    if (!is_null(type)) made["type"] = by_id(reference_or(type, 0));
  }
  for (const char* member : conversion.members) {
    const json::Value* given = body.find(member);
    if (given == nullptr || given->is_null()) continue;
    const std::string_view field = member;
    if (field == "locationId") {
      made["location"] = by_id(given->as_int64().value_or(0));
    } else if (field == "businessUnitId") {
      made["department"] = by_id(given->as_int64().value_or(0));
    } else if (field == "billCycleId") {
      made["billingCycle"] = by_id(given->as_int64().value_or(0));
    } else if (target == "orders") {
      made["description"] = *given;  // an order has no name
    } else {
      made[field] = *given;
    }
  }
  return made;
}

// The ids that come along: all of them, or those that are named.
Ids chosen(const json::Value& body, std::string_view all, std::string_view some, Ids there) {
  if (body.bool_or(all, false)) return there;
  Ids named;
  if (const json::Value* list = body.find(some); list != nullptr && list->if_array() != nullptr) {
    for (const json::Value& one : *list->if_array()) named.push_back(one.as_int64().value_or(0));
  }
  std::erase_if(there,
                [&](std::int64_t id) { return std::ranges::find(named, id) == named.end(); });
  return there;
}

Ids notes_of(const ApiCall& call, std::int64_t opportunity) {
  const auto& ids = call.db.table("opportunityNotes").children_of(opportunity);
  return {ids.begin(), ids.end()};
}

ApiResult<void> take_notes(const ApiCall& call, const Conversion& conversion, std::int64_t target,
                           const Ids& ids) {
  const Table& notes = call.db.table("opportunityNotes");
  for (const std::int64_t id : ids) {
    json::Object note{{"text", text_or(notes.at(*notes.find(id), "text"), "")}};
    if (std::string_view(conversion.notes) == "ticketNotes") note["detailDescriptionFlag"] = true;
    auto made = create_record(call, call.db.table(conversion.notes), target, std::move(note));
    if (!made) return std::unexpected(std::move(made.error()));
  }
  return {};
}

void take_documents(const ApiCall& call, const Conversion& conversion, std::int64_t from,
                    std::int64_t target, const json::Value& body) {
  Table& documents = call.db.table("documents");
  Ids there;
  for (const auto& [id, document] : documents.records()) {
    if (int_or(documents.at(document, "recordId"), 0) == from &&
        text_or(documents.at(document, "recordType"), "") == "Opportunity") {
      there.push_back(id);
    }
  }
  for (const std::int64_t id :
       chosen(body, "includeAllDocumentsFlag", "includeDocumentIds", std::move(there))) {
    Record copy = *documents.find(id);
    copy.id = 0;
    documents.at(copy, "recordType") = conversion.document;
    documents.at(copy, "recordId") = target;
    documents.insert(std::move(copy));
  }
}

ApiResult<void> take_products(const ApiCall& call, const Conversion& conversion, std::int64_t from,
                              std::int64_t target, const json::Value& body) {
  Table& products = call.db.table("products");
  Ids there;
  for (const auto& [id, product] : products.records()) {
    if (id_in(products, product, "opportunity") == from) there.push_back(id);
  }
  for (const std::int64_t id :
       chosen(body, "includeAllProductsFlag", "includeProductIds", std::move(there))) {
    Record product = *products.find(id);
    products.at(product, conversion.product) = RecordReference{target};
    if (std::string_view(conversion.table) == "agreements") {
      json::Object addition{
          {"product", by_id(id_in(products, product, "catalogItem"))},
          {"quantity", number_in(products, product, "quantity")},
          {"unitPrice", number_in(products, product, "price")},
          {"unitCost", number_in(products, product, "cost")},
          {"opportunity", by_id(from)},
      };
      auto made = create_record(call, call.db.table("additions"), target, std::move(addition));
      if (!made) return std::unexpected(std::move(made.error()));
    }
    total_what_holds(call.db, products.put(std::move(product)));
  }
  return {};
}

std::string texts_of(const ApiCall& call, const Ids& notes) {
  const Table& table = call.db.table("opportunityNotes");
  std::string all;
  for (const std::int64_t id : notes) {
    if (!all.empty()) all += '\n';
    all += text_or(table.at(*table.find(id), "text"), "");
  }
  return all;
}

ApiResult<ApiResponse> convert(const ApiCall& call, const Conversion& conversion) {
  const Table& opportunities = call.db.table("opportunities");
  const Record* opportunity = opportunities.find(call.ids.front());
  if (opportunity == nullptr) {
    return std::unexpected(
        record_not_found(opportunities.resource().label, std::to_string(call.ids.front())));
  }
  const auto body = json::parse(call.body, {.max_depth = 64, .allow_duplicate_keys = true});
  if (!body || !body->is_object()) {
    return std::unexpected(unreadable("The request body is not valid JSON."));
  }
  if (auto unknown = check_members(call, conversion, *body)) {
    return std::unexpected(std::move(*unknown));
  }
  Table& table = call.db.table(conversion.table);
  const std::int64_t from = opportunity->id;
  const Ids notes = chosen(*body, "includeAllNotesFlag", "includeNoteIds", notes_of(call, from));
  const Record* target = nullptr;
  if (const std::int64_t existing = body->int64_or(conversion.existing, 0); existing != 0) {
    target = table.find(existing);
    if (target == nullptr) {
      return std::unexpected(record_not_found(table.resource().label, std::to_string(existing)));
    }
  } else {
    json::Object made = to_record(call, conversion, *opportunity, *body);
    if (conversion.notes_field != nullptr && !notes.empty()) {
      made[conversion.notes_field] = texts_of(call, notes);
    }
    auto created = create_record(call, table, std::nullopt, std::move(made));
    if (!created) return std::unexpected(std::move(created.error()));
    target = *created;
  }
  const std::int64_t id = target->id;
  if (conversion.notes != nullptr) {
    if (auto done = take_notes(call, conversion, id, notes); !done) {
      return std::unexpected(std::move(done.error()));
    }
  }
  take_documents(call, conversion, from, id, *body);
  if (auto done = take_products(call, conversion, from, id, *body); !done) {
    return std::unexpected(std::move(done.error()));
  }
  ApiResult<ApiResponse> response = get(call, table, *table.find(id));
  if (response) response->status = 201;
  return response;
}

}  // namespace

void add_conversion_endpoints(std::vector<ModuleEndpoint>& out) {
  for (const Conversion& conversion : conversions()) {
    out.push_back({http::Method::post, std::string("sales/opportunities/{}/") + conversion.path,
                   [&conversion](const ApiCall& call) { return convert(call, conversion); }});
  }
}

}  // namespace patchbay::sandbox
