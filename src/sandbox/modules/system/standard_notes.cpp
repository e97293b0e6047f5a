// Texts that are used again and again: /system/standardNotes.
#include "sandbox/modules/system/standard_notes.h"

namespace patchbay::sandbox {
namespace {

constexpr FieldSpec kNoteFields[] = {
    text("name").is_required().at_most(50), text("contents").is_required(),
    reference("location", "locations"),     reference("department", "departments"),
    reference("board", "boards"),
};

constexpr ResourceSpec kStandardNoteResources[] = {
    {
        .name = "standardNotes",
        .path = "system/standardNotes",
        .type = "StandardNote",
        .label = "Standard Note",
        .href = "standardNote",
        .fields = kNoteFields,
    },
};

}  // namespace

std::span<const ResourceSpec> standard_note_resources() {
  return kStandardNoteResources;
}

}  // namespace patchbay::sandbox
