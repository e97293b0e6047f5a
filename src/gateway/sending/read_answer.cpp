#include "gateway/sending/read_answer.h"

#include <algorithm>
#include <string>
#include <utility>

#include "gateway/sending/off_loop.h"
#include "json/mend.h"
#include "json/parse.h"
#include "json/raw.h"

namespace patchbay::gateway {

namespace {

constexpr json::ParseLimits kOfAnswers{.allow_duplicate_keys = true};

std::unexpected<ToolError> not_a_list() {
  return refuse(ErrorCode::upstream, "The API's answer was no list.",
                "Try again once; if it stays so, whoever runs this server must look into it.");
}

Outcome<json::Array> parse_records(const integration::Method& list,
                                   const upstream::Answer& answer) {
  const auto raw = raw_records(list, answer);
  if (!raw) return std::unexpected(raw.error());
  auto parsed = json::parse(*raw, kOfAnswers);
  auto* records = parsed ? parsed->if_array() : nullptr;
  if (records == nullptr) return not_a_list();
  return std::move(*records);
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
  const auto parse = [&answer] { return json::parse(answer.body, kOfAnswers); };
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
  const auto parse = [&list, &answer] { return parse_records(list, answer); };
  auto records = co_await off_loop(call, answer.body.size(), parse);
  if (!records && co_await mend(call, answer)) {
    records = co_await off_loop(call, answer.body.size(), parse);
  }
  if (!records) co_return std::unexpected(std::move(records.error()));
  Records out{.came = std::ssize(*records)};
  for (auto& record : *records) {
    if (record.is_object()) out.records.push_back(std::move(record));
  }
  tell_left_out(call, out.came - std::ssize(out.records));
  co_return out;
}

void tell_left_out(Call& call, std::int64_t count) {
  if (count == 0) return;
  call.add_notice(count == 1
                      ? std::string("An entry of the API's list is no record and was left out.")
                      : std::to_string(count) +
                            " entries of the API's list are no records and were left out.");
}

}  // namespace patchbay::gateway
