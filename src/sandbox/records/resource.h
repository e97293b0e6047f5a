// What a resource of the API is, as data: path, fields, references with their scope, defaults,
// rules. The machinery serves whatever is declared so; a new resource is a declaration in
// resources_*.cpp.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json/value.h"
#include "sandbox/records/api_error.h"
#include "sandbox/records/cell.h"

namespace patchbay::sandbox {

class Database;
class Table;
struct Record;

enum class Kind : std::uint8_t {
  text,
  integer,
  decimal,
  boolean,
  date_time,
  choice,         // one of a closed set of names
  reference,      // one record of `target`
  references,     // several of them, as a child collection
  integers,       // a list of bare numbers
  rows,           // a child collection inside the record, with `row_fields`
  custom_fields,  // values of the resource's custom fields
  any,            // JSON as it came
};

struct Field {
  std::string name;
  Kind kind = Kind::text;
  std::string target;                // reference(s): the other resource's name
  std::string scope;                 // the own field that the target's parent must equal ("board")
  std::vector<std::string> choices;  // choice
  std::vector<Field> row_fields;     // rows
  std::vector<std::string> shows;    // members of the reference beyond the target's usual ones
  std::vector<std::string> filters;  // names behind a reference that only conditions may use
  std::size_t max_length = 0;        // 0: any
  std::optional<std::pair<std::int64_t, std::int64_t>> range;
  bool required = false;
  bool required_on_replace = false;  // PUT asks for it, POST does not
  bool read_only = false;            // ignored in bodies
  bool input_only = false;           // taken, never shown (initialDescription)
  bool in_info = false;              // shown inside _info, filtered as a top-level name
  bool filterable = true;
  bool hidden = false;  // not shown, not filterable; for what others show of it
  Cell fallback;        // value of a new record that says nothing
  std::function<Cell(const Database&)> fallback_from;
  // Not stored but read from other fields each time: a path through references ("status/name"), or
  // a function.
  std::string via;
  std::function<Cell(const Database&, const Record&)> computed;

  // What follows makes declarations read as sentences: text("summary").is_required().at_most(100)
  Field is_required() &&;
  Field is_required_on_replace() &&;
  Field is_read_only() &&;
  Field is_input_only() &&;
  Field is_in_info() &&;
  Field is_hidden() &&;
  Field not_filterable() &&;
  Field at_most(std::size_t length) &&;
  Field between(std::int64_t low, std::int64_t high) &&;
  Field within(std::string scope_field) &&;
  Field showing(std::vector<std::string> names) &&;
  Field filtered_by(std::vector<std::string> names) &&;
  Field or_else(Cell value) &&;
  Field or_else_from(std::function<Cell(const Database&)> function) &&;
  Field read_via(std::string path) &&;
  Field read_by(std::function<Cell(const Database&, const Record&)> function) &&;
};

Field text(std::string name);
Field integer(std::string name);
Field decimal(std::string name);
Field boolean(std::string name);
Field date_time(std::string name);
Field choice(std::string name, std::vector<std::string> choices);
Field reference(std::string name, std::string target);
Field references(std::string name, std::string target);
Field integers(std::string name);
Field rows(std::string name, std::vector<Field> fields);
Field custom_field_values();
Field any(std::string name);
// lastUpdated, updatedBy, dateEntered, enteredBy inside _info.
std::vector<Field> change_stamps();

// A member of the object that stands for a record where another one refers to it.
struct ReferenceMember {
  std::string shown;  // "Sort"
  std::string field;  // "sortOrder"
};

// A member of _info: a link below the API's root, or a fact. "{id}" and other "{field}"s are filled
// in.
struct InfoMember {
  std::string name;
  std::string link;   // "service/tickets/{id}/notes"; empty: it is a fact
  std::string field;  // the fact's field or path
};

struct CustomFieldDefinition {
  std::int64_t id = 0;
  std::string caption;
  std::string type;          // "Text", "Checkbox", …
  std::string entry_method;  // "EntryField", "List", …
  std::int64_t decimals = 0;
};

// A write under way.
struct WriteContext {
  Database& db;
  const Table& table;
  Instant now;
  std::int64_t member = 0;         // who calls
  const Record* before = nullptr;  // null: a new record
  bool replaces = false;           // PUT
  std::vector<std::string> given;  // lower-case names of the fields that the caller set

  bool was_given(std::string_view field) const;
};

struct Rules {
  // Fills in what the caller left out.
  std::function<void(const WriteContext&, Record&)> fill;
  // What required fields and references alone cannot say.
  std::function<void(const WriteContext&, const Record&, std::vector<FieldError>&)> check;
  // After it stands in the table: side effects on other records.
  std::function<void(const WriteContext&, const Record&)> stored;
  std::function<std::optional<ApiError>(const Database&, const Record&)> refuses_delete;
  std::function<void(Database&, const Record&)> deleted;
};

struct Methods {
  bool list = true, get = true, create = true, patch = true, replace = true, remove = true;
  bool operator==(const Methods&) const = default;
};
inline constexpr Methods kReadOnly{true, true, false, false, false, false};
// Only ever seen through references.
inline constexpr Methods kUnserved{false, false, false, false, false, false};

struct Resource {
  std::string name;           // "tickets": what references name as their target
  std::string path;           // "service/tickets", "service/boards/{board}/statuses"
  std::string type;           // "Ticket": the model's name, in errors about bodies
  std::string label;          // "Ticket": in "Ticket 7 not found"
  std::string href;           // "ticket": references to it carry "ticket_href"
  std::vector<Field> fields;  // `id` comes first, added by the machinery
  std::vector<ReferenceMember> reference_form = {{"id", "id"}, {"name", "name"}};
  std::vector<InfoMember> reference_info;  // beyond the href
  std::vector<InfoMember> info;            // beyond the fields that are in_info
  std::vector<CustomFieldDefinition> custom_fields;
  Methods methods;
  Rules rules;
  std::string text_key;  // a field that may stand for the id in the path (members: "identifier")
};

// "ticket" for "Ticket", "timeEntry" for "TimeEntry"
std::string object_name(const Resource& resource);

}  // namespace patchbay::sandbox
