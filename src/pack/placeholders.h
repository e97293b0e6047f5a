// Texts for people and models that name arguments as {board} and tools as {tickets.list}.
#pragma once

#include <string>
#include <vector>

#include "pack/definition.h"

namespace patchbay::pack {

// The text cut at its placeholders. A method that the integration lacks is told once all of it is
// read; whose arguments are meant is the caller's to check. A "{" without "}" stands as it is.
std::vector<PromptPart> cut_at_placeholders(const std::string& text, std::size_t line,
                                            Definition& definition);

}  // namespace patchbay::pack
