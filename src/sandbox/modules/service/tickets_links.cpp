// What hangs on a ticket: configurations, products, documents, schedule entries, activities.
#include <fmt/format.h>

#include "json/parse.h"
#include "sandbox/operations/actions.h"
#include "sandbox/operations/special_endpoints.h"
#include "sandbox/records/record_access.h"

namespace patchbay::sandbox {
namespace {

std::optional<ApiError> missing_ticket(const Call& call, std::string_view kind = "tickets") {
  const Table& tickets = call.db.table(kind);
  const std::int64_t id = call.ids.front();
  if (tickets.find(id) != nullptr) return std::nullopt;
  return record_not_found(tickets.resource().label, fmt::to_string(id));
}

// References to records elsewhere, with one text of theirs.
struct Link {
  const char* name;   // the last part of the path
  const char* table;  // what is referred to
  const char* path;   // where it is served
  const char* href;
  const char* text;   // what the text is called, and
  const char* field;  // what it is of the record; empty: there is none
};

constexpr Link kLinks[] = {
    {"products", "products", "procurement/products", "product_href", "description", "description"},
    {"documents", "documents", "system/documents", "document_href", "name", "title"},
    {"scheduleentries", "scheduleEntries", "schedule/entries", "schedule_href", "description",
     "name"},
    {"timeentries", "timeEntries", "time/entries", "timeentry_href", "", ""},
    {"activities", "activities", "sales/activities", "activity_href", "name", "name"},
};
constexpr Link kConfigurations = {"configurations",         "configurations",
                                  "company/configurations", "configuration_href",
                                  "deviceIdentifier",       ""};

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
  explicit Links(const Link& link) : database({resource(link)}) {}

  static Resource resource(const Link& link) {
    Resource made;
    made.name = "links";
    if (*link.text != '\0') made.fields = {text(link.text)};
    made.info = {{link.href, std::string(link.path) + "/{id}", ""}};
    return made;
  }
  void add(std::int64_t id, Cell shown) {
    Table& table = database.table("links");
    Record record = table.blank();
    record.id = id;
    if (record.cells.size() > 1) record.cells[1] = std::move(shown);
    table.insert(std::move(record));
  }
  Answer<http::Response> answer(const Call& call, bool only_count) {
    const Call about{database,          call.settings, call.now,      call.member,
                     call.method,       call.body,     call.query,    call.raw_query,
                     call.forward_only, call.url,      call.base_url, call.ids};
    const Table& table = database.table("links");
    return only_count ? count(about, table, std::nullopt) : list(about, table, std::nullopt);
  }

  Database database;
};

Answer<http::Response> list_links(const Call& call, std::string_view kind, const Link& link,
                                  bool only_count) {
  if (auto missing = missing_ticket(call, kind)) return std::unexpected(std::move(*missing));
  const Table& table = call.db.table(link.table);
  const auto column = table.find_column(link.field);
  Links links(link);
  for (const auto& [id, record] : table.records()) {
    if (!belongs(table, record, call.ids.front())) continue;
    links.add(id, column ? record.cells[*column] : Cell());
  }
  return links.answer(call, only_count);
}

std::string show_configuration(const Call& call, std::int64_t id) {
  return fmt::format(
      R"({{"id":{0},"deviceIdentifier":"{0}","_info":{{"configuration_href":"{1}company/configurations/{0}"}}}})",
      id, call.base_url);
}

// The link's own id, 0 if there is none.
std::int64_t link_to(const Call& call, std::int64_t configuration) {
  const Table& links = call.db.table("ticketConfigurations");
  for (const std::int64_t id : links.children_of(call.ids.front())) {
    if (id_in(links, *links.find(id), "configuration") == configuration) return id;
  }
  return 0;
}

Answer<http::Response> list_configurations(const Call& call, bool only_count) {
  if (auto missing = missing_ticket(call)) return std::unexpected(std::move(*missing));
  Links links(kConfigurations);
  const Table& table = call.db.table("ticketConfigurations");
  for (const std::int64_t link : table.children_of(call.ids.front())) {
    const auto id = id_in(table, *table.find(link), "configuration");
    links.add(id, fmt::to_string(id));
  }
  return links.answer(call, only_count);
}

Answer<http::Response> get_configuration(const Call& call) {
  if (auto missing = missing_ticket(call)) return std::unexpected(std::move(*missing));
  if (link_to(call, call.ids.back()) == 0) {
    return std::unexpected(record_not_found("Configuration", fmt::to_string(call.ids.back())));
  }
  return http::Response::json(200, show_configuration(call, call.ids.back()));
}

Answer<http::Response> add_configuration(const Call& call) {
  if (auto missing = missing_ticket(call)) return std::unexpected(std::move(*missing));
  const auto body = json::parse(call.body, {.max_depth = 64, .allow_duplicate_keys = true});
  const std::int64_t id = body ? body->int64_or("id", 0) : 0;
  if (id == 0) {
    return std::unexpected(invalid_object(
        "configuration",
        {{"MissingRequiredField", "id or deviceIdentifier is required.", "configuration", "id"}}));
  }
  if (call.db.table("configurations").find(id) == nullptr) {
    return std::unexpected(record_not_found("Configuration", fmt::to_string(id)));
  }
  if (link_to(call, id) == 0) {
    Table& links = call.db.table("ticketConfigurations");
    Record link = links.blank();
    links.at(link, "ticket") = Reference{call.ids.front()};
    links.at(link, "configuration") = Reference{id};
    links.insert(std::move(link));
  }
  return http::Response::json(201, show_configuration(call, id));
}

Answer<http::Response> remove_configuration(const Call& call) {
  const std::int64_t link = link_to(call, call.ids.back());
  if (link == 0) {
    return std::unexpected(record_not_found("Configuration", fmt::to_string(call.ids.back())));
  }
  call.db.table("ticketConfigurations").erase(link);
  http::Response response;
  response.status = 204;
  return response;
}

}  // namespace

void add_ticket_link_endpoints(std::vector<SpecialEndpoint>& out) {
  const std::string ticket = "service/tickets/{}/";
  for (const auto& [path, kind] :
       {std::pair(ticket, "tickets"),
        std::pair(std::string("project/tickets/{}/"), "projectTickets")}) {
    for (const Link& link : kLinks) {
      out.push_back({http::Method::get, path + link.name, [kind, link](const Call& call) {
                       return list_links(call, kind, link, false);
                     }});
      out.push_back(
          {http::Method::get, path + link.name + "/count",
           [kind, link](const Call& call) { return list_links(call, kind, link, true); }});
    }
  }
  const std::string configurations = ticket + "configurations";
  out.push_back({http::Method::get, configurations,
                 [](const Call& call) { return list_configurations(call, false); }});
  out.push_back({http::Method::get, configurations + "/count",
                 [](const Call& call) { return list_configurations(call, true); }});
  out.push_back({http::Method::post, configurations, add_configuration});
  out.push_back({http::Method::get, configurations + "/{}", get_configuration});
  out.push_back({http::Method::delete_, configurations + "/{}", remove_configuration});
}

}  // namespace patchbay::sandbox
