#include "gateway/size.h"

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
  std::string id;
  if (parsed) {
    if (const auto* value = parsed->find("id"); value != nullptr && value->is_number()) {
      id = "\"id\":" + json::to_string(*value) + ',';
    }
  }
  return {'{' + id + "\"too_large\":true}", true};
}

}  // namespace patchbay::gateway
