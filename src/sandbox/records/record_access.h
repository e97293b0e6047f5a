// Reading and writing records by the names of their fields: what the modules' rules and the seeds
// share.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sandbox/records/database.h"

namespace patchbay::sandbox {

std::int64_t id_in(const Table& table, const Record& record, std::string_view field);  // 0: null
double number_in(const Table& table, const Record& record, std::string_view field);    // 0: null
void fill_if_null(const Table& table, Record& record, std::string_view field, const Cell& value);
double to_cents(double amount);
std::string member_identifier(const Database& db, std::int64_t member);
void erase_children(Database& db, std::string_view table, std::int64_t parent);
std::int64_t default_child(const Table& children, std::int64_t parent);  // the one with defaultFlag

// What a new record has in the field before anybody says something.
Cell fallback_of(const Database& db, const FieldSpec& field);
// A record with its fields' fallbacks and no id.
Record with_fallbacks(const Database& db, const Table& table);
// The record of `table` whose boolean `field` is set, as a default; else null.
Cell first_flagged(const Database& db, std::string_view table, std::string_view field);

// "ticket" for "Ticket", "timeEntry" for "TimeEntry": how errors call the object of a body.
std::string object_name(const ResourceSpec& resource);

}  // namespace patchbay::sandbox
