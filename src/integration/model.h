// An integration as the program sees it: what the YAML files say, checked, expanded and linked.
// Immutable once loaded; shared by every account and tool that uses it.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "integration/composite.h"
#include "integration/error_shape.h"
#include "integration/guards.h"
#include "integration/ownership.h"
#include "integration/path_template.h"
#include "integration/sign_in.h"
#include "integration/synonym.h"
#include "json/shape.h"
#include "json/value.h"

namespace patchbay::integration {

// ---- fields of records -------------------------------------------------------------------------

enum class FieldType : std::uint8_t {
  string,
  integer,
  number,
  boolean,
  date_time,
  date,
  reference,
  object,
  array
};

enum class FilterOperator : std::uint8_t {
  equal,
  not_equal,
  less,
  less_or_equal,
  greater,
  greater_or_equal,
  contains,
  not_contains,
  like,
  in,
  is_null,  // of a boolean argument: true asks for records without the field's value, false for
            // those with it
  // What people know each other by, in whatever spelling: see gateway/names/marks.h.
  as_email,   // the address, whole
  as_phone,   // the digits, with or without the country's
  as_domain,  // the host of a web address, with or without www
};

// What a text that is written must be, where that is more than a text.
enum class WrittenAs : std::uint8_t {
  text,
  address,            // an e-mail address
  addresses,          // one or several, separated by semicolons or commas
  address_or_number,  // an e-mail address, or a phone number
};

// A value that a scoped look-up needs: an argument of the looked-up resource's list method, and the
// argument of this call that gives it (or, where that is absent in an update, the same-named field
// of the record as it stands).
struct Scope {
  std::string parameter;  // "boardId": the list's path argument; "companyId": one of its filters
  std::string argument;   // "board", "company"
  // The list cannot be asked without it (a path argument). Else it only narrows the look-up: where
  // the value is not to be had, the look-up runs over all records.
  bool required = true;
};

// What a record is known by beside its name: an e-mail address, a phone number, a domain.
struct KnownBy {
  std::string field;                             // "primaryEmail", "communicationItems/value"
  FilterOperator as = FilterOperator::as_email;  // as_email, as_phone or as_domain
};

// How a name becomes a record. The resource's list method is the look-up.
struct Reference {
  std::string resource;  // "board_statuses"
  // What a name is compared with, best first. Several fields separated by a space are compared with
  // their values joined by a space: {"identifier", "firstName lastName"}.
  std::vector<std::string> match;
  std::vector<KnownBy> known_by;
  // A bare number is what a record is called ("75" percent), and no id.
  bool called_by_number = false;
  std::vector<Scope> scopes;
  std::string search;  // the list's parameter that finds by a part of a name; empty: there is none
  std::string list_tool;  // the tool that lists all candidates, for error messages
};

// One field of a resource's records: what the upstream calls it and what may be done with it.
struct Field {
  std::string name;  // "summary"
  FieldType type = FieldType::string;
  std::string description;
  std::vector<std::string> values;  // an enumeration's values; empty: none
  std::int64_t max_length = 0;      // of a text that is written; 0: not known
  // Whether a caller who says "" or 0 means it. Elsewhere they are how clients fill in what was
  // left out, and no value (gateway/arguments/absent.h).
  bool empty_is_value = false;
  bool zero_is_value = false;
  WrittenAs written_as = WrittenAs::text;
  // Who gives it has records or messages leave the API, at once or from then on: a switch where it
  // is true, anything else where it says something.
  bool outbound = false;
  // About a person, or secret: stays out of the log; of a reference its texts. Nothing: not said.
  std::optional<bool> personal;
  std::string reference;  // type reference: the resource that it names ("boards"), may be empty
  // How a name becomes that record, and within what: what stands here hangs on the fields that its
  // scopes name. Nothing: by id only.
  std::optional<Reference> lookup;
  // The fields that decide it: a time entry's company is that of what it is logged on.
  std::vector<std::string> follows;
  std::vector<Field> children;  // of references and objects: id, name, identifier, …
  bool returned = true;         // stands in responses
  bool filterable = true;       // may stand in conditions
  bool sortable = true;         // may stand in orderBy
  bool in_info = false;         // in responses it stands inside _info (and shaping moves it up)
  bool written = true;          // may be written; false: the API derives it
  bool clearable = true;        // may be empty; false: the API puts its default there
};

// ---- arguments of tools ------------------------------------------------------------------------

// Where an argument goes.
enum class ArgumentPlace : std::uint8_t {
  path,       // a placeholder of the path
  query,      // a query parameter
  body,       // a field of the body
  filter,     // a term of the filter expression that the dialect writes
  platform,   // Patchbay's own: limit, next_cursor, fields, verbose, orderBy, conditions, …
  expansion,  // switches an expansion on
  step,       // given to the steps of a composite
  file,       // the file that a multipart body carries: `content` (base64) or `text`, `fileName`,
              // `mimeType`
};

// What of an argument's value stays out of the log, whatever an environment wants kept of it.
enum class Personal : std::uint8_t {
  nothing,
  marks,  // texts that may be an address or a number; what it names is called by other things too
  texts,  // texts: they may name a person; an id names nobody
  all,
};

struct Argument {
  std::string name;    // as the caller writes it: "board", "summaryContains"
  bool listed = true;  // false: taken, and told by a server's instructions alone
  ArgumentPlace place = ArgumentPlace::body;
  std::string target;  // placeholder, parameter or field that it becomes ("board", "company/id")
  FilterOperator filter_operator = FilterOperator::equal;  // place filter
  // Of the value that is sent. A reference with a `reference` takes a name or an id (an integer, or
  // its digits as a text); one without takes an id only. In a filter its target is the field that
  // names the record ("board"): compare "board/id" with an id, and "board/name" (or
  // "board/identifier", where the field has that child) with a name that is not looked up.
  FieldType type = FieldType::string;
  std::optional<Reference> reference;
  // Of a filter of times: a whole number of hours, and what is compared is the time in so many.
  bool hours_ahead = false;
  bool id_alone = false;  // of a body: a record is written as its id, and not as {"id": 7}
  // Of a filter that compares a text (type string) with what the reference's records have in this
  // field: "identifier". Who is named is looked up, and that field's text is what is sent.
  std::string compares;
  // Set beside it when it is given: a body's further fields, where a different explicit value is
  // refused, a filter's further terms (equal; an array: one of), or a query's further parameters.
  // ticketId: 7 → chargeToId, chargeToType.
  std::map<std::string, json::Value> also;
  bool required = false;
  json::Value schema;                      // what tools/list shows: type, description, enum, …
  bool empty_is_value = false;             // as its field's
  bool zero_is_value = false;              // as its field's
  WrittenAs written_as = WrittenAs::text;  // as its field's; of a body
  bool outbound = false;                   // as its field's; of a body
  Personal personal = Personal::nothing;   // by its field, what it names, and where a step uses it
  std::vector<std::string> needs;          // of a body: fields without which it says nothing
  std::vector<std::string> aliases;        // names that are accepted as well, and not shown
  std::vector<std::string> mistaken_for;   // names that are refused with this one as a suggestion

  // What the upstream calls it: `target`, or its own name where there is none.
  const std::string& field() const { return target.empty() ? name : target; }
};

// Fields that are valid in some combinations only (type, subtype and item of a board): the list
// method of `resource` must return a record that has all given values.
struct Combination {
  std::string resource;  // "board_type_subtype_item_associations"
  std::vector<Scope> scopes;
  std::map<std::string, std::string> fields;  // argument → field of the association record
};

// An update's argument that names the fields to empty.
inline constexpr std::string_view kClear = "clear";

// ---- methods and resources ---------------------------------------------------------------------

enum class MethodKind : std::uint8_t { list, get, create, update, delete_, custom };
enum class Verb : std::uint8_t { get, post, put, patch, delete_ };
// How a request carries its body.
enum class Encoding : std::uint8_t { json, multipart };
// What an answer of 2xx holds.
enum class AnswerKind : std::uint8_t { json, file };

struct Annotations {
  bool read_only = false;
  bool destructive = true;
  bool idempotent = false;
  bool open_world = true;
};

// A second call per record whose answer is merged into it (DESIGN 6, Expansions).
struct Expansion {
  std::string argument;             // "includeForecast"
  PathTemplate path;                // "/sales/opportunities/{id}/forecast"
  std::string source;               // JSON pointer into that answer; "" for all of it
  std::vector<std::string> fields;  // asked for; empty: all
  std::string target;               // the member of the record that it becomes
  bool by_default = false;
};

// Records that a create may bring along, which belong to the one that it makes: each is made by a
// call of its own, once that is there.
struct Nested {
  std::string argument;  // "contacts": a list of them
  std::string resource;  // whose create makes them
  std::string as;        // the argument of that create which names what they belong to
  std::map<std::string, std::string> with;  // further ones: each as that argument of this create
};

// Arguments of a call that is of many records, in place of those of one.
inline constexpr std::array<std::string_view, 3> kManyArguments = {"records", "filter", "expect"};

struct Method {
  std::string name;   // "list", "get", …, or a custom name
  std::string title;  // empty: made from the resource's label
  MethodKind kind = MethodKind::custom;
  std::string tool_name;  // in place of the one that is made by the rules (naming.h); mostly empty
  std::vector<std::string> former_tool_names;  // by which its tool is still called
  std::string description;                     // empty: no tool is made (quality gate)
  bool is_imported = false;    // laid under what a person wrote, whose references it may not fit
  bool is_looked_at = false;   // none of its schemas is malformed
  bool only_looks_up = false;  // a list that makes no tool by intent: names are looked up by it
  Verb verb = Verb::get;
  PathTemplate path;  // "/service/boards/{boardId}/statuses"
  Encoding encoding = Encoding::json;
  std::string file_part;  // encoding multipart: the part that carries the file
  AnswerKind answer = AnswerKind::json;
  // Parameters or body fields that the request must have, whichever argument gives them.
  std::vector<std::string> needs;
  // Arguments of which one must be given (a boolean: true), what does least harm first.
  std::vector<std::vector<std::string>> one_of;
  // update: the arguments whose fields may be emptied, by the argument `clear`.
  std::vector<std::string> clearable;
  // What does the job of an argument that the tool does not take, by that argument's name.
  std::map<std::string, std::string> instead_of;
  // The record that it acts on, whose fields scope what is given beside it (a status is one of the
  // record's board): an update's own path. Empty: none.
  PathTemplate record_path;
  // The body is the one element of this list, as some APIs take it; kWholeBody: it is a list of
  // one.
  std::string body_list;
  std::map<std::string, std::string> repeats;  // body field → the argument that it repeats
  json::Value query_schema;                    // as given or expanded; null: none
  json::Value body_schema;
  json::Value response_schema;                   // as given; null: its resource's fields say it
  std::vector<Argument> arguments;               // all of them, in the order that tools/list shows
  std::map<std::string, std::string> constants;  // parameters, unless an argument gives them
  std::vector<Combination> combinations;
  std::vector<Expansion> expansions;
  std::vector<std::string> default_fields;  // list: asked for unless `fields` says otherwise
  std::string default_order;                // list: "id desc"
  // list: what all of its records have (field, value), whatever else is asked.
  std::map<std::string, json::Value> only;
  PathTemplate count_path;  // list: what counts ("/service/tickets/count"), or empty
  // list: JSON pointer to the records in its answer ("/tickets"); "": the answer is the list. As
  // the method says, else as the integration's pagination does.
  std::string records_path;
  bool is_whole = false;  // list: an answer holds all of it, whatever the integration's pagination
  std::vector<DuplicateGuard> duplicate_guards;  // each refuses by itself
  Overlap overlap;
  std::vector<LookedAt> looks_at;
  std::vector<Remark> remarks;
  std::vector<std::string> distinct;  // arguments whose ids must all be of different records
  // The argument that names the member who has done what is written, and whom the API takes else to
  // be the one that signs in. Empty: none does.
  std::string author;
  Annotations annotations;
  std::optional<Composite> composite;  // then it has no request of its own: no path, no verb
  // Its expressions compare columns that the API alone knows: their form is checked, no name is.
  bool own_columns = false;
  bool many = false;           // create, update: a call may be of a list of records (gateway/many)
  std::vector<Nested> nested;  // create: in the order of their making
  std::vector<std::string> tags;      // of this method alone; the resource's come on top
  std::vector<json::Value> examples;  // arguments that work

  // Whether calling it may change something upstream.
  bool writes() const { return verb != Verb::get && !annotations.read_only; }
};

// What says that a record is out of use: nobody means it by its name while there is one in use.
struct OutOfUse {
  enum class Sign : std::uint8_t {
    is_true,      // cancelledFlag
    is_false,     // activeFlag
    day_is_over,  // endDate, a day of the account's time zone
    is_past,      // closedDate, a moment
  };
  std::string field;
  Sign sign = Sign::is_true;
};

struct Resource {
  std::string name;      // "board_statuses"
  std::string singular;  // "board_status"
  std::string label;     // "Board statuses"
  std::string description;
  std::vector<std::string> tags;
  PathTemplate path;
  std::string sibling;  // the resource that its ids are taken for: service and project tickets
  std::vector<OutOfUse> out_of_use;  // any of them says that a record is out of use
  std::vector<Copy> copies;          // fields that repeat what others' records say
  std::vector<Warning> warnings;     // told where a write is about such a record
  std::vector<Inherited> inherits;   // what it has from records that it names; the first counts
  std::vector<Staying> stays;        // what others keep of its old values
  Ownership owned_by;
  std::map<std::string, PointsTo> points_to;  // fields and arguments that hold others' ids
  std::uint32_t rank = 0;  // place in listings: what `order` names comes first, the others by name
  std::vector<Field> fields;
  std::vector<Method> methods;

  const Method* find_method(std::string_view method_name) const;
  // A field by its path in the upstream's language ("board/name"), without regard to case.
  const Field* find_field(std::string_view field_path) const;
  // Whether the path leads into the members of an array of the record ("types/name").
  bool in_array(std::string_view field_path) const;
};

// A field by its path ("board/name") among these, without regard to case. Null if there is none.
const Field* find_field_in(const std::vector<Field>& fields, std::string_view path);
// Whether the field at that path, or one above it, is personal.
bool is_personal(const std::vector<Field>& fields, std::string_view path);
// All paths that may be written ("board", "board/name"), for suggestions.
std::vector<std::string> field_paths(const std::vector<Field>& fields);

// The quality gate: a method without description makes no tool.
bool makes_tool(const Method& method);

// ---- prompts -----------------------------------------------------------------------------------

struct PromptArgument {
  std::string name;
  std::string description;
  bool required = false;
  std::string fallback;   // what stands in the text where the argument is not given
  std::string completes;  // the resource whose records' names complete it; empty: none
};

// A piece of a prompt's text.
struct PromptPart {
  enum class Kind : std::uint8_t {
    text,      // as it stands
    argument,  // `text` names it
    tool,      // the name of the tool that `text` (a resource) and `method` make
  };
  Kind kind = Kind::text;
  std::string text;
  std::string method;
};

// A task that a person may start by name (MCP prompt). Offered by servers that have every tool that
// its text names.
struct Prompt {
  std::string name;   // "triage_board"
  std::string title;  // "Triage a board"
  std::string description;
  std::vector<PromptArgument> arguments;
  std::vector<PromptPart> parts;
};

// A line of what a model is told of an integration. Offered by servers that have every tool and
// every argument that it names.
struct Instruction {
  std::vector<PromptPart> parts;
};

// ---- the integration ---------------------------------------------------------------------------

// The people of an account, where those who sign in are records of the API.
struct Members {
  std::string resource;    // whose records they are, and what references name them by; empty: none
  std::string whose_keys;  // what is asked for the member whose keys sign it in; empty: nothing is
  PathTemplate one;        // a member by id or login: "/system/members/{member}"
  std::string login;       // the field with the name that they sign in by
  std::vector<std::string> name;  // fields that make a full name, with blanks between
};

// How an API divides its lists.
enum class PaginationStyle : std::uint8_t {
  none,         // it does not: an answer holds all records
  page,         // by number, from 1: `page_parameter`
  offset,       // by the records to leave out: `page_parameter`
  cursor,       // an answer says what the next request takes: `cursor_path`, `cursor_parameter`
  link_header,  // an answer's Link header has the next request's address (RFC 8288, rel="next")
};

// JSON pointers into an answer begin with "/"; parameters are those of the query. An empty one of
// either: the API has no such thing.
struct Pagination {
  PaginationStyle style = PaginationStyle::none;
  std::string page_parameter;    // styles page and offset: "page"
  std::string size_parameter;    // "pageSize"; styles page and offset always have one
  std::int64_t max_size = 1000;  // records that one answer holds at most
  std::string cursor_parameter;  // style cursor: "after"
  std::string cursor_path;       // style cursor: "/paging/next"; absent or null there: no more
  std::string records_path;      // "/items"; "": the answer is the list. See Method::records_path
  // How many records the list has in all: where an answer says it, and in which header. Styles page
  // and offset only, where nothing else tells whether there is more.
  std::string total_path;
  std::string total_header;
  std::string order_parameter;   // "orderBy"
  std::string fields_parameter;  // "fields"
  std::string filter_parameter;  // "conditions"
  std::string id_field = "id";
  std::map<std::string, std::string> constants;  // what each request for a page says beside these
};

struct RateLimitHeaders {
  std::string limit;
  std::string remaining;
  std::string reset;  // value: seconds from now, or epoch seconds when larger than 10^9
  std::string retry_after = "Retry-After";
  std::string body_pattern;  // RE2 with one group: the seconds, in a 429's body
};

// The call that proves a connection.
struct Probe {
  Verb verb = Verb::get;
  std::string path;                  // "/system/info", without placeholders
  std::map<int, std::string> hints;  // what an answer of that status says of the credentials
};

// In which comparisons of its filter language an API reads a text as a pattern. There, a value that
// holds a wildcard is written so that it stands for itself.
enum class Wildcards : std::uint8_t {
  everywhere,   // also where a text is said to be equal
  in_patterns,  // in `contains` and `like` alone
  nowhere,
};

struct Dialects {
  std::string filter;  // "connectwise_conditions"; empty: none
  Wildcards wildcards = Wildcards::everywhere;
  std::string update = "merge";
  std::string errors;  // "connectwise"; empty: what HTTP alone says
};

// How an API writes the fields that its users have defined: an array of objects, each with the
// field's caption and value.
inline constexpr std::string_view kCustomFieldFilter = "customField";  // a list's argument

struct CustomFields {
  std::string field;  // of the resources that have them; empty: the API knows none
  std::string caption = "caption";
  std::string value = "value";
  std::string type = "type";
  std::map<std::string, FieldType> types;  // what a value of each of the API's types is
  std::string filter_parameter;  // of lists, takes an expression about caption and value; or empty
};

struct Integration {
  std::string name;         // "connectwise_psa"
  std::string tool_prefix;  // "connect_wise_psa"
  // What a client's configuration had best call an MCP server of it ("psa"): short, since clients
  // put it before the tools' names and bound both together. Empty: `name`.
  std::string server_name;
  std::string label;  // "ConnectWise PSA"
  std::string description;
  std::string version;  // of this definition
  // Template over credentials. What has no scheme after filling gets "https://" before it, so that
  // a credential may be a bare host ("na.myconnectwise.net") or an origin
  // ("http://127.0.0.1:8081").
  std::string base_url;
  bool allow_loopback_http = false;  // http:// and loopback upstreams are allowed (sandbox)
  std::vector<CredentialField> credentials;
  Auth auth;
  std::map<std::string, std::string> headers;  // templates over credentials
  Pagination pagination;
  RateLimitHeaders rate_limit;
  ErrorShape errors;
  Probe probe;
  Members members;
  Dialects dialects;
  json::ShapeRules shape;
  CustomFields custom_fields;
  Owners owners;
  // What a record is called by, best first, as a Reference's `match`: "name", "firstName lastName".
  std::vector<std::string> label_fields = {"name"};
  // Whether it says which fields are personal. Where it does not, no text is kept in the log.
  bool tells_personal = false;
  // Of a request, encoded; what would be longer is refused before it is sent. Common servers take a
  // request line of 8 KiB, and path and headers need their share.
  std::int64_t max_query_bytes = 7'000;
  std::vector<Synonym> synonyms;
  std::vector<Instruction> instructions;  // beside what catalog/instructions.h says of all tools
  std::vector<Resource> resources;        // sorted by name
  std::vector<Prompt> prompts;            // sorted by name

  const Resource* find_resource(std::string_view resource_name) const;
};

}  // namespace patchbay::integration
