#include "gateway/composites/composite_choice.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/blanks.h"
#include "base/text.h"
#include "gateway/call/labels.h"
#include "gateway/sending/read_answer.h"
#include "json/path.h"
#include "json/write.h"

namespace patchbay::gateway {

namespace {

constexpr std::size_t kMostTold = 25;

json::Array records_of(const Part& part) {
  if (!part.page.write) return {};
  auto page = parse_part(part.page.write(static_cast<std::size_t>(-1)));
  auto* const records = page && page->is_object() ? page->if_object()->find("result") : nullptr;
  return records != nullptr && records->is_array() ? std::move(*records->if_array())
                                                   : json::Array();
}

std::string told(const Composition& all, const json::Array& records) {
  std::vector<std::string> names;
  for (const auto& record : records) {
    if (names.size() == kMostTold) {
      names.emplace_back("…");
      break;
    }
    const auto id = record.int64_or(all.call.integration().pagination.id_field, 0);
    names.push_back(std::string(label_in(all.call.integration(), record)) + " (" +
                    std::to_string(id) + ')');
  }
  return join(names, ", ");
}

// Those that are so called, or have that id.
json::Array called(const Composition& all, const json::Array& records, const json::Value& name) {
  const auto* text = name.if_string();
  const auto id = text != nullptr ? parse_int64(trim_blanks(*text)) : name.as_int64();
  json::Array found;
  for (const auto& record : records) {
    const bool has_id = id && record.int64_or(all.call.integration().pagination.id_field, 0) == *id;
    const bool has_name =
        text != nullptr &&
        equal_ignoring_case(label_in(all.call.integration(), record), trim_blanks(*text));
    if (has_id || has_name) found.push_back(record);
  }
  return found;
}

}  // namespace

Outcome<json::Value> choose_record(const Composition& all, const integration::StepValue& value) {
  const auto* part = all.find(value.name);
  if (part == nullptr || part->tool == nullptr || part->failed) {
    return refuse(ErrorCode::unsupported,
                  "step " + value.name + " found nothing to choose from: it is left out.");
  }
  const auto& id_field = all.call.integration().pagination.id_field;
  const auto records = records_of(*part);
  const auto label = to_lower(part->tool->resource->label);
  if (const auto* named = all.prepared.arguments.find(value.named)) {
    const auto found = called(all, records, *named);
    if (found.size() == 1) return *found.front().find(id_field);
    const std::string text =
        named->if_string() != nullptr ? *named->if_string() : json::to_string(*named);
    const std::string said = '\'' + std::string(cut_utf8(text, 80)) + "' ";
    if (found.size() > 1) {
      return refuse_argument(value.named, {ErrorCode::invalid_argument,
                                           said + "names several: " + told(all, found) + '.',
                                           "Give the id of one. Nothing was written."});
    }
    return refuse_argument(value.named,
                           {ErrorCode::invalid_argument,
                            said + "is none of the " + label + " that fit: " +
                                (records.empty() ? "there are none" : told(all, records)) + '.',
                            "Nothing was written."});
  }
  const auto* preferring = value.preferred.empty() ? nullptr : all.find(value.preferred);
  const auto* preferred =
      preferring != nullptr ? json::find_at(preferring->parsed, value.path) : nullptr;
  for (const auto& record : records) {
    const auto* id = record.find(id_field);
    if (id != nullptr && (records.size() == 1 || (preferred != nullptr && *id == *preferred))) {
      return *id;
    }
  }
  if (records.empty()) {
    return refuse(ErrorCode::not_found, "There are no " + label + " that fit.",
                  "Nothing was written.");
  }
  return refuse_argument(
      value.named,
      {ErrorCode::invalid_argument,
       "several " + label + " fit, and none is the default: " + told(all, records) + '.',
       "Say which as " + value.named + ". Nothing was written."});
}

}  // namespace patchbay::gateway
