// The audit trail: one entry for each field that a write changed. The API's own wording is not
// known; what the entries say is decided here.
#pragma once

#include <optional>
#include <string_view>

#include "sandbox/records/changes.h"

namespace patchbay::sandbox {

// The table whose records a `type` of /system/audittrail names; nothing for an unknown type. Types
// that the sandbox keeps no records of give an empty name.
std::optional<std::string_view> audited_table(std::string_view type);

// Appends what a change did, if its table is audited.
void write_audit_trail(Database& db, const RecordChange& change, Instant when, std::int64_t member);

// That a record came to be, for seeds.
void write_audit_entry(Database& db, std::string_view type, std::int64_t record, Instant when,
                       std::string_view who, std::string_view text, std::string_view source);

}  // namespace patchbay::sandbox
