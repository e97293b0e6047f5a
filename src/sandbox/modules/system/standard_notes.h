// Texts that are used again and again: /system/standardNotes.
#pragma once

#include <span>

#include "sandbox/records/resource.h"

namespace patchbay::sandbox {

std::span<const ResourceSpec> standard_note_resources();

}  // namespace patchbay::sandbox
