// What a composite makes of a list: conditions, values and groups over its records.
#include <algorithm>

#include "base/text.h"
#include "pack/composite_reader.h"

namespace patchbay::pack {
namespace {

constexpr std::int64_t kMostRead = 5'000;  // five pages of a thousand

// A cost may come as a text, so texts may be summed; what is no number then is told in the answer.
bool fits(Aggregate::Kind kind, const Field& field) {
  switch (kind) {
    case Aggregate::Kind::sum:
      return field.type == FieldType::number || field.type == FieldType::integer ||
             field.type == FieldType::string;
    case Aggregate::Kind::age:
      return is_time(field);
    default:
      return field.type != FieldType::object && field.type != FieldType::array &&
             field.type != FieldType::reference;
  }
}

// "sum actualHours * hourlyCost": a word, and fields.
bool read_words(std::string_view text, Aggregate& into) {
  text = trim(text);
  const auto space = text.find(' ');
  const std::string_view word = text.substr(0, space);
  const std::string_view rest =
      space == std::string_view::npos ? std::string_view{} : trim(text.substr(space));
  const auto found = std::ranges::find(kAggregates, word, &Word<Aggregate::Kind>::text);
  if (found == kAggregates.end()) return false;
  into.kind = found->means;
  if (into.kind == Aggregate::Kind::count) return rest.empty();
  if (into.kind != Aggregate::Kind::sum) {
    into.fields.emplace_back(rest);
    return !rest.empty() && !rest.contains(' ');
  }
  for (const auto factor : split(rest, '*')) into.fields.emplace_back(trim(factor));
  return into.fields.size() <= kMostFactors &&
         std::ranges::none_of(into.fields, [](const auto& field) { return field.empty(); });
}

}  // namespace

void CompositeReader::check_field_later(const std::string& field, const std::string& resource,
                                        std::size_t line, const std::string& what) {
  definition.later([to = &definition, field, resource, line, what] {
    const Resource* target = to->integration.find_resource(resource);
    if (target == nullptr) return;
    const Field* found = target->find_field(field);
    if (found != nullptr && found->returned) return;
    to->problems.error(line, what + ": " + resource + " have no field '" + field + "'",
                       suggest(field, field_paths(target->fields)));
  });
}

// "$teams.members": of all records that the earlier list `teams` kept; else as any value.
StepValue CompositeReader::read_values(const Node& node, const std::string& what) {
  const std::string_view text = node.is_scalar() ? std::string_view(node.text) : "";
  const auto dot = text.find('.');
  if (!text.starts_with('$') || dot == std::string_view::npos) return read_value(node, what);
  const auto step =
      std::ranges::find(composite.steps, text.substr(1, dot - 1), &CompositeStep::name);
  if (step == composite.steps.end() || !step->reduce) return read_value(node, what);
  StepValue value;
  value.from = StepValue::From::records;
  value.name = step->name;
  value.path = text.substr(dot + 1);
  std::ranges::replace(value.path, '.', '/');
  auto& kept = step->reduce->kept;
  if (std::ranges::find(kept, value.path) == kept.end()) kept.push_back(value.path);
  check_field_later(value.path, step->resource, node.line, what);
  return value;
}

void CompositeReader::read_tests(const Node& node, const std::string& name,
                                 const std::string& resource, Condition condition,
                                 std::vector<Condition>& conditions) {
  MappingReader tests(node, name, definition.problems);
  condition.or_missing = tests.flag("or_missing", false);
  bool any = false;
  for (const auto& [key, test, done_by] : kConditionTests) {
    const Node* given = tests.find(key);
    if (given == nullptr) continue;
    condition.test = test;
    condition.value =
        test == Condition::Test::one_of ? read_values(*given, name) : read_value(*given, name);
    if (test == Condition::Test::before_field) {
      check_field_later(given->text, resource, given->line, name);
    }
    conditions.push_back(condition);
    any = true;
  }
  if (!any) problem(node.line, name + ": no test", "use one of " + join(texts_of(kConditionTests)));
}

std::vector<Condition> CompositeReader::read_conditions(const Node& node, const std::string& what,
                                                        const std::string& resource) {
  std::vector<Condition> conditions;
  MappingReader shape(node, what, definition.problems);
  shape.has_own_names();
  for (const auto& entry : node.entries) {
    const std::string name = what + ": " + entry.key;
    check_field_later(entry.key, resource, entry.line, what);
    Condition condition;
    condition.field = entry.key;
    if (entry.value.is_scalar()) {
      condition.value = read_value(entry.value, name);
      conditions.push_back(std::move(condition));
      continue;
    }
    // Several of a kind stand in a list.
    const auto several = entry.value.is_sequence() ? entry.value.items : std::vector{entry.value};
    for (const Node& one : several) read_tests(one, name, resource, condition, conditions);
  }
  return conditions;
}

Aggregate CompositeReader::read_aggregate(const std::string& name, const Node& node,
                                          const std::string& what, const std::string& resource) {
  Aggregate aggregate;
  aggregate.name = name;
  std::string text = node.text;
  if (!node.is_scalar()) {
    MappingReader reader(node, what, definition.problems);
    text = reader.required_text("value", "sum actualHours");
    if (const Node* where = reader.find("where")) {
      aggregate.where = read_conditions(*where, what + ": where", resource);
    }
  }
  if (!read_words(text, aggregate)) {
    problem(node.line, what + ": cannot read '" + text + "'",
            "write count, sum FIELD, sum FIELD * FIELD, min FIELD, max FIELD or age FIELD");
  }
  for (const auto& field : aggregate.fields) {
    check_field_later(field, resource, node.line, what);
    definition.later(
        [to = &definition, field, resource, what, line = node.line, kind = aggregate.kind] {
          const Resource* target = to->integration.find_resource(resource);
          const Field* found = target != nullptr ? target->find_field(field) : nullptr;
          if (found == nullptr || fits(kind, *found)) return;
          to->problems.error(line, what + ": '" + field + "' is of another type",
                             "sum numbers, take the age of times, and min or max of plain values");
        });
  }
  return aggregate;
}

Reduction CompositeReader::read_reduction(const Node& node, const std::string& what,
                                          const std::string& resource, bool shown) {
  Reduction reduction;
  MappingReader reader(node, what, definition.problems);
  reduction.read_at_most = reader.integer("read_at_most", reduction.read_at_most);
  if (reduction.read_at_most < 1 || reduction.read_at_most > kMostRead) {
    problem(reader.find("read_at_most")->line, what + ": read_at_most must be 1 to 5000",
            "leave it out to read 1,000 records");
    reduction.read_at_most = 1;
  }
  if (const Node* keep = reader.find("keep")) {
    reduction.keep = read_conditions(*keep, what + ": keep", resource);
  }
  if (const Node* overlapping = reader.find("overlapping")) {
    MappingReader spans(*overlapping, what + ": overlapping", definition.problems);
    reduction.overlapping =
        Overlapping{spans.required_text("from", "starts_at"), spans.required_text("to", "ends_at"),
                    spans.required_text("of", "owner")};
    const auto& [from, to, of] = *reduction.overlapping;
    for (const auto& field : {from, to, of}) {
      check_field_later(field, resource, overlapping->line, what);
    }
  }
  if (const Node* values = reader.find("values")) {
    MappingReader shape(*values, what + ": values", definition.problems);
    shape.has_own_names();
    for (const auto& entry : values->entries) {
      reduction.values.push_back(
          read_aggregate(entry.key, entry.value, what + ": value '" + entry.key + "'", resource));
    }
  }
  if (const Node* groups = reader.find("groups")) {
    MappingReader shape(*groups, what + ": groups", definition.problems);
    shape.has_own_names();
    for (const auto& entry : groups->entries) {
      const auto fields = entry.value.is_scalar() ? std::vector<std::string>{entry.value.text}
                                                  : shape.texts(entry.key);
      for (const auto& field : fields) check_field_later(field, resource, entry.line, what);
      reduction.groups.emplace_back(entry.key, fields);
    }
  }
  if (const Node* records = reader.find("records")) {
    reduction.records = read_value(*records, what + ": records");
  }
  const std::string first = reduction.values.empty() ? "" : reduction.values.front().name;
  reduction.order = reader.text("order", first);
  const bool known = std::ranges::find(reduction.values, reduction.order, &Aggregate::name) !=
                     reduction.values.end();
  if (!known && !reduction.order.empty()) {
    std::vector<std::string> names;
    for (const auto& value : reduction.values) names.push_back(value.name);
    problem(reader.find("order")->line, what + ": order '" + reduction.order + "' is no value",
            suggest(reduction.order, names));
  }
  if (reduction.values.empty() && !reduction.records && shown) {
    problem(node.line, what + " has neither `values` nor `records`",
            "say what to make of the list, or leave `reduce` out to give its page");
  }
  if (reduction.values.empty() && !reduction.groups.empty()) {
    problem(node.line, what + ": groups without `values` say nothing", "add `values: {n: count}`");
  }
  return reduction;
}

}  // namespace patchbay::pack
