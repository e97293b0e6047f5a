// Words of the format that change what an upstream is asked.
#include "gateway/test_words.h"

namespace patchbay::gateway {
namespace {

using Seen = StubUpstream::Seen;

std::string query_of(const Seen& seen) {
  std::string out;
  for (const auto& [name, value] : seen.query) {
    out += (out.empty() ? '?' : '&') + name + '=' + value;
  }
  return out;
}

// ---- how a request signs in --------------------------------------------------------------------

AcmePack signing_in_by(const std::string& style) {
  std::string beside;
  if (style == "basic") beside = R"(, username: "{user}", password: "{key}")";
  if (style == "bearer") beside = R"(, token: "{key}")";
  if (style == "header") beside = R"(, header: X-Key, token: "{key}")";
  if (style.starts_with("oauth2_")) {
    beside = R"(, token_url: "{site}/v4_6_release/apis/3.0/token")"
             R"(, client_id: "{user}", client_secret: "{key}")";
  }
  if (style == "oauth2_authorization_code") beside += R"(, authorize_url: "{site}/authorize")";
  return {.integration = "auth: {style: " + style + beside + "}\n"};
}

// A task, and a token to whoever asks for one.
constexpr const char* kTaskAndToken =
    R"({"id":7,"access_token":"t-1","token_type":"Bearer","expires_in":3600})";

std::string sign_in_of_request(const Tools& tools) {
  AcmeWorld world(tools, always(kTaskAndToken));
  world.call(kGetTask, R"({"id":7})");
  if (world.upstream.seen().empty()) return "waits for a person";
  const auto seen = world.last_seen();
  std::string out;
  for (const char* name : {"Authorization", "X-Key"}) {
    const auto value = seen.headers.find(name);
    if (value) out += std::string(name) + ": " + std::string(*value);
  }
  return out;
}

const Trial kAuthStyle = {"auth.style",
                          signing_in_by,
                          sign_in_of_request,
                          {{"none", ""},
                           {"basic", "Authorization: Basic YW5uOm1vb25iYXNl"},  // ann:moonbase
                           {"bearer", "Authorization: Bearer moonbase"},
                           {"header", "X-Key: moonbase"},
                           {"oauth2_client_credentials", "Authorization: Bearer t-1"},
                           {"oauth2_authorization_code", "waits for a person"}}};

AcmePack known_by_what_is_in(const std::string& place) {
  AcmePack pack = signing_in_by("oauth2_client_credentials");
  pack.integration.insert(pack.integration.rfind('}'), ", client_in: " + place);
  return pack;
}

std::string client_of_token_request(const Tools& tools) {
  AcmeWorld world(tools, always(kTaskAndToken));
  world.call(kGetTask, R"({"id":7})");
  const auto seen = world.upstream.seen().front();
  std::string out;
  if (seen.headers.find("Authorization")) out += "said in the header";
  if (seen.body.contains("client_secret")) out += "said in the body";
  return out;
}

const Trial kClientIn = {"auth.client_in",
                         known_by_what_is_in,
                         client_of_token_request,
                         {{"header", "said in the header"}, {"body", "said in the body"}}};

// ---- how it asks for the next page -------------------------------------------------------------

AcmePack paged_by(const std::string& style) {
  std::string beside;
  if (style == "page" || style == "offset") beside = ", page_parameter: at, size_parameter: size";
  if (style == "cursor") {
    beside = ", size_parameter: size, cursor_parameter: after, cursor_path: /next";
  }
  if (style == "link_header") beside = ", size_parameter: size";
  return {.integration = "pagination: {style: " + style + ", records_path: /items" + beside + "}\n",
          .methods = "  list: Tasks of all people.\n"};
}

// Says in every way that there is more.
http::Response two_pages(const Seen& seen) {
  for (const char* later : {"at", "after", "mark"}) {
    if (seen.query.contains(later)) return http::Response::json(200, R"({"items":[{"id":4}]})");
  }
  auto first =
      http::Response::json(200, R"({"items":[{"id":1},{"id":2},{"id":3}],"next":"after-3"})");
  first.headers.add("Link", "</v4_6_release/apis/3.0/tasks?mark=link-3>; rel=\"next\"");
  return first;
}

std::string requests_for_pages(const Tools& tools) {
  AcmeWorld world(tools, two_pages);
  json::Value arguments = json::Object{{"limit", 3}};
  const auto first = world.harness.call_value(kListTasks, arguments);
  REQUIRE_MESSAGE(!first.result.is_error, first.result.text);
  if (const auto cursor = first.value.string_or("next_cursor", ""); !cursor.empty()) {
    arguments["next_cursor"] = cursor;
    const auto second = world.harness.call_value(kListTasks, arguments);
    REQUIRE_MESSAGE(!second.result.is_error, second.result.text);
  }
  std::string out;
  for (const auto& seen : world.upstream.seen()) out += seen.path + query_of(seen) + '\n';
  return out;
}

const Trial kPaginationStyle = {"pagination.style",
                                paged_by,
                                requests_for_pages,
                                {{"none", "/tasks\n"},
                                 {"page", "/tasks?size=3\n/tasks?at=2&size=3\n"},
                                 {"offset", "/tasks?size=3\n/tasks?at=3&size=3\n"},
                                 {"cursor", "/tasks?size=3\n/tasks?after=after-3&size=3\n"},
                                 {"link_header", "/tasks?size=3\n/tasks?mark=link-3\n"}}};

// ---- its method --------------------------------------------------------------------------------

AcmePack acting_with(const std::string& verb) {
  return {.methods =
              "  act:\n"
              "    description: Does something about all tasks.\n"
              "    verb: " +
              verb +
              "\n"
              "    path: /tasks/act\n"};
}

std::string method_of_request(const Tools& tools) {
  AcmeWorld world(tools, always(R"({"id":7})"));
  world.call("acme_tasks_act", "{}");
  return world.last_seen().method;
}

const Trial kVerb = {
    "verb",
    acting_with,
    method_of_request,
    {{"get", "GET"}, {"post", "POST"}, {"put", "PUT"}, {"patch", "PATCH"}, {"delete", "DELETE"}}};

// ---- where its arguments go --------------------------------------------------------------------

AcmePack placing_in(const std::string& place) {
  return {.methods =
              "  archive:\n"
              "    description: Archives a task, so that lists no longer show it.\n"
              "    verb: post\n"
              "    path: " +
              std::string(place == "path" ? "/tasks/{task}/archive" : "/tasks/archive") +
              "\n"
              "    query_schema: {properties: {number: {type: integer}}}\n"
              "    binding: {number: {place: " +
              place + ", target: task}}\n"};
}

std::string whole_request(const Tools& tools) {
  AcmeWorld world(tools, always(R"({"id":7})"));
  world.call("acme_tasks_archive", R"({"number":7})");
  const auto seen = world.last_seen();
  return seen.path + query_of(seen) + ' ' + seen.body;
}

const Trial kPlace = {"binding.place",
                      placing_in,
                      whole_request,
                      {{"path", "/tasks/7/archive "},
                       {"query", "/tasks/archive?task=7 "},
                       {"body", R"(/tasks/archive {"task":7})"}}};

// ---- the form of its body ----------------------------------------------------------------------

AcmePack encoded_as(const std::string& encoding) {
  return {.methods =
              "  create:\n"
              "    description: Adds a task, with what belongs to it.\n"
              "    encoding: " +
              encoding + '\n' +
              (encoding == "multipart" ? "    parts: {title: string}\n"
                                       : "    body: [title, fileName, text]\n")};
}

std::string body_with_its_type(const Tools& tools) {
  AcmeWorld world(tools, always(R"({"id":7})"));
  world.call(kCreateTask, R"({"title":"t","fileName":"a.txt","text":"x"})");
  const auto seen = world.last_seen();
  const std::string type(seen.headers.find("Content-Type").value_or(""));
  const bool in_parts = seen.body.contains("name=\"title\"\r\n\r\nt\r\n") &&
                        seen.body.contains("name=\"file\"; filename=\"a.txt\"");
  return type.substr(0, type.find(';')) + ' ' + (in_parts ? "in parts" : seen.body);
}

const Trial kEncoding = {
    "encoding",
    encoded_as,
    body_with_its_type,
    {{"json", R"(application/json {"title":"t","fileName":"a.txt","text":"x"})"},
     {"multipart", "multipart/form-data in parts"}}};

AcmePack updating_by(const std::string& dialect) {
  return {.integration = "dialects: {update: " + dialect + "}\n",
          .methods =
              "  update:\n"
              "    description: Changes a task.\n"
              "    body: [title]\n"};
}

std::string body_of_update(const Tools& tools) {
  AcmeWorld world(tools, always(R"({"id":7,"title":"t"})"));
  world.call(kUpdateTask, R"({"id":7,"title":"t"})");
  return world.last_seen().body;
}

const Trial kUpdateDialect = {"dialects.update",
                              updating_by,
                              body_of_update,
                              {{"json_patch", R"([{"op":"replace","path":"title","value":"t"}])"},
                               {"merge", R"({"title":"t"})"}}};

// ---- what a field takes ------------------------------------------------------------------------

AcmePack with_field_of(const std::string& type) {
  return {.value = type,
          .methods =
              "  create:\n"
              "    description: Adds a task.\n"
              "    body: [value]\n"};
}

// What each of the values is sent as; "-" for one that is refused.
std::string values_as_sent(const Tools& tools) {
  AcmeWorld world(tools, always(R"({"id":7})"));
  std::string out;
  for (const char* value :
       {R"("2026-11-22T10:00:00+01:00")", "7", "7.5", "true", R"({"id":7})", "[7]"}) {
    world.upstream.forget();
    world.call(kCreateTask, R"({"value":)" + std::string(value) + '}');
    const auto seen = world.upstream.seen();
    const auto body = seen.empty() ? json::Value() : json::parse(seen.front().body).value();
    const auto* sent = body.find("value");
    out += (out.empty() ? "" : " ") + (sent != nullptr ? json::to_string(*sent) : "-");
  }
  return out;
}

const Trial kType = {
    "type",
    with_field_of,
    values_as_sent,
    {{"string", R"("2026-11-22T10:00:00+01:00" "7" "7.5" - - -)"},
     {"integer", "- 7 - - - -"},
     {"number", "- 7 7.5 - - -"},
     {"boolean", "- - - true - -"},
     {"date_time", R"("2026-11-22T09:00:00Z" - - - - -)"},
     {"date", R"("2026-11-22T00:00:00Z" - - - - -)"},
     {"reference", R"(- {"id":7} - - {"id":7} -)"},
     {"object", R"(- - - - {"id":7} -)"},
     // What is no list is taken for its only entry.
     {"array", R"(["2026-11-22T10:00:00+01:00"] [7] [7.5] [true] [{"id":7}] [7])"}}};

AcmePack with_text_written_as(const std::string& kind) {
  return {.value = "{type: string, written_as: " + kind + '}',
          .methods =
              "  create:\n"
              "    description: Adds a task.\n"
              "    body: [value]\n"};
}

// Which of these texts are sent.
std::string texts_as_sent(const Tools& tools) {
  AcmeWorld world(tools, always(R"({"id":7})"));
  std::string out;
  for (const char* text : {"ann@acme.example", "ann@acme.example; bob@acme.example", "+1 555 0100",
                           "null", "undefined", "none"}) {
    world.upstream.forget();
    world.call(kCreateTask, R"({"value":")" + std::string(text) + R"("})");
    out += world.upstream.seen().empty() ? '-' : '+';
  }
  return out;
}

const Trial kWrittenAs = {
    "written_as",
    with_text_written_as,
    texts_as_sent,
    {{"address", "+-----"}, {"addresses", "++----"}, {"address_or_number", "+-+---"}}};

// ---- what a list is narrowed by ----------------------------------------------------------------

AcmePack filtering_by(const std::string& op) {
  return {.integration =
              "pagination: {filter_parameter: conditions}\n"
              "dialects: {filter: connectwise_conditions}\n",
          .methods =
              "  list:\n"
              "    description: Tasks of all people.\n"
              "    filters: {wanted: \"title " +
              op + "\"}\n"};
}

// "true" is a text, the one text of a list, and what a boolean takes for true; and it is no
// address, no number and no domain.
std::string filter_of_request(const Tools& tools) {
  AcmeWorld world(tools, always(R"([{"id":7}])"));
  const auto answered = world.call(kListTasks, R"({"wanted":"true"})");
  if (world.upstream.seen().empty()) {
    return std::string(answered.value.find("error")->string_or("message", ""));
  }
  return world.last_seen().query["conditions"];
}

const Trial kFilter = {"filter",
                       filtering_by,
                       filter_of_request,
                       {{"=", R"(title = "true")"},
                        {"!=", R"(title != "true")"},
                        {"<", R"(title < "true")"},
                        {"<=", R"(title <= "true")"},
                        {">", R"(title > "true")"},
                        {">=", R"(title >= "true")"},
                        {"contains", R"(title contains "true")"},
                        {"not contains", R"(title not contains "true")"},
                        {"like", R"(title like "true")"},
                        {"in", R"(title in ("true"))"},
                        {"is null", "title = null"},
                        {"as email", "wanted: takes a whole e-mail address"},
                        {"as phone", "wanted: takes a phone number of at least seven digits"},
                        {"as domain", "wanted: takes a domain, as in acme.example"}}};

AcmePack speaking(const std::string& language) {
  const std::string keys =
      "pagination: {filter_parameter: conditions}\n"
      "dialects: {filter: " +
      language + "}\n";
  return {.integration = language == kLeftOut ? "" : keys,
          .methods = "  list: Tasks of all people.\n"};
}

// A caller's own expression is read, and written as the language is.
std::string raw_filter_of_request(const Tools& tools) {
  AcmeWorld world(tools, always(R"([{"id":7}])"));
  const auto answered = world.call(kListTasks, R"({"conditions":"title='t'"})");
  if (world.upstream.seen().empty()) return answered.error().substr(0, 28);
  return world.last_seen().query["conditions"];
}

const Trial kFilterDialect = {
    "dialects.filter",
    speaking,
    raw_filter_of_request,
    {{"connectwise_conditions", R"(title = "t")"}, {kLeftOut, "conditions: unknown argument"}}};

AcmePack taking_patterns(const std::string& wildcards) {
  return {.integration =
              "pagination: {filter_parameter: conditions}\n"
              "dialects: {filter: connectwise_conditions, wildcards: " +
              wildcards + "}\n",
          .methods =
              "  list:\n"
              "    description: Tasks of all people.\n"
              "    filters: {titled: title, holding: text contains}\n"};
}

// A value with a wildcard, compared whole and in part.
std::string pattern_of_request(const Tools& tools) {
  AcmeWorld world(tools, always(R"([{"id":7}])"));
  world.call(kListTasks, R"({"titled":"a*","holding":"b*"})");
  return world.last_seen().query["conditions"];
}

const Trial kWildcards = {"dialects.wildcards",
                          taking_patterns,
                          pattern_of_request,
                          {{"everywhere", R"(title like "a[*]" AND text contains "b[*]")"},
                           {"in_patterns", R"(title = "a*" AND text contains "b[*]")"},
                           {"nowhere", R"(title = "a*" AND text contains "b*")"}}};

}  // namespace

std::vector<Trial> trials_of_requests() {
  return {kAuthStyle,     kClientIn, kPaginationStyle, kVerb,   kPlace,         kEncoding,
          kUpdateDialect, kType,     kWrittenAs,       kFilter, kFilterDialect, kWildcards};
}

}  // namespace patchbay::gateway
