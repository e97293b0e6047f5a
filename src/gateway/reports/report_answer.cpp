#include "gateway/reports/report_answer.h"

#include <algorithm>

#include "base/iso8601.h"
#include "base/text.h"
#include "gateway/answers/envelope.h"
#include "gateway/reports/group_filters.h"
#include "gateway/reports/ratio.h"
#include "json/parse.h"
#include "json/write.h"

namespace patchbay::gateway::report {

using integration::ReportAmount;
using integration::ReportDimension;

namespace {

constexpr std::size_t kPlaces = 4;          // of an average
constexpr std::size_t kDurationPlaces = 2;  // of hours and days
constexpr std::size_t kSharePlaces = 2;
constexpr std::size_t kRoomForEnd = 700;  // notice and others
constexpr std::size_t kMostLabel = 80;    // characters of a record's name

std::optional<Decimal> gathered(const Measure& measure, const Tally& tally) {
  switch (measure.kind) {
    case Measure::Kind::count:
      return Decimal(std::to_string(tally.count()));
    case Measure::Kind::sum:
    case Measure::Kind::average:
      return tally.sum();
    case Measure::Kind::least:
      return tally.least();
    case Measure::Kind::greatest:
      return tally.greatest();
    case Measure::Kind::median:
      return tally.median();
    case Measure::Kind::p90:
      return tally.p90();
  }
  return std::nullopt;
}

// As it is shown, and compared.
std::optional<Decimal> value_of(const Measure& measure, std::size_t at, const Group& group,
                                const Group& total) {
  const bool counts = measure.amount == nullptr;
  const auto own = counts ? std::optional(Decimal(std::to_string(group.count)))
                          : gathered(measure, group.tallies[at]);
  if (!own) return std::nullopt;
  if (measure.share) {
    const auto all = counts ? std::optional(Decimal(std::to_string(total.count)))
                            : gathered(measure, total.tallies[at]);
    const auto percent = Decimal::product(*own, Decimal("100"));
    return all && percent ? ratio_of(*percent, *all, kSharePlaces) : std::nullopt;
  }
  const bool average = measure.kind == Measure::Kind::average;
  const bool lasts = measure.amount != nullptr && measure.amount->is_duration();
  if (!average && !lasts) return own;
  auto unit = measure.amount != nullptr ? unit_of(*measure.amount) : Decimal("1");
  if (average) {
    const auto product = Decimal::product(unit, Decimal(std::to_string(group.tallies[at].count())));
    if (!product) return std::nullopt;
    unit = *product;
  }
  return ratio_of(*own, unit, lasts ? kDurationPlaces : kPlaces);
}

class Writer {
 public:
  Writer(Call& call, const Arguments& arguments, const Plan& plan, Groups& groups)
      : call_(call),
        arguments_(arguments),
        plan_(plan),
        query_(plan.query),
        total_(groups.total()),
        groups_(groups.groups()),
        others_(groups.empty()) {}

  std::string write() {
    choose();
    tell_incomplete();
    const auto cap = std::min(call_.context.max_result_bytes, kMostReportBytes);
    std::string lines;
    std::size_t written = 0;
    for (const auto* group : chosen_) {
      auto line = line_of(*group);
      const bool fits = lines.size() + line.size() + kRoomForEnd <= cap;
      const bool among_first = std::cmp_less(written, query_.most_groups);
      if (!among_first || (!fits && written > 0)) break;
      if (written++ > 0) lines += kBetweenRecords;
      lines += line;
    }
    const bool cut = written < chosen_.size() && std::cmp_less(written, query_.most_groups);
    for (auto i = written; i < chosen_.size(); ++i) others_.add(*chosen_[i]);
    tell_place(written, cut);
    return assemble(lines, chosen_.size() - written);
  }

 private:
  std::optional<Decimal> value(std::size_t measure, const Group& group) const {
    return value_of(query_.measures[measure], measure, group, total_);
  }

  // The groups that pass, in their order.
  void choose() {
    for (const auto& group : groups_) {
      const bool passes = std::ranges::all_of(query_.having, [&](const GroupTest& test) {
        const auto found = value(test.measure, group);
        return found && holds(test.comparison, Decimal::compare(*found, test.value));
      });
      if (passes) chosen_.push_back(&group);
    }
    left_out_ = groups_.size() - chosen_.size();
    struct Ranked {
      const Group* group;
      std::optional<Decimal> value;
    };
    std::vector<Ranked> ranked;
    for (const auto* group : chosen_) {
      ranked.push_back(
          {group, query_.ordered_by_group ? std::nullopt : value(query_.order, *group)});
    }
    std::ranges::sort(ranked, [&](const Ranked& a, const Ranked& b) {
      if (query_.ordered_by_group) return is_before(*a.group, *b.group);
      if (a.value.has_value() != b.value.has_value()) return a.value.has_value();
      const int order = a.value ? Decimal::compare(*a.value, *b.value) : 0;
      if (order != 0) return query_.descending ? order > 0 : order < 0;
      return by_name(*a.group, *b.group) < 0;
    });
    std::ranges::transform(ranked, chosen_.begin(), &Ranked::group);
  }

  // By the grouping that was named, then by all of them.
  bool is_before(const Group& a, const Group& b) const {
    const int order = compare(a.parts[query_.order], b.parts[query_.order]);
    if (order != 0) return query_.descending ? order > 0 : order < 0;
    return by_name(a, b) < 0;
  }
  static int compare(const Group::Part& a, const Group::Part& b) {
    const auto& left = a.label.empty() ? a.value : a.label;
    const auto& right = b.label.empty() ? b.value : b.label;
    if (is_number_token(left) && is_number_token(right)) {
      return Decimal::compare(Decimal(left), Decimal(right));
    }
    return left.compare(right);
  }
  static int by_name(const Group& a, const Group& b) {
    for (std::size_t i = 0; i < a.parts.size(); ++i) {
      if (const int order = compare(a.parts[i], b.parts[i]); order != 0) return order;
    }
    return 0;
  }

  json::Value shown(std::size_t measure, const Group& group) const {
    const auto found = value(measure, group);
    if (!found) return nullptr;
    const auto* amount = query_.measures[measure].amount;
    const auto plain = found->plain();
    if (!plain) return nullptr;
    if (amount == nullptr || amount->kind != ReportAmount::Kind::time) {
      return json::Number(*plain);
    }
    const WallTime moment(std::chrono::milliseconds(parse_int64(*plain).value_or(0)));
    if (!is_day(*amount)) return format_utc(moment);
    const auto local = call_.context.account->time_zone().to_local(moment);
    return day_text(std::chrono::floor<std::chrono::days>(local));
  }

  bool is_day(const ReportAmount& amount) const {
    const auto& report = *plan_.report;
    const auto* resource =
        amount.relation
            ? call_.integration().find_resource(report.relations[*amount.relation].resource)
            : &call_.resource();
    const auto* field = resource->find_field(amount.from.front());
    return field != nullptr && field->type == integration::FieldType::date;
  }

  // What there is of the shown measures, behind what is there already.
  void append_measures(const Group& group, json::Object& into) const {
    for (std::size_t i = 0; i < query_.shown; ++i) {
      auto found = shown(i, group);
      if (!found.is_null()) into.append(query_.measures[i].name, std::move(found));
    }
  }

  static json::Value parsed(const std::string& token) {
    auto value = json::parse(token);
    if (!value) return nullptr;
    auto* text = value->is_string() ? value->if_string() : nullptr;
    if (text != nullptr && text->size() > kMostLabel) {
      return std::string(cut_utf8(*text, kMostLabel)) + "\xE2\x80\xA6";
    }
    return std::move(*value);
  }

  std::string line_of(const Group& group) {
    json::Object line;
    for (std::size_t i = 0; i < group.parts.size(); ++i) {
      const auto& part = group.parts[i];
      const auto& grouping = query_.by[i];
      json::Value value;
      if (part.first) {
        value = part.value;
      } else if (plan_.groups[i].label && !part.value.empty()) {
        value = json::Object{{"id", parsed(part.value)}};
        if (!part.label.empty()) {
          // A record's name, as others show it.
          value["name"] = parsed(part.label);
        }
      } else if (!part.value.empty()) {
        value = parsed(part.value);
      }
      line.append(grouping.name, std::move(value));
    }
    append_measures(group, line);
    bool exact = true;
    auto filters = filters_of(call_, arguments_, plan_, group, exact);
    inexact_ = inexact_ || !exact;
    if (!filters.empty()) line.append("filters", std::move(filters));
    return json::to_string(line);
  }

  // Amounts that some rows do not have.
  void tell_incomplete() {
    for (std::size_t i = 0; i < query_.shown; ++i) {
      const auto* amount = query_.measures[i].amount;
      const auto has = total_.tallies[i].count();
      if (amount == nullptr || has == total_.count) continue;
      const auto text = amount->name + ": " + std::to_string(has) + " of " +
                        std::to_string(total_.count) + " rows have it.";
      if (!call_.notice.contains(text)) call_.add_notice(text);
    }
  }

  void tell_place(std::size_t written, bool cut) {
    if (cut) {
      call_.add_notice("The first " + std::to_string(written) + " of " +
                       std::to_string(chosen_.size()) +
                       " groups, which is as much as fits; narrow with having or filters.");
    }
    if (left_out_ > 0) {
      call_.add_notice(std::to_string(left_out_) +
                       " groups do not pass having: total counts their rows, others do not.");
    }
    if (inexact_) {
      call_.add_notice(plan_.row_relation ? "filters list the records that these rows belong to."
                                          : "filters show the groups' rows before where.");
    }
    if (written > 0 && says_more_than_groups()) {
      call_.add_notice("A group's rows: this call with its filters in place of " +
                       std::string(integration::kGroupBy) + '.');
    }
  }

  // Whether the call has filters that a group's come on top of.
  bool says_more_than_groups() const {
    return std::ranges::any_of(call_.method().arguments, [&](const auto& argument) {
      return argument.place == integration::ArgumentPlace::filter && arguments_.has(argument.name);
    });
  }

  std::string assemble(const std::string& lines, std::size_t rest) const {
    std::string out = "{" + Envelope{.notice = call_.notice}.members();
    if (out.size() > 1) out += ',';
    json::Object total;
    total.append("count", total_.count);
    append_total(total_, total);
    out += "\"total\":" + json::to_string(total);
    if (query_.by.empty()) return out + '}';
    out += lines.empty() ? ",\"groups\":[" : ",\"groups\":[\n" + lines + '\n';
    out += ']';
    if (rest > 0) {
      json::Object others;
      others.append("groups", rest);
      others.append("count", others_.count);
      append_total(others_, others);
      out += ",\"others\":" + json::to_string(others);
    }
    return out + '}';
  }

  // The rows are always told, once.
  void append_total(const Group& group, json::Object& into) const {
    json::Object measures;
    append_measures(group, measures);
    for (auto& [name, found] : measures) {
      if (!into.contains(name)) into.append(name, std::move(found));
    }
  }

  Call& call_;
  const Arguments& arguments_;
  const Plan& plan_;
  const Query& query_;
  const Group& total_;
  const std::vector<Group>& groups_;
  Group others_;
  std::vector<const Group*> chosen_;
  std::size_t left_out_ = 0;
  bool inexact_ = false;
};

}  // namespace

std::string write_report(Call& call, const Arguments& arguments, const Plan& plan, Groups& groups) {
  return Writer(call, arguments, plan, groups).write();
}

}  // namespace patchbay::gateway::report
