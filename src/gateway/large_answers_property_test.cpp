// Every tool before an upstream that answers with very much: no turn of the loop takes as long as
// reading such an answer does once. Nothing is said of seconds: one work is held against another,
// on the same machine, in the same build.
#include <algorithm>
#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/text.h"
#include "gateway/test_harness.h"
#include "gateway/test_least_arguments.h"
#include "gateway/test_loop_turns.h"
#include "gateway/test_saboteur.h"
#include "json/parse.h"

namespace patchbay::gateway {

namespace {

// One entry after the other, until there are so many bytes.
template <class Entry>
std::string filled(std::string_view opens, std::string_view closes, std::size_t bytes,
                   Entry entry) {
  std::string out(opens);
  for (std::size_t i = 1; out.size() + closes.size() < bytes; ++i) {
    if (i > 1) out += ',';
    out += entry(std::to_string(i));
  }
  return out + std::string(closes);
}

constexpr std::string_view kRecord = R"({"id":5012,"name":"Record","identifier":"R")";

struct Answer {
  const char* name;
  int status;
  std::string body;
};

std::vector<Answer> answers_of(std::size_t bytes) {
  const auto record = [](const std::string& i) {
    return R"({"id":)" + i + R"(,"name":"Record )" + i + R"(","identifier":"R)" + i +
           R"(","summary":"About )" + i + R"("})";
  };
  const std::string begun(kRecord);
  return {
      {"many records", 200, filled("[", "]", bytes, record)},
      {"records of one name", 200,
       filled("[", "]", bytes,
              [](const std::string& i) { return R"({"id":)" + i + R"(,"name":"Nowhere"})"; })},
      {"the same record again and again", 200,
       filled("[", "]", bytes, [&](const std::string&) { return begun + '}'; })},
      {"empty records", 200,
       filled("[", "]", bytes, [](const std::string&) { return std::string("{}"); })},
      {"numbers", 200, filled("[", "]", bytes, [](const std::string& i) { return i; })},
      {"numbers and a record", 200,
       filled("[", ',' + begun + "}]", bytes, [](const std::string& i) { return i; })},
      {"one long text", 200, begun + R"(,"summary":")" + std::string(bytes - 100, 'x') + R"("})"},
      {"many members", 200,
       filled(begun + ',', "}", bytes,
              [](const std::string& i) { return R"("member)" + i + R"(":)" + i; })},
      {"a list of lists", 200,
       filled(begun + R"(,"summary":[)", "]}", bytes,
              [](const std::string& i) { return R"([[)" + i + R"(],["a"]])"; })},
      {"many custom fields", 200,
       filled(begun + R"(,"customFields":[)", "]}", bytes,
              [](const std::string& i) {
                return R"({"id":)" + i + R"(,"caption":"Field )" + i +
                       R"(","type":"Text","value":"v"})";
              })},
      {"blanks before", 200, std::string(bytes, ' ') + begun + '}'},
      {"blanks behind", 200, begun + '}' + std::string(bytes, '\n')},
      {"nothing but blanks", 200, std::string(bytes, ' ')},
      {"no text at its end", 200,
       begun + R"(,"summary":")" + std::string(bytes - 100, 'x') + "\xff\"}"},
      {"breaks off", 200, filled("[", "", bytes, record)},
      {"many errors", 400,
       filled(R"({"code":"InvalidObject","message":"wrong","errors":[)", "]}", bytes,
              [](const std::string& i) {
                return R"({"code":"MissingRequiredField","message":"wrong )" + i +
                       R"(","resource":"ticket","field":"field)" + i + R"("})";
              })},
      {"as many as are read", 400,
       filled(R"({"code":"InvalidObject","message":"wrong","errors":[)", "]}", 60'000,
              [](const std::string& i) { return R"({"message":"wrong )" + i + R"("})"; })},
      {"an error of one long word", 500, R"({"message":")" + std::string(bytes, 'x') + R"("})"},
      {"a page", 502, "<html><title>" + std::string(bytes, '<') + "</html>"},
      {"a page where data is due", 200, "<html><title>" + std::string(bytes, 't') + "</title>"},
  };
}

// The least of a few: what else comes in between makes it more.
template <class Work>
std::int64_t cost_of(Work work) {
  std::int64_t least = INT64_MAX;
  for (int i = 0; i < 5; ++i) {
    const auto before = work_of_thread();
    work();
    least = std::min(least, work_of_thread() - before);
  }
  return least;
}

class LargeWorld {
 public:
  explicit LargeWorld(std::size_t bytes)
      : answers_(answers_of(bytes)),
        reading_(cost_of([&] { CHECK(json::parse(answers_.front().body).has_value()); })) {
    runtime_.start();
    harness_.emplace(runtime_, upstream_.port());
  }
  ~LargeWorld() { runtime_.stop(); }

  const std::vector<Answer>& answers() const { return answers_; }

  // `part`: how often what one turn does must fit into reading an answer.
  void check(const catalog::Tool& tool, const json::Value& arguments, const Answer& answer,
             int part) {
    check_turns(tool.name, answer, part, [&]() -> io::Task<bool> {
      const auto result = co_await harness_->gateway().call(tool, arguments, harness_->context);
      CHECK(result.text.size() <= harness_->context.max_result_bytes);
      co_return result.upstream_bytes > 0;
    });
  }
  // The same of what completes a name.
  void check_completion(const catalog::Tool& list, const std::string& typed, const Answer& answer,
                        int part) {
    check_turns("completion by " + list.name, answer, part, [&]() -> io::Task<bool> {
      co_await harness_->gateway().complete(list, typed, harness_->context);
      co_return true;
    });
  }

  Harness& harness() { return *harness_; }
  std::int64_t worst() const { return worst_; }
  std::int64_t reading() const { return reading_; }

 private:
  // `work`: whether anything was asked of the upstream.
  template <class Work>
  void check_turns(const std::string& what, const Answer& answer, int part, Work work) {
    now_ = &answer;
    std::int64_t longest = INT64_MAX;
    std::int64_t answered = 0;
    bool asked = false;
    // The least of a few, like what it is held against: whoever holds the loop does so each time.
    // Not of a time that had the answer from memory.
    for (int i = 0; i < 5 && longest > reading_ / part; ++i) {
      const int before = requests_;
      runtime_.run(runtime_.loop(0), [&]() -> io::Task<> {
        // What this thread did to get here is not counted.
        co_await io::sleep(std::chrono::milliseconds(0));
        const LoopTurns turns;
        asked = co_await work();
        if (i == 0 || requests_ > before) longest = std::min(longest, turns.longest());
        answered = turns.answered();
      });
    }
    worst_ = std::max(worst_, longest);
    const auto told = [&] {
      return what + " before " + answer.name + ": a turn of " + std::to_string(longest / 1000) +
             " µs, where reading takes " + std::to_string(reading_ / 1000);
    };
    CHECK_MESSAGE(longest * part < reading_, told());
    // Whoever else asks the loop something is answered meanwhile.
    if (asked) CHECK_MESSAGE(answered >= 2, told());
  }

  std::string answer_now() {
    const Answer& now = *now_;
    ++requests_;
    return "HTTP/1.1 " + std::to_string(now.status) +
           " Said\r\nContent-Type: application/json\r\nContent-Length: " +
           std::to_string(now.body.size()) + "\r\n\r\n" + now.body;
  }

  const std::vector<Answer> answers_;
  const std::int64_t reading_;
  std::atomic<const Answer*> now_ = nullptr;
  std::atomic<int> requests_ = 0;
  Saboteur upstream_{[this](const Saboteur::Request&) { return answer_now(); }};
  io::Runtime runtime_{{.loops = 1}};
  std::optional<Harness> harness_;
  std::int64_t worst_ = 0;
};

}  // namespace

TEST_CASE("large answers: no tool holds its loop, whatever its upstream answers with") {
  LargeWorld world(2 * 1024 * 1024);
  std::size_t turn = 0;
  for (const auto& tool : shipped_tools()->tools()) {
    const auto& answer = world.answers()[turn++ % world.answers().size()];
    world.check(*tool, least_arguments(*tool), answer, 1);
  }
  MESSAGE("the longest turn: " << world.worst() / 1000
                               << " µs; reading: " << world.reading() / 1000);
}

TEST_CASE("large answers: nor does what looks most at records, before any of them") {
  LargeWorld world(6 * 1024 * 1024);
  struct Asked {
    const char* tool;
    const char* arguments;
  };
  constexpr Asked kAsked[] = {
      {"list_all_connect_wise_psa_tickets", R"({"board":"Nowhere"})"},
      {"list_all_connect_wise_psa_tickets", R"({"company":"Nowhere","limit":1000})"},
      {"get_single_connect_wise_psa_ticket_by_id", R"({"id":5012})"},
      {"create_a_connect_wise_psa_ticket",
       R"({"summary":"Printer","board":"Nowhere","company":"Nowhere"})"},
      {"create_a_connect_wise_psa_ticket",
       R"({"summary":"Printer","board":1,"company":2,"customFields":{"Field 7":"x","None":"y"}})"},
      {"update_a_connect_wise_psa_ticket_by_id",
       R"({"id":5012,"summary":"Printer","status":"Nowhere"})"},
      {"update_a_connect_wise_psa_ticket_by_id", R"({"id":5012,"summary":"Printer"})"},
      {"update_a_connect_wise_psa_project_ticket_by_id", R"({"id":5012,"summary":"Printer"})"},
      {"update_a_connect_wise_psa_contact_by_id", R"({"id":5012,"firstName":"Ann","company":7})"},
      {"delete_a_connect_wise_psa_ticket_by_id", R"({"id":5012})"},
  };
  for (const auto& [name, arguments] : kAsked) {
    const auto* tool = shipped_tools()->find(name);
    REQUIRE_MESSAGE(tool != nullptr, name);
    for (const auto& answer : world.answers()) {
      world.check(*tool, *json::parse(arguments), answer, 3);
    }
  }
  const auto* boards = shipped_tools()->find("list_all_connect_wise_psa_boards");
  REQUIRE(boards != nullptr);
  for (const auto& answer : world.answers()) {
    world.check_completion(*boards, "Record 77", answer, 3);
  }
  MESSAGE("the longest turn: " << world.worst() / 1000
                               << " µs; reading: " << world.reading() / 1000);
}

}  // namespace patchbay::gateway
