// Which era a POST belongs to: one pure function over the body and one header.
//
// The body decides, since proxies and bridges send headers that do not belong to it (mcp-remote
// sends Mcp-Method with legacy bodies). A request whose _meta names a protocol version is modern,
// even `initialize`; what names none is legacy unless the header names a modern revision, which
// then is a request that forgot its envelope.
#pragma once

#include <optional>
#include <string_view>
#include <variant>

#include "mcp/wire/jsonrpc.h"
#include "mcp/wire/protocol.h"

namespace patchbay::mcp {

struct LegacyMessage {
  Revision revision = kAssumedLegacy;  // from the header; `initialize` negotiates its own
};
struct LegacyBatch {
  Revision revision = kAssumedLegacy;
};
// The envelope is still to be checked.
struct ModernMessage {};

using Classified = std::variant<LegacyMessage, LegacyBatch, ModernMessage, Fault>;

// `version_header`: MCP-Protocol-Version, trimmed; nothing if absent.
Classified classify(const Incoming& incoming, std::optional<std::string_view> version_header);

}  // namespace patchbay::mcp
