// Documents: listed by the record they belong to, uploaded by multipart, downloaded as they came:
// /system/documents.
#include "sandbox/modules/system/documents.h"

#include <map>

#include <fmt/core.h>

#include "base/text.h"
#include "sandbox/operations/actions_read.h"
#include "sandbox/operations/module_endpoint.h"
#include "sandbox/records/record_access.h"
#include "sandbox/records/rules.h"

namespace patchbay::sandbox {
namespace {

struct Part {
  std::string file_name;
  std::string media_type;
  std::string content;
};

// "name" in `form-data; name="file"; filename="x.png"`; empty if it is not there.
std::string parameter(std::string_view header, std::string_view name) {
  const std::string start = fmt::format("{}=\"", name);
  std::size_t at = header.find("; " + start);
  if (at == header.npos) return {};
  at += 2 + start.size();
  return std::string(header.substr(at, header.find('"', at) - at));
}

// The boundary is what the body's first line says.
std::map<std::string, Part> read_parts(std::string_view body) {
  std::map<std::string, Part> parts;
  const std::size_t line = body.find("\r\n");
  if (!body.starts_with("--") || line == body.npos) return parts;
  const std::string boundary = "\r\n" + std::string(body.substr(0, line));
  body.remove_prefix(line);
  while (body.starts_with("\r\n")) {
    body.remove_prefix(2);
    const std::size_t head = body.find("\r\n\r\n");
    if (head == body.npos) break;
    const std::size_t end = body.find(boundary, head + 2);
    if (end == body.npos) break;
    Part part;
    std::string name;
    for (const std::string_view field : split(body.substr(0, head), '\n')) {
      const std::string_view text = trim(field);
      if (contains_ignoring_case(text.substr(0, 20), "content-disposition:")) {
        name = parameter(text, "name");
        part.file_name = parameter(text, "filename");
      } else if (contains_ignoring_case(text.substr(0, 13), "content-type:")) {
        part.media_type = std::string(trim(text.substr(13)));
      }
    }
    const std::size_t start = head + 4;
    part.content = std::string(end >= start ? body.substr(start, end - start) : "");
    parts[to_lower(name)] = std::move(part);
    body.remove_prefix(end + boundary.size());
  }
  return parts;
}

ApiError required(std::string_view field) {
  return invalid_object("document", {{"MissingRequiredField", fmt::format("{} is required.", field),
                                      "document", std::string(field)}});
}

// The tables of a recordType; none: there is no such type.
std::vector<std::string_view> tables_of(std::string_view record_type) {
  struct Kind {
    std::string_view type;
    std::vector<std::string_view> tables;  // empty: the sandbox has no such records to look at
  };
  static const std::vector<Kind> kKinds = {{"Ticket", {"tickets", "projectTickets"}},
                                           {"Agreement", {"agreements"}},
                                           {"Company", {"companies"}},
                                           {"Configuration", {"configurations"}},
                                           {"Contact", {"contacts"}},
                                           {"Expense", {"expenseEntries"}},
                                           {"Opportunity", {"opportunities"}},
                                           {"PurchaseOrder", {"purchaseOrders"}},
                                           {"Project", {"projects"}},
                                           {"SalesOrder", {"orders"}},
                                           {"ServiceTemplate", {""}},
                                           {"Rma", {""}}};
  for (const Kind& kind : kKinds) {
    if (equal_ignoring_case(kind.type, record_type)) return kind.tables;
  }
  return {};
}

// Nothing if the record that a document is for is there, or cannot be known.
std::optional<ApiError> missing_record(const ApiCall& call, std::string_view type,
                                       std::int64_t id) {
  const auto tables = tables_of(type);
  if (tables.empty()) {
    return invalid_object(
        "document", {{"InvalidEnum", "Enum value supplied was invalid", "document", "recordType"}});
  }
  for (const std::string_view name : tables) {
    if (name.empty() || call.db.table(name).find(id) != nullptr) return std::nullopt;
  }
  return record_not_found(type, std::to_string(id));
}

ApiResult<ApiResponse> upload(const ApiCall& call) {
  std::map<std::string, Part> parts = read_parts(call.body);
  if (parts.empty()) {
    return std::unexpected(
        ApiError{415, "InvalidObject", "The request must be multipart/form-data.", {}});
  }
  const std::string type = parts["recordtype"].content;
  const auto record_id = parse_int64(parts["recordid"].content);
  if (type.empty()) return std::unexpected(required("recordType"));
  if (!record_id) return std::unexpected(required("recordId"));
  const Part& file = parts["file"];
  const std::string url = parts["url"].content;
  if (file.file_name.empty() && url.empty()) return std::unexpected(required("file"));
  if (auto missing = missing_record(call, type, *record_id)) {
    return std::unexpected(std::move(*missing));
  }
  Table& documents = call.db.table("documents");
  Record record = with_fallbacks(call.db, documents);
  const std::string who = member_identifier(call.db, call.member);
  const std::string title = parts["title"].content;
  documents.at(record, "title") = title.empty() ? file.file_name : title;
  documents.at(record, "fileName") = file.file_name;
  documents.at(record, "owner") = who;
  documents.at(record, "size") = static_cast<std::int64_t>(file.content.size());
  documents.at(record, "publicFlag") = !equal_ignoring_case(parts["privateflag"].content, "true");
  documents.at(record, "readOnlyFlag") = equal_ignoring_case(parts["readonlyflay"].content, "true");
  documents.at(record, "imageFlag") = file.media_type.starts_with("image/");
  documents.at(record, "urlFlag") = !url.empty();
  documents.at(record, "createdOnDate") = call.now;
  documents.at(record, "recordType") = type;
  documents.at(record, "recordId") = *record_id;
  documents.at(record, "content") = file.content;
  documents.at(record, "mediaType") = file.media_type;
  documents.at(record, "dateEntered") = call.now;
  documents.at(record, "enteredBy") = who;
  documents.at(record, "lastUpdated") = call.now;
  documents.at(record, "updatedBy") = who;
  const Record& stored = documents.insert(std::move(record));
  call.note_change(RecordChange::Action::added, documents, stored.id, std::nullopt);
  ApiResult<ApiResponse> response = get(call, documents, stored);
  if (response) response->status = 201;
  return response;
}

// Narrowed by recordType and recordId, then as any list.
ApiResult<ApiResponse> list_documents(const ApiCall& call, bool only_count) {
  const Table& documents = call.db.table("documents");
  const std::string type(call.query.get("recordType"));
  const auto wanted = parse_int64(call.query.get("recordId"));
  if (type.empty() || !wanted) {
    return only_count ? count(call, documents, std::nullopt) : list(call, documents, std::nullopt);
  }
  std::string ids = "id in (0";
  for (const auto& [id, document] : documents.records()) {
    if (!equal_ignoring_case(text_or(documents.at(document, "recordType"), ""), type)) continue;
    if (int_or(documents.at(document, "recordId"), 0) != *wanted) continue;
    ids += fmt::format(",{}", id);
  }
  ids += ')';
  ApiCall narrowed = call;
  const std::string given(call.query.get("conditions"));
  narrowed.query.set("conditions", given.empty() ? ids : fmt::format("({}) and {}", given, ids));
  return only_count ? count(narrowed, documents, std::nullopt)
                    : list(narrowed, documents, std::nullopt);
}

ApiResult<ApiResponse> download(const ApiCall& call) {
  const Table& documents = call.db.table("documents");
  const Record* record = documents.find(call.ids.front());
  if (record == nullptr) {
    return std::unexpected(record_not_found("Document", std::to_string(call.ids.front())));
  }
  ApiResponse response;
  response.status = 200;
  response.body = text_or(documents.at(*record, "content"), "");
  response.content_type = "application/octet-stream";
  std::string name = text_or(documents.at(*record, "fileName"), "document");
  std::erase_if(name, [](char c) { return c == '"' || c == '\r' || c == '\n'; });
  response.headers.emplace_back("Content-Disposition",
                                fmt::format("attachment; filename=\"{}\"", name));
  return response;
}

constexpr FieldSpec kDocumentInfoFields[] = {
    text("recordType").is_hidden(),
    integer("recordId").is_hidden(),
    text("content").is_hidden(),
    text("mediaType").is_hidden(),
    text("title"),
    text("fileName"),
    text("serverFileName"),
    text("owner"),
    boolean("linkFlag").or_else(false),
    boolean("imageFlag").or_else(false),
    boolean("publicFlag").or_else(false),
    boolean("htmlTemplateFlag").or_else(false),
    boolean("readOnlyFlag").or_else(false),
    integer("size"),
    boolean("urlFlag").or_else(false),
    date_time("createdOnDate").is_read_only(),
    text("guid"),
};

constexpr ReferenceMember kDocumentInfoForm[] = {{"id", "id"}, {"title", "title"}};

constexpr ResourceSpec kDocumentResources[] = {
    {
        .name = "documents",
        .path = "system/documents",
        .type = "DocumentInfo",
        .label = "Document",
        .href = "document",
        .fields = kDocumentInfoFields,
        .reference_form = kDocumentInfoForm,
        .methods = {.list = false, .create = false, .patch = false, .replace = false},
    },
};

}  // namespace

std::span<const ResourceSpec> document_resources() {
  return kDocumentResources;
}

void add_document_endpoints(std::vector<ModuleEndpoint>& out) {
  out.push_back({http::Method::get, "system/documents",
                 [](const ApiCall& call) { return list_documents(call, false); }});
  out.push_back({http::Method::get, "system/documents/count",
                 [](const ApiCall& call) { return list_documents(call, true); }});
  out.push_back({http::Method::post, "system/documents", upload});
  out.push_back({http::Method::get, "system/documents/{}/download", download});
}

}  // namespace patchbay::sandbox
