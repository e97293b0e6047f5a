// Who works when, made of a composite's steps; and steps that are one call for each of several
// values.
#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "base/text.h"
#include "integration/work_time.h"
#include "pack/composite_reader.h"

namespace patchbay::pack {
namespace {

using integration::WorkTime;

constexpr std::array<const char*, 7> kDays = {"sunday",   "monday", "tuesday", "wednesday",
                                              "thursday", "friday", "saturday"};

// What the records of a step are used for: it keeps these fields of them.
class Source {
 public:
  Source(CompositeReader& reader, std::string step, std::size_t line, const std::string& what)
      : reader_(reader), line_(line), what_(what) {
    auto& steps = reader.composite.steps;
    const auto found = std::ranges::find(steps, step, &CompositeStep::name);
    if (found != steps.end() && found->reduce) {
      step_ = &*found;
      return;
    }
    std::vector<std::string> known;
    for (const auto& one : steps) {
      if (one.reduce) known.push_back(one.name);
    }
    reader.problem(line, what + ": '" + step + "' is no step with `reduce`", suggest(step, known));
  }

  // `child` of a reference: "id". An empty path is none.
  std::string keep(std::string path, const char* child = nullptr) {
    if (step_ == nullptr || path.empty()) return path;
    const std::string whole = child != nullptr ? path + '/' + child : path;
    auto& kept = step_->reduce->kept;
    if (std::ranges::find(kept, whole) == kept.end()) kept.push_back(whole);
    reader_.check_field_later(whole, step_->resource, line_, what_);
    return path;
  }

 private:
  CompositeReader& reader_;
  CompositeStep* step_ = nullptr;
  std::size_t line_;
  const std::string& what_;
};

std::array<std::string, 7> times_of(const std::string& pattern, Source& source,
                                    CompositeReader& reader, std::size_t line) {
  std::array<std::string, 7> fields;
  const auto at = pattern.find("{day}");
  if (at == std::string::npos) {
    reader.problem(line, "work_time: calendars: '" + pattern + "' names no day",
                   "write {day}StartTime");
    return fields;
  }
  for (std::size_t day = 0; day < fields.size(); ++day) {
    fields[day] = pattern;
    fields[day].replace(at, 5, kDays[day]);
    source.keep(fields[day]);
  }
  return fields;
}

}  // namespace

void CompositeReader::read_each(const Node& node, const std::string& what, CompositeStep& step) {
  const std::string name = what + ": each";
  if (!node.is_mapping() || node.entries.size() != 1 || !step.reduce) {
    problem(node.line, name + ": an argument of a step with `reduce`, and where its values stand",
            "write each: {listId: calendars.list.id}");
    return;
  }
  MappingReader reader(node, name, definition.problems);
  integration::Each each;
  each.argument = node.entries.front().key;
  const std::string from = reader.text(node.entries.front().key);
  const auto dot = from.find('.');
  each.step = from.substr(0, dot);
  each.path = dot == std::string::npos ? "id" : from.substr(dot + 1);
  std::ranges::replace(each.path, '.', '/');
  Source(*this, each.step, node.line, name).keep(each.path);
  step.each = std::move(each);
}

void CompositeReader::read_work_time(const Node& node) {
  static const std::string kWhat = "work_time";
  MappingReader details(node, kWhat, definition.problems);
  auto work = std::make_shared<WorkTime>();
  work->name = details.required_text("name", "free");
  work->given = details.texts("given");
  if (!composite.span) {
    problem(node.line, kWhat + ": of which span is not said", "add `span: [since, until]`");
  }
  if (const Node* least = details.find("least")) work->least = read_value(*least, kWhat);

  work->people = details.required_text("people", "members");
  Source people(*this, work->people, node.line, kWhat);
  people.keep("id");
  work->show = details.texts("show");
  for (const auto& field : work->show) people.keep(field);
  work->hours = people.keep(details.text("hours"));
  for (const auto& [field, from] : details.text_map("calendar_of")) {
    const auto dot = from.find('.');
    WorkTime::CalendarOf by{.field = people.keep(field, "id"), .step = {}, .path = {}};
    if (dot != std::string::npos) {
      by.step = from.substr(0, dot);
      by.path = from.substr(dot + 1);
      Source bearers(*this, by.step, node.line, kWhat);
      bearers.keep("id");
      bearers.keep(by.path, "id");
    }
    work->calendars.push_back(std::move(by));
  }

  if (const Node* calendars = details.find("calendars")) {
    MappingReader reader(*calendars, kWhat + ": calendars", definition.problems);
    auto& to = work->calendar;
    to.step = reader.required_text("step", "calendars");
    Source source(*this, to.step, calendars->line, kWhat);
    source.keep("id");
    to.from =
        times_of(reader.required_text("from", "{day}StartTime"), source, *this, calendars->line);
    to.until =
        times_of(reader.required_text("until", "{day}EndTime"), source, *this, calendars->line);
    to.holidays = source.keep(reader.text("holidays"), "id");
  } else {
    problem(node.line, kWhat + " has no `calendars`", "say which step has the working hours");
  }
  if (const Node* holidays = details.find("holidays")) {
    MappingReader reader(*holidays, kWhat + ": holidays", definition.problems);
    WorkTime::Holidays to;
    to.step = reader.required_text("step", "holidays");
    Source source(*this, to.step, holidays->line, kWhat);
    to.of = source.keep(reader.required_text("of", "list"), "id");
    to.date = source.keep(reader.required_text("date", "date"));
    to.whole = source.keep(reader.text("whole"));
    to.from = source.keep(reader.text("from"));
    to.until = source.keep(reader.text("until"));
    work->holidays = std::move(to);
  }
  if (const Node* taken = details.find("taken")) {
    MappingReader reader(*taken, kWhat + ": taken", definition.problems);
    WorkTime::Taken to;
    to.step = reader.required_text("step", "entries");
    Source source(*this, to.step, taken->line, kWhat);
    to.of = source.keep(reader.required_text("of", "member"), "id");
    to.from = source.keep(reader.required_text("from", "begins"));
    to.until = source.keep(reader.required_text("until", "ends"));
    work->taken = std::move(to);
  }
  if (const Node* spent = details.find("spent")) {
    MappingReader reader(*spent, kWhat + ": spent", definition.problems);
    WorkTime::Spent to;
    to.step = reader.required_text("step", "entries");
    Source source(*this, to.step, spent->line, kWhat);
    to.of = source.keep(reader.required_text("of", "member"), "id");
    to.at = source.keep(reader.required_text("at", "begins"));
    to.hours = source.keep(reader.required_text("hours", "hours"));
    work->spent = std::move(to);
  }
  for (const std::string& name : work->given) {
    used.insert(name);
    const auto& arguments = method.arguments;
    if (std::ranges::find(arguments, name, &Argument::name) != arguments.end()) continue;
    problem(node.line, kWhat + ": given: '" + name + "' is no argument of this composite",
            "name one of `arguments:`");
  }
  composite.work_time = std::move(work);
}

}  // namespace patchbay::pack
