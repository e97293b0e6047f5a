// What a composite found, as one text within the size cap: what is missing, what names became and
// the figures, then each step's part under its name, and the calls that were made. Parts and their
// records stand on lines of their own.
#include <algorithm>
#include <functional>
#include <optional>

#include "base/iso8601.h"
#include "base/text.h"
#include "gateway/answers/envelope.h"
#include "gateway/answers/size.h"
#include "gateway/composites/composite.h"
#include "gateway/composites/composite_reduce.h"
#include "gateway/composites/work_time.h"
#include "json/path.h"
#include "json/write.h"

namespace patchbay::gateway {

namespace {

constexpr std::size_t kMostGroups = 200;  // of one grouping; they stand greatest first
constexpr std::size_t kUnlimited = static_cast<std::size_t>(-1);
constexpr std::string_view kCutNotice = "Cut to stay within the size limit.";

// ---- one part ----------------------------------------------------------------------------------

void append_lines(std::string& out, std::string_view name, const json::Array& entries) {
  out += ",\"";
  out += name;
  out += entries.empty() ? "\":[" : "\":[\n";
  bool first = true;
  for (const auto& entry : entries) {
    if (!first) out += kBetweenRecords;
    first = false;
    json::append(out, entry);
  }
  out += entries.empty() ? "]" : "\n]";
}

std::string summary_text(const Summary& summary, std::string_view further_notice) {
  json::Object head;
  if (summary.gives_records) {
    head.append("result_count", summary.records.size());
    head.append("matching", summary.matching);
  }
  head.append("records_read", summary.read);
  std::string notice = summary.notice;
  if (!further_notice.empty()) {
    notice += notice.empty() ? "" : " ";
    notice += further_notice;
  }
  if (!notice.empty()) head.append("notice", std::move(notice));
  if (!summary.total.empty()) head.append("total", summary.total);
  std::string out = json::to_string(head);
  out.pop_back();
  for (const auto& [name, groups] : summary.groups) append_lines(out, name, groups);
  if (summary.gives_records) append_lines(out, "result", summary.records);
  return out + '}';
}

// Halves the longest list until it fits.
std::string fitted_summary(Summary summary, std::size_t room) {
  bool cut = false;
  for (auto& [name, groups] : summary.groups) {
    if (groups.size() <= kMostGroups) continue;
    groups.resize(kMostGroups);
    cut = true;
  }
  while (true) {
    auto text = summary_text(summary, cut ? kCutNotice : "");
    if (text.size() <= room) return text;
    json::Array* longest = &summary.records;
    for (auto& [name, groups] : summary.groups) {
      if (json::to_string(groups).size() > json::to_string(*longest).size()) longest = &groups;
    }
    if (longest->empty()) return text;
    longest->resize(longest->size() / 2);
    cut = true;
  }
}

std::string part_text(const Part& part, std::size_t room) {
  if (part.page.write) return part.page.write(room);
  if (part.summary) return fitted_summary(*part.summary, room);
  return fit_record(part.record, room).text;
}

// How much room each text gets: all that it needs, if it is less than its share of what is left.
std::vector<std::size_t> share(const std::vector<std::size_t>& needed, std::size_t room) {
  std::vector<std::size_t> order(needed.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::ranges::sort(order, {}, [&](std::size_t i) { return needed[i]; });
  std::vector<std::size_t> out(needed.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    out[order[i]] = std::min(needed[order[i]], room / (order.size() - i));
    room -= out[order[i]];
  }
  return out;
}

// ---- what stands below them --------------------------------------------------------------------

// Why what steps found does not count: the conditions that do not hold, with what the record has.
// "" if it counts.
std::string why_not_counted(const Composition& all) {
  const auto& rule = all.definition().count_when;
  const auto* part = rule ? all.find(rule->step) : nullptr;
  if (part == nullptr || part->tool == nullptr || part->failed) return {};
  std::vector<std::string> reasons;
  for (const auto& test : known_tests(all, *part->tool, rule->holds)) {
    if (passes(part->parsed, test)) continue;
    const auto& field = test.condition->field;
    const auto* value = json::find_at(part->parsed, field);
    const auto* text = value != nullptr ? value->if_string() : nullptr;
    std::string shown = text != nullptr ? *text : value != nullptr ? json::to_string(*value) : "";
    // A midnight is a day.
    if (shown.ends_with("T00:00:00Z")) shown.resize(shown.size() - 10);
    reasons.push_back(field + (shown.empty() ? " is missing" : ' ' + shown));
  }
  if (reasons.empty()) return {};
  return rule->otherwise + " (" + join(reasons) + "): " + join(rule->counted, " and ") +
         " count as 0 in the figures.";
}

std::optional<Decimal> operand(const Composition& all, const integration::Figure::Term& term,
                               const json::Object& figures) {
  const json::Value* found = nullptr;
  if (term.step.empty()) {
    found = figures.find(term.path);
  } else if (const auto* part = all.find(term.step); part != nullptr) {
    found = part->summary ? part->summary->total.find(term.path)
                          : json::find_at(part->parsed, term.path);
  }
  return found != nullptr ? as_decimal(*found) : std::nullopt;
}

// What cannot be figured is left out: a part of a sum would be wrong.
json::Object figures_of(const Composition& all, std::string& notice) {
  json::Object figures;
  std::vector<std::string> missing;
  const auto not_counted = why_not_counted(all);
  const auto counts = [&](const std::string& step) {
    return not_counted.empty() || std::ranges::find(all.definition().count_when->counted, step) ==
                                      all.definition().count_when->counted.end();
  };
  if (!not_counted.empty()) notice += (notice.empty() ? "" : " ") + not_counted;
  for (const auto& figure : all.definition().figures) {
    std::optional<Decimal> sum = Decimal("0");
    for (const auto& term : figure.terms) {
      if (!counts(term.step)) continue;
      const auto value = operand(all, term, figures);
      sum = sum && value ? Decimal::sum(*sum, term.negative ? value->negated() : *value)
                         : std::nullopt;
    }
    const auto plain = sum ? sum->plain() : std::nullopt;
    if (plain) {
      figures.append(figure.name, json::Number(*plain));
    } else {
      missing.push_back(figure.name);
    }
  }
  if (!missing.empty()) {
    notice += (notice.empty() ? "" : " ") + join(missing, " and ") +
              " left out: something that belongs into it is missing.";
  }
  return figures;
}

std::string notice_of(const Composition& all) {
  std::string notice = all.call.notice;
  if (const auto& always = all.definition().notice; !always.empty()) {
    notice += (notice.empty() ? "" : " ") + always;
  }
  for (const auto& part : all.parts) {
    if (part.unasked) continue;
    if (!part.step->shown && part.summary && !part.summary->notice.empty()) {
      notice += (notice.empty() ? "" : " ") + part.step->name + ": " + part.summary->notice;
    }
    if (part.tool != nullptr && !part.failed) continue;
    notice += notice.empty() ? "" : " ";
    notice += part.step->name + " is left out: " +
              (part.tool == nullptr ? "it is not within this server's scope."
                                    : std::string(cut_utf8(part.failed->message, 300)));
  }
  return notice;
}

json::Array calls_of(const Composition& all) {
  json::Array calls;
  for (const auto& part : all.parts) {
    if (part.pages == 0 || !part.step->shown) continue;
    json::Object call{{"step", part.step->name}, {"tool", all.call.shown(*part.tool)}};
    if (part.step->each) call.append("for_each", part.step->each->argument);
    auto arguments = part.arguments;
    // Of a list that was read whole it is no choice of the caller's.
    if (part.step->reduce) arguments.erase("limit");
    call.append("arguments", std::move(arguments));
    if (part.pages > 1) call.append("pages", part.pages);
    calls.emplace_back(std::move(call));
  }
  return calls;
}

// What the steps' records say of people's hours; nothing: it was not asked for, or nobody is known.
std::optional<Summary> work_time_of(const Composition& all) {
  const auto* work = all.definition().work_time.get();
  if (work == nullptr || !is_asked_for(all, work->given)) return std::nullopt;
  const auto* people = all.find(work->people);
  if (!people->summary) return std::nullopt;
  const auto time_of = [&](const std::string& argument) {
    integration::StepValue asked;
    asked.from = integration::StepValue::From::argument;
    asked.name = argument;
    const auto value = value_of(all, asked);
    const auto* text = value ? value->if_string() : nullptr;
    return parse_iso8601(text != nullptr ? *text : "", TimeZone::utc()).value_or(WallTime());
  };
  WorkTimeTerms terms;
  terms.work = work;
  terms.kept = [&all](std::string_view step) {
    const auto* part = all.find(step);
    return part != nullptr && part->summary ? &part->summary->kept : nullptr;
  };
  terms.zone = &all.call.context.account->time_zone();
  terms.since = time_of(all.definition().span->first);
  terms.until = time_of(all.definition().span->second);
  terms.now = all.call.services.clock.now();
  const auto least = value_of(all, work->least);
  if (least) terms.least = hours_of(*least).value_or(terms.least);
  auto found = find_work_time(terms);
  Summary out;
  out.gives_records = true;
  out.matching = found.rows.size();
  out.read = found.people;
  out.records = std::move(found.rows);
  out.total = std::move(found.total);
  out.notice = std::move(found.notice);
  return out;
}

// The members before the parts, each with a comma behind it.
std::string head_of(const Composition& all) {
  std::string notice = notice_of(all);
  const auto figures = figures_of(all, notice);
  const Envelope envelope{.resolved = resolved_names(all.prepared.arguments, all.prepared.names),
                          .notice = std::move(notice)};
  std::string out = envelope.members();
  if (!out.empty()) out += ',';
  if (!figures.empty()) out += "\"figures\":" + json::to_string(figures) + ',';
  return out;
}

}  // namespace

std::string write_answer(Composition& all) {
  struct Given {
    std::string name;
    std::function<std::string(std::size_t room)> text;
  };
  std::vector<Given> given;
  std::vector<std::string> texts;
  std::vector<std::size_t> needed;
  std::size_t overhead = 3;  // braces and the last line's end
  for (const auto& part : all.parts) {
    if (part.tool == nullptr || part.failed || part.unasked || !part.step->shown) continue;
    given.push_back({part.step->name, [&part](std::size_t room) { return part_text(part, room); }});
  }
  const auto work = work_time_of(all);
  if (work) {
    given.push_back({all.definition().work_time->name,
                     [&work](std::size_t room) { return fitted_summary(*work, room); }});
  }
  for (const auto& one : given) {
    texts.push_back(one.text(kUnlimited));
    needed.push_back(texts.back().size());
    overhead += one.name.size() + 5;  // line's end, quotes, colon, comma
  }
  const auto head = head_of(all);
  const auto calls = "\"calls\":" + json::to_string(calls_of(all));
  overhead += head.size() + calls.size();
  const auto cap = all.call.context.max_result_bytes;
  const auto room = share(needed, cap > overhead ? cap - overhead : 0);
  for (std::size_t i = 0; i < given.size(); ++i) {
    if (room[i] < needed[i]) texts[i] = given[i].text(room[i]);
  }
  const auto write = [&] {
    std::string out = '{' + head;
    for (std::size_t i = 0; i < given.size(); ++i) {
      out += "\n\"" + given[i].name + "\":" + texts[i] + ',';
    }
    return out + '\n' + calls + '}';
  };
  auto out = write();
  if (out.size() <= cap) return out;
  // So little room that a part's own ends fill it. Half of a cursor would be worse than none.
  for (auto& text : texts) text = R"({"too_large":true})";
  out = write();
  return out.size() <= cap ? out : fit_record(std::move(out), cap).text;
}

}  // namespace patchbay::gateway
