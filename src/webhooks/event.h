// What webhooks may tell of. The numbers stand in databases; a bit that is gone is not given anew.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "store/webhook_rows.h"

namespace patchbay::webhooks {

enum class Event : std::uint8_t {
  server_created = 1,
  server_expiring = 2,
  server_expired = 4,
  account_needs_reauth = 8,
  approval_wanted = 16,
  quota_reached = 32,
  server_needs_reauth = 128,
  test = 64,  // nobody asks for it; it is sent on an operator's word
};

struct EventName {
  Event event;
  std::string_view name;
  std::string_view meaning;
};
inline constexpr std::array<EventName, 7> kEvents{{
    {Event::server_created, "mcp_server.created", "an MCP server was minted"},
    {Event::server_expiring, "mcp_server.expiring", "an MCP server expires soon"},
    {Event::server_expired, "mcp_server.expired", "an MCP server has expired"},
    {Event::account_needs_reauth, "integrated_account.needs_reauth",
     "an account's credentials are refused"},
    {Event::server_needs_reauth, "mcp_server.needs_reauth",
     "a member's own credentials of an MCP server are refused"},
    {Event::approval_wanted, "approval.wanted", "a call waits for a person's yes"},
    {Event::quota_reached, "quota.reached", "the last of an MCP server's quota was taken"},
}};

inline constexpr std::string_view kTestName = "webhook.test";

constexpr std::int64_t bit_of(Event event) {
  return static_cast<std::int64_t>(event);
}
static_assert(bit_of(Event::server_expiring) == store::kOfExpiry);

std::string_view to_string(Event event);
std::optional<Event> event_of(std::string_view name);

}  // namespace patchbay::webhooks
