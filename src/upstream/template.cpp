#include "upstream/template.h"

namespace patchbay::upstream {

Result<Secret> fill(std::string_view text, const std::map<std::string, Secret>& values) {
  std::string out;
  while (!text.empty()) {
    const auto open = text.find('{');
    out += text.substr(0, open);
    if (open == std::string_view::npos) break;
    const auto close = text.find('}', open);
    if (close == std::string_view::npos) {
      return fail(ErrorCode::invalid_argument, "a template has '{' without '}'");
    }
    const std::string name(text.substr(open + 1, close - open - 1));
    const auto value = values.find(name);
    if (value == values.end()) {
      return fail(ErrorCode::invalid_argument,
                  "a template names the credential '" + name + "', which is not given");
    }
    out += value->second.reveal();
    text.remove_prefix(close + 1);
  }
  return Secret(std::move(out));
}

}  // namespace patchbay::upstream
