// An API's own description made into a pack: one resource a collection, one method an operation, by
// the rules of docs/integrations/openapi-import.md. What comes out has been loaded as any pack is:
// what it would be refused for is told here, and then nothing comes out.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "integration/model.h"
#include "pack/loader.h"
#include "pack/openapi/operation.h"

namespace patchbay::openapi {

// How the files begin: what an import may replace.
inline constexpr std::string_view kMark = "# Imported from a description of the API.";

struct ImportRequest {
  std::string name;  // of the integration: snake_case, at most 32 letters
  std::string file;  // what problems call the document
  // Told what is done next, for whoever waits. May be empty.
  std::function<void(std::string_view step)> progress;
};

struct ImportOutcome {
  std::vector<pack::PackFile> files;  // empty if there is an error among the problems
  std::shared_ptr<const integration::Integration> integration;  // null then
  std::size_t operations = 0;                                   // in the document
  std::vector<LeftOut> left_out;                                // of them: those without a tool
  std::vector<pack::Problem> problems;
};

ImportOutcome import_document(std::string_view text, const ImportRequest& request);

}  // namespace patchbay::openapi
