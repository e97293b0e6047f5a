#include "gateway/reports/query.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/blanks.h"
#include "base/iso8601.h"
#include "base/nearest.h"
#include "base/text.h"
#include "catalog/limits.h"

namespace patchbay::gateway::report {

using integration::ReportAmount;
using integration::ReportDimension;

bool holds(Comparison comparison, int order) {
  switch (comparison) {
    case Comparison::equal:
      return order == 0;
    case Comparison::not_equal:
      return order != 0;
    case Comparison::less:
      return order < 0;
    case Comparison::less_or_equal:
      return order <= 0;
    case Comparison::greater:
      return order > 0;
    case Comparison::greater_or_equal:
      return order >= 0;
  }
  return false;
}

namespace {

constexpr std::size_t kMostGroupings = 3;
constexpr std::size_t kMostMeasures = 12;
constexpr std::size_t kMostTests = 8;
constexpr std::size_t kMostEcho = 80;  // bytes of a caller's word in an error

struct FunctionWord {
  std::string_view word;
  Measure::Kind kind;
  std::string_view name;
};
constexpr auto kFunctions = std::to_array<FunctionWord>({
    {"sum", Measure::Kind::sum, "sum"},
    {"total", Measure::Kind::sum, "sum"},
    {"avg", Measure::Kind::average, "avg"},
    {"average", Measure::Kind::average, "avg"},
    {"mean", Measure::Kind::average, "avg"},
    {"min", Measure::Kind::least, "min"},
    {"minimum", Measure::Kind::least, "min"},
    {"max", Measure::Kind::greatest, "max"},
    {"maximum", Measure::Kind::greatest, "max"},
    {"median", Measure::Kind::median, "median"},
    {"p90", Measure::Kind::p90, "p90"},
});

std::string quoted(std::string_view text) {
  return "'" + std::string(cut_utf8(text, kMostEcho)) + "'";
}

class QueryReader {
 public:
  QueryReader(const Call& call, const integration::Report& report, const Arguments& arguments)
      : call_(call), arguments_(arguments), report_(report) {}

  Outcome<Query> read() {
    refuse_what_pages_have();
    for (const auto& text : texts_of(integration::kGroupBy)) read_grouping(text);
    group_by_record();
    if (query_.by.size() > kMostGroupings) problem(integration::kGroupBy, "takes 3 at most");
    for (const auto& text : texts_of(integration::kMeasures)) {
      if (auto measure = read_measure(text, integration::kMeasures)) use(std::move(*measure));
    }
    if (query_.measures.size() > kMostMeasures) problem(integration::kMeasures, "takes 12 at most");
    if (query_.measures.empty()) use({.name = "count"});
    query_.shown = query_.measures.size();
    read_tests(integration::kWhere, [this](auto... parts) { read_row_test(parts...); });
    read_tests(integration::kHaving, [this](auto... parts) { read_group_test(parts...); });
    read_order();
    const auto* limit = arguments_.find("limit");
    query_.most_groups = limit != nullptr ? limit->as_int64().value_or(catalog::kDefaultLimit)
                                          : catalog::kDefaultLimit;
    if (problems_.empty()) return std::move(query_);
    ToolError error{.code = ErrorCode::invalid_argument, .field_errors = std::move(problems_)};
    const auto& first = error.field_errors.front();
    error.message = first.field + ": " + first.message;
    error.hint = "Nothing was sent. Correct the arguments and call again.";
    return std::unexpected(std::move(error));
  }

 private:
  void problem(std::string argument, std::string message) {
    problems_.push_back({std::move(argument), std::move(message)});
  }

  // The caller's texts: a list, or one text with commas between.
  std::vector<std::string> texts_of(const std::string& argument) {
    std::vector<std::string> out;
    const auto add = [&](const json::Value& one) {
      const auto* text = one.if_string();
      if (text == nullptr) problem(argument, "takes names, as texts");
      for (const auto part :
           split(text != nullptr ? std::string_view(*text) : std::string_view(), ',')) {
        if (!trim_blanks(part).empty()) out.emplace_back(trim_blanks(part));
      }
    };
    const auto* value = arguments_.find(argument);
    if (value == nullptr) return out;
    const auto* items = value->if_array();
    if (items == nullptr) add(*value);
    if (items != nullptr) std::ranges::for_each(*items, add);
    return out;
  }

  // A report is whole, and shows no records.
  void refuse_what_pages_have() {
    for (const auto& argument : call_.method().arguments) {
      const auto* given = arguments_.find(argument.name);
      if (given == nullptr) continue;
      const bool of_pages = argument.name == "next_cursor" || argument.name == "fields" ||
                            argument.name == "verbose" ||
                            argument.place == integration::ArgumentPlace::expansion;
      const bool is_off = given->if_bool() != nullptr && !*given->if_bool();
      if (!of_pages || is_off) continue;
      problem(argument.name, std::string("says how records are shown; with ") +
                                 integration::kGroupBy + " or " + integration::kMeasures +
                                 " none are. Leave it out");
    }
  }

  // ---- names -----------------------------------------------------------------------------------

  template <class Named>
  static const Named* find(const std::vector<Named>& all, std::string_view name) {
    const auto found = std::ranges::find_if(
        all, [&](const Named& each) { return equal_ignoring_case(each.name, name); });
    return found == all.end() ? nullptr : &*found;
  }

  template <class Named>
  static std::string unknown(const std::vector<Named>& all, std::string_view name,
                             std::string_view what) {
    std::vector<std::string> known;
    for (const auto& each : all) known.push_back(each.name);
    const auto near = nearest(cut_utf8(name, kMostEcho), known, 1);
    return quoted(name) + " is no " + std::string(what) +
           (near.empty() ? "" : "; did you mean '" + near.front() + "'?") +
           (near.empty() ? "; there are " : " There are ") + join(known, ", ");
  }

  void read_grouping(std::string_view text) {
    const auto colon = text.find(':');
    const auto name = trim_blanks(text.substr(0, colon));
    Grouping grouping{.dimension = find(report_.dimensions, name), .name = {}};
    if (grouping.dimension == nullptr) {
      problem(integration::kGroupBy, unknown(report_.dimensions, name, "group"));
      return;
    }
    grouping.name = grouping.dimension->name;
    const bool is_date = grouping.dimension->kind == ReportDimension::Kind::time ||
                         grouping.dimension->kind == ReportDimension::Kind::day;
    if (colon != std::string_view::npos) {
      const auto step = step_of(trim_blanks(text.substr(colon + 1)));
      if (!is_date || !step) {
        problem(integration::kGroupBy, quoted(text) + (is_date ? ": write one of " : ": ") +
                                           (is_date ? join(step_words(), ", ") + " behind the colon"
                                                    : grouping.name + " is no date"));
        return;
      }
      grouping.step = *step;
    }
    if (is_date) {
      grouping.name += ':' + step_words()[static_cast<std::size_t>(grouping.step)];
    }
    const bool is_new =
        std::ranges::find(query_.by, grouping.name, &Grouping::name) == query_.by.end();
    if (is_new) query_.by.push_back(std::move(grouping));
  }

  // Who says which rows are wanted, and nothing else, wants to see them.
  void group_by_record() {
    if (!arguments_.has(integration::kWhere) || arguments_.has(integration::kGroupBy) ||
        arguments_.has(integration::kMeasures)) {
      return;
    }
    const auto record = std::ranges::find(report_.dimensions, ReportDimension::Kind::record,
                                          &ReportDimension::kind);
    if (record == report_.dimensions.end()) return;
    query_.by.push_back({.dimension = &*record, .name = record->name});
  }

  // ---- measures --------------------------------------------------------------------------------

  // "count", "sum hours", "sum(hours)", "hours", "share of count", "share hours". A problem and
  // nothing otherwise.
  std::optional<Measure> read_measure(std::string_view text, const std::string& argument) {
    std::string plain(text);
    std::ranges::replace_if(plain, [](char c) { return c == '(' || c == ')' || c == '_'; }, ' ');
    std::vector<std::string_view> words;
    for (const auto word : split(plain, ' ')) {
      if (!trim_blanks(word).empty()) words.push_back(trim_blanks(word));
    }
    Measure measure;
    std::size_t at = 0;
    const auto is = [&](std::string_view word) {
      return at < words.size() && equal_ignoring_case(words[at], word);
    };
    if (is("share")) {
      measure.share = true;
      ++at;
      if (is("of")) ++at;
    }
    if (words.size() == at + 1 && (is("count") || is("rows"))) {
      measure.name = measure.share ? "share count" : "count";
      return measure;
    }
    measure.kind = Measure::Kind::sum;
    std::string_view function = "sum";
    const auto found =
        at < words.size()
            ? std::ranges::find_if(
                  kFunctions,
                  [&](const auto& each) { return equal_ignoring_case(each.word, words[at]); })
            : kFunctions.end();
    if (found != kFunctions.end() && words.size() > at + 1) {
      measure.kind = found->kind;
      function = found->name;
      ++at;
      if (is("of")) ++at;
    }
    const auto name = at < words.size() ? words[at] : std::string_view(text);
    measure.amount = words.size() == at + 1 ? find(report_.amounts, name) : nullptr;
    if (measure.amount == nullptr) {
      problem(argument, unknown(report_.amounts, words.size() > at + 1 ? text : name, "measure") +
                            ", each with sum, avg, min, max, median, p90 or share; and count");
      return std::nullopt;
    }
    return checked(std::move(measure), function, argument);
  }

  std::optional<Measure> checked(Measure measure, std::string_view function,
                                 const std::string& argument) {
    const auto& amount = *measure.amount;
    const bool extreme =
        measure.kind == Measure::Kind::least || measure.kind == Measure::Kind::greatest;
    if (amount.kind == ReportAmount::Kind::time && !extreme) {
      problem(argument, amount.name + " is a time: write min or max before it");
      return std::nullopt;
    }
    if (measure.share && measure.kind != Measure::Kind::sum) {
      problem(argument, "a share is one of the sum: share " + amount.name);
      return std::nullopt;
    }
    measure.name = (measure.share ? "share" : std::string(function)) + ' ' + amount.name;
    return measure;
  }

  // Its place among the measures.
  std::size_t use(Measure measure) {
    const auto known = std::ranges::find(query_.measures, measure.name, &Measure::name);
    if (known != query_.measures.end()) {
      return static_cast<std::size_t>(known - query_.measures.begin());
    }
    query_.measures.push_back(std::move(measure));
    return query_.measures.size() - 1;
  }

  // ---- conditions ------------------------------------------------------------------------------

  struct Split {
    std::string_view left;
    Comparison comparison;
    std::string_view right;
  };

  static std::optional<Split> split_comparison(std::string_view text) {
    constexpr auto kSigns = std::to_array<std::pair<std::string_view, Comparison>>(
        {{">=", Comparison::greater_or_equal},
         {"<=", Comparison::less_or_equal},
         {"!=", Comparison::not_equal},
         {"<>", Comparison::not_equal},
         {"==", Comparison::equal},
         {"=", Comparison::equal},
         {">", Comparison::greater},
         {"<", Comparison::less}});
    for (const auto& [sign, comparison] : kSigns) {
      const auto at = text.find(sign);
      if (at == std::string_view::npos) continue;
      return Split{trim_blanks(text.substr(0, at)), comparison,
                   trim_blanks(text.substr(at + sign.size()))};
    }
    return std::nullopt;
  }

  template <class Read>
  void read_tests(const std::string& argument, const Read& one) {
    const auto* text = arguments_.text(argument);
    if (text == nullptr) return;
    std::size_t count = 0;
    std::string_view rest = *text;
    while (!trim_blanks(rest).empty()) {
      const auto lower = to_lower(rest);
      const auto at = std::min(lower.find(" and "), rest.size());
      const auto part = trim_blanks(rest.substr(0, at));
      rest.remove_prefix(std::min(at + 5, rest.size()));
      const auto split = split_comparison(part);
      if (!split || ++count > kMostTests) {
        problem(argument,
                quoted(part) + (split ? ": 8 comparisons at most"
                                      : ": write a comparison, such as " + example_of(argument)));
        return;
      }
      one(*split, part);
    }
  }

  std::string example_of(const std::string& argument) const {
    if (argument == integration::kHaving || report_.amounts.empty()) return "count >= 5";
    return report_.amounts.front().name + " > 0";
  }

  // Of a time a time; of anything else a number.
  std::optional<Decimal> read_value(const ReportAmount* amount, std::string_view text) const {
    if (text.size() > 1 && (text.front() == '"' || text.front() == '\'')) {
      text = text.substr(1, text.size() - 2);
    }
    if (amount != nullptr && amount->kind == ReportAmount::Kind::time) {
      const auto time = parse_iso8601(text, call_.context.account->time_zone());
      if (!time) return std::nullopt;
      return Decimal(std::to_string(time->time_since_epoch().count()));
    }
    if (!is_number_token(text)) return std::nullopt;
    return Decimal(text);
  }

  void read_row_test(const Split& split, std::string_view part) {
    RowTest test{.amount = find(report_.amounts, split.left),
                 .comparison = split.comparison,
                 .value = std::nullopt,
                 .said = std::string(part)};
    if (test.amount == nullptr) {
      problem(integration::kWhere, unknown(report_.amounts, split.left, "amount of a row") +
                                       ". What else rows are like, the other arguments say");
      return;
    }
    const bool none = equal_ignoring_case(split.right, "null");
    const bool equality =
        split.comparison == Comparison::equal || split.comparison == Comparison::not_equal;
    test.value = read_value(test.amount, split.right);
    if (test.value) test.value = Decimal::product(*test.value, unit_of(*test.amount));
    if ((none && equality) || test.value) {
      query_.where.push_back(std::move(test));
      return;
    }
    problem(integration::kWhere, quoted(part) + ": compare with a number, or = null");
  }

  void read_group_test(const Split& split, std::string_view part) {
    auto measure = read_measure(split.left, integration::kHaving);
    if (!measure) return;
    const auto value = read_value(measure->amount, split.right);
    if (!value) {
      problem(integration::kHaving, quoted(part) + ": compare with a number");
      return;
    }
    query_.having.push_back({use(std::move(*measure)), split.comparison, *value});
  }

  // ---- order -----------------------------------------------------------------------------------

  void read_order() {
    const bool by_date = !query_.by.empty() && query_.by.front().name.contains(':');
    query_.ordered_by_group = by_date;
    query_.descending = !by_date;
    const auto* text = arguments_.text("orderBy");
    if (text == nullptr || trim_blanks(*text).empty()) return;
    std::string_view what = trim_blanks(*text);
    bool said = false;
    const std::size_t blank = what.find_last_of(" \t");
    for (const std::string_view direction : {"desc", "asc"}) {
      if (blank == what.npos || !equal_ignoring_case(what.substr(blank + 1), direction)) continue;
      query_.descending = direction == "desc";
      said = true;
    }
    if (said) what = what.substr(0, blank);
    what = trim_blanks(what);
    const auto group = std::ranges::find_if(query_.by, [&](const Grouping& grouping) {
      return equal_ignoring_case(grouping.name, what) ||
             equal_ignoring_case(grouping.dimension->name, what);
    });
    query_.ordered_by_group = group != query_.by.end();
    if (query_.ordered_by_group) {
      query_.order = static_cast<std::size_t>(group - query_.by.begin());
      if (!said) query_.descending = false;
      return;
    }
    auto measure = read_measure(what, "orderBy");
    if (!measure) return;
    query_.order = use(std::move(*measure));
    if (!said) query_.descending = true;
  }

  const Call& call_;
  const Arguments& arguments_;
  const integration::Report& report_;
  Query query_;
  std::vector<FieldError> problems_;
};

}  // namespace

Decimal unit_of(const ReportAmount& amount) {
  if (amount.kind == ReportAmount::Kind::hours) return Decimal("3600000");
  if (amount.kind == ReportAmount::Kind::days) return Decimal("86400000");
  return Decimal("1");
}

Outcome<Query> read_query(const Call& call, const integration::Report& report,
                          const Arguments& arguments) {
  return QueryReader(call, report, arguments).read();
}

}  // namespace patchbay::gateway::report
