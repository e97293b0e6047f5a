#include "gateway/sending/read_answer.h"

#include <algorithm>
#include <string>
#include <unordered_set>
#include <utility>

#include "gateway/sending/off_loop.h"
#include "json/mend.h"
#include "json/parse.h"
#include "json/raw.h"

namespace patchbay::gateway {

namespace {

constexpr json::ParseLimits kOfAnswers{.allow_duplicate_keys = true};
// No record has as many; one that does is made to take time.
constexpr std::size_t kMostMembers = 1'000;
constexpr std::size_t kMostValues = 20'000;

std::unexpected<ToolError> not_a_list() {
  return refuse(ErrorCode::upstream, "The API's answer was no list.",
                "Try again once; if it stays so, whoever runs this server must look into it.");
}

// What records have by name; gathered when somebody asks, which hardly any answer makes necessary.
class KnownNames {
 public:
  explicit KnownNames(const Call& call) : call_(call) {}

  bool contains(std::string_view name) {
    if (names_.empty()) {
      names_.insert(call_.integration().pagination.id_field);
      for (const auto& field : call_.resource().fields) {
        names_.insert(std::string_view(field.name).substr(0, field.name.find('/')));
      }
    }
    return names_.contains(name);
  }

 private:
  const Call& call_;
  std::unordered_set<std::string_view> names_;
};

// How many values there are in it, itself included; stops beyond `most`.
std::size_t count_values(const json::Value& value, std::size_t most) {
  std::size_t count = 1;
  const auto add = [&](const json::Value& inner) {
    if (count <= most) count += count_values(inner, most - count);
    return count <= most;
  };
  if (const auto* items = value.if_array()) {
    static_cast<void>(std::ranges::all_of(*items, add));
  } else if (const auto* members = value.if_object()) {
    static_cast<void>(
        std::ranges::all_of(*members, [&](const auto& member) { return add(member.second); }));
  }
  return count;
}

// Of an object with very many members the first, and those of a known name.
void keep_few_members(json::Value& value, KnownNames& known) {
  if (auto* items = value.if_array()) {
    for (auto& item : *items) keep_few_members(item, known);
    return;
  }
  auto* members = value.if_object();
  if (members == nullptr) return;
  if (members->size() > kMostMembers) {
    json::Object kept;
    std::size_t place = 0;
    for (auto& [name, member] : *members) {
      if (place++ < kMostMembers || known.contains(name)) kept.append(name, std::move(member));
    }
    *members = std::move(kept);
  }
  for (auto& [name, member] : *members) keep_few_members(member, known);
}

// Without the members that have more values than a record has.
void keep_few_values(json::Value& record) {
  auto* members = record.if_object();
  if (members == nullptr || count_values(record, kMostValues) <= kMostValues) return;
  json::Object kept;
  std::size_t left = kMostValues;
  for (auto& [name, member] : *members) {
    const auto count = count_values(member, left);
    if (count > left) continue;
    left -= count;
    kept.append(name, std::move(member));
  }
  *members = std::move(kept);
}

// Bounds what it costs to find something in an answer, and to copy one of its records.
void bound(const Call& call, std::size_t text_bytes, json::Value& answer) {
  // As little as so many members take: `"a":1,`.
  if (text_bytes < kMostMembers * 6) return;
  KnownNames known(call);
  keep_few_members(answer, known);
  if (auto* records = answer.if_array()) {
    for (auto& record : *records) keep_few_values(record);
  } else {
    keep_few_values(answer);
  }
}

Outcome<Records> parse_records(const Call& call, const integration::Method& list,
                               const upstream::Answer& answer) {
  const auto raw = raw_records(list, answer);
  if (!raw) return std::unexpected(raw.error());
  auto parsed = json::parse(*raw, kOfAnswers);
  if (parsed) bound(call, raw->size(), *parsed);
  auto* records = parsed ? parsed->if_array() : nullptr;
  if (records == nullptr) return not_a_list();
  Records out{.came = std::ssize(*records), .bytes = raw->size()};
  // Nor is one without members, of which the fewest bytes make the most. What they took is given
  // back here and not on the loop.
  std::erase_if(*records, [](const json::Value& record) {
    const auto* members = record.if_object();
    return members == nullptr || members->empty();
  });
  records->shrink_to_fit();
  out.records = std::move(*records);
  return out;
}

}  // namespace

io::Task<bool> mend(Call& call, upstream::Answer& answer) {
  const auto places =
      co_await off_loop(call, answer.body.size(), [&answer] { return json::mend(answer.body); });
  if (places == 0) co_return false;
  // Of several answers of one call, one word is enough.
  constexpr std::string_view kTold = "Text that is not valid came from the API";
  if (!call.notice.contains(kTold)) {
    call.add_notice(std::string(kTold) + " (" + std::to_string(places) +
                    (places == 1 ? " place" : " places") +
                    "); \xEF\xBF\xBD stands for each character that could not be read.");
  }
  co_return true;
}

io::Task<Result<json::Value>> parse_answer(Call& call, upstream::Answer& answer) {
  const auto parse = [&call, &answer] {
    auto read = json::parse(answer.body, kOfAnswers);
    if (read) bound(call, answer.body.size(), *read);
    return read;
  };
  auto parsed = co_await off_loop(call, answer.body.size(), parse);
  if (!parsed && co_await mend(call, answer)) {
    parsed = co_await off_loop(call, answer.body.size(), parse);
  }
  co_return parsed;
}

Result<json::Value> parse_part(std::string_view part) {
  auto parsed = json::parse(part, kOfAnswers);
  if (parsed) return parsed;
  std::string text(part);
  const bool marked = json::skip_byte_order_mark(text);
  if (json::mend(text) > 0 || marked) parsed = json::parse(text, kOfAnswers);
  return parsed;
}

Outcome<std::string_view> raw_records(const integration::Method& list,
                                      const upstream::Answer& answer) {
  if (list.records_path.empty()) return std::string_view(answer.body);
  auto found = json::raw_array_at(answer.body, list.records_path);
  if (!found) return not_a_list();
  return *found;
}

io::Task<Outcome<Records>> read_records(Call& call, const integration::Method& list,
                                        upstream::Answer& answer) {
  const auto parse = [&] { return parse_records(call, list, answer); };
  auto records = co_await off_loop(call, answer.body.size(), parse);
  if (!records && co_await mend(call, answer)) {
    records = co_await off_loop(call, answer.body.size(), parse);
  }
  if (!records) co_return std::unexpected(std::move(records.error()));
  tell_left_out(call, records->came - std::ssize(records->records));
  co_return std::move(*records);
}

void tell_left_out(Call& call, std::int64_t count) {
  if (count == 0) return;
  call.add_notice(count == 1
                      ? std::string("An entry of the API's list is no record and was left out.")
                      : std::to_string(count) +
                            " entries of the API's list are no records and were left out.");
}

}  // namespace patchbay::gateway
