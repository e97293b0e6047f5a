// What clients carry for us, so that no node has to remember: the state of a question that is being
// answered (requestState, 2026-07-28), and what a legacy client said of itself at initialize
// (Mcp-Session-Id, only where a server may have questions).
//
// Layout: base64url of a vault's sealed bytes, which hold {"v": value, "e": expiry in
// milliseconds}. The associated data names purpose, MCP server and what the value belongs to, so
// that nothing opens anywhere else. Altered, foreign and expired texts are one and the same to the
// caller.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "json/value.h"
#include "vault/vault.h"

namespace patchbay::mcp {

class CarriedState {
 public:
  // Without a vault nothing can be sealed, and nothing opens.
  CarriedState(std::shared_ptr<const vault::Vault> vault, const Clock& clock)
      : vault_(std::move(vault)), clock_(clock) {}

  bool available() const { return vault_ != nullptr; }
  // `place`: what the value belongs to (server, method, arguments).
  std::string seal(const json::Value& value, std::string_view place,
                   std::chrono::milliseconds lifetime) const;
  std::optional<json::Value> open(std::string_view text, std::string_view place) const;

  // Eight letters and digits that only this instance can derive for that place, and only for some
  // ten minutes: what a model types off, so it is short.
  std::string code(std::string_view place) const;
  bool confirms(std::string_view code, std::string_view place) const;

 private:
  std::string code(std::string_view place, std::int64_t period) const;
  std::int64_t period() const;

  std::shared_ptr<const vault::Vault> vault_;
  const Clock& clock_;
};

// The place of a question's state: it opens only for the same call of the same server.
std::string request_state_place(std::string_view server_id, std::string_view method,
                                const json::Value& params);
std::string session_place(std::string_view server_id);
// Members of a session's content beside the client's capabilities.
inline constexpr std::string_view kSessionId = "session_id";
inline constexpr std::string_view kSessionClient = "client_info";

}  // namespace patchbay::mcp
