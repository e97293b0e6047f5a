// What programs show a model of an answer (docs/connect-clients.md): the head of it, and lines that
// are not too long.
#include <algorithm>

#include <doctest/doctest.h>

#include "gateway/test_world.h"
#include "json/parse.h"

namespace patchbay::gateway {
namespace {

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin <= text.size();) {
    const auto end = std::min(text.find('\n', begin), text.size());
    lines.emplace_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

// A list's text, line by line: what is told of it, its records, its end.
void check_lines_of_list(const Answered& answered) {
  const auto& records = *answered.value.find("result")->if_array();
  const auto lines = lines_of(answered.result.text);
  if (records.empty()) {
    CHECK(lines.size() == 1);
    return;
  }
  REQUIRE(lines.size() == records.size() + 2);
  CHECK(lines.front().starts_with("{\"result_count\":" + std::to_string(records.size())));
  CHECK(lines.front().ends_with("\"result\":["));
  for (const std::string_view told : {"next_cursor", "notice"}) {
    const auto quoted = '"' + std::string(told) + "\":";
    if (answered.value.find(told) != nullptr) CHECK(lines.front().contains(quoted));
  }
  for (std::size_t i = 0; i < records.size(); ++i) {
    auto line = lines[i + 1];
    if (i + 1 < records.size()) {
      CHECK(line.ends_with(','));
      line.pop_back();
    }
    CHECK(json::parse(line) == records[i]);
  }
  CHECK(lines.back() == "]}");
}

}  // namespace

TEST_CASE("window: count, cursor and notice stand first, and every list has a line per record") {
  World world;
  std::size_t with_cursor = 0;
  for (const auto& tool : world.harness.tools->tools()) {
    if (tool->method->kind != integration::MethodKind::list) continue;
    CAPTURE(tool->name);
    auto arguments = world.required_arguments(*tool);
    arguments["limit"] = 3;
    const auto answered = world.call(tool->name, json::to_string(arguments));
    REQUIRE_MESSAGE(!answered.result.is_error, answered.result.text);
    check_lines_of_list(answered);
    if (answered.value.find("next_cursor") != nullptr) ++with_cursor;
  }
  CHECK(with_cursor > 30);
}

TEST_CASE("window: where nothing is said of the size, no answer is larger than programs show") {
  World world;
  REQUIRE(world.harness.context.max_result_bytes <= 30'000);
  std::size_t cut = 0;
  for (const auto& tool : world.harness.tools->tools()) {
    const bool list = tool->method->kind == integration::MethodKind::list;
    if (!list && !tool->method->composite) continue;
    CAPTURE(tool->name);
    auto arguments = world.required_arguments(*tool);
    if (list) {
      arguments["limit"] = 1000;
      arguments["verbose"] = true;
    }
    const auto answered = world.call(tool->name, json::to_string(arguments));
    CHECK(answered.result.text.size() <= 30'000);
    if (!list || answered.result.is_error) continue;
    check_lines_of_list(answered);
    // What was cut is said, and gone on with.
    if (!answered.value.string_or("notice", "").contains("size limit")) continue;
    CHECK(answered.value.find("next_cursor") != nullptr);
    ++cut;
  }
  CHECK(cut > 10);
}

TEST_CASE("window: an error stays small, whatever a call holds") {
  World world;
  json::Object wrong;
  for (int i = 0; i < 200; ++i) {
    wrong["nonsense" + std::to_string(i) + std::string(500, 'x')] = std::string(5'000, 'y');
  }
  const json::Value listed =
      world.harness.tools->find("create_a_connect_wise_psa_ticket")->input_schema();
  for (const auto& [name, schema] : *listed.find("properties")->if_object()) {
    wrong[name] = std::string(5'000, '\'');
  }
  for (const auto* tool : {"create_a_connect_wise_psa_ticket", "list_all_connect_wise_psa_tickets",
                           "list_all_connect_wise_psa_boards"}) {
    const auto answered = world.call(tool, json::to_string(wrong));
    REQUIRE(answered.result.is_error);
    CHECK_MESSAGE(answered.result.text.size() <= 11'000, answered.result.text.size());
  }
}

TEST_CASE("window: a server set to more breaks the line of a record that is too long for one") {
  World world;
  const auto made = world.call(
      "create_a_connect_wise_psa_ticket",
      R"({"summary":"long","company":"Acme Corp","board":"Triage","initialDescription":")" +
          std::string(45'000, 'x') + R"("})");
  REQUIRE_MESSAGE(!made.result.is_error, made.result.text.substr(0, 400));
  const auto id = std::to_string(made.value.int64_or("id", 0));
  const auto list = [&] {
    return world.call("list_all_connect_wise_psa_ticket_notes", R"({"ticketId":)" + id + "}");
  };
  const auto usual = list();
  CHECK(usual.result.text.size() <= 30'000);
  CHECK(usual.result.text.starts_with("{\"result_count\":1,\"notice\":\"The record was too large"));
  world.harness.context.max_result_bytes = 200'000;
  const auto listed = list();
  REQUIRE_MESSAGE(!listed.result.is_error, listed.result.text.substr(0, 400));
  const auto lines = lines_of(listed.result.text);
  CHECK(listed.result.text.size() > 45'000);
  CHECK(lines.size() > listed.value.find("result")->if_array()->size() + 2);
}

}  // namespace patchbay::gateway
