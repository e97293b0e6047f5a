// What a row has of an amount.
#include <algorithm>

#include "base/iso8601.h"
#include "gateway/reports/plan.h"

namespace patchbay::gateway::report {

using integration::ReportAmount;

namespace {

std::string_view cell_of(const Source& source, const Row& row) {
  const auto& cells = source.of == Source::Of::child ? row.child : row.cells;
  return source.at < cells.size() ? std::string_view(cells[source.at]) : std::string_view();
}

std::optional<Decimal> number_of(const Source& source, const Row& row) {
  if (source.of == Source::Of::slot) return row.related[source.at];
  return number_in(cell_of(source, row));
}

// Milliseconds since 1970.
std::optional<Decimal> instant_of(const Source& source, const Row& row, const TimeZone& zone) {
  if (source.of == Source::Of::slot) return row.related[source.at];
  const auto time = time_in(cell_of(source, row), source.is_day, zone);
  if (!time) return std::nullopt;
  return Decimal(std::to_string(time->time_since_epoch().count()));
}

std::optional<Decimal> number(const Evaluation& evaluation, const Row& row) {
  std::optional<Decimal> sum;
  for (const auto& term : evaluation.terms) {
    std::optional<Decimal> product = term.constant;
    for (const auto& factor : term.factors) {
      const auto value = number_of(factor, row);
      if (!value) return std::nullopt;
      product = product ? Decimal::product(*product, *value) : value;
      if (!product) return std::nullopt;
    }
    if (!product) return std::nullopt;
    if (term.negative) product = product->negated();
    sum = sum ? Decimal::sum(*sum, *product) : product;
    if (!sum) return std::nullopt;
  }
  return sum;
}

std::optional<Decimal> latest(const std::vector<Source>& sources, const Row& row,
                              const TimeZone& zone) {
  std::optional<Decimal> found;
  for (const auto& source : sources) {
    const auto time = instant_of(source, row, zone);
    if (time && (!found || Decimal::compare(*time, *found) > 0)) found = time;
  }
  return found;
}

std::optional<Decimal> duration(const Evaluation& evaluation, const Row& row, const RowTime& time) {
  const auto from = latest(evaluation.from, row, time.zone);
  std::optional<Decimal> to;
  for (const auto& source : evaluation.to) {
    if (!to) to = instant_of(source, row, time.zone);
  }
  if (!to && evaluation.amount->to_now) {
    to = Decimal(std::to_string(time.now.time_since_epoch().count()));
  }
  if (!from || !to) return std::nullopt;
  auto took = Decimal::sum(*to, from->negated());
  if (evaluation.amount->if_positive && took && (took->is_negative() || took->is_zero())) {
    return std::nullopt;
  }
  return took;
}

}  // namespace

std::string_view bare(std::string_view cell) {
  if (cell.size() < 2 || cell.front() != '"') return cell;
  return cell.substr(1, cell.size() - 2);
}

std::optional<Decimal> number_in(std::string_view cell) {
  // Some amounts come as texts: "45.00".
  const auto text = bare(cell);
  if (text == "true") return Decimal("1");
  if (text == "false") return Decimal("0");
  if (!is_number_token(text)) return std::nullopt;
  return Decimal(text);
}

std::optional<WallTime> time_in(std::string_view cell, bool is_day, const TimeZone& zone) {
  const auto text = bare(cell);
  if (text.empty()) return std::nullopt;
  if (is_day) {
    const auto day = read_day(text);
    if (!day) return std::nullopt;
    return zone.to_utc(std::chrono::local_time<std::chrono::milliseconds>(*day));
  }
  const auto time = parse_iso8601(text, zone);
  if (!time) return std::nullopt;
  return *time;
}

std::optional<Decimal> evaluate(const Evaluation& evaluation, const Row& row, const RowTime& time) {
  if (evaluation.is_one) return Decimal("1");
  if (evaluation.only && bare(cell_of(evaluation.only->first, row)) != evaluation.only->second) {
    return std::nullopt;
  }
  switch (evaluation.amount->kind) {
    case ReportAmount::Kind::count:
    case ReportAmount::Kind::number:
      return number(evaluation, row);
    case ReportAmount::Kind::hours:
    case ReportAmount::Kind::days:
      return duration(evaluation, row, time);
    case ReportAmount::Kind::time: {
      auto found = latest(evaluation.from, row, time.zone);
      if (!found || evaluation.amount->when == ReportAmount::When::any) return found;
      const Decimal now(std::to_string(time.now.time_since_epoch().count()));
      const bool ahead = Decimal::compare(*found, now) >= 0;
      const bool wanted = evaluation.amount->when == ReportAmount::When::ahead;
      if (evaluation.from.front().of != Source::Of::slot && ahead != wanted) return std::nullopt;
      return found;
    }
  }
  return std::nullopt;
}

}  // namespace patchbay::gateway::report
