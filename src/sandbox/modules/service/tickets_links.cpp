// What hangs on a ticket: configurations, products, documents, schedule entries, activities.
#include "sandbox/modules/service/tickets_links.h"

#include <fmt/core.h>

#include "json/parse.h"
#include "sandbox/modules/service/tickets.h"
#include "sandbox/operations/actions_read.h"
#include "sandbox/operations/module_endpoint.h"
#include "sandbox/records/record_access.h"
#include "sandbox/records/rules.h"

namespace patchbay::sandbox {
namespace {

// References to records elsewhere, with one text of theirs.
struct Link {
  std::string_view name;   // the last part of the path
  std::string_view table;  // what is referred to
  std::string_view field;  // whose text is shown; empty: none is
  ResourceSpec shown;      // as a table of their own, see Links
};

constexpr ResourceSpec as_table(std::span<const InfoMember> href,
                                std::span<const FieldSpec> shown = {}) {
  return {.name = "links", .fields = shown, .stamps = {}, .info = href};
}

constexpr InfoMember kProductHref[] = {{"product_href", "procurement/products/{id}"}};
constexpr InfoMember kDocumentHref[] = {{"document_href", "system/documents/{id}"}};
constexpr InfoMember kScheduleHref[] = {{"schedule_href", "schedule/entries/{id}"}};
constexpr InfoMember kTimeHref[] = {{"timeentry_href", "time/entries/{id}"}};
constexpr InfoMember kActivityHref[] = {{"activity_href", "sales/activities/{id}"}};
constexpr InfoMember kConfigurationHref[] = {{"configuration_href", "company/configurations/{id}"}};
constexpr FieldSpec kDescription[] = {text("description")};
constexpr FieldSpec kName[] = {text("name")};
constexpr FieldSpec kDeviceIdentifier[] = {text("deviceIdentifier")};

constexpr Link kLinks[] = {
    {"products", "products", "description", as_table(kProductHref, kDescription)},
    {"documents", "documents", "title", as_table(kDocumentHref, kName)},
    {"scheduleentries", "scheduleEntries", "name", as_table(kScheduleHref, kDescription)},
    {"timeentries", "timeEntries", "", as_table(kTimeHref)},
    {"activities", "activities", "name", as_table(kActivityHref, kName)},
};
constexpr ResourceSpec kConfigurations = as_table(kConfigurationHref, kDeviceIdentifier);

bool belongs(const Table& table, const Record& record, std::int64_t ticket) {
  if (const auto column = table.find_column("chargeToType")) {
    return int_or(table.at(record, "chargeToId"), 0) == ticket &&
           text_or(record.cells[*column], "").ends_with("Ticket");
  }
  if (const auto column = table.find_column("objectId")) {
    return int_or(record.cells[*column], 0) == ticket;
  }
  if (const auto column = table.find_column("recordId")) {
    return int_or(record.cells[*column], 0) == ticket &&
           text_or(table.at(record, "recordType"), "") == "Ticket";
  }
  return id_in(table, record, "ticket") == ticket;
}

// As a table of their own, so that they are filtered, ordered, counted and paged like all records.
struct Links {
  explicit Links(const ResourceSpec& resource) : database(resource) {}

  void add(std::int64_t id, Cell shown) {
    Table& table = database.table("links");
    Record record = table.blank();
    record.id = id;
    if (record.cells.size() > 1) record.cells[1] = std::move(shown);
    table.insert(std::move(record));
  }
  ApiResult<ApiResponse> answer(const ApiCall& call, bool only_count) {
    const ApiCall about{database,          call.settings, call.now,      call.member,
                        call.method,       call.body,     call.query,    call.raw_query,
                        call.forward_only, call.url,      call.base_url, call.ids};
    const Table& table = database.table("links");
    return only_count ? count(about, table, std::nullopt) : list(about, table, std::nullopt);
  }

  Database database;
};

ApiResult<ApiResponse> list_links(const ApiCall& call, std::string_view kind, const Link& link,
                                  bool only_count) {
  if (auto missing = missing_ticket(call, kind)) return std::unexpected(std::move(*missing));
  const Table& table = call.db.table(link.table);
  const auto column = table.find_column(link.field);
  Links links(link.shown);
  for (const auto& [id, record] : table.records()) {
    if (!belongs(table, record, call.ids.front())) continue;
    links.add(id, column ? record.cells[*column] : Cell());
  }
  return links.answer(call, only_count);
}

std::string show_configuration(const ApiCall& call, std::int64_t id) {
  return fmt::format(
      R"({{"id":{0},"deviceIdentifier":"{0}","_info":{{"configuration_href":"{1}company/configurations/{0}"}}}})",
      id, call.base_url);
}

// The link's own id, 0 if there is none.
std::int64_t link_to(const ApiCall& call, std::int64_t configuration) {
  const Table& links = call.db.table("ticketConfigurations");
  for (const std::int64_t id : links.children_of(call.ids.front())) {
    if (id_in(links, *links.find(id), "configuration") == configuration) return id;
  }
  return 0;
}

ApiResult<ApiResponse> list_configurations(const ApiCall& call, bool only_count) {
  if (auto missing = missing_ticket(call)) return std::unexpected(std::move(*missing));
  Links links(kConfigurations);
  const Table& table = call.db.table("ticketConfigurations");
  for (const std::int64_t link : table.children_of(call.ids.front())) {
    const auto id = id_in(table, *table.find(link), "configuration");
    links.add(id, std::to_string(id));
  }
  return links.answer(call, only_count);
}

ApiResult<ApiResponse> get_configuration(const ApiCall& call) {
  if (auto missing = missing_ticket(call)) return std::unexpected(std::move(*missing));
  if (link_to(call, call.ids.back()) == 0) {
    return std::unexpected(record_not_found("Configuration", std::to_string(call.ids.back())));
  }
  return ApiResponse::json(200, show_configuration(call, call.ids.back()));
}

// The configuration that a device identifier names: its own, or its id, which lists show as such.
// 0: there is none.
std::int64_t configuration_called(const ApiCall& call, std::string_view device) {
  const Table& table = call.db.table("configurations");
  for (const auto& [id, record] : table.records()) {
    if (text_or(table.at(record, "deviceIdentifier"), "") == device) return id;
    if (std::to_string(id) == device) return id;
  }
  return 0;
}

ApiResult<ApiResponse> add_configuration(const ApiCall& call) {
  if (auto missing = missing_ticket(call)) return std::unexpected(std::move(*missing));
  const auto body = json::parse(call.body, {.max_depth = 64, .allow_duplicate_keys = true});
  std::int64_t id = body ? body->int64_or("id", 0) : 0;
  const std::string device(body ? body->string_or("deviceIdentifier", "") : "");
  if (id == 0 && !device.empty()) {
    id = configuration_called(call, device);
    if (id == 0) return std::unexpected(record_not_found("Configuration", device));
  }
  if (id == 0) {
    return std::unexpected(invalid_object(
        "configuration",
        {{"MissingRequiredField", "id or deviceIdentifier is required.", "configuration", "id"}}));
  }
  if (call.db.table("configurations").find(id) == nullptr) {
    return std::unexpected(record_not_found("Configuration", std::to_string(id)));
  }
  if (link_to(call, id) == 0) {
    Table& links = call.db.table("ticketConfigurations");
    Record link = links.blank();
    links.at(link, "ticket") = RecordReference{call.ids.front()};
    links.at(link, "configuration") = RecordReference{id};
    links.insert(std::move(link));
  }
  return ApiResponse::json(201, show_configuration(call, id));
}

ApiResult<ApiResponse> remove_configuration(const ApiCall& call) {
  const std::int64_t link = link_to(call, call.ids.back());
  if (link == 0) {
    return std::unexpected(record_not_found("Configuration", std::to_string(call.ids.back())));
  }
  call.db.table("ticketConfigurations").erase(link);
  return ApiResponse();  // 204
}

// Which configurations a ticket is about.
constexpr FieldSpec kConfigurationReferenceFields[] = {
    reference("ticket", "tickets"),
    reference("configuration", "configurations"),
};

constexpr ResourceSpec kTicketLinkResources[] = {
    {
        .name = "ticketConfigurations",
        .path = "service/tickets/{ticket}/configurations",
        .type = "ConfigurationReference",
        .label = "Configuration",
        .fields = kConfigurationReferenceFields,
        .methods = kUnserved,
    },
};

}  // namespace

std::span<const ResourceSpec> ticket_link_resources() {
  return kTicketLinkResources;
}

void add_ticket_link_endpoints(std::vector<ModuleEndpoint>& out, std::string_view path,
                               std::string_view table) {
  for (const Link& link : kLinks) {
    const std::string of_link = fmt::format("{}{}", path, link.name);
    out.push_back({http::Method::get, of_link, [table, &link](const ApiCall& call) {
                     return list_links(call, table, link, false);
                   }});
    out.push_back({http::Method::get, of_link + "/count", [table, &link](const ApiCall& call) {
                     return list_links(call, table, link, true);
                   }});
  }
}

void add_ticket_configuration_endpoints(std::vector<ModuleEndpoint>& out) {
  const std::string path = "service/tickets/{}/configurations";
  out.push_back({http::Method::get, path,
                 [](const ApiCall& call) { return list_configurations(call, false); }});
  out.push_back({http::Method::get, path + "/count",
                 [](const ApiCall& call) { return list_configurations(call, true); }});
  out.push_back({http::Method::post, path, add_configuration});
  out.push_back({http::Method::get, path + "/{}", get_configuration});
  out.push_back({http::Method::delete_, path + "/{}", remove_configuration});
}

}  // namespace patchbay::sandbox
