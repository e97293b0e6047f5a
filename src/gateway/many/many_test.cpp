// Calls of many records before the real sandbox: what they leave is what calls of one each leave.
#include <map>
#include <random>
#include <set>

#include "gateway/test_harness.h"
#include "gateway/test_journal.h"
#include "gateway/test_world.h"
#include "io/cancel.h"

namespace patchbay::gateway {
namespace {

constexpr const char* kCreate = "create_a_connect_wise_psa_ticket";
constexpr const char* kUpdate = "update_a_connect_wise_psa_ticket_by_id";
constexpr const char* kAcme = R"("company":"Acme Corp")";

const json::Array& lines_of(const Answered& answered) {
  const auto* lines = answered.value.find("result");
  REQUIRE_MESSAGE((lines != nullptr && lines->is_array()), answered.result.text);
  return *lines->if_array();
}

std::string word_of(const json::Value& line) {
  const std::string code(line.string_or("code", ""));
  return std::string(line.string_or("was_applied", "")) + (code.empty() ? "" : " " + code);
}

std::vector<std::string> words_of(const Answered& answered) {
  std::vector<std::string> words;
  for (const auto& line : lines_of(answered)) words.push_back(word_of(line));
  return words;
}

std::int64_t id_at(const Answered& answered, std::size_t index) {
  return lines_of(answered)[index].int64_or("id", 0);
}

json::Array tickets_called(World& world, const std::string& word) {
  return *world
              .direct("/service/tickets?conditions=summary%20contains%20'" + word +
                      "'&orderBy=id&pageSize=1000")
              .if_array();
}

std::string ticket(World& world, const std::string& summary) {
  const auto made = world.call(
      kCreate, R"({"company":"Acme Corp","board":"Triage","summary":")" + summary + "\"}");
  REQUIRE_MESSAGE(!made.result.is_error, made.result.text);
  return std::to_string(made.value.int64_or("id", 0));
}

}  // namespace

TEST_CASE("many: each record of a list has a verdict of its own") {
  World world;
  const auto made = world.call(kCreate, std::string("{") + kAcme + R"(,"records":[
      {"summary":"Okapi one"},
      {"summary":"Okapi two","board":"No such board"},
      {"summary":"Okapi three","company":"Falcon Manufacturing"},
      {"company":"Acme Corp"}]})");
  CHECK_FALSE(made.result.is_error);
  CHECK(made.result.was_applied == Applied::yes);
  CHECK(words_of(made) ==
        std::vector<std::string>{"yes", "no invalid_argument", "yes", "no invalid_argument"});
  CHECK(made.value.int64_or("applied", 0) == 2);
  CHECK(made.value.int64_or("failed", 0) == 2);
  // Counts come first, and a line for each in the order of the list.
  CHECK(made.result.text.starts_with(R"({"applied":2,"failed":2,"result":[)"));
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(lines_of(made)[i].int64_or("index", -1) == static_cast<std::int64_t>(i));
  }
  CHECK(lines_of(made)[1].string_or("message", "").contains("No such board"));
  const auto there = tickets_called(world, "Okapi");
  REQUIRE(there.size() == 2);
  std::set<std::string> companies;
  for (const auto& one : there) companies.emplace(one.find("company")->string_or("name", ""));
  CHECK(companies == std::set<std::string>{"Acme Corp", "Falcon Manufacturing"});
}

TEST_CASE("many: an update goes on behind a record that fails") {
  World world;
  const auto a = ticket(world, "Ibex a");
  const auto b = ticket(world, "Ibex b");
  const auto changed =
      world.call(kUpdate, R"({"priority":"High","records":[{"id":)" + a +
                              R"(},{"id":99999999},{"id":)" + b + R"(,"priority":"Low"}]})");
  CHECK(words_of(changed) == std::vector<std::string>{"yes", "no not_found", "yes"});
  CHECK(lines_of(changed)[1].int64_or("id", 0) == 99999999);
  // What is its own wins.
  CHECK(world.direct("/service/tickets/" + a).find("priority")->string_or("name", "") == "High");
  CHECK(world.direct("/service/tickets/" + b).find("priority")->string_or("name", "") == "Low");
  // The same record twice: in the order of the list.
  const auto twice =
      world.call(kUpdate, R"({"records":[{"id":)" + a + R"(,"priority":"Low"},{"id":")" + a +
                              R"(","priority":"Medium"}]})");
  CHECK(words_of(twice) == std::vector<std::string>{"yes", "yes"});
  CHECK(world.direct("/service/tickets/" + a).find("priority")->string_or("name", "") == "Medium");
}

TEST_CASE("many: what is alike within a list is refused as it would be one by one") {
  World world;
  const auto made = world.call(kCreate, std::string("{") + kAcme + R"(,"records":[
      {"summary":"Quagga is down"},{"summary":"Quagga is up"},{"summary":" quagga  IS down "},
      {"summary":"Quagga is down"},{"summary":"Quagga is down","allow_duplicate":true}]})");
  CHECK(words_of(made) ==
        std::vector<std::string>{"yes", "yes", "no conflict", "no conflict", "yes"});
  CHECK(tickets_called(world, "Quagga").size() == 3);
}

TEST_CASE("many: a filter is counted first and changes what it is said to find") {
  World world;
  const auto a = ticket(world, "Gnu a");
  ticket(world, "Gnu b");
  ticket(world, "Gnu c");
  const std::string filter = R"("filter":{"summaryContains":"Gnu"},"priority":"High")";
  const auto counted = world.call(kUpdate, "{" + filter + "}");
  CHECK_FALSE(counted.result.is_error);
  CHECK(counted.result.was_applied == Applied::no);
  CHECK(counted.value.int64_or("result_count", 0) == 3);
  CHECK(counted.value.string_or("notice", "").contains("expect: 3"));
  CHECK(lines_of(counted).size() == 3);
  CHECK(lines_of(counted)[0].int64_or("id", 0) > 0);
  const auto high = [&] {
    std::size_t count = 0;
    for (const auto& one : tickets_called(world, "Gnu")) {
      if (one.find("priority")->string_or("name", "") == "High") ++count;
    }
    return count;
  };
  CHECK(high() == 0);
  const auto other = world.call(kUpdate, "{" + filter + R"(,"expect":2})");
  CHECK(other.result.is_error);
  CHECK(other.error().contains("finds 3 records now, and not 2"));
  CHECK(high() == 0);
  const auto shown = world.call(kUpdate, "{" + filter + R"(,"expect":3,"dry_run":true})");
  CHECK(shown.value.int64_or("only_shown", 0) == 3);
  CHECK(high() == 0);
  const auto changed = world.call(kUpdate, "{" + filter + R"(,"expect":"3"})");
  CHECK(changed.value.int64_or("applied", 0) == 3);
  CHECK(high() == 3);
  // More than a call may change, and none.
  const auto all = world.call(kUpdate, R"({"filter":{"board":"Triage"},"priority":"Low"})");
  CHECK(all.error().contains("100 at most"));
  const auto none = world.call(kUpdate, R"({"filter":{"summaryContains":"Nogoaway"},"expect":0,
                                            "priority":"Low"})");
  CHECK_FALSE(none.result.is_error);
  CHECK(none.value.int64_or("result_count", -1) == 0);
  CHECK(world.direct("/service/tickets/" + a).find("priority")->string_or("name", "") == "High");
}

TEST_CASE("many: a parent that the path names may stand beside a filter or in it") {
  World world;
  const auto of = ticket(world, "Tapir");
  const auto made = world.call("create_a_connect_wise_psa_ticket_note",
                               R"({"ticketId":)" + of + R"(,"internalAnalysisFlag":true,"records":[
          {"text":"First"},{"text":"Second","internalAnalysisFlag":false,
           "detailDescriptionFlag":true}]})");
  CHECK(made.value.int64_or("applied", 0) == 2);
  const std::string update = "update_a_connect_wise_psa_ticket_note_by_id";
  REQUIRE(world.harness.tools->find(update) != nullptr);
  const auto changed = world.call(
      update, R"({"filter":{"ticketId":)" + of +
                  R"(,"conditions":"text contains 'Second'"},"expect":1,"text":"Third"})");
  CHECK_MESSAGE(changed.value.int64_or("applied", 0) == 1, changed.result.text);
  const auto notes = world.direct("/service/tickets/" + of + "/notes?orderBy=id");
  std::set<std::string> texts;
  for (const auto& note : *notes.if_array()) texts.emplace(note.string_or("text", ""));
  CHECK(texts.contains("First"));
  CHECK(texts.contains("Third"));
  CHECK_FALSE(texts.contains("Second"));
}

TEST_CASE("many: what is no list, or too much of one, is refused before anything is sent") {
  World world;
  const auto before = world.direct_ids("/service/tickets").size();
  std::string many = "[";
  for (int i = 0; i < 101; ++i) many += std::string(i > 0 ? "," : "") + R"({"summary":"Emu"})";
  const std::map<std::string, std::string> refused = {
      {R"({"records":[]})", "a list of one record at least"},
      {R"({"records":{"summary":"x"}})", "a list of one record at least"},
      {R"({"records":["x"]})", "records[0]: must be an object"},
      {R"({"company":"Acme Corp","records":)" + many + "]}", "100 at most"},
      {R"({"records":[{"records":[]}]})", "must not have 'records' itself"},
      {R"({"filter":{"board":"Triage"},"summary":"x"})", "nothing that this tool takes"},
      {R"({"expect":3,"summary":"x"})", "there is none"}};
  for (const auto& [arguments, says] : refused) {
    const auto answered = world.call(kCreate, arguments);
    CAPTURE(arguments);
    CHECK(answered.result.is_error);
    CHECK_MESSAGE(answered.error().contains(says), answered.result.text);
    CHECK(answered.was_applied() == "no");
  }
  std::string empty = "[{}";
  for (int i = 1; i < 100; ++i) empty += ",{}";
  const auto copied = world.call(kCreate, R"({"initialDescription":")" + std::string(60'000, 'x') +
                                              R"(","records":)" + empty + "]}");
  CHECK(copied.error().contains("too much to hold for 100"));
  const std::map<std::string, std::string> updates = {
      {R"({"filter":{},"priority":"Low"})", "one at least"},
      {R"({"filter":{"limit":5},"priority":"Low"})", "chooses no records"},
      {R"({"filter":{"board":"Triage"},"id":5012,"priority":"Low"})", "two ways"},
      {R"({"filter":{"board":"Triage"},"records":[{"id":5012}]})", "two ways"},
      {R"({"filter":{"board":"Triage"},"expect":"some","priority":"Low"})", "whole number"},
      {R"({"filter":{"bord":"Triage"},"priority":"Low"})", "board"}};
  for (const auto& [arguments, says] : updates) {
    const auto answered = world.call(kUpdate, arguments);
    CAPTURE(arguments);
    CHECK(answered.result.is_error);
    CHECK_MESSAGE(answered.error().contains(says), answered.result.text);
  }
  // A tool that does not say so takes no list.
  const auto company = world.call("create_a_connect_wise_psa_company", R"({"records":[{}]})");
  CHECK(company.error().contains("records"));
  CHECK(world.direct_ids("/service/tickets").size() == before);
}

TEST_CASE("many: clients that send every argument as a text are understood") {
  World world;
  const auto made = world.call(
      kCreate,
      R"({"company":"Acme Corp","records":"[{\"summary\":\"Dodo a\"},{\"summary\":\"Dodo b\"}]"})");
  CHECK_MESSAGE(made.value.int64_or("applied", 0) == 2, made.result.text);
}

TEST_CASE("many: a list of which nothing was written is an error") {
  World world;
  const auto answered = world.call(kUpdate, R"({"priority":"High","records":[{"id":99999998},
                                                {"id":99999999}]})");
  CHECK(answered.result.is_error);
  CHECK(answered.was_applied() == "no");
  CHECK(answered.value.find("error")->string_or("code", "") == "not_found");
  CHECK(answered.value.int64_or("failed", 0) == 2);
  CHECK(lines_of(answered).size() == 2);
}

TEST_CASE("many: what was not begun when the call is given up is not sent") {
  World world;
  io::CancelSource source;
  world.harness.context.cancel = source.token();
  std::int64_t told = 0;
  world.harness.context.on_progress = [&](std::int64_t done, std::int64_t total, std::string_view) {
    told = total;
    if (done == 1) source.cancel();
  };
  std::string records;
  for (int i = 0; i < 40; ++i) {
    records += std::string(i > 0 ? "," : "") + R"({"summary":"Moa )" + std::to_string(i) + "\"}";
  }
  const auto made =
      world.call(kCreate, std::string("{") + kAcme + R"(,"records":[)" + records + "]}");
  CHECK(told == 40);
  world.harness.context.cancel = {};
  world.harness.context.on_progress = nullptr;
  CHECK(lines_of(made).size() == 40);
  CHECK(made.value.int64_or("not_sent", 0) >= 30);
  const auto applied = made.value.int64_or("applied", 0);
  CHECK(applied >= 1);
  CHECK(std::ssize(tickets_called(world, "Moa")) == applied);
}

TEST_CASE("many: the same list with the same key is done once, and what failed is tried again") {
  Journals journals;
  World world({}, {.journal = journals.journal});
  const auto list = [](const std::string& second) {
    return std::string("{") + kAcme + R"(,"idempotency_key":"list-1","records":[
      {"summary":"Kiwi a"},{"summary":"Kiwi b","board":")" +
           second + R"("},{"summary":"Kiwi c"}]})";
  };
  const auto first = world.call(kCreate, list("No such board"));
  CHECK(words_of(first) == std::vector<std::string>{"yes", "no invalid_argument", "yes"});
  const auto again = world.call(kCreate, list("Triage"));
  CHECK(words_of(again) == std::vector<std::string>{"yes", "yes", "yes"});
  CHECK(id_at(again, 0) == id_at(first, 0));
  CHECK(id_at(again, 2) == id_at(first, 2));
  CHECK(tickets_called(world, "Kiwi").size() == 3);
}

TEST_CASE("many: an answer keeps all verdicts within its bound") {
  World world;
  std::string records;
  for (int i = 0; i < 100; ++i) {
    const bool fails = i % 5 == 4;
    records += std::string(i > 0 ? "," : "") + R"({"summary":"Auk )" + std::to_string(i) + '"' +
               (fails ? R"(,"board":"No such board at all, whatever it is called")" : "") + "}";
  }
  const std::string call =
      std::string("{") + kAcme + R"(,"dry_run":false,"records":[)" + records + "]}";
  world.harness.context.max_result_bytes = 12'000;
  const auto made = world.call(kCreate, call);
  CHECK(lines_of(made).size() == 100);
  CHECK(made.value.int64_or("applied", 0) == 80);
  CHECK(made.value.int64_or("failed", 0) == 20);
  world.harness.context.max_result_bytes = 2'000;
  const auto tight = world.call(kUpdate, R"({"filter":{"summaryContains":"Auk"},"expect":80,
                                             "priority":"High"})");
  CHECK(tight.value.int64_or("applied", 0) == 80);
  CHECK(tight.value.string_or("notice", "").contains("have room"));
}

TEST_CASE("many: a list leaves what as many calls of one each leave") {
  std::mt19937 random(4711);
  const auto pick = [&](std::initializer_list<const char*> from) {
    return std::string(*(from.begin() + static_cast<std::ptrdiff_t>(random() % from.size())));
  };
  for (int round = 0; round < 4; ++round) {
    std::vector<std::string> records;
    const auto count = 2 + random() % 14;
    for (std::size_t i = 0; i < count; ++i) {
      std::string record = R"({"summary":")" + pick({"Lemur a", "lemur  A", "Lemur b", "Lemur c"}) +
                           R"(","company":")" + pick({"Acme Corp", "Falcon Manufacturing"}) + '"';
      if (random() % 3 == 0) record += R"(,"board":")" + pick({"Triage", "Nowhere"}) + '"';
      if (random() % 4 == 0) record += R"(,"priority":")" + pick({"High", "Low", "Odd"}) + '"';
      if (random() % 5 == 0) record += R"(,"allow_duplicate":true)";
      records.push_back(record + "}");
    }
    World listed;
    World single;
    std::string all;
    std::vector<std::string> words;
    for (const auto& record : records) {
      all += (all.empty() ? "" : ",") + record;
      const auto one = single.call(kCreate, record);
      const auto* error = one.value.find("error");
      words.push_back(error == nullptr
                          ? "yes"
                          : one.was_applied() + ' ' + std::string(error->string_or("code", "")));
    }
    const auto made = listed.call(kCreate, R"({"records":[)" + all + "]}");
    CAPTURE(all);
    CHECK(words_of(made) == words);
    // Ids are the API's to give: side by side, another order of them is as good.
    const auto left = [](World& world) {
      std::multiset<std::string> out;
      for (const auto& one : tickets_called(world, "Lemur")) {
        out.insert(std::string(one.string_or("summary", "")) + '|' +
                   std::string(one.find("company")->string_or("name", "")) + '|' +
                   std::string(one.find("board")->string_or("name", "")) + '|' +
                   std::string(one.find("priority")->string_or("name", "")));
      }
      return out;
    };
    CHECK(left(listed) == left(single));
  }
}

}  // namespace patchbay::gateway
