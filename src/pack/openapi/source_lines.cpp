#include "pack/openapi/source_lines.h"

#include <algorithm>
#include <string>
#include <vector>

#include "base/text.h"

namespace patchbay::openapi {
namespace {

std::vector<std::string> parts_of(std::string_view pointer) {
  std::vector<std::string> parts;
  if (!pointer.starts_with('/')) return parts;
  for (const std::string_view part : split(pointer.substr(1), '/')) {
    std::string plain;
    for (std::size_t i = 0; i < part.size(); ++i) {
      if (part[i] == '~' && i + 1 < part.size()) {
        plain += part[++i] == '1' ? '/' : '~';
      } else {
        plain += part[i];
      }
    }
    parts.push_back(std::move(plain));
  }
  return parts;
}

// Walks over JSON that has been read already.
class Walk {
 public:
  explicit Walk(std::string_view text) : text_(text) {}

  // The byte where the value begins.
  std::size_t find(const std::vector<std::string>& parts) {
    skip_space();
    std::size_t found = at_;
    for (const std::string& part : parts) {
      if (!enter(part, found)) break;
    }
    return found;
  }

 private:
  char here() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  void skip_space() {
    while (at_ < text_.size() && (text_[at_] <= ' ' || text_[at_] == ',' || text_[at_] == ':')) {
      ++at_;
    }
  }

  // Goes to the member's value, or to the item; `found` becomes where its key, or it, begins.
  bool enter(const std::string& part, std::size_t& found) {
    const bool object = here() == '{';
    if (!object && here() != '[') return false;
    ++at_;
    for (std::size_t index = 0;; ++index) {
      skip_space();
      if (at_ >= text_.size() || here() == '}' || here() == ']') return false;
      const std::size_t begin = at_;
      bool is_it = !object && std::to_string(index) == part;
      if (object) {
        skip_value();
        const auto key = text_.substr(begin, at_ - begin);
        // Keys that are written with escapes are no names that one looks for.
        is_it = key.size() == part.size() + 2 && key.substr(1, part.size()) == part;
        skip_space();
      }
      if (is_it) {
        found = begin;
        return true;
      }
      skip_value();
    }
  }

  void skip_string() {
    for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
      if (text_[at_] == '\\') ++at_;
    }
    ++at_;
  }

  void skip_value() {
    if (here() == '"') return skip_string();
    std::size_t depth = 0;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '"') {
        skip_string();
        continue;
      }
      if (c == '{' || c == '[') ++depth;
      if (c == '}' || c == ']') {
        if (depth == 0) return;
        if (--depth == 0) {
          ++at_;
          return;
        }
      }
      if (depth == 0 && (c <= ' ' || c == ',')) return;
      ++at_;
    }
  }

  const std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

std::size_t line_in_json(std::string_view text, std::string_view pointer) {
  const std::size_t byte = Walk(text).find(parts_of(pointer));
  if (byte >= text.size()) return 0;
  return static_cast<std::size_t>(std::ranges::count(text.substr(0, byte), '\n')) + 1;
}

std::size_t line_in_yaml(const yaml::Node& root, std::string_view pointer) {
  const yaml::Node* at = &root;
  std::size_t line = root.line;
  for (const std::string& part : parts_of(pointer)) {
    if (at->is_mapping()) {
      const auto entry = std::ranges::find(at->entries, part, &yaml::Node::Entry::key);
      if (entry == at->entries.end()) break;
      line = entry->line;
      at = &entry->value;
    } else {
      const auto index = parse_int64(part);
      if (!index || *index < 0 || *index >= std::ssize(at->items)) break;
      at = &at->items[static_cast<std::size_t>(*index)];
      line = at->line;
    }
  }
  return line;
}

}  // namespace patchbay::openapi
