#include "integration/text_template.h"

#include <algorithm>

namespace patchbay::integration {

Result<TextTemplate> TextTemplate::parse(std::string_view text) {
  TextTemplate out;
  out.text_ = text;
  out.begin_ = std::min(text.find('{'), text.size());
  if (text.substr(0, out.begin_).contains('}')) {
    return fail(ErrorCode::invalid_argument, "a '}' stands without '{'");
  }
  text.remove_prefix(out.begin_);
  while (!text.empty()) {
    const auto close = text.find('}');
    if (close == std::string_view::npos) {
      return fail(ErrorCode::invalid_argument, "a '{' stands without '}'");
    }
    const std::string_view name = text.substr(1, close - 1);
    text.remove_prefix(close + 1);
    const std::string_view literal = text.substr(0, text.find('{'));
    if (name.empty() || name.contains('{') || literal.contains('}')) {
      return fail(ErrorCode::invalid_argument, "a placeholder is a name in braces");
    }
    out.names_.emplace_back(name);
    out.literals_.emplace_back(literal);
    text.remove_prefix(literal.size());
  }
  return out;
}

bool TextTemplate::has(std::string_view name) const {
  return std::ranges::find(names_, name) != names_.end();
}

}  // namespace patchbay::integration
