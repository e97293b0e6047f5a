// The two tickets that the reference article works on.
#pragma once

#include <cstdint>
#include <string_view>

#include "sandbox/seed/context.h"

namespace patchbay::sandbox {

inline constexpr std::int64_t kFirewallTicket = 40'592;
inline constexpr std::int64_t kSlowServerTicket = 5'012;
inline constexpr std::string_view kSlowServerCompany = "Falcon Manufacturing";

// 40592: a firewall that drops its VPN; first level tried several things, then escalated.
void seed_firewall_story(SeedContext& context, Instant created);
// 5012: "Server running slow", fresh on Triage; the company had such tickets before.
void seed_slow_server_story(SeedContext& context, Instant created);

}  // namespace patchbay::sandbox
