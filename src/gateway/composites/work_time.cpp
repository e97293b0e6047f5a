#include "gateway/composites/work_time.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include "base/decimal.h"
#include "base/iso8601.h"
#include "base/text.h"
#include "gateway/composites/composite_reduce.h"
#include "json/path.h"
#include "json/write.h"

namespace patchbay::gateway {

namespace {

using integration::WorkTime;
using std::chrono::days;
using std::chrono::local_days;
using std::chrono::milliseconds;

constexpr int kMostDaysShown = 366;
constexpr std::int64_t kMsPerHundredth = 36'000;
constexpr std::size_t kMostMembersNamed = 10;

struct Span {
  WallTime from;
  WallTime until;
};
using Spans = std::vector<Span>;

milliseconds length_of(const Spans& spans) {
  milliseconds sum{0};
  for (const Span& span : spans) sum += span.until - span.from;
  return sum;
}

// What of the spans is left beside those that are taken, in their order.
Spans without(Spans spans, const Spans& taken) {
  for (const Span& gone : taken) {
    Spans left;
    for (const Span& span : spans) {
      if (gone.until <= span.from || gone.from >= span.until) {
        left.push_back(span);
        continue;
      }
      if (span.from < gone.from) left.push_back({span.from, gone.from});
      if (gone.until < span.until) left.push_back({gone.until, span.until});
    }
    spans = std::move(left);
  }
  return spans;
}

Spans within(const Spans& spans, WallTime from, WallTime until) {
  Spans out;
  for (const Span& span : spans) {
    const Span cut{std::max(span.from, from), std::min(span.until, until)};
    if (cut.from < cut.until) out.push_back(cut);
  }
  return out;
}

const json::Value* at(const json::Value& record, const std::string& path) {
  const auto* value = path.empty() ? nullptr : json::find_at(record, path);
  return value != nullptr && !value->is_null() ? value : nullptr;
}

// By which records are told apart: the id of what a field names, or of the record itself.
std::string id_of(const json::Value* value) {
  if (value == nullptr) return {};
  const auto* id = value->find("id");
  return json::to_string(id != nullptr ? *id : *value);
}

std::optional<WallTime> time_at(const json::Value& record, const std::string& path) {
  const auto* value = at(record, path);
  const auto* text = value != nullptr ? value->if_string() : nullptr;
  if (text == nullptr) return std::nullopt;
  const auto time = parse_iso8601(*text, TimeZone::utc());
  return time ? std::optional(*time) : std::nullopt;
}

// "08:00:00" or "08:00", since midnight.
std::optional<milliseconds> clock_at(const json::Value& record, const std::string& path) {
  const auto* value = at(record, path);
  const auto* text = value != nullptr ? value->if_string() : nullptr;
  if (text == nullptr) return std::nullopt;
  milliseconds sum{0};
  milliseconds unit = std::chrono::hours(1);
  for (const auto part : split(*text, ':')) {
    const auto number = parse_int64(part);
    if (!number || *number < 0 || *number > 59 || unit < std::chrono::seconds(1)) {
      return std::nullopt;
    }
    sum += unit * *number;
    unit /= 60;
  }
  return sum <= days(1) ? std::optional(sum) : std::nullopt;
}

std::string written(local_days date) {
  return format_utc(WallTime(std::chrono::sys_days(date.time_since_epoch()))).substr(0, 10);
}

struct Day {
  WallTime from;
  WallTime until;
  local_days date;
};

class Finder {
 public:
  explicit Finder(const WorkTimeTerms& terms) : terms_(terms), work_(*terms.work) {
    index(work_.calendar.step, calendars_);
    if (work_.holidays) {
      each(work_.holidays->step, [this](const json::Value& record) {
        holidays_[id_of(at(record, work_.holidays->of))].push_back(&record);
      });
    }
    for (const auto& by : work_.calendars) {
      if (!by.step.empty()) index(by.step, bearers_[by.step]);
    }
    if (const auto& taken = work_.taken) {
      each(taken->step, [&](const json::Value& record) {
        const auto from = time_at(record, taken->from);
        const auto until = time_at(record, taken->until);
        if (from && until && *from < *until) {
          taken_[id_of(at(record, taken->of))].push_back({*from, *until});
        }
      });
    }
    if (work_.spent) add_up_spent();
    list_days();
  }

  WorkTimeFound run() {
    each(work_.people, [this](const json::Value& person) {
      ++found_.people;
      const auto* calendar = calendar_of(person);
      if (calendar == nullptr) {
        without_calendar_.push_back(name_of(person));
      } else if (work_.spent) {
        tell_missing(person, *calendar);
      } else {
        tell_free(person, *calendar);
      }
    });
    finish();
    return std::move(found_);
  }

 private:
  void each(const std::string& step, const std::function<void(const json::Value&)>& use) const {
    const auto* records = terms_.kept(step);
    if (records == nullptr) return;
    for (const auto& record : *records) use(record);
  }

  void index(const std::string& step, std::map<std::string, const json::Value*>& by_id) const {
    each(step, [&](const json::Value& record) { by_id.emplace(id_of(&record), &record); });
  }

  void add_up_spent() {
    each(work_.spent->step, [this](const json::Value& record) {
      const auto time = time_at(record, work_.spent->at);
      const auto* hours = at(record, work_.spent->hours);
      const auto length = hours != nullptr ? hours_of(*hours) : std::nullopt;
      if (!time || !length) return;
      const auto date = std::chrono::floor<days>(terms_.zone->to_local(*time));
      spent_[{id_of(at(record, work_.spent->of)), date}] += *length;
    });
  }

  // The days of the account's zone that the span touches.
  void list_days() {
    auto date = std::chrono::floor<days>(terms_.zone->to_local(terms_.since));
    while (days_.size() <= kMostDaysShown) {
      const auto next = date + days(1);
      const Day day{terms_.zone->to_utc(date), terms_.zone->to_utc(next), date};
      if (day.from >= terms_.until) break;
      days_.push_back(day);
      date = next;
    }
    if (days_.size() <= kMostDaysShown) return;
    days_.resize(kMostDaysShown);
    found_.notice = "Only the first " + std::to_string(kMostDaysShown) + " days are looked at.";
  }

  // Their own, else that of what they belong to, else the only one.
  const json::Value* calendar_of(const json::Value& person) const {
    for (const auto& by : work_.calendars) {
      const auto* named = at(person, by.field);
      if (named != nullptr && !by.step.empty()) {
        const auto& bearers = bearers_.at(by.step);
        const auto bearer = bearers.find(id_of(named));
        named = bearer != bearers.end() ? at(*bearer->second, by.path) : nullptr;
      }
      const auto found = named != nullptr ? calendars_.find(id_of(named)) : calendars_.end();
      if (found != calendars_.end()) return found->second;
    }
    return calendars_.size() == 1 ? calendars_.begin()->second : nullptr;
  }

  std::string name_of(const json::Value& person) const {
    const auto* value = work_.show.empty() ? nullptr : at(person, work_.show.front());
    const auto* text = value != nullptr ? value->if_string() : nullptr;
    return text != nullptr ? *text : id_of(&person);
  }

  json::Object shown(const json::Value& person) const {
    json::Object out;
    for (const auto& field : work_.show) {
      if (const auto* value = at(person, field)) out.append(field, *value);
    }
    return out;
  }

  // When the calendar says that there is work on that day, holidays left out.
  Spans hours_on(const Day& day, const json::Value& calendar) const {
    const auto weekday = std::chrono::weekday(day.date).c_encoding();
    const auto from = clock_at(calendar, work_.calendar.from[weekday]);
    const auto until = clock_at(calendar, work_.calendar.until[weekday]);
    if (!from || !until || *from >= *until) return {};
    const auto utc = [&](milliseconds since_midnight) {
      return terms_.zone->to_utc(day.date + since_midnight);
    };
    Spans hours{{utc(*from), utc(*until)}};
    const auto list = holidays_.find(id_of(at(calendar, work_.calendar.holidays)));
    if (list == holidays_.end()) return hours;
    for (const auto* holiday : list->second) {
      const auto date = time_at(*holiday, work_.holidays->date);
      if (!date ||
          std::chrono::floor<days>(*date).time_since_epoch() != day.date.time_since_epoch()) {
        continue;
      }
      const auto* whole = at(*holiday, work_.holidays->whole);
      const auto begin = clock_at(*holiday, work_.holidays->from);
      const auto end = clock_at(*holiday, work_.holidays->until);
      const bool all = whole != nullptr && whole->if_bool() != nullptr && *whole->if_bool();
      if (all || !begin || !end || *begin >= *end) return {};
      hours = without(std::move(hours), {{utc(*begin), utc(*end)}});
    }
    return hours;
  }

  // What of the hours somebody works at most.
  milliseconds capacity_of(const json::Value& person, milliseconds hours) const {
    const auto* most = at(person, work_.hours);
    const auto time = most != nullptr ? hours_of(*most) : std::nullopt;
    return time ? std::min(*time, hours) : hours;
  }

  const Spans& taken_of(const json::Value& person) const {
    static const Spans kNothing;
    const auto found = taken_.find(id_of(&person));
    return found != taken_.end() ? found->second : kNothing;
  }

  // What is over is not free.
  void tell_free(const json::Value& person, const json::Value& calendar) {
    const auto begin = std::max(terms_.since, terms_.now);
    milliseconds free{0};
    std::optional<Span> gap;
    for (const Day& day : days_) {
      const auto hours = within(hours_on(day, calendar), begin, terms_.until);
      const auto gaps = without(hours, taken_of(person));
      const auto all = length_of(hours);
      const auto booked = all - length_of(gaps);
      const auto left =
          std::max(milliseconds(0), std::min(capacity_of(person, all) - booked, length_of(gaps)));
      free += left;
      if (gap || left == milliseconds(0) || left < terms_.least) continue;
      const auto first = std::ranges::find_if(gaps, [this](const Span& one) {
        return one.until - one.from >= std::max(terms_.least, milliseconds(1));
      });
      if (first != gaps.end()) gap = *first;
    }
    sum_ += free;
    auto row = shown(person);
    row.append("freeHours", as_hours(free));
    if (gap) {
      row.append("firstGap", json::Object{{"from", format_utc(gap->from)},
                                          {"until", format_utc(gap->until)},
                                          {"hours", as_hours(gap->until - gap->from)}});
    }
    ranked_.push_back(
        {gap ? gap->from : WallTime::max(), -free, ranked_.size(), json::Value(std::move(row))});
  }

  void tell_missing(const json::Value& person, const json::Value& calendar) {
    json::Array gaps;
    milliseconds sum{0};
    milliseconds could{0};
    milliseconds did{0};
    for (const Day& day : days_) {
      if (day.from < terms_.since || day.until > terms_.until || day.from > terms_.now) continue;
      const auto hours = without(hours_on(day, calendar), taken_of(person));
      const auto capacity = capacity_of(person, length_of(hours));
      const auto found = spent_.find({id_of(&person), day.date});
      const auto spent = found != spent_.end() ? found->second : milliseconds(0);
      could += capacity;
      did += spent;
      if (spent >= capacity) continue;
      sum += capacity - spent;
      gaps.emplace_back(json::Object{{"date", written(day.date)},
                                     {"capacity", as_hours(capacity)},
                                     {"spent", as_hours(spent)},
                                     {"missing", as_hours(capacity - spent)}});
    }
    capacity_ += could;
    spent_in_all_ += did;
    if (gaps.empty()) return;
    sum_ += sum;
    auto row = shown(person);
    row.append("capacity", as_hours(could));
    row.append("spent", as_hours(did));
    row.append("missing", as_hours(sum));
    row.append("days", std::move(gaps));
    ranked_.push_back({WallTime::max(), -sum, ranked_.size(), json::Value(std::move(row))});
  }

  void finish() {
    std::ranges::sort(ranked_, [](const Ranked& a, const Ranked& b) {
      return std::tie(a.gap, a.hours, a.place) < std::tie(b.gap, b.hours, b.place);
    });
    for (auto& one : ranked_) found_.rows.push_back(std::move(one.row));
    if (work_.spent) {
      found_.total.append("capacity", as_hours(capacity_));
      found_.total.append("spent", as_hours(spent_in_all_));
    }
    found_.total.append(work_.spent ? "missing" : "freeHours", as_hours(sum_));
    const auto say = [this](const std::string& sentence) {
      found_.notice += (found_.notice.empty() ? "" : " ") + sentence;
    };
    const std::string zone(terms_.zone->name());
    if (work_.spent) {
      tell_parts(say);
    } else {
      say("Working hours are in " + zone + ", the account's time zone; times are UTC.");
    }
    if (!work_.spent && terms_.until <= terms_.now) say("The span is over: nothing is free.");
    if (without_calendar_.empty()) return;
    const auto count = without_calendar_.size();
    if (count > kMostMembersNamed) without_calendar_.resize(kMostMembersNamed);
    say("Left out, since no calendar of theirs is known: " + join(without_calendar_) +
        (count > kMostMembersNamed ? " and others." : "."));
  }

  // Of which it cannot be said how much of the work falls in.
  void tell_parts(const std::function<void(const std::string&)>& say) const {
    std::vector<std::string> parts;
    for (const Day& day : days_) {
      if (day.from < terms_.since || day.until > terms_.until) parts.push_back(written(day.date));
    }
    const std::string zone = " Days begin at midnight in " + std::string(terms_.zone->name()) +
                             ", the account's time zone.";
    if (parts.empty()) return say(zone.substr(1));
    say("Left out, since only a part of it lies within the span: " + join(parts) + '.' + zone);
  }

  struct Ranked {
    WallTime gap;
    milliseconds hours;  // free or missing; negated, so that the most comes first
    std::size_t place;   // among the people
    json::Value row;
  };

  const WorkTimeTerms& terms_;
  const WorkTime& work_;
  std::map<std::string, const json::Value*> calendars_;
  std::map<std::string, std::vector<const json::Value*>> holidays_;           // by list
  std::map<std::string, std::map<std::string, const json::Value*>> bearers_;  // by step
  std::map<std::string, Spans> taken_;                                        // by person
  std::map<std::pair<std::string, local_days>, milliseconds> spent_;          // and day
  std::vector<Day> days_;
  std::vector<Ranked> ranked_;
  std::vector<std::string> without_calendar_;
  milliseconds sum_{0};
  milliseconds capacity_{0};
  milliseconds spent_in_all_{0};
  WorkTimeFound found_;
};

}  // namespace

json::Number as_hours(milliseconds time) {
  const auto hundredths = (time.count() + kMsPerHundredth / 2) / kMsPerHundredth;
  std::string text = std::to_string(hundredths / 100);
  if (const auto rest = hundredths % 100; rest != 0) {
    text += '.';
    text += static_cast<char>('0' + rest / 10);
    if (rest % 10 != 0) text += static_cast<char>('0' + rest % 10);
  }
  return json::Number(std::move(text));
}

std::optional<milliseconds> hours_of(const json::Value& value) {
  const auto number = as_decimal(value);
  const auto product =
      number ? Decimal::product(*number, Decimal(std::to_string(100 * kMsPerHundredth)))
             : std::nullopt;
  const auto plain = product ? product->plain() : std::nullopt;
  if (!plain) return std::nullopt;
  const auto whole = parse_int64(std::string_view(*plain).substr(0, plain->find('.')));
  if (!whole || *whole < 0) return std::nullopt;
  return milliseconds(*whole);
}

WorkTimeFound find_work_time(const WorkTimeTerms& terms) {
  return Finder(terms).run();
}

}  // namespace patchbay::gateway
