// A report is a table of plain values: which columns it has is told beside the rows, which are
// lists in the order of the columns. The vendor names its columns by views of its database, which
// no document tells; here they are called by the fields of the records that the rows are made of,
// and conditions and orderBy name these.
#include "sandbox/modules/system/reports.h"

#include <algorithm>
#include <span>
#include <string>
#include <string_view>

#include "base/text.h"
#include "json/parse.h"
#include "json/write.h"
#include "sandbox/language/paging.h"
#include "sandbox/language/projection.h"
#include "sandbox/operations/actions_read.h"
#include "sandbox/operations/module_endpoint.h"
#include "sandbox/operations/render.h"

namespace patchbay::sandbox {
namespace {

struct Report {
  const char* name;
  const char* table;
};

constexpr Report kReports[] = {
    {"Activity", "activities"}, {"Agreement", "agreements"},      {"Company", "companies"},
    {"Invoice", "invoices"},    {"Opportunity", "opportunities"}, {"Project", "projects"},
    {"SalesOrder", "orders"},   {"Service", "tickets"},           {"Time", "timeEntries"},
};

struct Column {
  std::string name;
  const char* type;
  bool is_nullable = true;
};

const char* type_of(FieldKind kind) {
  switch (kind) {
    case FieldKind::integer:
    case FieldKind::decimal:
      return "Numeric";
    case FieldKind::boolean:
      return "Boolean";
    case FieldKind::date_time:
      return "DateTime";
    case FieldKind::text:
    case FieldKind::choice:
      return "Text";
    default:
      return nullptr;  // no plain value
  }
}

std::vector<Column> columns_of(const Table& table) {
  std::vector<Column> columns = {{"id", "Numeric", false}};
  const auto add = [&](std::span<const FieldSpec> fields) {
    for (const FieldSpec& field : fields) {
      const char* type = type_of(field.kind);
      const bool is_shown =
          !field.hidden && !field.input_only && !field.in_info && field.filterable;
      if (type == nullptr || !is_shown || field.name == "id") continue;
      columns.push_back({std::string(field.name), type, !field.required});
    }
  };
  add(table.resource().fields);
  add(table.resource().more_fields);
  return columns;
}

json::Array definitions(const std::vector<Column>& columns) {
  json::Array out;
  for (const Column& column : columns) {
    out.emplace_back(
        json::Object{{column.name, json::Object{{"type", column.type},
                                                {"isNullable", column.is_nullable},
                                                {"identityColumn", column.name == "id"}}}});
  }
  return out;
}

ApiResult<ApiResponse> list_reports(const ApiCall& call) {
  const PageRequest request = read_page_request(call.query, call.forward_only);
  json::Array reports;
  std::int64_t place = 0;
  for (const Report& report : kReports) {
    const bool before = place < (request.page - 1) * request.size;
    if (place++ >= request.page * request.size) break;
    if (!before) reports.emplace_back(json::Object{{"name", report.name}});
  }
  return ApiResponse::json(200, json::to_string(std::move(reports)));
}

// Those that `fields` (or `columns`, as older versions have it) names, in its order; all without
// it. Unknown names are left out.
std::vector<Column> chosen(const ApiCall& call, const Table& table) {
  std::vector<Column> all = columns_of(table);
  const std::string_view older = call.query.get("columns");
  const std::string_view asked = older.empty() ? call.query.get("fields") : older;
  if (trim(asked).empty()) return all;
  std::vector<Column> out;
  for (const std::string_view name : split(asked, ',')) {
    const auto found = std::ranges::find_if(
        all, [&](const Column& column) { return equal_ignoring_case(column.name, trim(name)); });
    if (found != all.end()) out.push_back(*found);
  }
  return out;
}

ApiResult<ApiResponse> run_report(const ApiCall& call, const Table& table) {
  auto selected = select(call, table, std::nullopt);
  if (!selected) return std::unexpected(std::move(selected.error()));
  const std::vector<Column> columns = chosen(call, table);
  const auto everything = Projection::parse("", table, false);
  if (!everything) return std::unexpected(everything.error());
  RecordPage page = cut_page(std::move(*selected), read_page_request(call.query, call.forward_only),
                             call.url, call.raw_query);
  const Renderer renderer(call.db, call.base_url);
  json::Array rows;
  for (const Record* record : page.records) {
    std::string text;
    renderer.append(text, table, *record, *everything);
    const auto shown = json::parse(text);
    json::Array row;
    for (const Column& column : columns) {
      const json::Value* value = shown ? shown->find(column.name) : nullptr;
      row.push_back(value != nullptr ? *value : json::Value());
    }
    rows.emplace_back(std::move(row));
  }
  ApiResponse response = ApiResponse::json(
      200, json::to_string(json::Object{{"column_definitions", definitions(columns)},
                                        {"row_values", std::move(rows)}}));
  if (page.link) response.headers.emplace_back("Link", std::move(*page.link));
  return response;
}

}  // namespace

void add_report_endpoints(std::vector<ModuleEndpoint>& out) {
  out.push_back({http::Method::get, "system/reports", list_reports});
  // Reports are known by name; what is asked for by number is none of them.
  out.push_back({http::Method::get, "system/reports/{}", [](const ApiCall& call) {
                   return ApiResult<ApiResponse>(std::unexpected(
                       record_not_found("Report", std::to_string(call.ids.back()))));
                 }});
  for (const Report& report : kReports) {
    const std::string path = std::string("system/reports/") + report.name;
    const char* name = report.table;
    out.push_back({http::Method::get, path,
                   [name](const ApiCall& call) { return run_report(call, call.db.table(name)); }});
    out.push_back({http::Method::get, path + "/columns", [name](const ApiCall& call) {
                     return ApiResult<ApiResponse>(ApiResponse::json(
                         200, json::to_string(definitions(columns_of(call.db.table(name))))));
                   }});
    out.push_back({http::Method::get, path + "/count", [name](const ApiCall& call) {
                     return count(call, call.db.table(name), std::nullopt);
                   }});
  }
}

}  // namespace patchbay::sandbox
