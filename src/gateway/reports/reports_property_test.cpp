// Random reports of every list that gives them, before the real sandbox: each figure is what a
// plain evaluation of the sandbox's own records says, and a group's filters list its rows.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "base/iso8601.h"
#include "base/text.h"
#include "gateway/test_queries.h"
#include "gateway/test_world.h"
#include "integration/report.h"

namespace patchbay::gateway {
namespace {

using namespace property;
using integration::ReportAmount;
using integration::ReportDimension;

constexpr const char* kZone = "America/New_York";

// ---- the second evaluation ---------------------------------------------------------------------
// It knows the report's declaration, and nothing of the gateway's code: amounts are whole numbers
// of millionths, days are texts.

using Amount = __int128;
constexpr Amount kMillion = 1'000'000;

std::optional<Amount> micro(const json::Value* value) {
  if (value == nullptr) return std::nullopt;
  if (const auto* flag = value->if_bool()) return *flag ? kMillion : 0;
  std::string text;
  if (const auto* number = value->if_number()) text = number->token();
  if (const auto* written = value->if_string()) text = *written;
  if (text.empty() || text.find_first_not_of("-0123456789.") != std::string::npos) {
    return std::nullopt;
  }
  const bool negative = text.front() == '-';
  if (negative) text.erase(0, 1);
  const auto point = std::min(text.find('.'), text.size());
  std::string digits = text.substr(0, point);
  std::string rest = point < text.size() ? text.substr(point + 1) : "";
  rest.resize(6, '0');
  Amount out = 0;
  for (const char c : digits + rest) out = out * 10 + (c - '0');
  return negative ? -out : out;
}

struct Plain {
  const TimeZone& zone;
  std::int64_t now;  // milliseconds

  std::optional<std::int64_t> moment(const json::Value& record, const std::string& path,
                                     const integration::Resource& resource) const {
    const auto* value = plain::value_at(record, path);
    const auto* text = value != nullptr ? value->if_string() : nullptr;
    if (text == nullptr) return std::nullopt;
    const bool day = resource.find_field(path)->type == FieldType::date;
    const auto time = parse_iso8601(day ? text->substr(0, 10) : *text, zone);
    if (!time) return std::nullopt;
    return time->time_since_epoch().count();
  }

  // In millionths, a duration in milliseconds.
  std::optional<Amount> amount(const json::Value& record, const ReportAmount& amount,
                               const integration::Resource& resource) const {
    if (amount.kind == ReportAmount::Kind::number) {
      Amount sum = 0;
      for (const auto& term : amount.terms) {
        Amount product = kMillion;
        for (const auto& factor : term.factors) {
          const auto value = micro(plain::value_at(record, factor));
          if (!value) return std::nullopt;
          product = product * *value / kMillion;
        }
        sum += term.negative ? -product : product;
      }
      return sum;
    }
    std::optional<std::int64_t> from;
    for (const auto& field : amount.from) {
      const auto one = moment(record, field, resource);
      if (one && (!from || *one > *from)) from = one;
    }
    if (amount.kind == ReportAmount::Kind::time) return from;
    std::optional<std::int64_t> to;
    for (const auto& field : amount.to) {
      if (!to) to = moment(record, field, resource);
    }
    if (!to && amount.to_now) to = now;
    if (!from || !to || (amount.if_positive && *to <= *from)) return std::nullopt;
    return *to - *from;
  }

  // "2026-11", as the answer writes it; "" for none.
  std::string label(const json::Value& record, const std::string& path, const std::string& step,
                    const integration::Resource& resource) const {
    const auto at = moment(record, path, resource);
    if (!at) return {};
    const auto local = zone.to_local(WallTime(std::chrono::milliseconds(*at)));
    auto day = std::chrono::floor<std::chrono::days>(local);
    const auto written = [](auto of) { return format_utc(WallTime(of.time_since_epoch())); };
    const auto text = written(day);
    if (step == "day") return text.substr(0, 10);
    if (step == "month") return text.substr(0, 7);
    if (step == "year") return text.substr(0, 4);
    if (step == "quarter") {
      return text.substr(0, 4) + "-Q" + std::to_string((std::stoi(text.substr(5, 2)) + 2) / 3);
    }
    // The week's Thursday is the one of the seven days around it.
    while (std::chrono::weekday(day) != std::chrono::Monday) day -= std::chrono::days(1);
    day += std::chrono::days(3);
    const auto year = written(day).substr(0, 4);
    int week = 1;
    while (written(day - std::chrono::days(7 * week)).substr(0, 4) == year) ++week;
    return year + "-W" + (week < 10 ? "0" : "") + std::to_string(week);
  }
};

// ---- what is asked -----------------------------------------------------------------------------

struct Asked {
  json::Object arguments;
  Expression meaning;
  struct By {
    const ReportDimension* dimension;
    std::string step;
    std::string name;
  };
  std::vector<By> by;
  struct Of {
    std::string function;  // "" for a count
    const ReportAmount* amount = nullptr;
    std::string name;
  };
  std::vector<Of> measures;
  struct Test {
    const ReportAmount* amount;
    std::string comparison;
    double value;  // in the unit that is shown
  };
  std::optional<Test> where;
};

// What people read of an amount: hours, days, or the number itself.
double in_units(Amount value, const ReportAmount& amount) {
  const double unit = amount.kind == ReportAmount::Kind::hours  ? 3'600'000.0
                      : amount.kind == ReportAmount::Kind::days ? 86'400'000.0
                      : amount.kind == ReportAmount::Kind::time ? 1.0
                                                                : static_cast<double>(kMillion);
  return static_cast<double>(value) / unit;
}

// Not of what no record has: the sandbox may not know the field at all.
void draw_groups(const integration::Report& report, const json::Array& records, Draw& random,
                 Asked& asked) {
  std::vector<const ReportDimension*> own;
  for (const auto& dimension : report.dimensions) {
    const auto has = [&](const json::Value& record) {
      return plain::value_at(record, dimension.field) != nullptr;
    };
    if (!dimension.relation &&
        (dimension.kind == ReportDimension::Kind::record || std::ranges::any_of(records, has))) {
      own.push_back(&dimension);
    }
  }
  if (own.empty()) return;
  json::Array names;
  for (auto count = random.below(4); count > 0; --count) {
    const auto* dimension = random.pick(own);
    const bool known =
        std::ranges::any_of(asked.by, [&](const auto& by) { return by.dimension == dimension; });
    if (known) continue;
    const bool date = dimension->kind == ReportDimension::Kind::time ||
                      dimension->kind == ReportDimension::Kind::day;
    const std::vector<std::string> steps = {"day", "week", "month", "quarter", "year"};
    const auto step = date ? random.pick(steps) : "";
    asked.by.push_back({dimension, step, dimension->name + (date ? ":" + step : "")});
    names.emplace_back(asked.by.back().name);
  }
  if (!names.empty()) asked.arguments["groupBy"] = std::move(names);
}

// Amounts of the rows themselves.
std::vector<const ReportAmount*> own_amounts(const integration::Report& report) {
  std::vector<const ReportAmount*> own;
  const auto of_relation = [&](const std::string& name) {
    return std::ranges::any_of(report.amounts, [&](const ReportAmount& amount) {
      return amount.relation && amount.name == name;
    });
  };
  for (const auto& amount : report.amounts) {
    bool fits = !amount.relation;
    for (const auto& name : amount.from) fits = fits && !of_relation(name);
    for (const auto& name : amount.to) fits = fits && !of_relation(name);
    for (const auto& term : amount.terms) {
      for (const auto& name : term.factors) fits = fits && !of_relation(name);
    }
    if (fits) own.push_back(&amount);
  }
  return own;
}

// Beside an amount that a record has, and not so near to any that the moment of asking decides.
void draw_where(const integration::Report& report, const json::Array& records, const Plain& plain,
                const integration::Resource& resource, Draw& random, Asked& asked) {
  std::vector<const ReportAmount*> own = own_amounts(report);
  std::erase_if(own, [](const auto* each) { return each->kind == ReportAmount::Kind::time; });
  if (own.empty() || records.empty()) return;
  const ReportAmount* amount = random.pick(own);
  const auto anchor = plain.amount(random.pick(records), *amount, resource);
  if (!anchor) return;
  const std::string written = fmt::format("{:.2f}", in_units(*anchor, *amount) + 0.37);
  const double value = std::stod(written);
  for (const json::Value& record : records) {
    const auto one = plain.amount(record, *amount, resource);
    if (one && std::abs(in_units(*one, *amount) - value) < 0.01) return;
  }
  const std::vector<std::string> comparisons = {">", ">=", "<", "<="};
  asked.where = {amount, random.pick(comparisons), value};
  asked.arguments["where"] = amount->name + ' ' + asked.where->comparison + ' ' + written;
}

bool passes_where(const json::Value& record, const Asked& asked, const Plain& plain,
                  const integration::Resource& resource) {
  if (!asked.where) return true;
  const auto value = plain.amount(record, *asked.where->amount, resource);
  if (!value) return false;
  const bool is_more = in_units(*value, *asked.where->amount) > asked.where->value;
  return is_more == asked.where->comparison.starts_with('>');
}

void draw_measures(const integration::Report& report, Draw& random, Asked& asked) {
  const std::vector<const ReportAmount*> own = own_amounts(report);
  json::Array names{"count"};
  asked.measures.push_back({"", nullptr, "count"});
  for (auto count = own.empty() ? 0 : random.below(4); count > 0; --count) {
    const auto* amount = random.pick(own);
    const std::vector<std::string> all = {"sum", "avg", "min", "max", "median", "p90", "share"};
    const std::vector<std::string> ends = {"min", "max"};
    const auto function = random.pick(amount->kind == ReportAmount::Kind::time ? ends : all);
    asked.measures.push_back({function, amount, function + ' ' + amount->name});
    names.emplace_back(asked.measures.back().name);
  }
  asked.arguments["measures"] = std::move(names);
}

// ---- what must come ----------------------------------------------------------------------------

using Rows = std::vector<const json::Value*>;

struct Expected {
  Rows all;
  std::map<std::string, Rows> groups;  // by the parts' texts
};

std::string part_of_key(const json::Value& value) {
  if (value.is_null()) return "-";
  if (const auto* id = value.find("id")) return json::to_string(*id);
  return json::to_string(value);
}

std::string key_of(const json::Value& record, const Asked& asked, const Plain& plain,
                   const integration::Resource& resource) {
  std::string key;
  for (const auto& by : asked.by) {
    const auto& dimension = *by.dimension;
    if (!by.step.empty()) {
      const auto label = plain.label(record, dimension.field, by.step, resource);
      key += label.empty() ? "-" : '"' + label + '"';
    } else {
      const auto path = dimension.kind == ReportDimension::Kind::record ? "id"
                        : dimension.kind == ReportDimension::Kind::reference
                            ? dimension.field + "/id"
                            : dimension.field;
      const auto* value = plain::value_at(record, path);
      key += value != nullptr ? part_of_key(*value) : "-";
    }
    key += '\n';
  }
  return key;
}

// The same in units that people read: to be compared within what rounding makes of it.
struct Figure {
  std::optional<double> value;
  double slack = 0;
};

Figure figure(const Asked::Of& measure, const Rows& rows, const Rows& all, const Plain& plain,
              const integration::Resource& resource) {
  if (measure.amount == nullptr) return {static_cast<double>(rows.size()), 0};
  const auto values_of = [&](const Rows& some) {
    std::vector<Amount> values;
    for (const auto* row : some) {
      if (const auto value = plain.amount(*row, *measure.amount, resource)) {
        values.push_back(*value);
      }
    }
    std::ranges::sort(values);
    return values;
  };
  const auto values = values_of(rows);
  if (values.empty()) return {};
  // What takes until now goes on while this is read.
  const double slack = measure.amount->is_duration() ? 0.0051 : 0;
  const auto sum = [](const std::vector<Amount>& some) {
    Amount out = 0;
    for (const auto value : some) out += value;
    return out;
  };
  const auto shown = [&](Amount value) { return in_units(value, *measure.amount); };
  const auto size = values.size();
  const auto growing = slack + (slack > 0 ? 0.0005 * static_cast<double>(size) : 0);
  if (measure.function == "sum") return {shown(sum(values)), growing};
  if (measure.function == "avg") {
    return {shown(sum(values)) / static_cast<double>(size), slack > 0 ? 0.006 : 0.00005001};
  }
  if (measure.function == "min") return {shown(values.front()), slack};
  if (measure.function == "max") return {shown(values.back()), slack};
  if (measure.function == "p90") return {shown(values[(size * 9 + 9) / 10 - 1]), slack};
  if (measure.function == "median") {
    return {(shown(values[size / 2]) + shown(values[(size - 1) / 2])) / 2, slack};
  }
  const auto whole = sum(values_of(all));
  if (whole == 0) return {};
  return {100.0 * static_cast<double>(sum(values)) / static_cast<double>(whole),
          slack > 0 ? 0.05 : 0.005001};
}

void check_figures(const json::Value& line, const Rows& rows, const Rows& all, const Asked& asked,
                   const Plain& plain, const integration::Resource& resource) {
  for (const auto& measure : asked.measures) {
    CAPTURE(measure.name);
    const auto expected = figure(measure, rows, all, plain, resource);
    const auto* found = line.find(measure.name);
    REQUIRE_MESSAGE((found != nullptr) == expected.value.has_value(), json::to_string(line));
    if (found == nullptr) continue;
    auto value = found->as_double();
    if (const auto* text = found->if_string()) {
      const auto time = parse_iso8601(*text, plain.zone);
      REQUIRE(time.has_value());
      value = static_cast<double>(time->time_since_epoch().count());
    }
    REQUIRE(value.has_value());
    const auto slack = expected.slack + std::abs(*expected.value) * 1e-12;
    // Times are shown in whole seconds.
    const bool is_time = found->is_string();
    CHECK_MESSAGE(std::abs(*value - *expected.value) <= (is_time ? 1000 : slack),
                  json::to_string(*found), " but ", *expected.value);
    // Of what is only added up every digit counts.
    if (slack >= 1e-6 || is_time || measure.amount == nullptr || measure.function != "sum")
      continue;
    Amount sum = 0;
    for (const auto* row : rows) {
      sum += plain.amount(*row, *measure.amount, resource).value_or(0);
    }
    CHECK(micro(found) == sum);
  }
}

// As the list shows them, by the filters that the group has beside the call's.
std::int64_t listed(World& world, const catalog::Tool& tool, const Asked& asked,
                    const json::Value& group) {
  json::Object arguments = asked.arguments;
  for (const char* name : {"groupBy", "measures", "limit"}) arguments.erase(name);
  if (const auto* filters = group.find("filters")) {
    for (const auto& [name, value] : *filters->if_object()) arguments[name] = value;
  }
  arguments["count"] = true;
  const auto outcome = world.harness.call_value(tool.name, arguments);
  REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text,
                  json::to_string(json::Value(arguments)));
  return outcome.value.int64_or("count", -1);
}

void check_report(World& world, const catalog::Tool& tool, const Asked& asked,
                  const Expected& expected, const Plain& plain, Draw& random) {
  const auto told = json::to_string(json::Value(asked.arguments));
  CAPTURE(told);
  const auto outcome = world.harness.call_value(tool.name, asked.arguments);
  if (outcome.result.is_error) {
    // What finds nothing may be refused for naming nothing; a name may be that of several.
    CHECK_MESSAGE((expected.all.empty() || outcome.error().contains("several")),
                  outcome.result.text);
    return;
  }
  CHECK(outcome.result.text.size() <= 5'000);
  const auto& resource = *tool.resource;
  check_figures(*outcome.value.find("total"), expected.all, expected.all, asked, plain, resource);
  const auto* groups = outcome.value.find("groups");
  if (asked.by.empty()) {
    CHECK(groups == nullptr);
    return;
  }
  Rows rest;
  std::set<std::string> seen;
  for (const auto& group : *groups->if_array()) {
    std::string key;
    for (const auto& by : asked.by) key += part_of_key(*group.find(by.name)) + '\n';
    CAPTURE(key);
    const auto found = expected.groups.find(key);
    REQUIRE(found != expected.groups.end());
    CHECK(seen.insert(key).second);
    check_figures(group, found->second, expected.all, asked, plain, resource);
    // No filter of the list says what `where` does.
    if (!asked.where && random.chance(12)) {
      CHECK_MESSAGE(
          listed(world, tool, asked, group) == static_cast<std::int64_t>(found->second.size()),
          json::to_string(group));
    }
  }
  for (const auto& [key, rows] : expected.groups) {
    if (!seen.contains(key)) rest.insert(rest.end(), rows.begin(), rows.end());
  }
  const auto* others = outcome.value.find("others");
  REQUIRE_MESSAGE((others != nullptr) == (seen.size() < expected.groups.size()),
                  outcome.result.text);
  if (others == nullptr) return;
  CHECK(others->int64_or("groups", -1) ==
        static_cast<std::int64_t>(expected.groups.size() - seen.size()));
  check_figures(*others, rest, expected.all, asked, plain, resource);
}

Asked draw(const catalog::Tool& tool, const integration::Report& report, const json::Array& records,
           const Plain& plain, Draw& random) {
  Asked asked;
  std::vector<const Argument*> filters;
  for (const auto& argument : tool.method->arguments) {
    if (argument.place == ArgumentPlace::filter) filters.push_back(&argument);
  }
  const auto* anchor = records.empty() ? nullptr : &random.pick(records);
  for (auto count = random.below(3); count > 0; --count) {
    const auto& argument = *random.pick(filters);
    if (asked.arguments.contains(argument.name)) continue;
    auto filter = draw_filter(argument, records, anchor, random);
    if (!filter) continue;
    // A blank text asks for nothing.
    const auto* text = filter->given.if_string();
    if (text != nullptr && trim(*text).empty()) continue;
    asked.arguments[argument.name] = filter->given;
    asked.meaning.parts.push_back(std::move(filter->meaning));
  }
  draw_groups(report, records, random, asked);
  draw_measures(report, random, asked);
  if (random.chance(30)) draw_where(report, records, plain, *tool.resource, random, asked);
  if (random.chance(50)) asked.arguments["limit"] = 1 + random.below(30);
  return asked;
}

}  // namespace

TEST_CASE("random reports say what a plain evaluation says") {
  World world;
  world.harness.move_to(kZone);
  const auto zone = TimeZone::find(kZone);
  std::size_t reports = 0;
  for (const auto& tool : world.harness.tools->tools()) {
    const auto report = integration::report_of(*tool->method);
    if (!report || !property_wanted(tool->name)) continue;
    if (!tool->method->path.names().empty()) continue;  // of one parent: the same code
    json::Array records;
    for (int page = 1;; ++page) {
      const auto part = world.direct(std::string(tool->method->path.text()) +
                                     "?orderBy=id&pageSize=1000&page=" + std::to_string(page));
      for (const auto& record : *part.if_array()) records.push_back(record);
      if (part.if_array()->size() < 1000) break;
    }
    for (std::uint64_t round = 0; round < 4 * property_rounds(); ++round) {
      Draw random(tool->name, round);
      CAPTURE(tool->name);
      CAPTURE(round);
      const Plain plain{*zone, world.clock.now().time_since_epoch().count()};
      const auto asked = draw(*tool, *report, records, plain, random);
      Expected expected;
      for (const auto& record : records) {
        bool passes = plain::holds(asked.meaning, record);
        for (const auto& [field, value] : tool->method->only) {
          const auto* found = plain::value_at(record, field);
          passes = passes && found != nullptr && *found == value;
        }
        if (!passes || !passes_where(record, asked, plain, *tool->resource)) continue;
        expected.all.push_back(&record);
        expected.groups[key_of(record, asked, plain, *tool->resource)].push_back(&record);
      }
      check_report(world, *tool, asked, expected, plain, random);
      ++reports;
    }
  }
  MESSAGE(reports << " reports");
  if (std::getenv("PATCHBAY_PROPERTY_ONLY") == nullptr) CHECK(reports >= 40);
}

}  // namespace patchbay::gateway
