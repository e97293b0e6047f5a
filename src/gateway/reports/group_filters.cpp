#include "gateway/reports/group_filters.h"

#include <algorithm>

#include "base/iso8601.h"
#include "dialect/filter.h"
#include "json/parse.h"

namespace patchbay::gateway::report {

using integration::Argument;
using integration::ArgumentPlace;
using integration::FieldType;
using integration::FilterOperator;
using integration::ReportDimension;

namespace {

class FilterMaker {
 public:
  FilterMaker(const Call& call, const Arguments& arguments) : call_(call), arguments_(arguments) {}

  void add(const ReportDimension& dimension, Step step, const Group::Part& part) {
    switch (dimension.kind) {
      case ReportDimension::Kind::time:
      case ReportDimension::Kind::day:
        if (part.first) return add_span(dimension, *part.first, step);
        return add_none(dimension.field);
      case ReportDimension::Kind::reference: {
        const auto field = dimension.field + '/' + call_.integration().pagination.id_field;
        if (part.value.empty()) return add_none(field);
        return add_equal(field, dimension.field, part.value);
      }
      case ReportDimension::Kind::record:
        return add_equal(call_.integration().pagination.id_field, {}, part.value);
      case ReportDimension::Kind::value:
        if (part.value.empty()) return add_none(dimension.field);
        return add_equal(dimension.field, dimension.field, part.value);
    }
  }

  void add_ids(const std::vector<std::string>& ids) {
    json::Array values;
    for (const auto& id : ids) {
      if (auto value = json::parse(id)) values.push_back(std::move(*value));
    }
    terms_.push_back({call_.integration().pagination.id_field, FilterOperator::in,
                      FieldType::integer, std::move(values)});
  }

  // What has no argument of its own stands in conditions, with the call's.
  json::Object take(bool& exact) {
    const auto* dialect = call_.filter_dialect();
    if (terms_.empty()) return std::move(filters_);
    auto written = dialect != nullptr
                       ? dialect->write(terms_)
                       : Result<std::string>(patchbay::fail(ErrorCode::unsupported, ""));
    if (!written || call_.find_argument("conditions") == nullptr) {
      exact = false;
      return std::move(filters_);
    }
    const auto* own = arguments_.text("conditions");
    filters_.append("conditions", own != nullptr ? dialect->both(*own, *written) : *written);
    return std::move(filters_);
  }

 private:
  const Argument* find(FilterOperator op, std::initializer_list<std::string_view> fields) const {
    for (const auto& argument : call_.method().arguments) {
      if (argument.place != ArgumentPlace::filter || argument.filter_operator != op ||
          !argument.compares.empty() || !argument.also.empty() || argument.hours_ahead) {
        continue;
      }
      for (const auto field : fields) {
        if (!field.empty() && argument.field() == field) return &argument;
      }
    }
    return nullptr;
  }

  FieldType type_of(const std::string& field, FieldType otherwise) const {
    const auto* found = call_.resource().find_field(field);
    return found != nullptr ? found->type : otherwise;
  }

  void add_equal(const std::string& field, std::string_view reference, const std::string& token) {
    auto value = json::parse(token);
    if (!value) return;
    if (const auto* argument = find(FilterOperator::equal, {reference, field})) {
      filters_[argument->name] = std::move(*value);
      return;
    }
    terms_.push_back(
        {field, FilterOperator::equal, type_of(field, FieldType::integer), std::move(*value)});
  }

  void add_none(const std::string& field) {
    if (const auto* argument = find(FilterOperator::is_null, {field})) {
      filters_[argument->name] = true;
      return;
    }
    terms_.push_back({field, FilterOperator::is_null, FieldType::boolean, true});
  }

  void add_span(const ReportDimension& dimension, std::chrono::local_days first, Step step) {
    const auto span = span_of(first, step);
    add_bound(dimension, FilterOperator::greater_or_equal, span.from);
    add_bound(dimension, FilterOperator::less, span.until);
  }

  // By the argument for it, unless the call has a narrower one.
  void add_bound(const ReportDimension& dimension, FilterOperator op, std::chrono::local_days day) {
    const bool is_day = dimension.kind == ReportDimension::Kind::day;
    const auto& zone = call_.context.account->time_zone();
    const auto moment = zone.to_utc(std::chrono::local_time<std::chrono::milliseconds>(day));
    if (const auto* argument = find(op, {dimension.field})) {
      const auto* said = arguments_.text(argument->name);
      const auto given = said != nullptr ? time_in('"' + *said + '"', is_day, zone) : std::nullopt;
      const bool from = op == FilterOperator::greater_or_equal;
      const bool narrower = given && (from ? *given > moment : *given < moment);
      if (!narrower) filters_[argument->name] = day_text(day);
      return;
    }
    terms_.push_back({dimension.field, op, is_day ? FieldType::date : FieldType::date_time,
                      is_day ? day_text(day) : format_utc(moment)});
  }

  const Call& call_;
  const Arguments& arguments_;
  json::Object filters_;
  std::vector<dialect::FilterTerm> terms_;
};

}  // namespace

json::Object filters_of(const Call& call, const Arguments& arguments, const Plan& plan,
                        const Group& group, bool& exact) {
  FilterMaker maker(call, arguments);
  if (!plan.query.where.empty()) {
    // No filter of the list says what `where` does.
    const bool few = group.ids.size() <= Group::kMostIds && !plan.row_relation;
    if (few) {
      maker.add_ids(group.ids);
      return maker.take(exact);
    }
    exact = false;
  }
  for (std::size_t i = 0; i < group.parts.size(); ++i) {
    const auto& grouping = plan.query.by[i];
    if (grouping.dimension->relation) {
      exact = false;
      continue;
    }
    maker.add(*grouping.dimension, grouping.step, group.parts[i]);
  }
  return maker.take(exact);
}

}  // namespace patchbay::gateway::report
