// A text with placeholders: "{company_id}+{public_key}". Braces stand for placeholders only; a text
// that needs one of its own is not what this is for.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"

namespace patchbay::integration {

class TextTemplate {
 public:
  TextTemplate() = default;  // the empty text

  // Error invalid_argument: a brace that opens or closes nothing, or a placeholder without a name.
  static Result<TextTemplate> parse(std::string_view text);

  const std::string& text() const { return text_; }  // as it was written
  bool empty() const { return text_.empty(); }
  // Of the placeholders, in their order; a name may stand twice.
  const std::vector<std::string>& names() const { return names_; }
  bool has(std::string_view name) const;
  // What stands before the first placeholder.
  std::string_view begin() const { return std::string_view(text_).substr(0, begin_); }

  // `value(name)` gives a Result<std::string> for each placeholder; the first error ends it.
  template <class Value>
  Result<std::string> fill(Value&& value) const {
    std::string out(begin());
    for (std::size_t i = 0; i < names_.size(); ++i) {
      Result<std::string> filled = value(names_[i]);
      if (!filled) return filled;
      out += *filled;
      out += literals_[i];
    }
    return out;
  }

  bool operator==(const TextTemplate& other) const { return text_ == other.text_; }

 private:
  std::string text_;
  std::size_t begin_ = 0;
  std::vector<std::string> names_;
  std::vector<std::string> literals_;  // what stands behind each of them
};

}  // namespace patchbay::integration
