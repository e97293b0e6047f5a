#include "gateway/reports/spans.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "base/decimal.h"
#include "base/iso8601.h"
#include "base/text.h"

namespace patchbay::gateway::report {

using integration::Report;
using integration::ReportAmount;

namespace {

// What of a report is made of one relation's records.
class Use {
 public:
  Use(const Report& report, std::size_t relation) : report_(report), relation_(relation) {}

  // Whether some of what the amount is made of is the relation's.
  bool of(const ReportAmount& amount) const {
    if (amount.relation) return amount.relation == relation_;
    const auto is_own = [this](const std::string& operand) { return is_of(operand); };
    return std::ranges::any_of(amount.from, is_own) || std::ranges::any_of(amount.to, is_own) ||
           std::ranges::any_of(amount.terms, [&](const auto& term) {
             return std::ranges::any_of(term.factors, is_own);
           });
  }
  // Whether all of it is; a number is nobody's.
  bool is_all(const ReportAmount& amount) const {
    if (amount.relation) return true;
    const auto is_own = [this](const std::string& operand) {
      return is_number_token(operand) || is_of(operand);
    };
    return !amount.to_now && std::ranges::all_of(amount.from, is_own) &&
           std::ranges::all_of(amount.to, is_own) &&
           std::ranges::all_of(amount.terms, [&](const auto& term) {
             return std::ranges::all_of(term.factors, is_own);
           });
  }
  std::vector<std::string> amounts() const {
    std::vector<std::string> names;
    for (const ReportAmount& amount : report_.amounts) {
      if (of(amount)) names.push_back(amount.name);
    }
    return names;
  }

 private:
  bool is_of(const std::string& operand) const {
    return std::ranges::any_of(report_.amounts, [&](const ReportAmount& amount) {
      return amount.relation == relation_ && amount.name == operand;
    });
  }

  const Report& report_;
  std::size_t relation_;
};

std::vector<const ReportAmount*> asked_amounts(const Query& query) {
  std::vector<const ReportAmount*> asked;
  const auto add = [&](const ReportAmount* amount) {
    if (amount == nullptr || std::ranges::find(asked, amount) != asked.end()) return;
    asked.push_back(amount);
  };
  for (const auto& measure : query.measures) add(measure.amount);
  for (const auto& test : query.where) add(test.amount);
  return asked;
}

std::unexpected<ToolError> refuse_span(std::string argument, std::string message,
                                       std::string hint) {
  return refuse_argument(std::move(argument), {.code = ErrorCode::invalid_argument,
                                               .message = std::move(message),
                                               .hint = std::move(hint)});
}

// Told before anything is read, in the words of the call and not in those of the relation's list.
Outcome<> check_times(const Call& call, const Arguments& arguments,
                      const integration::ReportRelation& relation) {
  std::optional<WallTime> latest;
  for (const auto& [own, of_list] : relation.span) {
    if (!arguments.has(own)) continue;
    const auto* text = arguments.text(own);
    std::optional<WallTime> time;
    if (text != nullptr) {
      if (const auto read = parse_iso8601(*text, call.context.account->time_zone())) time = *read;
    }
    if (!time) {
      return refuse_span(own, "is no time; write ISO 8601, as in 2026-11-22T14:00:00+01:00",
                         "Nothing was sent. Correct the arguments and call again.");
    }
    if (latest && *time <= *latest) {
      return refuse_span(own, "is not after " + relation.span.front().first,
                         "Give the earlier time as " + relation.span.front().first + '.');
    }
    latest = *time;
  }
  return {};
}

}  // namespace

Outcome<std::string> check_spans(const Call& call, const Arguments& arguments, const Plan& plan) {
  std::string told;
  for (std::size_t at = 0; at < plan.report->relations.size(); ++at) {
    const auto& relation = plan.report->relations[at];
    if (relation.span.empty()) continue;
    if (auto sound = check_times(call, arguments, relation); !sound) {
      return std::unexpected(std::move(sound.error()));
    }
    std::vector<std::string> names;
    std::size_t given = 0;
    std::string first;
    for (const auto& [own, of_list] : relation.span) {
      names.push_back(own);
      if (!arguments.has(own)) continue;
      if (given++ == 0) first = own;
    }
    const Use use(*plan.report, at);
    const bool is_read =
        std::ranges::find(plan.related, at, &RelatedPlan::relation) != plan.related.end();
    if (given > 0 && !is_read) {
      return refuse_span(first,
                         "says when those were that " + join(use.amounts()) +
                             " are made of, and none of these is asked for",
                         "Add one of them to measures, or leave it out.");
    }
    if (!is_read || given == names.size()) continue;
    std::vector<std::string> asked;
    for (const ReportAmount* amount : asked_amounts(plan.query)) {
      if (!use.of(*amount)) continue;
      asked.push_back(amount->name);
      // A month's revenue less the cost of years is no margin.
      if (use.is_all(*amount)) continue;
      return refuse_span(
          integration::kMeasures,
          amount->name + " sets what is so at one time against " + relation.name + " of all time",
          "Give " + join(names, " and ") + " as well, such as those of one billing cycle.");
    }
    if (given > 0) continue;
    if (asked.empty()) asked.push_back(relation.name);
    told += (told.empty() ? "" : " ") + join(asked, ", ") + (asked.size() > 1 ? " are" : " is") +
            " of all time; give " + join(names, " and ") + " for a span.";
  }
  return told;
}

}  // namespace patchbay::gateway::report
