#include "dialect/connectwise.h"

#include <algorithm>

#include <doctest/doctest.h>

#include "dialect/conventions.h"
#include "dialect/field_path.h"
#include "dialect/update.h"
#include "json/write.h"
#include "sandbox/language/conditions_lexer.h"
#include "sandbox/language/text_pattern.h"
#include "sandbox/records/collation.h"

namespace patchbay::dialect {

using integration::FieldType;
using integration::FilterOperator;

namespace {

integration::Field field(std::string name, FieldType type, std::vector<std::string> values = {}) {
  integration::Field made;
  made.name = std::move(name);
  made.type = type;
  made.values = std::move(values);
  return made;
}

integration::Resource tickets() {
  integration::Resource resource;
  resource.name = "tickets";
  resource.label = "Tickets";
  auto board = field("board", FieldType::reference);
  board.children = {field("id", FieldType::integer), field("name", FieldType::string)};
  auto items = field("communicationItems", FieldType::array);
  items.children = {field("value", FieldType::string),
                    field("communicationType", FieldType::string, {"Email", "Phone", "Fax"})};
  auto unsortable = field("notes", FieldType::string);
  unsortable.filterable = unsortable.sortable = false;
  resource.fields = {field("id", FieldType::integer),
                     field("summary", FieldType::string),
                     field("closedFlag", FieldType::boolean),
                     field("hours", FieldType::number),
                     field("dateEntered", FieldType::date_time),
                     field("severity", FieldType::string, {"Low", "Medium", "High"}),
                     std::move(board),
                     std::move(items),
                     std::move(unsortable)};
  return resource;
}

const FilterDialect& filter() {
  return *find_filter_dialect("connectwise_conditions");
}

std::string checked(std::string_view text, ExpressionKind kind = ExpressionKind::conditions) {
  const auto result = filter().check(text, tickets(), kind);
  return result ? *result : "! " + result.error().message + " | " + result.error().hint;
}

// The one string literal that the expression holds, as an independent reader of the language (the
// sandbox's) sees it; what stands around it must be as expected.
std::string literal_read_back(const std::string& expression, std::size_t tokens_before) {
  const auto tokens = sandbox::tokenize(expression);
  REQUIRE_MESSAGE(tokens.has_value(), expression);
  REQUIRE_MESSAGE(tokens->size() == tokens_before + 2, expression);
  CHECK(tokens->at(tokens_before).kind == sandbox::ConditionTokenKind::string);
  CHECK(tokens->back().kind == sandbox::ConditionTokenKind::end);
  return tokens->at(tokens_before).value;
}

const std::vector<std::string> kHostile = {R"(")",
                                           R"(\)",
                                           R"(\")",
                                           R"(\\")",
                                           R"(x" or 1=1)",
                                           R"(x" or "1"="1)",
                                           R"(') or id > 0 or ('')",
                                           R"(a\" or id > 0 or summary = \"b)",
                                           "]",
                                           "[2026-01-01]",
                                           ") or (",
                                           "a) AND (b",
                                           "null",
                                           "true",
                                           "50% off",
                                           "under_score",
                                           "`tick`",
                                           "--",
                                           "/* x */",
                                           ";",
                                           "#",
                                           "&conditions=id>0",
                                           "%22 or 1=1",
                                           "\xE2\x80\x9C smart \xE2\x80\x9D",
                                           "\xC3\xBC",
                                           "\\u0022",
                                           R"(trailing \)",
                                           R"("")",
                                           R"('')",
                                           "${x}",
                                           "<script>",
                                           " lead and trail "};

}  // namespace

TEST_CASE("a number is found by its digits, whatever stands between them") {
  const auto written = [](json::Value digits) {
    return filter().write({{"phoneNumber", FilterOperator::as_phone, FieldType::string, digits}});
  };
  CHECK(written("5550100").value() == "phoneNumber like \"%5%5%5%0%1%0%0%\"");
  CHECK_FALSE(written("555-0100").has_value());
  CHECK_FALSE(written("").has_value());
  CHECK_FALSE(written("1\" OR 1").has_value());
}

TEST_CASE("of several values any is meant, and of those to be left out none, nor nothing") {
  const auto written = [](FilterOperator op, json::Array values) {
    return filter().write({{"summary", op, FieldType::string, std::move(values)}}).value();
  };
  CHECK(written(FilterOperator::equal, {"a", "b"}) == R"(summary in ("a","b"))");
  CHECK(written(FilterOperator::contains, {"a", "b"}) ==
        R"((summary contains "a" OR summary contains "b"))");
  CHECK(written(FilterOperator::not_equal, {"a"}) == R"((summary != "a" OR summary = null))");
  CHECK(written(FilterOperator::not_equal, {"a", "b"}) ==
        R"(((summary != "a" AND summary != "b") OR summary = null))");
  CHECK(written(FilterOperator::not_contains, {"a", "b"}) ==
        R"(((summary not contains "a" AND summary not contains "b") OR summary = null))");
}

TEST_CASE("typed filters are written as one conjunction") {
  const std::vector<FilterTerm> terms = {
      {"board/name", FilterOperator::equal, FieldType::string, "Triage"},
      {"summary", FilterOperator::contains, FieldType::string, "server"},
      {"summary", FilterOperator::not_contains, FieldType::string, "test"},
      {"closedFlag", FilterOperator::equal, FieldType::boolean, false},
      {"hours", FilterOperator::greater_or_equal, FieldType::number, json::Number("-1.50")},
      {"id", FilterOperator::in, FieldType::integer, json::Array{1, 2}},
      {"id", FilterOperator::less, FieldType::integer, json::Number("5e2")},
      {"dateEntered", FilterOperator::greater, FieldType::date_time, "2026-11-22T00:00:00Z"},
      {"dateEntered", FilterOperator::not_equal, FieldType::date_time, nullptr},
      {"dateEntered", FilterOperator::is_null, FieldType::boolean, true}};
  CHECK(filter().write(terms).value() ==
        "board/name = \"Triage\" AND summary contains \"server\" AND summary not contains \"test\" "
        "AND closedFlag = false AND hours >= -1.50 AND id in (1,2) AND id < 500 AND "
        "dateEntered > [2026-11-22T00:00:00Z] AND dateEntered != null AND dateEntered = null");
  CHECK(filter().write({}).value().empty());
}

TEST_CASE("no value changes the meaning of an expression") {
  for (const auto& text : kHostile) {
    const auto written =
        filter().write({{"summary", FilterOperator::equal, FieldType::string, text}});
    REQUIRE_MESSAGE(written.has_value(), text);
    // Nobody knows whether the API's parser knows escapes: so there is none for those that do, and
    // the text ends at the first quote of the kind that it begins with.
    for (const char* escape : {R"(\\)", R"(\")", R"(\')"}) CHECK_FALSE(written->contains(escape));
    CHECK(std::ranges::count(*written, written->back()) == 2);
    // A text with a wildcard is a pattern, which nothing longer is an instance of.
    const auto literal = sandbox::fold(literal_read_back(*written, 2));
    const auto language = written->starts_with("summary like ") ? sandbox::PatternLanguage::database
                                                                : sandbox::PatternLanguage::guide;
    CHECK(sandbox::matches_whole(sandbox::fold(text), literal, language));
    CHECK_FALSE(sandbox::matches_whole(sandbox::fold(text) + 'x', literal, language));
    // And through the parser of raw expressions, twice.
    CHECK(checked(*written) == *written);
  }
}

TEST_CASE("what no filter can hold is refused with a reason") {
  const auto refused = [](FieldType type, json::Value value, std::string_view said) {
    const auto written = filter().write({{"f", FilterOperator::equal, type, std::move(value)}});
    REQUIRE(!written.has_value());
    CHECK_MESSAGE(written.error().message.contains(said), written.error().message);
  };
  refused(FieldType::string, "a\nb", "control characters");
  refused(FieldType::string, std::string("a\0b", 3), "control characters");
  refused(FieldType::string, "a\x7f", "control characters");
  CHECK(filter()
            .write({{"f", FilterOperator::greater, FieldType::string, "a\\b"}})
            .error()
            .message.contains("backslash"));
  refused(FieldType::string, "\xff\xfe", "UTF-8");
  refused(FieldType::string, std::string(100 * 1024, 'x'), "too long");
  refused(FieldType::string, 5, "expected a text");
  refused(FieldType::integer, "5", "expected a number");
  refused(FieldType::number, json::Number("1e400"), "digits");
  refused(FieldType::boolean, "true", "expected true or false");
  refused(FieldType::date_time, "tomorrow", "expected a time");
  refused(FieldType::date_time, "2026-01-01T00:00:00Z] or id > 0 or x = [2026", "expected a time");
  CHECK(!filter().write({{"x = 1 or y", FilterOperator::equal, FieldType::integer, 1}}));
  CHECK(!filter().write({{"id", FilterOperator::in, FieldType::integer, json::Array{}}}));
  CHECK(!filter().write({{"id", FilterOperator::less, FieldType::integer, nullptr}}));
  json::Array many;
  for (int i = 0; i < 2000; ++i) many.emplace_back(i + 100'000);
  CHECK(!filter().write({{"id", FilterOperator::in, FieldType::integer, std::move(many)}}));
}

TEST_CASE("raw expressions are rewritten canonically") {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", ""},
      {"  ", ""},
      {"SUMMARY='x'", "summary = \"x\""},
      {"board/NAME = \"Triage\" and closedflag=False",
       "board/name = \"Triage\" AND closedFlag = false"},
      {"(id>1 or id<=0)AND summary not like \"a%\"",
       "(id > 1 OR id <= 0) AND summary not like \"a%\""},
      {"id in(1, 2 ,3)", "id in (1,2,3)"},
      {"summary not in ('a',\"b\")", "summary not in (\"a\",\"b\")"},
      {"dateEntered > [2026-01-01]", "dateEntered > [2026-01-01T00:00:00Z]"},
      {"dateEntered > [06/30/2019]", "dateEntered > [2019-06-30T00:00:00Z]"},
      {"dateEntered = NULL", "dateEntered = null"},
      {"severity = 'high'", "severity = \"High\""},
      {R"(summary = "it's")", R"(summary = "it's")"},
      {R"(summary = "a \"quoted\" word")", R"(summary = 'a "quoted" word')"},
      {R"(summary like "%it's \"quoted\" \\ C:\x")", R"(summary like "%it's _quoted_ [\] C:[\]x")"},
      {"hours = -1.5", "hours = -1.5"},
      {"hours = 5", "hours = 5"},
  };
  for (const auto& [given, canonical] : cases) {
    CHECK(checked(given) == canonical);
    CHECK(checked(canonical) == canonical);
  }
}

TEST_CASE("raw expressions with mistakes are refused with what would be right") {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"sumary = 'x'", "cannot filter by 'sumary'"},
      {"sumary = 'x'", "Did you mean summary"},
      {"board = 'Triage'", "Did you mean board/id or board/name?"},
      {"board/color = 'x'", "cannot filter by 'board/color'"},
      {"notes = 'x'", "cannot filter by 'notes'"},
      {"communicationItems/value = 'x'", "childConditions"},
      {"closedFlag = 'false'", "is true or false: write closedFlag = true"},
      {"closedFlag > true", "can only be compared with = and !="},
      {"id = '5'", "is a number: write it without quotes"},
      {"id contains 5", "contains needs a text"},
      {"id like '5'", "is for texts"},
      {"summary = 5", "write it in quotes, as in summary = \"5\""},
      {"dateEntered > '2026-01-01'", "square brackets"},
      {"dateEntered > [yesterday]", "is no time"},
      {"severity = 'Urgent'", "Low, Medium, High"},
      {"summary = \"x", "not closed"},
      {"summary = 'x' or", "expected a field name"},
      {"summary", "expected an operator"},
      {"summary = ", "expected a value"},
      {"(summary = 'x'", "expected ')'"},
      {"summary = 'x')", "never opened"},
      {"summary = 'x' summary = 'y'", "expected AND, OR or the end"},
      {"not summary = 'x'", "NOT stands between"},
      {"id in ()", "expected a value"},
      {"id in (1", "expected ',' or ')'"},
      {"id > null", "null can only"},
      {"id = 1e5x", "digits"},
      {"id ~ 5", "did not expect '~'"},
      {"summary = 'x'; drop", "did not expect ';'"},
      {"summary = \xE2\x80\x9Cx\xE2\x80\x9D", "did not expect '\xE2\x80\x9C'"},
      {"summary = 'a\nb'", "control characters"},
      {std::string(60, '(') + "id = 1", "nested too deeply"},
      {std::string(5000, 'x'), "too long"},
      {"summary = '\xff'", "UTF-8"},
  };
  for (const auto& [given, said] : cases) {
    const auto told = checked(given);
    CHECK_MESSAGE(told.starts_with("! "), given);
    CHECK_MESSAGE(told.contains(said), told);
  }
}

TEST_CASE("conditions on lists and custom fields know their own names") {
  CHECK(checked("communicationItems/value like 'x@%' and communicationItems/communicationType = "
                "'email'",
                ExpressionKind::children) ==
        "communicationItems/value like \"x@%\" AND communicationItems/communicationType = "
        "\"Email\"");
  CHECK(checked("summary = 'x'", ExpressionKind::children).starts_with("! "));
  CHECK(checked("caption='Region' AND value=5", ExpressionKind::custom_fields) ==
        "caption = \"Region\" AND value = 5");
  CHECK(checked("id = 5", ExpressionKind::custom_fields).starts_with("! "));
  // Columns that nobody knows beforehand: their form alone is checked.
  CHECK(checked("Some_Column=5 or other > [2026-11-22T14:00:00Z]", ExpressionKind::columns) ==
        "Some_Column = 5 OR other > [2026-11-22T14:00:00Z]");
  for (const char* broken :
       {"Some_Column = ", "a contains 5", "a > true", "a = 5 b = 6", "(a = 5"}) {
    CHECK_MESSAGE(checked(broken, ExpressionKind::columns).starts_with("! "), broken);
  }
}

TEST_CASE("both keeps each side's grouping") {
  CHECK(filter().both("a = 1", "b = 2 OR c = 3") == "a = 1 AND (b = 2 OR c = 3)");
  CHECK(filter().both("a = 1 OR b = 2", "c = 3") == "(a = 1 OR b = 2) AND (c = 3)");
  CHECK(filter().both("a = \" OR \"", "c = 3") == "a = \" OR \" AND (c = 3)");
  CHECK(filter().both("a = '\" OR \"'", "c = 3") == "a = '\" OR \"' AND (c = 3)");
  CHECK(filter().both("", "c = 3") == "c = 3");
  CHECK(filter().both("a = 1", "") == "a = 1");
}

TEST_CASE("what lies beyond a position is said with nulls lowest") {
  const OrderKey id{"id", FieldType::integer, true};
  const OrderKey up{"id", FieldType::integer, false};
  const OrderKey name{"summary", FieldType::string, false};
  const OrderKey newest{"dateEntered", FieldType::date_time, true};
  const OrderKey closed{"closedFlag", FieldType::boolean, false};
  const auto beyond = [](std::vector<OrderKey> order, Position at) {
    return filter().beyond(order, at).value();
  };
  CHECK(beyond({id}, {500}) == "id < 500");
  CHECK(beyond({up}, {500}) == "id > 500");
  CHECK(beyond({newest, id}, {"2026-11-22T14:00:00Z", 7}) ==
        "dateEntered < [2026-11-22T14:00:00Z] OR dateEntered = null OR "
        "(dateEntered = [2026-11-22T14:00:00Z] AND id < 7)");
  CHECK(beyond({newest, id}, {nullptr, 7}) == "(dateEntered = null AND id < 7)");
  CHECK(beyond({name, up}, {nullptr, 7}) == "summary != null OR (summary = null AND id > 7)");
  CHECK(beyond({name, up}, {"a \"b\"", 7}) ==
        R"(summary > 'a "b"' OR (summary = 'a "b"' AND id > 7))");
  CHECK(beyond({closed, up}, {false, 7}) == "closedFlag = true OR (closedFlag = false AND id > 7)");
  CHECK(beyond({closed, up}, {true, 7}) == "(closedFlag = true AND id > 7)");
  CHECK(
      beyond({name, newest, id}, {"a", "2026-11-22T14:00:00Z", 7}).contains(" AND (dateEntered <"));
  CHECK(!filter().beyond({name, up}, {std::string(5000, 'x'), 7}));
  CHECK(!filter().beyond({id}, {}));
}

TEST_CASE("orders are parsed against what can be sorted by") {
  const auto parsed = filter().parse_order(" dateentered DESC , board/NAME,id asc", tickets());
  REQUIRE(parsed.has_value());
  CHECK(filter().write_order(*parsed) == "dateEntered desc, board/name asc, id asc");
  CHECK(filter().parse_order("", tickets()).value().empty());
  CHECK(filter().parse_order("notes", tickets()).error().message.contains("cannot order by"));
  CHECK(filter().parse_order("id down", tickets()).error().message.contains("no direction"));
  CHECK(filter().parse_order("sumary", tickets()).error().hint.contains("summary"));
}

TEST_CASE("updates are written as whole values; null clears") {
  json::Object changes;
  changes.append("board", json::Object{{"id", 7}});
  changes.append("severity", nullptr);
  CHECK(json::to_string(find_update_dialect("json_patch")->write(changes)) ==
        R"([{"op":"replace","path":"board","value":{"id":7}},{"op":"remove","path":"severity"}])");
  CHECK(json::to_string(find_update_dialect("merge")->write(changes)) ==
        R"({"board":{"id":7},"severity":null})");
  CHECK(find_update_dialect("put") == nullptr);
  CHECK(find_filter_dialect("odata") == nullptr);
}

TEST_CASE("ConnectWise's refusals become advice") {
  const auto& conventions = find_conventions("connectwise");
  const auto advise = [&](UpstreamRefusal refusal) {
    return conventions.advise(refusal, tickets());
  };
  auto advice = advise({400, "ApiFindCondition", "sumary is not a recognized name.", {}});
  CHECK(advice.code == ErrorCode::invalid_argument);
  CHECK(advice.hint.contains("summary"));
  // What the definition has and this account's version of the API does not.
  advice = advise({400, "ApiFindCondition", "Summary is not a recognized name.", {}});
  CHECK(advice.hint == "This version of the API does not know it: leave that filter out.");
  advice = advise({400,
                   "InvalidObject",
                   "ticket object is invalid",
                   {{"MissingRequiredField", "summary is required.", "summary"}}});
  CHECK(advice.message == "summary is required.");
  CHECK(advice.missing_fields == std::vector<std::string>{"summary"});
  CHECK(advice.hint.empty());
  advice = advise({400,
                   "InvalidObject",
                   "ticket object is invalid",
                   {{"NotFound", "Service Status not found for Service Board 1", "status/name"}}});
  CHECK(advice.unknown_references == std::vector<std::string>{"status/name"});
  advice = advise({400,
                   "InvalidObject",
                   "callbackEntry object is invalid",
                   {{"ObjectExists", "A matching callback entry already exists", "objectId"}}});
  CHECK(advice.code == ErrorCode::conflict);
  advice = advise({400, "ConnectWiseApi", "ConnectWiseApi: UserNotAuthenticated", {}});
  CHECK(advice.code == ErrorCode::unauthenticated);
  advice = advise({500, "ConnectWiseApi", "The service was not able to process your request.", {}});
  CHECK(advice.code == ErrorCode::unavailable);
  CHECK(!advice.certainly_not_applied);
  CHECK(find_conventions("").advise({404, "", "", {}}, tickets()).code == ErrorCode::not_found);
}

}  // namespace patchbay::dialect
