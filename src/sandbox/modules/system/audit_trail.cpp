// /system/audittrail: by type and id, in pages that are navigable only. Its entries have no id.
#include "sandbox/modules/system/audit_trail.h"

#include <fmt/core.h>

#include "base/text.h"
#include "json/write.h"
#include "sandbox/followers/audit_trail.h"
#include "sandbox/language/paging.h"
#include "sandbox/language/projection.h"
#include "sandbox/operations/actions_read.h"
#include "sandbox/operations/module_endpoint.h"
#include "sandbox/records/record_access.h"
#include "sandbox/records/rules.h"

namespace patchbay::sandbox {
namespace {

std::unexpected<ApiError> refused(std::string code, std::string message) {
  return std::unexpected(ApiError{400, std::move(code), std::move(message), {}});
}

// The conditions that find a record's entries, with those that the caller gave.
ApiResult<std::vector<const Record*>> select_entries(const ApiCall& call) {
  const std::string_view type = call.query.get("type");
  const auto table = audited_table(type);
  if (!table) return refused("ApiFindCondition", "Enum value supplied was invalid");
  const auto id = parse_int64(call.query.get("id"));
  if (!id) return refused("InvalidObject", "id is required.");
  // 400, not the 404 of other resources.
  if (table->empty() || call.db.table(*table).find(*id) == nullptr) {
    return refused("NotFound", fmt::format("{} {} not found", type, *id));
  }
  const Table& trail = call.db.table("auditTrail");
  auto selected = select(call, trail, std::nullopt);
  if (!selected) return selected;
  std::erase_if(*selected, [&](const Record* entry) {
    return int_or(trail.at(*entry, "recordId"), 0) != *id ||
           !equal_ignoring_case(text_or(trail.at(*entry, "recordType"), ""), type);
  });
  return selected;
}

ApiResult<ApiResponse> list_entries(const ApiCall& call) {
  auto selected = select_entries(call);
  if (!selected) return std::unexpected(std::move(selected.error()));
  const Table& trail = call.db.table("auditTrail");
  const auto fields =
      Projection::parse(call.query.get("fields"), trail, call.settings.reject_unknown_fields);
  if (!fields) return std::unexpected(fields.error());
  RecordPage page = cut_page(std::move(*selected), read_page_request(call.query, false), call.url,
                             call.raw_query);
  json::Array entries;
  for (const Record* entry : page.records) {
    json::Object shown;
    for (const char* name :
         {"text", "enteredDate", "enteredBy", "auditType", "auditSubType", "auditSource"}) {
      if (fields->find(name) == nullptr) continue;
      const Cell& cell = trail.at(*entry, name);
      if (const auto* when = std::get_if<Instant>(&cell)) {
        shown.append(name, to_text(*when));
      } else if (!is_null(cell)) {
        shown.append(name, text_or(cell, ""));
      }
    }
    entries.emplace_back(std::move(shown));
  }
  ApiResponse response = ApiResponse::json(200, json::to_string(std::move(entries)));
  if (page.link) response.headers.emplace_back("Link", std::move(*page.link));
  return response;
}

ApiResult<ApiResponse> count_entries(const ApiCall& call) {
  const auto selected = select_entries(call);
  if (!selected) return std::unexpected(selected.error());
  return ApiResponse::json(200, fmt::format("{{\"count\":{}}}", selected->size()));
}

constexpr FieldSpec kAuditTrailEntryFields[] = {
    text("recordType").is_hidden(),
    integer("recordId").is_hidden(),
    text("text"),
    date_time("enteredDate"),
    text("enteredBy"),
    text("auditType"),
    text("auditSubType"),
    text("auditSource"),
};

constexpr ResourceSpec kAuditTrailResources[] = {
    {
        .name = "auditTrail",
        .path = "system/audittrail",
        .type = "AuditTrailEntry",
        .label = "Audit trail",
        .fields = kAuditTrailEntryFields,
        .methods = kUnserved,
    },
};

}  // namespace

std::span<const ResourceSpec> audit_trail_resources() {
  return kAuditTrailResources;
}

void add_audit_endpoints(std::vector<ModuleEndpoint>& out) {
  out.push_back({http::Method::get, "system/audittrail", list_entries});
  out.push_back({http::Method::get, "system/audittrail/count", count_entries});
}

}  // namespace patchbay::sandbox
