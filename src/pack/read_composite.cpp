// A composite: its arguments, its steps, and the figures that join what these found.
#include "pack/read_composite.h"

#include <algorithm>

#include "base/text.h"
#include "catalog/argument_schema.h"
#include "integration/naming.h"
#include "pack/composite_reader.h"
#include "schema/validator.h"

namespace patchbay::pack {
namespace {

constexpr std::size_t kMostSteps = 10;
// Members of the answer that are no step's.
constexpr std::string_view kReserved[] = {"figures", "resolved", "notice", "calls", "error"};

std::vector<std::string> names_of(const std::vector<Argument>& arguments) {
  std::vector<std::string> names;
  for (const Argument& argument : arguments) names.push_back(argument.name);
  return names;
}

std::vector<std::string> names_of(const std::vector<CompositeStep>& steps) {
  std::vector<std::string> names;
  for (const CompositeStep& step : steps) names.push_back(step.name);
  return names;
}

// ---- arguments ---------------------------------------------------------------------------------

void read_default(const Node& node, const std::string& what, Argument& argument,
                  CompositeReader& reader) {
  StepValue value = reader.read_value(node, what);
  if (value.from == StepValue::From::argument || value.from == StepValue::From::record) {
    reader.problem(node.line, what + ": a default is a constant or {days_ago: n}",
                   "write the value itself");
    return;
  }
  if (value.from == StepValue::From::constant) {
    const auto validator = schema::Validator::compile(argument.schema);
    const auto violations =
        validator ? validator->check(value.constant) : std::vector<schema::Violation>();
    if (!violations.empty()) {
      reader.problem(node.line, what + ": its default " + violations.front().message,
                     "give what the argument takes");
    }
    argument.schema["default"] = value.constant;
  }
  reader.composite.defaults.emplace(argument.name, std::move(value));
}

void read_argument(const Node::Entry& entry, CompositeReader& reader) {
  Definition& definition = reader.definition;
  const std::string what = "argument '" + entry.key + "'";
  Argument argument;
  argument.name = argument.target = entry.key;
  argument.place = ArgumentPlace::step;
  if (entry.key.contains('.')) {
    reader.problem(entry.line, what + ": a point would make it a step's record", "leave it out");
  }
  const bool short_form = entry.value.is_scalar();
  Node nothing;
  nothing.kind = Node::Kind::mapping;
  MappingReader details(short_form ? nothing : entry.value, what, definition.problems);
  const std::string type = short_form ? entry.value.text : details.text("type", "string");
  const TypeUse use = definition.resolve_type(type, entry.line, what);
  argument.type = use.type;
  if (use.reference != nullptr && !use.reference->reference.resource.empty()) {
    argument.reference = use.reference->reference;
  }
  std::string description = details.text("description");
  if (argument.reference && !description.empty() && !contains_ignoring_case(description, " id")) {
    description += " (name or id)";
  }
  const auto values = details.find("values") != nullptr ? details.texts("values") : use.values;
  argument.schema =
      catalog::argument_schema(argument.type, values, description, argument.reference.has_value());
  argument.required = details.flag("required", false);
  if (details.flag("several", false)) {
    if (!argument.reference) {
      reader.problem(entry.line, what + ": several: it names no records", "leave it out");
    }
    json::Object list{{"type", "array"}, {"items", json::Object{{"type", "string"}}}};
    list.append("description", description.empty() ? "Names or ids" : description);
    argument.schema = std::move(list);
  }
  for (const char* bound : {"minimum", "maximum"}) {
    if (details.find(bound) != nullptr) argument.schema[bound] = details.integer(bound, 0);
  }
  argument.zero_is_value = argument.schema.int64_or("minimum", 1) <= 0;
  if (const Node* fallback = details.find("default")) {
    read_default(*fallback, what, argument, reader);
  }
  reader.method.arguments.push_back(std::move(argument));
}

// ---- steps -------------------------------------------------------------------------------------

// The method that a step calls, once all are known; null is told by check_method.
const Method* find_method(const Definition& definition, const std::string& resource,
                          const std::string& method) {
  const Resource* target = definition.integration.find_resource(resource);
  return target != nullptr ? target->find_method(method) : nullptr;
}

void check_method(Definition& definition, const std::string& resource, const std::string& method,
                  bool reduces, bool may_write, std::size_t line, const std::string& what) {
  const Resource* target = definition.integration.find_resource(resource);
  if (target == nullptr) {
    std::vector<std::string> known;
    for (const Resource& each : definition.integration.resources) known.push_back(each.name);
    definition.problems.error(line, what + ": there is no resource '" + resource + "'",
                              suggest(resource, known));
    return;
  }
  const Method* called = target->find_method(method);
  if (called == nullptr) {
    std::vector<std::string> known;
    for (const Method& each : target->methods) known.push_back(each.name);
    definition.problems.error(line, what + ": " + resource + " have no method '" + method + "'",
                              suggest(method, known));
    return;
  }
  const bool reads = called->kind == MethodKind::list || called->kind == MethodKind::get;
  const bool writes = called->kind == MethodKind::create || called->kind == MethodKind::update;
  if (may_write && writes) {
    if (makes_tool(*called)) return;
    definition.problems.error(line, what + ": " + resource + '.' + method + " makes no tool",
                              "describe that method");
  } else if (!reads && may_write) {
    definition.problems.error(
        line, what + ": a step is a list, a get, a create or an update, not '" + method + "'",
        "composites call no composites, and nothing that cannot be repeated");
  } else if (!reads) {
    definition.problems.error(line, what + ": a step is a list or a get, not '" + method + "'",
                              "composites only read unless they say `writes: true`, and call no "
                              "composites");
  } else if (!makes_tool(*called)) {
    definition.problems.error(line, what + ": " + resource + '.' + method + " makes no tool",
                              "describe that method");
  } else if (reduces && called->kind != MethodKind::list) {
    definition.problems.error(line, what + ": only a list can be reduced",
                              "leave `reduce` out, or call a list");
  }
}

// Whether what is always sent is what the method takes.
void check_constant(Definition& definition, const Argument& target, const json::Value& value,
                    std::size_t line, const std::string& what) {
  if (target.reference || target.type == FieldType::date_time || target.type == FieldType::date) {
    return;
  }
  const auto validator = schema::Validator::compile(target.schema);
  if (!validator) return;
  const auto violations = validator->check(value);
  if (violations.empty()) return;
  definition.problems.error(line, what + ": " + violations.front().message,
                            "give what the argument takes");
}

void check_arguments(Definition& definition, const CompositeStep& step,
                     const std::map<std::string, std::size_t>& lines, std::size_t line,
                     const std::string& what) {
  const Method* called = find_method(definition, step.resource, step.method);
  if (called == nullptr) return;
  for (const auto& [name, value] : step.with) {
    const auto found = std::ranges::find(called->arguments, name, &Argument::name);
    const std::size_t at = lines.at(name);
    if (found == called->arguments.end()) {
      definition.problems.error(
          at, what + ": " + step.resource + '.' + step.method + " has no argument '" + name + "'",
          suggest(name, names_of(called->arguments)));
    } else if (value.from == StepValue::From::constant && found->outbound) {
      definition.problems.error(at, what + ": '" + name + "' has something sent out",
                                "let the caller say so, by an argument");
    } else if (value.from == StepValue::From::constant) {
      check_constant(definition, *found, value.constant, at, what + ": " + name);
    }
  }
  for (const Argument& argument : called->arguments) {
    const bool given = std::ranges::any_of(
        step.with, [&](const auto& entry) { return entry.first == argument.name; });
    const bool by_each = step.each && step.each->argument == argument.name;
    if (!argument.required || given || by_each) continue;
    definition.problems.error(
        line, what + ": " + step.resource + '.' + step.method + " needs '" + argument.name + "'",
        "give it under `with`");
  }
  if (!step.reduce) return;
  for (const char* taken : {"limit", "next_cursor", "count"}) {
    const auto at = lines.find(taken);
    if (at == lines.end()) continue;
    definition.problems.error(at->second,
                              what + ": '" + taken + "' is decided by `reduce`, which reads all",
                              "leave it out, or set `read_at_most`");
  }
}

// In a composite that writes, what it reads serves what it writes.
void check_given(Definition& definition, const CompositeStep& step, std::size_t line,
                 const std::string& what, bool may_write) {
  const Method* called = find_method(definition, step.resource, step.method);
  if (step.given.empty() || !may_write || called == nullptr || called->writes()) return;
  definition.problems.error(line, what + ": `given` is for the steps that write here",
                            "leave it out");
}

void read_step(const Node::Entry& entry, CompositeReader& reader) {
  Definition& definition = reader.definition;
  const std::string what = "step '" + entry.key + "'";
  MappingReader details(entry.value, what, definition.problems);
  CompositeStep step;
  step.name = entry.key;
  if (!integration::is_snake_name(step.name)) {
    reader.problem(entry.line, what + " is no snake_case name", "use a-z, 0-9 and single _");
  }
  if (std::ranges::find(kReserved, step.name) != std::end(kReserved)) {
    reader.problem(entry.line, what + ": the answer has a member of that name already",
                   "choose another than " +
                       join(std::vector<std::string>(std::begin(kReserved), std::end(kReserved))));
  }
  const std::string call = details.required_text("call", "tickets.list");
  const auto dot = call.find('.');
  step.resource = call.substr(0, dot);
  step.method = dot == std::string::npos ? "" : call.substr(dot + 1);
  step.optional = details.flag("optional", false);
  step.given = details.texts("given");
  for (const std::string& name : step.given) {
    reader.used.insert(name);
    if (std::ranges::find(reader.method.arguments, name, &Argument::name) !=
        reader.method.arguments.end()) {
      continue;
    }
    reader.problem(entry.line, what + ": given: '" + name + "' is no argument of this composite",
                   suggest(name, names_of(reader.method.arguments)));
  }
  step.shown = details.flag("shown", true);
  std::map<std::string, std::size_t> lines;
  if (const Node* with = details.find("with")) {
    MappingReader shape(*with, what + ": with", definition.problems);
    shape.has_own_names();
    for (const auto& given : with->entries) {
      lines.emplace(given.key, given.line);
      step.with.emplace_back(given.key, reader.read_value(given.value, what + ": " + given.key));
    }
  }
  if (const Node* reduce = details.find("reduce")) {
    step.reduce = reader.read_reduction(*reduce, what + ": reduce", step.resource, step.shown);
  }
  if (const Node* each = details.find("each")) reader.read_each(*each, what, step);
  definition.later([to = &definition, step, lines, what, line = entry.line,
                    may_write = reader.composite.writes] {
    check_given(*to, step, line, what, may_write);
    check_method(*to, step.resource, step.method, step.reduce.has_value(), may_write, line, what);
    check_arguments(*to, step, lines, line, what);
  });
  reader.composite.steps.push_back(std::move(step));
}

// ---- what holds for the whole ------------------------------------------------------------------

void read_span(const Node& node, MappingReader& details, CompositeReader& reader) {
  const auto names = details.texts("span");
  const auto is_time = [&](const std::string& name) {
    const auto found = std::ranges::find(reader.method.arguments, name, &Argument::name);
    return found != reader.method.arguments.end() &&
           (found->type == FieldType::date_time || found->type == FieldType::date);
  };
  if (names.size() != 2 || !std::ranges::all_of(names, is_time)) {
    reader.problem(node.line, "span: two arguments that are times",
                   "write span: [startAfter, startBefore]");
    return;
  }
  reader.composite.span.emplace(names[0], names[1]);
}

void read_count_when(const Node& node, CompositeReader& reader) {
  MappingReader details(node, "count_when", reader.definition.problems);
  const auto& steps = reader.composite.steps;
  CountWhen out;
  out.step = details.required_text("step", "agreement");
  out.counted = details.texts("counted");
  out.otherwise = details.required_text("otherwise", "The agreement is not in force in this span");
  const auto step = std::ranges::find(steps, out.step, &CompositeStep::name);
  if (step == steps.end() || step->method != "get") {
    reader.problem(node.line, "count_when: step '" + out.step + "' gives no single record",
                   "name a step that gets one");
    return;
  }
  if (const Node* holds = details.find("holds")) {
    out.holds = reader.read_conditions(*holds, "count_when: holds", step->resource);
  }
  if (out.holds.empty()) {
    reader.problem(node.line, "count_when has no `holds`", "write holds: {field: {from: $since}}");
  }
  for (const auto& name : out.counted) {
    if (std::ranges::find(steps, name, &CompositeStep::name) != steps.end()) continue;
    reader.problem(node.line, "count_when: there is no step '" + name + "'",
                   suggest(name, names_of(steps)));
  }
  reader.composite.count_when = std::move(out);
}

}  // namespace

StepValue CompositeReader::read_placeholder(std::string_view text, std::size_t line,
                                            const std::string& what) {
  StepValue value;
  const auto dot = text.find('.');
  value.name = text.substr(0, dot);
  if (dot == std::string_view::npos) {
    value.from = StepValue::From::argument;
    used.insert(value.name);
    if (std::ranges::find(method.arguments, value.name, &Argument::name) ==
        method.arguments.end()) {
      problem(line, what + ": '" + value.name + "' is no argument of this composite",
              suggest(value.name, names_of(method.arguments)));
    }
    return value;
  }
  value.from = StepValue::From::record;
  value.path = text.substr(dot + 1);
  std::ranges::replace(value.path, '.', '/');
  const auto step = std::ranges::find(composite.steps, value.name, &CompositeStep::name);
  if (step == composite.steps.end()) {
    // Steps take from earlier ones only, so that none can wait for itself.
    problem(line, what + ": there is no earlier step '" + value.name + "'",
            composite.steps.empty() ? "it is the first: give arguments or constants"
                                    : suggest(value.name, names_of(composite.steps)));
  } else if (step->method != "get") {
    problem(line, what + ": step '" + value.name + "' gives no single record",
            "take from a step that gets one");
  } else {
    check_field_later(value.path, step->resource, line, what);
  }
  return value;
}

StepValue CompositeReader::read_choice(const Node& node, const std::string& what) {
  MappingReader details(node, what, definition.problems);
  StepValue value;
  value.from = StepValue::From::chosen;
  value.name = details.required_text("one_of", "statuses");
  const auto step = std::ranges::find(composite.steps, value.name, &CompositeStep::name);
  if (step == composite.steps.end() || step->method != "list" || step->reduce) {
    problem(node.line, what + ": one_of: '" + value.name + "' is no earlier step that lists",
            suggest(value.name, names_of(composite.steps)));
  }
  const std::string named = details.required_text("named", "$status");
  const StepValue argument = read_placeholder(
      std::string_view(named).substr(named.starts_with('$') ? 1 : 0), node.line, what + ": named");
  if (argument.from != StepValue::From::argument) {
    problem(node.line, what + ": named: an argument says which", "write named: $argument");
  }
  value.named = argument.name;
  const std::string otherwise = details.text("otherwise");
  if (otherwise.empty()) return value;
  const StepValue record =
      read_placeholder(std::string_view(otherwise).substr(otherwise.starts_with('$') ? 1 : 0),
                       node.line, what + ": otherwise");
  if (record.from != StepValue::From::record) {
    problem(node.line, what + ": otherwise: a record says which",
            "write otherwise: $step.field.id");
  }
  value.preferred = record.name;
  value.path = record.path;
  return value;
}

StepValue CompositeReader::read_value(const Node& node, const std::string& what) {
  if (node.is_mapping() && node.find("one_of") != nullptr) return read_choice(node, what);
  if (node.is_scalar() && node.text.starts_with('$')) {
    return read_placeholder(std::string_view(node.text).substr(1), node.line, what);
  }
  StepValue value;
  constexpr std::pair<const char*, StepValue::From> kTimes[] = {
      {"days_ago", StepValue::From::days_ago}, {"hours_ahead", StepValue::From::hours_ahead}};
  for (const auto& [key, from] : kTimes) {
    const Node* count = node.is_mapping() ? node.find(key) : nullptr;
    if (count == nullptr || node.entries.size() != 1) continue;
    value = read_value(*count, what);
    const bool whole = value.from == StepValue::From::argument || value.constant.as_int64();
    if (value.from == StepValue::From::record || !whole) {
      problem(count->line, what + ": " + key + " is a whole number or an argument",
              std::string("write {") + key + ": 7}");
    }
    value.from = from;
    return value;
  }
  value.constant = yaml::to_json(node);
  return value;
}

namespace {

// Calls `read` for each entry of the mapping that `key` holds, if there is one.
template <class Read>
void each_entry(MappingReader& details, const char* key, CompositeReader& reader, Read read) {
  const Node* node = details.find(key);
  if (node == nullptr) return;
  MappingReader shape(*node, details.what() + ": " + key, reader.definition.problems);
  shape.has_own_names();
  for (const auto& entry : node->entries) {
    read(entry, reader);
  }
}

void check_steps(MappingReader& details, const std::string& what, CompositeReader& reader) {
  const Node* steps = details.find("steps");
  if (steps == nullptr || steps->entries.empty()) {
    reader.problem(details.line(), what + ": a composite has steps",
                   "add `steps:` with a `call: resource.method` each");
  } else if (steps->entries.size() > kMostSteps) {
    reader.problem(steps->line, what + ": more than 10 steps", "make two composites of it");
  }
}

// What another argument is looked up within is of use as well, and must be there; what is of no use
// goes.
void check_use(std::size_t line, const std::string& what, CompositeReader& reader) {
  const std::vector<Argument>& arguments = reader.method.arguments;
  for (const Argument& argument : arguments) {
    if (!argument.reference) continue;
    for (const Scope& scope : argument.reference->scopes) {
      reader.used.insert(scope.argument);
      const bool given =
          std::ranges::find(arguments, scope.argument, &Argument::name) != arguments.end();
      if (given || !scope.required) continue;
      reader.problem(line,
                     what + ": '" + argument.name + "' is looked up within '" + scope.argument +
                         "', which is no argument",
                     "add it to `arguments:`");
    }
  }
  for (const Argument& argument : arguments) {
    if (reader.used.contains(argument.name)) continue;
    reader.problem(line, what + ": no step takes the argument '" + argument.name + "'",
                   "give it to one as $" + argument.name + ", or leave it out");
  }
}

}  // namespace

void read_composite(const Node& node, const std::string& what, Method& method,
                    Definition& definition) {
  Composite composite;
  CompositeReader reader{definition, method, composite, {}};
  MappingReader details(node, what + ": composite", definition.problems);
  composite.writes = details.flag("writes", false);
  method.verb = composite.writes ? Verb::post : Verb::get;
  method.annotations = {.read_only = !composite.writes,
                        .destructive = false,
                        .idempotent = !composite.writes,
                        .open_world = true};
  if (method.kind != MethodKind::custom) {
    reader.problem(node.line, what + ": a composite cannot be a " + method.name,
                   "give the method a name of its own");
  }
  each_entry(details, "arguments", reader, read_argument);
  each_entry(details, "steps", reader, read_step);
  check_steps(details, what, reader);
  if (composite.writes) {
    definition.later([to = &definition, steps = composite.steps, what, line = node.line] {
      const bool any = std::ranges::any_of(steps, [&](const CompositeStep& step) {
        const Method* called = find_method(*to, step.resource, step.method);
        return called == nullptr || called->writes();
      });
      if (any) return;
      to->problems.error(line, what + ": writes: none of its steps does", "leave it out");
    });
  }
  each_entry(details, "figures", reader,
             [](const auto& entry, CompositeReader& of) { of.read_figure(entry); });
  if (const Node* span = details.find("span")) read_span(*span, details, reader);
  if (const Node* count = details.find("count_when")) read_count_when(*count, reader);
  if (const Node* work = details.find("work_time")) reader.read_work_time(*work);
  composite.notice = details.text("notice");
  check_use(node.line, what, reader);
  method.query_schema = json::Value();
  method.composite = std::move(composite);
}

}  // namespace patchbay::pack
