#include "upstream/template.h"

#include "integration/text_template.h"

namespace patchbay::upstream {

Result<Secret> fill(std::string_view text, const std::map<std::string, Secret>& values) {
  const auto parsed = integration::TextTemplate::parse(text);
  if (!parsed) return fail(ErrorCode::invalid_argument, "a template: " + parsed.error().message);
  auto filled = parsed->fill([&](const std::string& name) -> Result<std::string> {
    const auto value = values.find(name);
    if (value != values.end()) return std::string(value->second.reveal());
    return fail(ErrorCode::invalid_argument,
                "a template names the credential '" + name + "', which is not given");
  });
  if (!filled) return std::unexpected(filled.error());
  return Secret(std::move(*filled));
}

}  // namespace patchbay::upstream
