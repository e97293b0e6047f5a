#include "pack/credential_template.h"

#include <algorithm>
#include <vector>

#include "integration/text_template.h"

namespace patchbay::pack {

void check_template(const std::string& text, std::size_t line, const std::string& what,
                    Definition& definition) {
  const auto parsed = integration::TextTemplate::parse(text);
  if (!parsed) {
    definition.problems.error(line, what + ": " + parsed.error().message,
                              "write {credential} for what stands in its place");
    return;
  }
  std::vector<std::string> known;
  for (const CredentialField& field : definition.integration.credentials) {
    known.push_back(field.name);
  }
  for (const std::string& name : parsed->names()) {
    if (std::ranges::find(known, name) != known.end()) continue;
    definition.problems.error(line, what + ": '{" + name + "}' is no credential",
                              suggest(name, known));
  }
}

}  // namespace patchbay::pack
