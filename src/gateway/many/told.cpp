#include "gateway/many/told.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "base/counted.h"
#include "base/text.h"
#include "gateway/answers/envelope.h"
#include "gateway/call/labels.h"
#include "json/parse.h"
#include "json/write.h"

namespace patchbay::gateway {
namespace {

// How far what is too long is shortened: of what was written only what it is called, then no more
// than a sentence of what was not, then the verdicts alone.
constexpr int kNames = 1;
constexpr int kSentences = 2;
constexpr int kVerdicts = 3;

constexpr std::size_t kSentenceBytes = 160;

constexpr std::string_view kWaits = "approval_required";

struct Counted {
  std::string_view name;
  std::size_t count;
};

json::Value id_asked_for(const catalog::Tool& tool, const json::Object& record) {
  if (tool.method->kind != integration::MethodKind::update) return {};
  const auto& names = tool.method->path.names();
  const auto* id = names.empty() ? nullptr : record.find(names.back());
  const bool is_id = id != nullptr && (id->is_number() || id->is_string());
  if (!is_id) return {};
  const auto* text = id->if_string();
  return text != nullptr ? json::Value(cut_utf8(*text, kSentenceBytes)) : *id;
}

void cut_text(json::Object& line, std::string_view name) {
  auto* const value = line.find(name);
  const auto* text = value != nullptr ? value->if_string() : nullptr;
  if (text == nullptr || text->size() <= kSentenceBytes) return;
  std::string cut(cut_utf8(*text, kSentenceBytes));
  *value = cut + "…";
}

void keep_only(json::Object& line, const std::vector<std::string>& names) {
  json::Object kept;
  for (auto& [name, value] : line) {
    if (std::ranges::find(names, name) != names.end()) kept.append(name, std::move(value));
  }
  line = std::move(kept);
}

}  // namespace

Told::Told(const catalog::Tool& tool, const std::vector<json::Object>& records)
    : tool_(tool), lines_(records.size()) {
  for (std::size_t i = 0; i < records.size(); ++i) {
    lines_[i].head.append("index", json::Value(static_cast<std::int64_t>(i)));
    if (auto id = id_asked_for(tool, records[i]); !id.is_null()) lines_[i].head.append("id", id);
  }
}

void Told::take(std::size_t index, const CallResult& result) {
  Line& line = lines_[index];
  auto parsed = json::parse(result.text);
  auto* const members = parsed ? parsed->if_object() : nullptr;
  if (members == nullptr) return not_begun(index);
  auto* const error = members->find("error");
  if (result.is_error && error != nullptr && error->is_object()) {
    const std::string was_applied(error->string_or("was_applied", "no"));
    const bool waits = error->string_or("code", "") == kWaits;
    line.verdict = was_applied == "unknown" ? Verdict::unknown
                   : was_applied == "yes"   ? Verdict::applied
                   : waits                  ? Verdict::waiting
                                            : Verdict::failed;
    line.status = static_cast<int>(error->int64_or("status", 0));
    line.head.append("was_applied", was_applied);
    for (auto& [name, value] : *error->if_object()) {
      const auto* list = value.if_array();
      if (name == "status" || name == "was_applied" || (list != nullptr && list->empty())) continue;
      // One that says the message over again.
      const bool repeats =
          name == "field_errors" && list != nullptr && list->size() == 1 &&
          error->string_or("message", "").contains(list->front().string_or("message", ""));
      if (repeats) continue;
      line.rest.append(name, std::move(value));
    }
    if (const auto* approval = members->find("approval")) line.rest.append("approval", *approval);
    return;
  }
  // One that a person has allowed before, and that was sent then.
  if (auto* const inner = members->find("result");
      members->contains("approval") && inner != nullptr && inner->is_object()) {
    json::Object done = std::move(*inner->if_object());
    done.append("approval", *members->find("approval"));
    *members = std::move(done);
  }
  const bool shown = members->find("dry_run") != nullptr;
  line.verdict = shown ? Verdict::shown : Verdict::applied;
  const auto& id_field = tool_.integration->pagination.id_field;
  if (const auto* id = members->find(id_field); id != nullptr && !line.head.contains("id")) {
    line.head.append("id", *id);
  }
  line.head.append("was_applied", shown ? "no" : "yes");
  for (auto& [name, value] : *members) {
    // What the names became is in the record; that nothing was sent, in its verdict.
    const bool said = name == "resolved" || name == "dry_run" || name == id_field;
    if (said || line.head.contains(name)) continue;
    line.rest.append(name, std::move(value));
  }
}

void Told::not_begun(std::size_t index) {
  Line& line = lines_[index];
  line.verdict = Verdict::not_sent;
  line.head.append("was_applied", "no");
  line.rest.append("code", "cancelled");
  line.rest.append("message", "The call was given up before this record was begun.");
}

std::size_t Told::count(Verdict verdict) const {
  return static_cast<std::size_t>(std::ranges::count(lines_, verdict, &Line::verdict));
}

std::string Told::counts() const {
  const std::array<Counted, 6> all = {{{"applied", count(Verdict::applied)},
                                       {"failed", count(Verdict::failed)},
                                       {"not_sent", count(Verdict::not_sent)},
                                       {"waiting_for_approval", count(Verdict::waiting)},
                                       {"unknown", count(Verdict::unknown)},
                                       {"only_shown", count(Verdict::shown)}}};
  std::string out;
  for (const auto& [name, number] : all) {
    if (number == 0 && name != "applied" && name != "failed") continue;
    if (!out.empty()) out += ',';
    out.append("\"").append(name).append("\":").append(std::to_string(number));
  }
  return out;
}

json::Value Told::error() const {
  const bool unknown = count(Verdict::unknown) > 0;
  const auto first = std::ranges::find_if(lines_, [unknown](const Line& line) {
    return line.verdict == (unknown ? Verdict::unknown : Verdict::failed);
  });
  const Line& of = first != lines_.end() ? *first : lines_.front();
  const auto* code = of.rest.find("code");
  json::Object error;
  error.append("status", of.status != 0 ? of.status : 400);
  error.append("code", code != nullptr ? *code : json::Value("invalid_argument"));
  std::string message = "Of " + counted(std::ssize(lines_), "record") +
                        (unknown ? " none is known to have been written." : " none was written.");
  if (const auto waiting = count(Verdict::waiting); waiting > 0) {
    message += ' ' + std::to_string(waiting) + " of them wait for a person's approval.";
  }
  error.append("message", std::move(message));
  error.append("field_errors", json::Array());
  error.append("hint", "The result says of each why, and what to do.");
  error.append("was_applied", unknown ? "unknown" : "no");
  return error;
}

json::Object Told::shorter(const Line& line, int level) const {
  json::Object rest = line.rest;
  const bool is_error = rest.contains("code");
  if (level >= kVerdicts) {
    keep_only(rest, {"code"});
  } else if (level >= kSentences) {
    if (is_error) {
      keep_only(rest, {"code", "message", "hint", "approval"});
      cut_text(rest, "message");
      cut_text(rest, "hint");
    } else {
      keep_only(rest, {});
    }
  } else if (level >= kNames && !is_error) {
    auto names = single_label_fields(*tool_.integration);
    names.emplace_back("notice");
    keep_only(rest, names);
    cut_text(rest, "notice");
  }
  json::Object whole = line.head;
  for (auto& [name, value] : rest) whole.append(name, std::move(value));
  return whole;
}

CallResult Told::result(std::size_t most_bytes, const std::string& request_id) const {
  CallResult result;
  const auto applied = count(Verdict::applied);
  result.was_applied = applied > 0                   ? Applied::yes
                       : count(Verdict::unknown) > 0 ? Applied::unknown
                                                     : Applied::no;
  result.is_error = applied == 0 && count(Verdict::shown) == 0;
  std::string members;
  if (result.is_error) {
    members = "\"error\":" + json::to_string(error()) + ",\"request_id\":";
    json::append_string(members, request_id);
    members += ',';
  }
  members += counts();
  // What was not written comes first where not all have room.
  std::vector<const Line*> order;
  for (const Line& line : lines_) order.push_back(&line);
  std::vector<std::string> texts;
  std::size_t bytes = 0;
  const auto fits = [&] {
    const auto ends = list_head(members, 1).size() + list_end(1).size();
    return ends + bytes + (texts.size() - 1) * kBetweenRecords.size() <= most_bytes;
  };
  const auto write = [&](int level) {
    texts.clear();
    bytes = 0;
    std::set<std::string> hints;
    for (const Line* line : order) {
      auto told = shorter(*line, level);
      const auto* hint = told.find("hint");
      // Once is enough.
      if (hint != nullptr && !hints.insert(json::to_string(*hint)).second) told.erase("hint");
      texts.push_back(json::to_string(told));
      bytes += texts.back().size();
    }
    return fits();
  };
  int level = 0;
  while (!write(level) && level < kVerdicts) ++level;
  if (!fits()) {
    order.clear();
    for (const bool is_written : {false, true}) {
      for (const Line& line : lines_) {
        if ((line.verdict == Verdict::applied) == is_written) order.push_back(&line);
      }
    }
    write(kVerdicts);
    const auto all = texts.size();
    const std::string before = members;
    do {
      bytes -= texts.back().size();
      texts.pop_back();
      members = before + ",\"notice\":\"Only " + std::to_string(texts.size()) + " of " +
                std::to_string(all) + " lines have room, those of what was not written first.\"";
    } while (texts.size() > 1 && !fits());
  }
  result.text = list_head(members, std::ssize(texts)) + join(texts, kBetweenRecords);
  result.text += list_end(std::ssize(texts));
  return result;
}

}  // namespace patchbay::gateway
