// A pack of one integration.yaml and one resource, separated by a line "====": loading ends with an
// integration or with a problem that has a message and a fix; what loads makes tools or says why
// not.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "catalog/tool.h"
#include "json/parse.h"
#include "pack/loader.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace patchbay;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  constexpr std::string_view kCut = "\n====\n";
  const auto cut = text.find(kCut);
  std::vector<pack::PackFile> files = {{"x/integration.yaml", std::string(text.substr(0, cut))}};
  if (cut != std::string_view::npos) {
    files.push_back({"x/resources/things.yaml", std::string(text.substr(cut + kCut.size()))});
  }
  const pack::LoadOutcome outcome = pack::lint_pack(files);
  for (const pack::Problem& problem : outcome.problems) {
    require(!problem.message.empty() && !problem.fix.empty());
  }
  if (!outcome.integration) {
    require(!outcome.problems.empty());
    return 0;
  }
  const auto tools = catalog::ToolCatalog::generate(outcome.integration);
  if (!tools) return 0;
  const auto toolset = catalog::Toolset::select(*tools, {});
  if (toolset) require(json::parse(*(*toolset)->listing()).has_value());
  return 0;
}
