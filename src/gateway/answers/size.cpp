#include "gateway/answers/size.h"

#include <algorithm>
#include <vector>

#include "base/text.h"
#include "json/parse.h"
#include "json/write.h"

namespace patchbay::gateway {

namespace {

// Ids, names, times and addresses are shorter; cutting them would make them wrong, not short.
constexpr std::size_t kLeastText = 80;

void gather(json::Value& value, std::vector<json::Value*>& texts,
            std::vector<json::Value*>& lists) {
  if (value.is_string()) {
    texts.push_back(&value);
  } else if (auto* items = value.if_array()) {
    lists.push_back(&value);
    for (auto& item : *items) gather(item, texts, lists);
  } else if (auto* object = value.if_object()) {
    for (auto& [name, member] : *object) gather(member, texts, lists);
  }
}

std::string shortened(std::string_view text, std::size_t keep) {
  const auto kept = cut_utf8(text, keep);
  return std::string(kept) + "… [" + std::to_string(text.size() - kept.size()) + " more bytes cut]";
}

json::Value with_texts_of(const json::Value& record, std::size_t longest) {
  json::Value copy = record;
  std::vector<json::Value*> texts;
  std::vector<json::Value*> lists;
  gather(copy, texts, lists);
  for (auto* value : texts) {
    const auto& text = *value->if_string();
    // The mark takes room as well; what it would not shorten stays.
    if (text.size() > longest + 40) *value = shortened(text, longest);
  }
  return copy;
}

json::Value with_lists_of(const json::Value& record, std::size_t longest) {
  json::Value copy = record;
  // Cutting a list ends what was gathered from inside it: begin again after each.
  while (true) {
    std::vector<json::Value*> texts;
    std::vector<json::Value*> lists;
    gather(copy, texts, lists);
    const auto too_long = std::ranges::find_if(
        lists, [&](json::Value* list) { return list->if_array()->size() > longest + 1; });
    if (too_long == lists.end()) return copy;
    auto& items = *(*too_long)->if_array();
    const auto missing = items.size() - longest;
    items.resize(longest);
    items.emplace_back("… [" + std::to_string(missing) + " more entries cut]");
  }
}

// The id and as many of the shortest members as fit, in their order.
std::string without_longest(const json::Value& record, std::size_t room) {
  const auto terse = with_lists_of(with_texts_of(record, kLeastText), 0);
  const auto& members = *terse.if_object();
  std::vector<std::pair<std::size_t, std::size_t>> sizes;  // bytes, place
  std::size_t place = 0;
  for (const auto& [name, value] : members) {
    const auto bytes = name.size() + json::to_string(value).size() + 4;
    sizes.emplace_back(name == "id" ? 0 : bytes, place++);
  }
  std::ranges::sort(sizes);
  const auto written = [&](std::size_t count) {
    std::vector<bool> kept(sizes.size(), false);
    for (std::size_t i = 0; i < count; ++i) kept[sizes[i].second] = true;
    json::Object out;
    std::size_t at = 0;
    for (const auto& [name, value] : members) {
      if (kept[at++]) out.append(name, value);
    }
    out.append("too_large", true);
    out.append("members_left_out", static_cast<std::int64_t>(sizes.size() - count));
    return json::to_string(out);
  };
  std::size_t low = 0;
  std::size_t high = sizes.size();
  while (low < high) {
    const std::size_t middle = low + (high - low + 1) / 2;
    if (written(middle).size() <= room) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  auto text = written(low);
  return text.size() <= room ? text : R"({"too_large":true})";
}

}  // namespace

Fitted fit_record(std::string text, std::size_t room) {
  if (text.size() <= room) return {std::move(text), false};
  const auto parsed = json::parse(text);
  if (parsed) {
    // The greatest length that fits, by halving; each try is a copy, and there are about 17.
    const auto best = [&](const json::Value& record, auto shorten, std::size_t low,
                          std::size_t high) -> std::string {
      std::string found;
      while (low <= high) {
        const std::size_t middle = low + (high - low) / 2;
        auto tried = json::to_string(shorten(record, middle));
        if (tried.size() <= room) {
          found = std::move(tried);
          low = middle + 1;
        } else if (middle == 0) {
          break;
        } else {
          high = middle - 1;
        }
      }
      return found;
    };
    if (auto fitted = best(*parsed, with_texts_of, kLeastText, room); !fitted.empty()) {
      return {std::move(fitted), true};
    }
    const auto terse = with_texts_of(*parsed, kLeastText);
    if (auto fitted = best(terse, with_lists_of, 0, 4096); !fitted.empty()) {
      return {std::move(fitted), true};
    }
  }
  if (parsed && parsed->is_object()) return {without_longest(*parsed, room), true};
  return {R"({"too_large":true})", true};
}

}  // namespace patchbay::gateway
