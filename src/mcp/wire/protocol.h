// The words of the Model Context Protocol that several files here share: revisions, error codes,
// reserved names. Facts of the outside world; nothing of ours is decided in this file.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace patchbay::mcp {

// In the order of time: later revisions compare greater.
enum class Revision : std::uint8_t {
  r2024_11_05,  // HTTP+SSE; here also over plain POST
  r2025_03_26,  // Streamable HTTP, batches
  r2025_06_18,  // no batches, structured output, elicitation
  r2025_11_25,  // the newest that begins with `initialize`
  r2026_07_28,  // stateless: an envelope in every request
};

inline constexpr Revision kNewestLegacy = Revision::r2025_11_25;
inline constexpr Revision kModern = Revision::r2026_07_28;
// What a legacy client speaks that names no revision (2025-06-18, transports).
inline constexpr Revision kAssumedLegacy = Revision::r2025_03_26;

std::string_view to_string(Revision revision);  // "2025-11-25"
std::optional<Revision> parse_revision(std::string_view text);
// A date of 2026-07-28 or later, also one that nobody knows yet.
bool names_modern_revision(std::string_view text);

// Two ways of talking: legacy clients begin with `initialize` and errors ride on HTTP 200; modern
// ones carry an envelope in each request and mirror it in headers.
enum class Era : std::uint8_t { legacy, modern };

// JSON-RPC error codes.
inline constexpr int kParseError = -32700;
inline constexpr int kInvalidRequest = -32600;
inline constexpr int kMethodNotFound = -32601;
inline constexpr int kInvalidParams = -32602;
inline constexpr int kInternalError = -32603;
inline constexpr int kResourceNotFoundLegacy = -32002;  // legacy only; modern says kInvalidParams
inline constexpr int kHeaderMismatch = -32020;
inline constexpr int kMissingCapability = -32021;
inline constexpr int kUnsupportedVersion = -32022;

// Reserved members of `_meta`.
inline constexpr std::string_view kMetaVersion = "io.modelcontextprotocol/protocolVersion";
inline constexpr std::string_view kMetaCapabilities = "io.modelcontextprotocol/clientCapabilities";
inline constexpr std::string_view kMetaClientInfo = "io.modelcontextprotocol/clientInfo";
inline constexpr std::string_view kMetaLogLevel = "io.modelcontextprotocol/logLevel";
inline constexpr std::string_view kMetaServerInfo = "io.modelcontextprotocol/serverInfo";
inline constexpr std::string_view kMetaSubscription = "io.modelcontextprotocol/subscriptionId";
// Ours.
inline constexpr std::string_view kMetaRateLimit = "dev.patchbay/rate-limit";

inline constexpr std::string_view kVersionHeader = "MCP-Protocol-Version";
inline constexpr std::string_view kMethodHeader = "Mcp-Method";
inline constexpr std::string_view kNameHeader = "Mcp-Name";

}  // namespace patchbay::mcp
