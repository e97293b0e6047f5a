// Quality: what loads and still makes a poor tool. Seen by this room only.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "integration/model.h"
#include "pack/reader.h"

namespace patchbay::pack {

// Where methods stand in their files, by "tickets.list".
using MethodLines = std::map<std::string, std::size_t>;

// Warnings: methods that make no tool, thin or overlong descriptions, lists without default fields,
// writes without an example, examples that their own schema refuses.
// `folder` is what the files' paths begin with.
void lint(const std::shared_ptr<const integration::Integration>& integration,
          const std::string& folder, const MethodLines& lines, ProblemList& problems);

}  // namespace patchbay::pack
