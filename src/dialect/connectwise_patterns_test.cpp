// Values keep their meaning in a language of patterns. What the dialect writes is evaluated by the
// sandbox, which reads the vendor's guide by itself, and must select what a plain comparison of the
// texts does.
#include <random>
#include <set>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "dialect/connectwise.h"
#include "json/write.h"
#include "sandbox/test_client.h"

namespace patchbay::dialect {
namespace {

using integration::FieldType;
using integration::FilterOperator;
using integration::Wildcards;

std::string written(const FilterTerm& term, Wildcards wildcards = Wildcards::everywhere) {
  const auto expression = find_filter_dialect("connectwise_conditions", wildcards)->write({term});
  return expression ? *expression : "! " + expression.error().message;
}

FilterTerm about_summary(FilterOperator op, json::Value value) {
  return {"summary", op, FieldType::string, std::move(value)};
}

// Texts of few letters, so that one is often another but for a wildcard.
class Texts {
 public:
  std::string draw() {
    static const std::vector<std::string> kPieces = {"[", "]",  "*",  "%",   "_", "a", "b",
                                                     " ", "\"", "\\", "[a]", "^", "-", "\xC3\xA9"};
    std::string text;
    for (auto count = 1 + random_() % 4; count > 0; --count)
      text += kPieces[random_() % kPieces.size()];
    return text;
  }
  // A part that cuts no character.
  std::string part_of(const std::string& text) {
    std::size_t begin = random_() % text.size();
    std::size_t end = begin + 1 + random_() % (text.size() - begin);
    const auto continues = [&](std::size_t at) {
      return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80;
    };
    while (continues(begin)) --begin;
    while (continues(end)) ++end;
    return text.substr(begin, end - begin);
  }
  std::size_t below(std::size_t count) { return random_() % count; }

 private:
  std::mt19937_64 random_{20261129};
};

}  // namespace

TEST_CASE("a value with wildcards is written so that it stands for itself") {
  CHECK(written(about_summary(FilterOperator::equal, "plain")) == R"(summary = "plain")");
  CHECK(written(about_summary(FilterOperator::equal, "[Draft] 5 * 3")) ==
        R"(summary like "[[]Draft] 5 [*] 3")");
  CHECK(written(about_summary(FilterOperator::not_equal, "a*")) == R"(summary not like "a[*]")");
  CHECK(written(about_summary(FilterOperator::contains, "100%_[")) ==
        R"(summary contains "100[%][_][[]")");
  CHECK(written(about_summary(FilterOperator::not_contains, "*")) ==
        R"(summary not contains "[*]")");
  CHECK(written(about_summary(FilterOperator::like, "a%")) == R"(summary like "a[%]")");
  CHECK(written(about_summary(FilterOperator::in, json::Array{"a", "b*", "c"})) ==
        R"((summary in ("a","c") OR summary like "b[*]"))");
  CHECK(written(about_summary(FilterOperator::in, json::Array{"b*", "[c"})) ==
        R"((summary like "b[*]" OR summary like "[[]c"))");
  CHECK(written(about_summary(FilterOperator::in, json::Array{"b*"})) == R"(summary like "b[*]")");
}

TEST_CASE("the digits of a phone number make a pattern, and what a caller writes makes none") {
  CHECK(written(about_summary(FilterOperator::like, "%4%2%")) == R"(summary like "[%]4[%]2[%]")");
  CHECK(written(about_summary(FilterOperator::as_phone, "42")) == R"(summary like "%4%2%")");
}

TEST_CASE("where no wildcard of the guide stands, = stays =") {
  CHECK(written(about_summary(FilterOperator::equal, "j_doe")) == R"(summary = "j_doe")");
  CHECK(written(about_summary(FilterOperator::equal, "50%")) == R"(summary = "50%")");
  CHECK(written(about_summary(FilterOperator::equal, "Draft]")) == R"(summary = "Draft]")");
  CHECK(written(about_summary(FilterOperator::greater, "a*[")) == R"(summary > "a*[")");
  CHECK(written({"id", FilterOperator::in, FieldType::integer, json::Array{1, 2}}) ==
        "id in (1,2)");
}

TEST_CASE("an integration says where its API reads patterns") {
  const auto all = [](Wildcards wildcards) {
    return written(about_summary(FilterOperator::equal, "a*"), wildcards) + "; " +
           written(about_summary(FilterOperator::in, json::Array{"a*"}), wildcards) + "; " +
           written(about_summary(FilterOperator::contains, "a*"), wildcards);
  };
  CHECK(all(Wildcards::everywhere) ==
        R"(summary like "a[*]"; summary like "a[*]"; summary contains "a[*]")");
  CHECK(all(Wildcards::in_patterns) ==
        R"(summary = "a*"; summary in ("a*"); summary contains "a[*]")");
  CHECK(all(Wildcards::nowhere) == R"(summary = "a*"; summary in ("a*"); summary contains "a*")");
}

TEST_CASE("what no kind of quotes holds safely is found by a pattern") {
  CHECK(written(about_summary(FilterOperator::equal, R"(say "yes")")) ==
        R"(summary = 'say "yes"')");
  CHECK(written(about_summary(FilterOperator::equal, "it's")) == R"(summary = "it's")");
  CHECK(written(about_summary(FilterOperator::equal, R"(C:\new)")) == R"(summary like "C:[\]new")");
  CHECK(written(about_summary(FilterOperator::not_equal, R"(\)")) == R"(summary not like "[\]")");
  CHECK(written(about_summary(FilterOperator::contains, R"(5_ 6' 2")")) ==
        R"(summary like "%5[_] 6' 2_%")");
  CHECK(written(about_summary(FilterOperator::not_contains, R"(\)")) ==
        R"(summary not like "%[\]%")");
  CHECK(written(about_summary(FilterOperator::in, json::Array{"a", R"(\\host)"})) ==
        R"((summary in ("a") OR summary like "[\][\]host"))");
  // Without patterns there is no safe way to say it.
  CHECK(written(about_summary(FilterOperator::equal, R"(C:\new)"), Wildcards::nowhere)
            .starts_with("! "));
}

TEST_CASE("a place in an order is found again whatever its text is") {
  const auto& dialect = *find_filter_dialect("connectwise_conditions");
  CHECK(dialect
            .beyond({{"summary", FieldType::string, false}, {"id", FieldType::integer, false}},
                    {"[a*", 7})
            .value() == R"(summary > "[a*" OR (summary like "[[]a[*]" AND id > 7))");
}

TEST_CASE("raw expressions keep their wildcards") {
  integration::Resource tickets;
  integration::Field summary;
  summary.name = "summary";
  tickets.fields = {summary};
  const auto& dialect = *find_filter_dialect("connectwise_conditions");
  for (const std::string raw : {R"(summary = "serv*")", R"(summary like "%[*]_[[]%")",
                                R"(summary contains "a*b")", R"(summary in ("a*","b"))"}) {
    CHECK(dialect.check(raw, tickets).value() == raw);
  }
}

TEST_CASE("what is looked for is found, and nothing else") {
  sandbox::testing::TestClient client;
  Texts texts;
  std::vector<std::string> summaries;
  std::int64_t lowest = 0;
  for (int i = 0; i < 60; ++i) {
    const auto text = 'x' + texts.draw() + 'x';  // the API trims
    const auto made =
        client.post("/service/tickets",
                    json::to_string(json::Object{
                        {"summary", text}, {"company", json::Object{{"identifier", "AcmeCorp"}}}}));
    REQUIRE_MESSAGE(made.status == 201, made.text);
    CHECK(made.body.string_or("summary", "") == text);
    if (lowest == 0) lowest = made.body.int64_or("id", 0);
    summaries.push_back(text);
  }
  const auto select = [&](const std::string& expression) {
    const auto reply =
        client.find("/service/tickets", "id >= " + std::to_string(lowest) + " and " + expression,
                    "&fields=id,summary&pageSize=1000");
    REQUIRE_MESSAGE(reply.status == 200, expression << ": " << reply.text);
    std::multiset<std::string> found;
    for (const auto& record : *reply.body.if_array()) {
      found.emplace(record.string_or("summary", ""));
    }
    return found;
  };
  const auto expect = [&](const FilterTerm& term, const auto& holds) {
    std::multiset<std::string> expected;
    for (const auto& text : summaries) {
      if (holds(text)) expected.insert(text);
    }
    const auto expression = written(term);
    CAPTURE(expression);
    CHECK(select(expression) == expected);
    return expected.size();
  };
  std::size_t found = 0;
  for (int round = 0; round < 250; ++round) {
    const auto& seen = summaries[texts.below(summaries.size())];
    const auto whole = texts.below(4) == 0 ? 'x' + texts.draw() + 'x' : seen;
    const auto part = texts.part_of(whole);
    const auto is = [&](const std::string& text) { return text == whole; };
    const auto has = [&](const std::string& text) { return text.contains(part); };
    found += expect(about_summary(FilterOperator::equal, whole), is);
    found += expect(about_summary(FilterOperator::like, whole), is);
    found += expect(about_summary(FilterOperator::contains, part), has);
    expect(about_summary(FilterOperator::not_equal, whole),
           [&](const std::string& text) { return !is(text); });
    expect(about_summary(FilterOperator::not_contains, part),
           [&](const std::string& text) { return !has(text); });
    const auto& other = summaries[texts.below(summaries.size())];
    found += expect(about_summary(FilterOperator::in, json::Array{whole, "plain", other}),
                    [&](const std::string& text) { return is(text) || text == other; });
  }
  CHECK(found > 1'000);
}

}  // namespace patchbay::dialect
