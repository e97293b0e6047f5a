#include "gateway/composites/composite_reduce.h"

#include <doctest/doctest.h>

#include "base/iso8601.h"
#include "json/parse.h"
#include "json/write.h"

namespace patchbay::gateway {
namespace {

using integration::Aggregate;
using integration::Condition;

Aggregate value(std::string name, Aggregate::Kind kind, std::vector<std::string> fields = {}) {
  Aggregate out;
  out.name = std::move(name);
  out.kind = kind;
  out.fields = std::move(fields);
  return out;
}

WallTime at(std::string_view text) {
  return parse_iso8601(text, TimeZone::utc()).value();
}

Reducer reduced(const integration::Reduction& reduction, std::vector<Test> keep,
                std::string_view records) {
  ReduceTerms terms;
  terms.reduction = &reduction;
  terms.keep = std::move(keep);
  terms.where.resize(reduction.values.size());
  terms.records = 2;
  terms.now = at("2026-11-22T12:00:00Z");
  Reducer reducer(std::move(terms));
  for (auto& record : *json::parse(records)->if_array()) reducer.add(std::move(record));
  return reducer;
}

}  // namespace

TEST_CASE("reduce: sums are exact, of numbers and of texts that are numbers") {
  integration::Reduction reduction;
  reduction.values = {value("n", Aggregate::Kind::count),
                      value("hours", Aggregate::Kind::sum, {"hours"}),
                      value("cost", Aggregate::Kind::sum, {"hours", "rate"})};
  const auto all = reduced(reduction, {},
                           R"([{"hours":0.1,"rate":"45.05"},{"hours":0.2,"rate":" 10 "},
                               {"hours":1e1,"rate":3}])");
  CHECK(json::to_string(all.totals()) == R"({"n":3,"hours":10.3,"cost":36.505})");
  CHECK(all.incomplete().empty());
}

TEST_CASE("reduce: a sum is left out where a record lacks a factor, and only there") {
  integration::Reduction reduction;
  reduction.values = {value("n", Aggregate::Kind::count),
                      value("cost", Aggregate::Kind::sum, {"hours", "rate"})};
  reduction.groups = {{"by_who", {"who"}}};
  reduction.order = "n";
  const auto all = reduced(reduction, {},
                           R"([{"who":"a","hours":1,"rate":2},{"who":"b","hours":1},
                               {"who":"b","hours":1,"rate":"secret"},{"who":"b","hours":2,"rate":1}])");
  CHECK(json::to_string(all.totals()) == R"({"n":4})");
  CHECK(all.incomplete() == std::vector<std::string>{"cost"});
  const auto groups = all.groups();
  CHECK(json::to_string(groups.front().second) ==
        R"([{"who":"b","n":3},{"who":"a","n":1,"cost":2}])");
}

TEST_CASE("reduce: groups are told apart by id, and stand greatest first") {
  integration::Reduction reduction;
  reduction.values = {value("n", Aggregate::Kind::count),
                      value("hours", Aggregate::Kind::sum, {"hours"})};
  reduction.groups = {{"by_owner", {"owner"}}};
  reduction.order = "hours";
  const auto all = reduced(reduction, {},
                           R"([{"owner":{"id":1,"name":"Same"},"hours":9},
                               {"owner":{"id":2,"name":"Same"},"hours":10},{"hours":0.5},
                               {"owner":{"id":1,"name":"Same"},"hours":2}])");
  CHECK(json::to_string(all.groups().front().second) ==
        R"([{"owner":{"id":1,"name":"Same"},"n":2,"hours":11},)"
        R"({"owner":{"id":2,"name":"Same"},"n":1,"hours":10},{"owner":null,"n":1,"hours":0.5}])");
}

TEST_CASE("reduce: earliest, latest and age") {
  integration::Reduction reduction;
  reduction.values = {
      value("first", Aggregate::Kind::min, {"at"}), value("last", Aggregate::Kind::max, {"at"}),
      value("most", Aggregate::Kind::max, {"n"}), value("days", Aggregate::Kind::age, {"at"})};
  const auto all = reduced(reduction, {},
                           R"([{"at":"2026-11-20T13:00:00Z","n":9},{"n":10},
                               {"at":"2026-11-21T00:00:00Z"}])");
  CHECK(json::to_string(all.totals()) ==
        R"({"first":"2026-11-20T13:00:00Z","last":"2026-11-21T00:00:00Z","most":10,"days":1})");
  const auto none = reduced(reduction, {}, "[{}]");
  CHECK(json::to_string(none.totals()) == "{}");
}

TEST_CASE("reduce: conditions that the API cannot say") {
  integration::Reduction reduction;
  reduction.values = {value("n", Aggregate::Kind::count)};
  const auto count = [&](Condition::Test test, json::Value wanted, bool or_missing,
                         std::string_view records) {
    Condition condition;
    condition.field = "f";
    condition.test = test;
    condition.or_missing = or_missing;
    return reduced(reduction, {{&condition, std::move(wanted)}}, records).kept();
  };
  using T = Condition::Test;
  // Characters, not bytes; blanks around do not count; a missing text has none.
  CHECK(count(T::shorter_than, 4, false, R"([{"f":"äöü"},{"f":" abc \n"},{"f":"abcd"},{}])") == 3);
  CHECK(count(T::equal, "Billable", false, R"([{"f":"Billable"},{"f":"NoCharge"},{}])") == 1);
  CHECK(count(T::equal, 5, true, R"([{"f":5.0},{"f":"5"},{"f":6},{}])") == 3);
  CHECK(count(T::from, "2026-11-01T00:00:00Z", true,
              R"([{"f":"2026-11-01T00:00:00Z"},{"f":"2026-10-31T23:59:59Z"},{},{"f":"x"}])") == 2);
  CHECK(count(T::before, "2026-11-01T00:00:00Z", false,
              R"([{"f":"2026-11-01T00:00:00Z"},{"f":"2026-11-01T00:30:00+01:00"},{}])") == 1);
}

TEST_CASE("reduce: the first records that pass are given") {
  integration::Reduction reduction;
  reduction.records.emplace();
  auto all = reduced(reduction, {}, R"([{"id":1},{"id":2},{"id":3}])");
  CHECK(all.seen() == 3);
  CHECK(all.kept() == 3);
  CHECK(json::to_string(all.take_records()) == R"([{"id":1},{"id":2}])");
}

TEST_CASE("reduce: of what overlaps, all of it counts, and nothing else") {
  integration::Reduction reduction;
  reduction.overlapping = integration::Overlapping{"from", "to", "who"};
  reduction.values = {value("n", Aggregate::Kind::count)};
  reduction.groups = {{"by_who", {"who"}}};
  reduction.order = "n";
  auto all =
      reduced(reduction, {},
              R"([{"id":1,"who":{"id":7},"from":"2026-11-22T09:00:00Z","to":"2026-11-22T17:00:00Z"},
                         {"id":2,"who":{"id":7},"from":"2026-11-22T10:00:00Z","to":"2026-11-22T11:00:00Z"},
                         {"id":3,"who":{"id":7},"from":"2026-11-22T16:00:00Z","to":"2026-11-22T18:00:00Z"},
                         {"id":4,"who":{"id":7},"from":"2026-11-22T18:00:00Z","to":"2026-11-22T19:00:00Z"},
                         {"id":5,"who":{"id":8},"from":"2026-11-22T10:00:00Z","to":"2026-11-22T12:00:00Z"},
                         {"id":6,"who":{"id":7},"from":"2026-11-22T10:00:00Z","to":"2026-11-22T10:00:00Z"},
                         {"id":7,"who":{"id":7},"from":"2026-11-22T10:00:00Z"}])");
  CHECK(json::to_string(all.totals()) == R"({"n":0})");
  all.settle();
  CHECK(json::to_string(all.totals()) == R"({"n":3})");
  CHECK(json::to_string(all.groups()[0].second) == R"([{"who":{"id":7},"n":3}])");
  const auto records = all.take_records();
  REQUIRE(records.size() == 2);
  CHECK(records[0].int64_or("id", 0) == 1);
  CHECK(records[1].int64_or("id", 0) == 2);
}

}  // namespace patchbay::gateway
