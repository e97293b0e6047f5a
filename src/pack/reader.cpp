#include "pack/reader.h"

#include <algorithm>
#include <tuple>

#include <re2/re2.h>

#include "base/nearest.h"
#include "base/text.h"

namespace patchbay::pack {

void ProblemList::error(std::size_t line, std::string message, std::string fix) {
  problems_.push_back({file_, line, std::move(message), std::move(fix), false});
}

void ProblemList::warning(std::size_t line, std::string message, std::string fix) {
  problems_.push_back({file_, line, std::move(message), std::move(fix), true});
}

bool ProblemList::has_errors() const {
  return std::ranges::any_of(problems_, [](const Problem& problem) { return !problem.warning; });
}

std::vector<Problem> ProblemList::take() {
  std::ranges::sort(problems_, {}, [](const Problem& problem) {
    return std::tie(problem.file, problem.line, problem.message);
  });
  return std::move(problems_);
}

MappingReader::MappingReader(const yaml::Node& node, std::string what, ProblemList& problems)
    : node_(node), what_(std::move(what)), problems_(problems) {
  if (!node.is_mapping() && !node.is_null()) {
    problems_.error(node.line, what_ + " must be a mapping (key: value)",
                    "indent its keys below it");
  }
}

MappingReader::~MappingReader() {
  if (are_own_names_) return;
  for (const auto& entry : node_.entries) {
    if (std::ranges::find(asked_, entry.key) != asked_.end()) continue;
    std::vector<std::string> known;
    for (const std::string_view key : asked_) {
      if (std::ranges::find(known, key) == known.end()) known.emplace_back(key);
    }
    problems_.error(entry.line, what_ + ": unknown key '" + entry.key + "'",
                    suggest(entry.key, known));
  }
}

const yaml::Node* MappingReader::find(std::string_view key) {
  asked_.push_back(key);
  return node_.find(key);
}

std::string MappingReader::about(std::string_view key) const {
  return what_ + ": " + std::string(key);
}

// What a thing is called is put together where there is something to tell of it: a whole API is
// read by a hundred thousand of these.
std::string MappingReader::text(std::string_view key, std::string fallback) {
  const yaml::Node* node = find(key);
  if (node == nullptr || node->is_null()) return fallback;
  if (node->is_scalar()) return node->text;
  return scalar_text(*node, about(key), problems_).value_or(fallback);
}

std::string MappingReader::required_text(std::string_view key, std::string_view example) {
  std::string value = text(key);
  if (value.empty()) {
    problems_.error(node_.line, what_ + ": '" + std::string(key) + "' is missing",
                    "add `" + std::string(key) + ": " + std::string(example) + "`");
  }
  return value;
}

integration::PathTemplate MappingReader::path(std::string_view key,
                                              const integration::PathTemplate& fallback) {
  auto given = optional_path(key);
  if (given) return std::move(*given);
  return fallback;
}

std::optional<integration::PathTemplate> MappingReader::optional_path(std::string_view key) {
  const std::string value = text(key);
  if (value.empty()) return std::nullopt;
  auto parsed = integration::PathTemplate::parse(value);
  if (parsed) return std::move(*parsed);
  problems_.error(find(key)->line,
                  what_ + ": '" + std::string(key) + "' is no path: " + parsed.error().message,
                  "write it as below base_url: /tickets/{id}/notes");
  return std::nullopt;
}

std::string MappingReader::pointer(std::string_view key, std::string fallback) {
  std::string value = text(key, std::move(fallback));
  const bool sound = value.empty() || (value.starts_with('/') && !value.ends_with('/') &&
                                       !value.contains("//") && !value.contains('~'));
  if (sound) return value;
  problems_.error(find(key)->line,
                  what_ + ": '" + std::string(key) + "' is no pointer into an answer",
                  "write the members' names with a / before each: /paging/next");
  return {};
}

bool MappingReader::flag(std::string_view key, bool fallback) {
  return optional_flag(key).value_or(fallback);
}

std::optional<bool> MappingReader::optional_flag(std::string_view key) {
  const yaml::Node* node = find(key);
  if (node == nullptr) return std::nullopt;
  if (node->is_scalar() && node->text == "true") return true;
  return scalar_flag(*node, about(key), problems_);
}

std::int64_t MappingReader::integer(std::string_view key, std::int64_t fallback) {
  const yaml::Node* node = find(key);
  if (node == nullptr) return fallback;
  const auto number = node->is_scalar() ? parse_int64(node->text) : std::nullopt;
  if (!number) {
    problems_.error(node->line, what_ + ": '" + std::string(key) + "' must be a whole number",
                    "write digits only");
  }
  return number.value_or(fallback);
}

std::vector<std::string> MappingReader::texts(std::string_view key) {
  const yaml::Node* node = find(key);
  if (node == nullptr) return {};
  return scalar_texts(*node, about(key), problems_);
}

std::vector<std::pair<std::string, std::string>> MappingReader::text_map(std::string_view key) {
  std::vector<std::pair<std::string, std::string>> out;
  const yaml::Node* node = find(key);
  if (node == nullptr) return out;
  if (!node->is_mapping()) {
    problems_.error(node->line, what_ + ": '" + std::string(key) + "' must be a mapping",
                    "write name: value pairs");
  }
  for (const auto& entry : node->entries) {
    if (entry.value.is_scalar()) {
      out.emplace_back(entry.key, entry.value.text);
    } else {
      scalar_text(entry.value, about(entry.key), problems_);
    }
  }
  return out;
}

void MappingReader::refuse_word(std::string_view key, const yaml::Node& node,
                                const std::vector<std::string>& known) {
  problems_.error(node.line, what_ + ": '" + std::string(key) + "' cannot be '" + node.text + "'",
                  "use one of " + join(known));
}

std::string MappingReader::name(std::string_view key, const std::vector<std::string>& names,
                                std::string fallback) {
  const yaml::Node* const node = find(key);
  if (node == nullptr) return fallback;
  if (node->is_scalar() && std::ranges::find(names, node->text) != names.end()) return node->text;
  refuse_word(key, *node, names);
  return fallback;
}

void MappingReader::refuse(std::string_view key, std::string_view why, std::string_view fix) {
  const yaml::Node* node = find(key);
  if (node == nullptr) return;
  problems_.error(node->line, what_ + ": '" + std::string(key) + "' " + std::string(why),
                  std::string(fix));
}

std::optional<std::string> scalar_text(const yaml::Node& node, std::string_view what,
                                       ProblemList& problems) {
  if (node.is_scalar()) return node.text;
  problems.error(node.line, std::string(what) + " must be a text", "write one value");
  return std::nullopt;
}

std::optional<bool> scalar_flag(const yaml::Node& node, std::string_view what,
                                ProblemList& problems) {
  if (node.is_scalar() && (node.text == "true" || node.text == "false")) {
    return node.text == "true";
  }
  problems.error(node.line, std::string(what) + " must be true or false", "write true or false");
  return std::nullopt;
}

std::vector<std::string> scalar_texts(const yaml::Node& node, std::string_view what,
                                      ProblemList& problems) {
  std::vector<std::string> out;
  if (!node.is_sequence()) {
    problems.error(node.line, std::string(what) + " must be a list", "write [a, b, c]");
    return out;
  }
  out.reserve(node.items.size());
  for (const yaml::Node& item : node.items) {
    if (auto value = scalar_text(item, what, problems)) out.push_back(std::move(*value));
  }
  return out;
}

bool is_pattern(const std::string& text) {
  RE2::Options options;
  options.set_log_errors(false);
  return RE2(text, options).ok();
}

std::string suggest(std::string_view wanted, const std::vector<std::string>& known) {
  const std::vector<std::string> near = nearest(wanted, known, 3);
  if (!near.empty()) return "did you mean " + join(near, " or ") + "?";
  if (known.empty()) return "leave it out";
  constexpr std::size_t kMostShown = 60;
  if (known.size() <= kMostShown) return "known: " + join(known);
  const std::vector<std::string> shown(known.begin(), known.begin() + kMostShown);
  return "known: " + join(shown) + ", and " + std::to_string(known.size() - kMostShown) + " more";
}

}  // namespace patchbay::pack
