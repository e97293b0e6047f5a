// A description of an API, in JSON or YAML: an import ends with a pack that loads and whose tools
// clients take, or with a problem that has a message and a fix. Twice gives the same twice.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "pack/openapi/import.h"
#include "pack/openapi/test_fitness.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace patchbay;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const openapi::ImportRequest request{.name = "x", .file = "x.json", .progress = {}};
  const auto outcome = openapi::import_document(text, request);
  if (const auto unfit = openapi::testing::unfit(outcome, request.file); !unfit.empty()) {
    std::fprintf(stderr, "%s\n", unfit.c_str());
    std::abort();
  }
  const auto again = openapi::import_document(text, request);
  if (again.files.size() != outcome.files.size()) std::abort();
  for (std::size_t i = 0; i < again.files.size(); ++i) {
    if (again.files[i].text != outcome.files[i].text) std::abort();
  }
  return 0;
}
