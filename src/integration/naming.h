// How tools are called (DESIGN 5).
#pragma once

#include <string>
#include <string_view>

#include "integration/model.h"

namespace patchbay::integration {

inline constexpr std::size_t kMaxToolName = 64;  // what clients and the conformance suite accept
inline constexpr std::size_t kMaxShortToolName = 40;

// What a method is by its name: one of the five that are usual, or custom.
MethodKind method_kind(std::string_view name);

// The singular of the last word: "time_entries" → "time_entry", "board_statuses" → "board_status".
std::string singular(std::string_view plural);

// "list_all_connect_wise_psa_tickets". Longer names than 64 are cut at a word and end in "_" and
// six characters that depend on the whole name only, so that they stay unique and never change.
// A method that says its tool's name itself has that one.
std::string tool_name(std::string_view prefix, const Resource& resource, const Method& method);

// "tickets_list", "tickets_merge": without the API's name, for servers that say so. At most 40;
// longer ones are cut in the same way.
std::string short_tool_name(const Resource& resource, const Method& method);
// The same for two that would have one name ("a_b" of "a" and of "a_b"): always with a suffix.
std::string distinct_short_tool_name(const Resource& resource, const Method& method);

// "List tickets", "Get ticket".
std::string tool_title(const Resource& resource, const Method& method);

// "Ticket notes" from "ticket_notes".
std::string label_of(std::string_view name);

// [a-z][a-z0-9_]*, without "__" and without a "_" at the end.
bool is_snake_name(std::string_view name);
// What clients accept as a property's name: [a-zA-Z0-9_.-]{1,64}.
bool is_property_name(std::string_view name);

}  // namespace patchbay::integration
