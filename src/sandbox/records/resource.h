// What a resource of the API is, as data: path, fields, references with their scope, defaults,
// rules. The machinery serves whatever is declared so; a new resource is a declaration in
// modules/<module>/.
//
// Declarations are constants: the compiler makes a table of them, and nothing runs for them. That
// is why lists of names are one literal ("Low, Medium, High") and functions are plain pointers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace patchbay::sandbox {

class Cell;
class Database;
class Table;
struct Record;
struct Rules;

// The names in a literal: "Low, Medium, High".
class NameList {
 public:
  class Iterator {
   public:
    constexpr explicit Iterator(std::string_view rest) : rest_(rest) {}
    constexpr std::string_view operator*() const { return rest_.substr(0, rest_.find(", ")); }
    constexpr Iterator& operator++() {
      const std::size_t end = rest_.find(", ");
      rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 2);
      return *this;
    }
    constexpr bool operator==(const Iterator& other) const {
      return rest_.size() == other.rest_.size();
    }

   private:
    std::string_view rest_;
  };

  constexpr NameList() = default;
  constexpr explicit NameList(std::string_view names) : names_(names) {}
  constexpr bool empty() const { return names_.empty(); }
  constexpr Iterator begin() const { return Iterator(names_); }
  constexpr Iterator end() const { return Iterator(names_.substr(names_.size())); }

 private:
  std::string_view names_;
};

enum class FieldKind : std::uint8_t {
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

// What a new record has in a field that its maker says nothing about.
struct Fallback {
  enum class From : std::uint8_t {
    nothing,
    boolean,
    integer,
    decimal,
    text,
    first_record,    // the target's record with the lowest id
    default_record,  // the target's record whose defaultFlag is set
  };
  From from = From::nothing;
  bool boolean = false;
  int integer = 0;
  double decimal = 0;
  std::string_view text;
};

struct FieldSpec {
  std::string_view name;
  FieldKind kind = FieldKind::text;
  std::string_view target;                // reference(s): the other resource's name
  std::string_view scope;                 // the own field that the target's parent must equal
  NameList choices;                       // choice
  std::span<const FieldSpec> row_fields;  // rows
  NameList shows;                         // members of the reference beyond the target's usual ones
  NameList filters;                       // names behind a reference that only conditions may use
  std::size_t max_length = 0;             // 0: any
  std::int64_t least = 0;                 // of an integer
  std::int64_t most = 0;                  // 0: any
  bool required = false;
  bool required_on_replace = false;  // PUT asks for it, POST does not
  bool read_only = false;            // ignored in bodies
  bool input_only = false;           // taken, never shown (initialDescription)
  bool in_info = false;              // shown inside _info, filtered as a top-level name
  bool filterable = true;
  bool hidden = false;  // not shown, not filterable; for what others show of it
  Fallback fallback;
  // Not stored but read from other fields each time: a path through references ("status/name"), the
  // id of a reference, or a function.
  std::string_view via;
  std::string_view id_of_reference;
  Cell (*computed)(const Database&, const Record&) = nullptr;

  constexpr bool is_stored() const {
    return via.empty() && id_of_reference.empty() && computed == nullptr;
  }

  // What follows makes declarations read as sentences: text("summary").is_required().at_most(100)
  constexpr FieldSpec& is_required() { return required = true, *this; }
  constexpr FieldSpec& is_required_on_replace() { return required_on_replace = true, *this; }
  constexpr FieldSpec& is_read_only() { return read_only = true, *this; }
  constexpr FieldSpec& is_input_only() { return input_only = true, not_filterable(); }
  constexpr FieldSpec& is_in_info() { return in_info = true, is_read_only(); }
  constexpr FieldSpec& is_hidden() { return hidden = true, not_filterable().is_read_only(); }
  constexpr FieldSpec& not_filterable() { return filterable = false, *this; }
  constexpr FieldSpec& at_most(std::size_t length) { return max_length = length, *this; }
  constexpr FieldSpec& between(std::int64_t low, std::int64_t high) {
    return least = low, most = high, *this;
  }
  constexpr FieldSpec& within(std::string_view field) { return scope = field, *this; }
  constexpr FieldSpec& showing(std::string_view names) { return shows = NameList(names), *this; }
  constexpr FieldSpec& filtered_by(std::string_view names) {
    return filters = NameList(names), *this;
  }
  constexpr FieldSpec& or_else(bool value) {
    return fallback = {.from = Fallback::From::boolean, .boolean = value}, *this;
  }
  constexpr FieldSpec& or_else(int value) {
    return fallback = {.from = Fallback::From::integer, .integer = value}, *this;
  }
  constexpr FieldSpec& or_else(double value) {
    return fallback = {.from = Fallback::From::decimal, .decimal = value}, *this;
  }
  constexpr FieldSpec& or_else(const char* value) {
    return fallback = {.from = Fallback::From::text, .text = value}, *this;
  }
  constexpr FieldSpec& or_else_first() {
    return fallback = {.from = Fallback::From::first_record}, *this;
  }
  constexpr FieldSpec& or_else_default() {
    return fallback = {.from = Fallback::From::default_record}, *this;
  }
  constexpr FieldSpec& read_via(std::string_view path) { return via = path, is_read_only(); }
  // The reference's id as a bare number: "ticketId".
  constexpr FieldSpec& id_of(std::string_view reference) {
    return id_of_reference = reference, is_read_only();
  }
  constexpr FieldSpec& read_by(Cell (*function)(const Database&, const Record&)) {
    return computed = function, is_read_only();
  }
};

constexpr FieldSpec text(std::string_view name) {
  return {.name = name, .kind = FieldKind::text};
}
constexpr FieldSpec integer(std::string_view name) {
  return {.name = name, .kind = FieldKind::integer};
}
constexpr FieldSpec decimal(std::string_view name) {
  return {.name = name, .kind = FieldKind::decimal};
}
constexpr FieldSpec boolean(std::string_view name) {
  return {.name = name, .kind = FieldKind::boolean};
}
constexpr FieldSpec date_time(std::string_view name) {
  return {.name = name, .kind = FieldKind::date_time};
}
constexpr FieldSpec choice(std::string_view name, std::string_view choices) {
  return {.name = name, .kind = FieldKind::choice, .choices = NameList(choices)};
}
constexpr FieldSpec reference(std::string_view name, std::string_view target) {
  return {.name = name, .kind = FieldKind::reference, .target = target};
}
constexpr FieldSpec references(std::string_view name, std::string_view target) {
  return {.name = name, .kind = FieldKind::references, .target = target};
}
constexpr FieldSpec integers(std::string_view name) {
  return {.name = name, .kind = FieldKind::integers};
}
constexpr FieldSpec rows(std::string_view name, std::span<const FieldSpec> fields) {
  return {.name = name, .kind = FieldKind::rows, .row_fields = fields};
}
constexpr FieldSpec custom_field_values() {
  return {.name = "customFields", .kind = FieldKind::custom_fields, .filterable = false};
}
constexpr FieldSpec any(std::string_view name) {
  return {.name = name, .kind = FieldKind::any, .filterable = false};
}

// Inside _info. Some resources show the last one or two elsewhere.
inline constexpr FieldSpec kChangeStamps[] = {
    date_time("lastUpdated").is_in_info(),
    text("updatedBy").is_in_info(),
    date_time("dateEntered").is_in_info(),
    text("enteredBy").is_in_info(),
};

inline constexpr std::span kStampsWithoutEnteredBy = std::span(kChangeStamps).first<3>();
inline constexpr std::span kUpdateStamps = std::span(kChangeStamps).first<2>();

// A member of the object that stands for a record where another one refers to it.
struct ReferenceMember {
  std::string_view shown;  // "Sort"
  std::string_view field;  // "sortOrder"
};
inline constexpr ReferenceMember kIdAndName[] = {{"id", "id"}, {"name", "name"}};
inline constexpr ReferenceMember kIdIdentifierAndName[] = {
    {"id", "id"}, {"identifier", "identifier"}, {"name", "name"}};
inline constexpr ReferenceMember kIdAndDescriptionAsName[] = {{"id", "id"},
                                                              {"name", "description"}};

// A member of _info: a link below the API's root, or a fact. "{id}" and other "{field}"s are filled
// in.
struct InfoMember {
  std::string_view name;
  std::string_view link;   // "service/tickets/{id}/notes"; empty: it is a fact
  std::string_view field;  // the fact's field or path
};

struct CustomFieldDefinition {
  std::int64_t id = 0;
  std::string_view caption;
  std::string_view type;          // "Text", "Checkbox", …
  std::string_view entry_method;  // "EntryField", "List", …
  std::int64_t decimals = 0;
};

struct Methods {
  bool list = true, get = true, create = true, patch = true, replace = true, remove = true;
  bool operator==(const Methods&) const = default;
};
inline constexpr Methods kReadOnly{
    .create = false, .patch = false, .replace = false, .remove = false};
// Only ever seen through references.
inline constexpr Methods kUnserved{false, false, false, false, false, false};

extern const Rules kNoRules;

struct ResourceSpec {
  std::string_view name;              // "tickets": what references name as their target
  std::string_view path;              // "service/tickets", "service/boards/{board}/statuses"
  std::string_view type;              // "Ticket": the model's name, in errors about bodies
  std::string_view label;             // "Ticket": in "Ticket 7 not found"
  std::string_view href;              // "ticket": references to it carry "ticket_href"
  std::span<const FieldSpec> fields;  // `id` comes first, added by the machinery
  std::span<const FieldSpec> more_fields;
  std::span<const FieldSpec> stamps = kChangeStamps;
  std::span<const ReferenceMember> reference_form = kIdAndName;
  std::span<const InfoMember> reference_info;  // beyond the href
  std::span<const InfoMember> info;            // beyond the fields that are in_info
  std::span<const CustomFieldDefinition> custom_fields;
  Methods methods;
  const Rules* rules = &kNoRules;  // never null
  std::string_view text_key;       // a field that may stand for the id in the path ("identifier")
};

// What several modules offer to choose from.
inline constexpr std::string_view kBillableOptions = "Billable, DoNotBill, NoCharge, NoDefault";
inline constexpr std::string_view kApprovalStatuses =
    "Open, Rejected, PendingApproval, ErrorsCorrected, PendingProjectApproval, ApprovedByTierOne, "
    "RejectBySecondTier, ApprovedByTierTwo, ReadyToBill, Billed, WrittenOff, BilledAgreement";
inline constexpr std::string_view kBillingMethods =
    "ActualRates, FixedFee, NotToExceed, OverrideRate";

}  // namespace patchbay::sandbox
