#include "integration/naming.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "base/digit.h"

namespace patchbay::integration {
namespace {

bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
bool ends_with_any(std::string_view word, std::initializer_list<std::string_view> ends) {
  return std::ranges::any_of(ends, [&](std::string_view end) { return word.ends_with(end); });
}

std::string singular_word(std::string_view word) {
  // English has more exceptions; a resource that needs one says `singular:` itself.
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kIrregular = {{
      {"people", "person"},
      {"series", "series"},
      {"news", "news"},
      {"indices", "index"},
      {"taxes", "tax"},
      {"movies", "movie"},
  }};
  for (const auto& [plural, one] : kIrregular) {
    if (word == plural) return std::string(one);
  }
  if (word.size() > 3 && word.ends_with("ies")) {
    return std::string(word.substr(0, word.size() - 3)) + "y";
  }
  if (ends_with_any(word, {"sses", "shes", "ches", "xes", "tuses", "nuses", "puses", "buses"})) {
    return std::string(word.substr(0, word.size() - 2));
  }
  if (word.size() > 1 && word.ends_with("s") && !ends_with_any(word, {"ss", "us", "is"})) {
    return std::string(word.substr(0, word.size() - 1));
  }
  return std::string(word);
}

// FNV-1a: stable everywhere, and nothing here is secret.
std::string suffix_of(std::string_view name) {
  std::uint64_t hash = 14695981039346656037U;
  for (const char c : name) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
  }
  static constexpr std::string_view kAlphabet = "abcdefghijklmnopqrstuvwxyz234567";
  std::string out;
  for (int i = 0; i < 6; ++i, hash >>= 5U) out += kAlphabet[hash & 31U];
  return out;
}

// Cut at a word, so that it and a suffix that depends on `whole` have at most `most`.
std::string with_suffix(const std::string& name, std::string_view whole, std::size_t most) {
  const std::string suffix = "_" + suffix_of(whole);
  if (name.size() + suffix.size() <= most) return name + suffix;
  std::string head = name.substr(0, most - suffix.size() + 1);
  const auto cut = head.rfind('_');
  head.resize(cut == std::string::npos || cut == 0 ? most - suffix.size() : cut);
  return head + suffix;
}

std::string shortened(const std::string& name) {
  return name.size() <= kMaxToolName ? name : with_suffix(name, name, kMaxToolName);
}

std::string lowered(std::string text) {
  // "Knowledge base articles" → "knowledge base articles", but "SLAs" stays.
  if (text.size() > 1 && is_lower(text[1]) && text[0] >= 'A' && text[0] <= 'Z') {
    text[0] = static_cast<char>(text[0] - 'A' + 'a');
  }
  return text;
}

}  // namespace

MethodKind method_kind(std::string_view name) {
  if (name == "list") return MethodKind::list;
  if (name == "get") return MethodKind::get;
  if (name == "create") return MethodKind::create;
  if (name == "update") return MethodKind::update;
  if (name == "delete") return MethodKind::delete_;
  return MethodKind::custom;
}

std::string singular(std::string_view plural) {
  const auto cut = plural.rfind('_');
  if (cut == std::string_view::npos) return singular_word(plural);
  return std::string(plural.substr(0, cut + 1)) + singular_word(plural.substr(cut + 1));
}

std::string tool_name(std::string_view prefix, const Resource& resource, const Method& method) {
  if (!method.tool_name.empty()) return method.tool_name;
  const std::string base(prefix);
  switch (method.kind) {
    case MethodKind::list:
      return shortened("list_all_" + base + "_" + resource.name);
    case MethodKind::get:
      return shortened("get_single_" + base + "_" + resource.singular + "_by_id");
    case MethodKind::create:
      return shortened("create_a_" + base + "_" + resource.singular);
    case MethodKind::update:
      return shortened("update_a_" + base + "_" + resource.singular + "_by_id");
    case MethodKind::delete_:
      return shortened("delete_a_" + base + "_" + resource.singular + "_by_id");
    case MethodKind::custom:
      return shortened(base + "_" + resource.name + "_" + method.name);
  }
  return {};
}

std::string short_tool_name(const Resource& resource, const Method& method) {
  std::string name = resource.name + '_' + method.name;
  return name.size() <= kMaxShortToolName ? name : distinct_short_tool_name(resource, method);
}

std::string distinct_short_tool_name(const Resource& resource, const Method& method) {
  return with_suffix(resource.name + '_' + method.name, resource.name + '.' + method.name,
                     kMaxShortToolName);
}

std::string tool_title(const Resource& resource, const Method& method) {
  const std::string one = lowered(label_of(resource.singular));
  switch (method.kind) {
    case MethodKind::list:
      return "List " + lowered(resource.label);
    case MethodKind::get:
      return "Get " + one;
    case MethodKind::create:
      return "Create " + one;
    case MethodKind::update:
      return "Update " + one;
    case MethodKind::delete_:
      return "Delete " + one;
    case MethodKind::custom:
      return label_of(method.name) + " (" + lowered(resource.label) + ")";
  }
  return {};
}

std::string label_of(std::string_view name) {
  std::string label(name);
  std::ranges::replace(label, '_', ' ');
  if (!label.empty() && is_lower(label[0])) label[0] = static_cast<char>(label[0] - 'a' + 'A');
  return label;
}

bool is_snake_name(std::string_view name) {
  if (name.empty() || !is_lower(name.front()) || name.back() == '_') return false;
  if (name.find("__") != std::string_view::npos) return false;
  return std::ranges::all_of(name, [](char c) { return is_lower(c) || is_digit(c) || c == '_'; });
}

bool is_property_name(std::string_view name) {
  return !name.empty() && name.size() <= 64 && std::ranges::all_of(name, [](char c) {
    return is_lower(c) || is_digit(c) || (c >= 'A' && c <= 'Z') || c == '_' || c == '.' || c == '-';
  });
}

}  // namespace patchbay::integration
