#include "gateway/writes/alike.h"

#include <algorithm>

#include "base/blanks.h"
#include "base/iso8601.h"
#include "base/text.h"
#include "gateway/names/fill_path.h"
#include "gateway/sending/ask.h"
#include "gateway/sending/off_loop.h"
#include "gateway/sending/read_answer.h"

namespace patchbay::gateway {

using integration::FieldType;
using integration::FilterOperator;

namespace {

constexpr std::string_view kBlanks = " \t\r\n";

void collect(const json::Value& value, std::string_view path, std::vector<std::string>& out) {
  if (const auto* items = value.if_array()) {
    for (const auto& item : *items) collect(item, path, out);
    return;
  }
  if (path.empty()) {
    if (value.is_object() || value.is_null()) return;
    if (auto text = alike_text(as_text(value)); !text.empty()) out.push_back(std::move(text));
    return;
  }
  const auto slash = path.find('/');
  const auto* inner = value.find(path.substr(0, slash));
  if (inner == nullptr) return;
  collect(*inner, slash == std::string_view::npos ? "" : path.substr(slash + 1), out);
}

std::string longest_word(std::string_view text) {
  std::string_view longest;
  while (!text.empty()) {
    const auto end = std::min(text.find_first_of(kBlanks), text.size());
    if (end > longest.size()) longest = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return std::string(longest);
}

std::string day_of(WallTime time) {
  return format_utc(time).substr(0, 10);
}

std::string local_day_of(const Call& call, WallTime time) {
  return day_of(WallTime(call.context.account->time_zone().to_local(time).time_since_epoch()));
}

// The days that a time may stand for. A date is midnight in UTC, whatever the zone; any other time
// of one was put there by the API, in UTC or where the account is. Of a time it is the local day.
std::set<std::string> days_of(const Call& call, const integration::Resource& resource,
                              const std::string& field, const json::Value& value) {
  const auto* text = value.if_string();
  if (text == nullptr) return {};
  const auto time = parse_iso8601(*text, TimeZone::utc());
  if (!time) return {};
  const auto* known = resource.find_field(field);
  const bool is_date = known != nullptr && known->type == FieldType::date;
  const bool midnight = *time == std::chrono::floor<std::chrono::days>(*time);
  std::set<std::string> days;
  if (is_date || midnight) days.insert(day_of(*time));
  if (!is_date || !midnight) days.insert(local_day_of(call, *time));
  return days;
}

}  // namespace

std::string alike_text(std::string_view text) {
  std::string out;
  for (text = trim_blanks(text); !text.empty();) {
    if (const std::size_t blank = blank_at_start(text)) {
      if (out.back() != ' ') out += ' ';
      text.remove_prefix(blank);
    } else {
      out += text.front();
      text.remove_prefix(1);
    }
  }
  return to_lower(out);
}

std::vector<std::string> texts_at(const json::Value& value, std::string_view path) {
  std::vector<std::string> out;
  collect(value, path, out);
  return out;
}

void Likeness::add_equal(const Call& call, const integration::Resource& resource,
                         const std::string& field, const json::Value& value) {
  const auto& id_field = call.integration().pagination.id_field;
  const auto* known = resource.find_field(field);
  if (known != nullptr && known->type == FieldType::date) {
    add_day(call, resource, field, &value, false);
    return;
  }
  dialect::FilterTerm term{.field = field, .value = value};
  if (const auto* id = value.find(id_field)) {
    term.field += '/' + id_field;
    term.type = FieldType::integer;
    term.value = *id;
  } else if (known != nullptr && known->type == FieldType::reference) {
    term.field += '/' + id_field;
    term.type = FieldType::integer;
  } else if (known != nullptr) {
    term.type = known->type;
  } else {
    term.type = value.is_number() ? FieldType::integer : FieldType::string;
  }
  if (const auto* text = value.if_string(); text != nullptr && term.type == FieldType::string) {
    const auto trimmed = trim_blanks(*text);
    term.value = std::string(trimmed);
    if (trimmed.find_first_of(kBlanks) != std::string_view::npos) {
      // However many blanks there are between the words.
      term.op = FilterOperator::contains;
      term.value = longest_word(trimmed);
      compared.emplace_back(field, std::vector<std::string>{alike_text(trimmed)});
    }
  }
  terms.push_back(std::move(term));
}

void Likeness::add_empty(const Call& call, const integration::Resource& resource,
                         const std::string& field) {
  const auto* known = resource.find_field(field);
  dialect::FilterTerm term{
      .field = field, .op = FilterOperator::is_null, .type = FieldType::boolean, .value = true};
  if (known != nullptr && known->type == FieldType::reference) {
    term.field += '/' + call.integration().pagination.id_field;
  }
  terms.push_back(std::move(term));
}

void Likeness::add_day(const Call& call, const integration::Resource& resource,
                       const std::string& field, const json::Value* value, bool or_empty) {
  const auto now = call.services.clock.now();
  Day day{field, {}, or_empty};
  if (value != nullptr) {
    day.any_of = days_of(call, resource, field, *value);
  } else {
    day.any_of = {day_of(now), local_day_of(call, now)};
  }
  // No condition says "or empty" and "of that day" at once. Without it the list is of the rest that
  // is the same.
  if (!or_empty && !day.any_of.empty()) {
    // The day where it is earliest, and until it is over where it is latest.
    const auto first = parse_iso8601(*day.any_of.begin(), TimeZone::utc());
    const auto last = parse_iso8601(*day.any_of.rbegin(), TimeZone::utc());
    terms.push_back({field, FilterOperator::greater_or_equal, FieldType::date_time,
                     format_utc(*first - std::chrono::days(1))});
    terms.push_back({field, FilterOperator::less, FieldType::date_time,
                     format_utc(*last + std::chrono::days(2))});
  }
  days.push_back(std::move(day));
}

bool Likeness::compares(const Call& call, const integration::Resource& resource,
                        const json::Value& record) const {
  const bool same_days = std::ranges::all_of(days, [&](const Day& day) {
    const auto* value = record.find(day.field);
    // What an account may not see: its list was asked for that day, or for any.
    if (value == nullptr) return true;
    const auto has = days_of(call, resource, day.field, *value);
    if (has.empty()) return day.or_empty;
    return std::ranges::any_of(has, [&](const auto& one) { return day.any_of.contains(one); });
  });
  if (!same_days) return false;
  return std::ranges::all_of(compared, [&](const auto& each) {
    const auto has = texts_at(record, each.first);
    return std::ranges::any_of(
        each.second, [&](const auto& text) { return std::ranges::find(has, text) != has.end(); });
  });
}

io::Task<Outcome<std::optional<Records>>> list_alike(Call& call, const Prepared& prepared,
                                                     const integration::Resource& resource,
                                                     const Likeness& likeness,
                                                     std::vector<std::string> fields,
                                                     std::int64_t most) {
  const auto* list = resource.find_method("list");
  const auto* dialect = call.filter_dialect();
  if (list == nullptr || dialect == nullptr) co_return std::nullopt;
  const auto filter = dialect->write(likeness.terms);
  auto path = fill_path(call.method(), prepared.arguments, prepared.names, list->path);
  if (!filter || !path) co_return std::nullopt;
  const auto& pagination = call.integration().pagination;
  if (!fields.empty()) {
    for (const auto& [at, texts] : likeness.compared) fields.push_back(at.substr(0, at.find('/')));
    for (const auto& day : likeness.days) fields.push_back(day.field);
  }
  upstream::Request request;
  request.path = std::move(*path);
  add_parameter(request.query, pagination.filter_parameter, *filter);
  add_parameter(request.query, pagination.fields_parameter, join(fields, ","));
  if (!pagination.order_parameter.empty()) {
    add_parameter(request.query, pagination.order_parameter,
                  dialect->write_order({{pagination.id_field, FieldType::integer, true}}));
  }
  if (!likeness.compared.empty() || !likeness.days.empty()) most = pagination.max_size;
  add_parameter(request.query, pagination.size_parameter, std::to_string(most));
  auto answer = co_await look_up(call, resource, std::move(request));
  if (!answer) co_return std::unexpected(std::move(answer.error()));
  auto read = co_await read_records(call, *list, *answer);
  if (!read) co_return std::unexpected(std::move(read.error()));
  co_await off_loop(call, read->bytes, [&] {
    std::erase_if(read->records,
                  [&](const auto& record) { return !likeness.compares(call, resource, record); });
  });
  co_return std::move(*read);
}

}  // namespace patchbay::gateway
