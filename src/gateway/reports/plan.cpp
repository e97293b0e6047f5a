#include "gateway/reports/plan.h"

#include <algorithm>

#include "base/decimal.h"
#include "base/text.h"
#include "dialect/field_path.h"
#include "gateway/call/labels.h"
#include "gateway/reports/spans.h"
#include "integration/model.h"

namespace patchbay::gateway::report {

using integration::FieldType;
using integration::ReportAmount;
using integration::ReportDimension;

std::size_t Columns::of(const std::string& path) {
  const auto known = std::ranges::find(paths_, path);
  if (known != paths_.end()) return static_cast<std::size_t>(known - paths_.begin());
  paths_.push_back(path);
  return paths_.size() - 1;
}

namespace {

class Planner {
 public:
  Planner(const Call& call, const integration::Report& report, const Arguments& arguments,
          Query query)
      : call_(call),
        report_(report),
        arguments_(arguments),
        plan_{.report = &report, .query = std::move(query)} {}

  Outcome<Plan> make() {
    find_row_relation();
    for (const auto& grouping : plan_.query.by) add_group(grouping);
    for (const auto& measure : plan_.query.measures) {
      if (measure.amount != nullptr && counts_twice(*measure.amount)) {
        return refuse_twice(measure);
      }
      plan_.measures.push_back(
          measure.amount != nullptr ? std::optional(evaluation_of(*measure.amount)) : std::nullopt);
    }
    for (const auto& test : plan_.query.where) plan_.where.push_back(evaluation_of(*test.amount));
    auto notice = check_spans(call_, arguments_, plan_);
    if (!notice) return std::unexpected(std::move(notice.error()));
    plan_.notice = std::move(*notice);
    if (!several_.empty()) {
      return refuse(ErrorCode::invalid_argument,
                    "groupBy: " + several_ + " are of different records than " + row_name() + '.',
                    "Group by one kind of related records at a time.");
    }
    if (!missing_.empty()) {
      return refuse(ErrorCode::permission_denied,
                    "This report needs " + missing_ + ", which this MCP server does not offer.",
                    "Ask for measures and groups that do without.");
    }
    return std::move(plan_);
  }

 private:
  void find_row_relation() {
    for (const auto& grouping : plan_.query.by) {
      const auto& relation = grouping.dimension->relation;
      if (!relation) continue;
      if (plan_.row_relation && *plan_.row_relation != *relation) several_ = grouping.name;
      if (!plan_.row_relation) plan_.row_relation = relation;
    }
    if (plan_.row_relation) related(*plan_.row_relation).is_row = true;
  }

  // ---- groups of related records ---------------------------------------------------------------

  std::string row_name() const { return report_.relations[*plan_.row_relation].name; }

  // An amount of the record, added up once for each of its related records, would be wrong.
  bool counts_twice(const ReportAmount& amount) const {
    return plan_.row_relation && amount.relation != plan_.row_relation;
  }

  std::unexpected<ToolError> refuse_twice(const Measure& measure) const {
    std::vector<std::string> fit;
    for (const auto& amount : report_.amounts) {
      if (amount.relation == plan_.row_relation) fit.push_back(amount.name);
    }
    return refuse_argument(
        integration::kMeasures,
        {.code = ErrorCode::invalid_argument,
         .message = measure.name + " would be counted once for each of " + row_name(),
         .hint = "With these groups measure count" +
                 (fit.empty() ? std::string() : ", " + join(fit, ", ")) + '.'});
  }

  RelatedPlan& related(std::size_t relation) {
    const auto known = std::ranges::find(plan_.related, relation, &RelatedPlan::relation);
    if (known != plan_.related.end()) return *known;
    const auto& told = report_.relations[relation];
    RelatedPlan plan{.relation = relation};
    plan.tool = relation < call_.tool.steps.size() ? call_.tool.steps[relation] : nullptr;
    if (plan.tool == nullptr) missing_ = resource_of(relation).label;
    for (const auto& [own, of_list] : told.span) {
      if (const auto* given = arguments_.find(own)) plan.span.append(of_list, *given);
    }
    if (!told.on.empty()) plan.on = plan.columns.of(told.on);
    if (told.during) {
      plan.during = {child_cell(plan, told.during->first), child_cell(plan, told.during->second)};
    }
    plan_.related.push_back(std::move(plan));
    return plan_.related.back();
  }

  const integration::Resource& resource_of(std::size_t relation) const {
    return *call_.integration().find_resource(report_.relations[relation].resource);
  }

  static bool is_day(const integration::Resource& resource, const std::string& path) {
    const auto* field = resource.find_field(path);
    return field != nullptr && field->type == FieldType::date;
  }

  Source own_cell(const std::string& path) {
    return {Source::Of::cell, plan_.columns.of(path), is_day(call_.resource(), path)};
  }
  Source child_cell(RelatedPlan& plan, const std::string& path) const {
    return {Source::Of::child, plan.columns.of(path), is_day(resource_of(plan.relation), path)};
  }

  // "0.01"
  static bool take_constant(const std::string& factor, Evaluation::Term& term) {
    if (!is_number_token(factor)) return false;
    term.constant = Decimal(factor);  // one a term
    return true;
  }

  // Of an amount: its operands as cells of the related record, whose relation it is of.
  Evaluation over_child(const ReportAmount& amount, RelatedPlan& plan) const {
    Evaluation out{.amount = &amount};
    for (const auto& term : amount.terms) {
      Evaluation::Term made{.negative = term.negative, .constant = {}, .factors = {}};
      for (const auto& factor : term.factors) {
        if (!take_constant(factor, made)) made.factors.push_back(child_cell(plan, factor));
      }
      out.terms.push_back(std::move(made));
    }
    for (const auto& field : amount.from) out.from.push_back(child_cell(plan, field));
    for (const auto& field : amount.to) out.to.push_back(child_cell(plan, field));
    if (amount.only) out.only = {child_cell(plan, amount.only->first), amount.only->second};
    out.is_one = amount.kind == ReportAmount::Kind::count;
    return out;
  }

  // Where what a relation gathers for each record is put.
  Source slot_of(const ReportAmount& amount) {
    auto& plan = related(*amount.relation);
    const auto known = std::ranges::find_if(
        plan.slots, [&](const auto& slot) { return slot.evaluation.amount == &amount; });
    if (known != plan.slots.end()) return {Source::Of::slot, known->at};
    plan.slots.push_back({plan_.slots, over_child(amount, plan)});
    return {Source::Of::slot, plan_.slots++};
  }

  // A field of the record, or what a relation gathers for it.
  Source operand(const std::string& name) {
    for (const auto& amount : report_.amounts) {
      if (amount.relation && amount.name == name) return slot_of(amount);
    }
    return own_cell(name);
  }

  Evaluation evaluation_of(const ReportAmount& amount) {
    if (amount.relation) {
      auto& plan = related(*amount.relation);
      if (plan.is_row) return over_child(amount, plan);
      Evaluation out{.amount = &amount};
      const auto slot = slot_of(amount);
      if (amount.kind == ReportAmount::Kind::time) {
        out.from.push_back(slot);
      } else {
        out.terms.push_back({.negative = false, .constant = {}, .factors = {slot}});
      }
      return out;
    }
    Evaluation out{.amount = &amount};
    for (const auto& term : amount.terms) {
      Evaluation::Term made{.negative = term.negative, .constant = {}, .factors = {}};
      for (const auto& factor : term.factors) {
        if (!take_constant(factor, made)) made.factors.push_back(operand(factor));
      }
      out.terms.push_back(std::move(made));
    }
    for (const auto& name : amount.from) out.from.push_back(operand(name));
    for (const auto& name : amount.to) out.to.push_back(operand(name));
    return out;
  }

  // The child of a reference by which people know it; "" if it shows none.
  std::string label_child(const integration::Resource& resource, const std::string& field) const {
    for (const auto& label : single_label_fields(call_.integration())) {
      if (resource.find_field(field + '/' + label) != nullptr) return label;
    }
    return {};
  }

  void add_group(const Grouping& grouping) {
    const auto& dimension = *grouping.dimension;
    GroupColumn column{.grouping = &grouping, .id = {}, .label = std::nullopt};
    RelatedPlan* child = dimension.relation ? &related(*dimension.relation) : nullptr;
    const auto cell = [&](const std::string& path) {
      return child != nullptr ? child_cell(*child, path) : own_cell(path);
    };
    const auto& id_field = call_.integration().pagination.id_field;
    switch (dimension.kind) {
      case ReportDimension::Kind::record:
        column.id = cell(id_field);
        column.label = cell(dimension.field);
        break;
      case ReportDimension::Kind::reference: {
        const auto& resource =
            child != nullptr ? resource_of(*dimension.relation) : call_.resource();
        column.id = cell(dimension.field + '/' + id_field);
        const auto label = label_child(resource, dimension.field);
        if (!label.empty()) column.label = cell(dimension.field + '/' + label);
        break;
      }
      default:
        column.id = cell(dimension.field);
    }
    plan_.groups.push_back(column);
  }

  const Call& call_;
  const integration::Report& report_;
  const Arguments& arguments_;
  Plan plan_;
  std::string missing_;
  std::string several_;
};

}  // namespace

Outcome<Plan> make_plan(const Call& call, const integration::Report& report,
                        const Arguments& arguments, Query query) {
  return Planner(call, report, arguments, std::move(query)).make();
}

}  // namespace patchbay::gateway::report
