#include "mcp/wire/envelope.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "mcp/wire/headers.h"

namespace patchbay::mcp {
namespace {

constexpr std::array<std::string_view, 8> kLevelNames = {
    "debug", "info", "notice", "warning", "error", "critical", "alert", "emergency"};

constexpr std::size_t kMostBytesOfName = 100;

bool is_lower_hex(std::string_view text) {
  return std::ranges::all_of(
      text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool all_zero(std::string_view text) {
  return text.find_first_not_of('0') == std::string_view::npos;
}

}  // namespace

std::optional<LogLevel> parse_log_level(std::string_view name) {
  const auto* found = std::ranges::find(kLevelNames, name);
  if (found == kLevelNames.end()) return std::nullopt;
  return static_cast<LogLevel>(found - kLevelNames.begin());
}

std::string_view to_string(LogLevel level) {
  return kLevelNames[static_cast<std::size_t>(level)];
}

void McpClient::introduce(const json::Value& info) {
  name = cut_utf8(info.string_or("name", ""), kMostBytesOfName);
  version = cut_utf8(info.string_or("version", ""), kMostBytesOfName);
}

void McpClient::introduce(std::string_view user_agent) {
  name = cut_utf8(user_agent, kMostBytesOfName);
}

bool McpClient::declares(std::string_view capability) const {
  const json::Value* member = capabilities.find(capability);
  return member != nullptr && member->is_object();
}

std::expected<McpClient, Fault> read_envelope(const MethodCall& call,
                                              const http::Headers& headers) {
  const json::Value* version = call.meta(kMetaVersion);
  if (version == nullptr || !version->is_string()) {
    return std::unexpected(
        bad_envelope("params._meta[\"" + std::string(kMetaVersion) + "\"] must be a string."));
  }
  const json::Value* capabilities = call.meta(kMetaCapabilities);
  if (capabilities == nullptr || !capabilities->is_object()) {
    return std::unexpected(bad_envelope("params._meta[\"" + std::string(kMetaCapabilities) +
                                        "\"] must be an object (it may be empty)."));
  }
  // A header that contradicts the body comes before a version that nobody speaks: whoever routed by
  // the header must learn of it.
  if (auto fault = check_version_header(headers, *version->if_string())) {
    return std::unexpected(std::move(*fault));
  }
  if (*version->if_string() != to_string(kModern)) {
    return std::unexpected(unsupported_version(*version->if_string()));
  }
  if (auto fault = check_mirror_headers(headers, call)) return std::unexpected(std::move(*fault));

  McpClient client;
  client.era = Era::modern;
  client.revision = kModern;
  client.capabilities = *capabilities;
  if (const json::Value* info = call.meta(kMetaClientInfo)) {
    client.introduce(*info);
  }
  if (const json::Value* level = call.meta(kMetaLogLevel)) {
    const std::string* name = level->if_string();
    client.log_level = name != nullptr ? parse_log_level(*name) : std::nullopt;
    if (!client.log_level) {
      return std::unexpected(invalid_params("params._meta[\"" + std::string(kMetaLogLevel) +
                                            "\"] must be a log level: debug, info, notice, "
                                            "warning, error, critical, alert or emergency."));
    }
  }
  return client;
}

std::expected<std::string, Fault> read_progress_token(const MethodCall& call) {
  const json::Value* token = call.meta("progressToken");
  if (token == nullptr) return std::string();
  std::optional<std::string> text = read_id(*token);  // the same two kinds
  if (!text) {
    return std::unexpected(
        invalid_params("params._meta.progressToken must be a string or a whole number."));
  }
  return std::move(*text);
}

// version "-" trace-id "-" parent-id "-" flags, lower-case hex; ids are not all zero (W3C Trace
// Context, 3.2.2). Version 00 has exactly 55 characters; later ones may go on after a dash.
bool is_traceparent(std::string_view text) {
  if (text.size() < 55 || text[2] != '-' || text[35] != '-' || text[52] != '-') return false;
  const std::string_view version = text.substr(0, 2);
  const std::string_view trace = text.substr(3, 32);
  const std::string_view parent = text.substr(36, 16);
  const std::string_view flags = text.substr(53, 2);
  if (!is_lower_hex(version) || !is_lower_hex(trace) || !is_lower_hex(parent) ||
      !is_lower_hex(flags)) {
    return false;
  }
  if (version == "ff" || all_zero(trace) || all_zero(parent)) return false;
  // Only what this version describes is passed on.
  return text.size() == 55;
}

std::string read_traceparent(const MethodCall& call, const http::Headers& headers) {
  const json::Value* member = call.meta("traceparent");
  const std::string* text = member != nullptr ? member->if_string() : nullptr;
  if (text != nullptr && is_traceparent(*text)) return *text;
  const std::optional<std::string_view> header = headers.find("traceparent");
  if (header && is_traceparent(*header)) return std::string(*header);
  return {};
}

std::string read_tracestate(const MethodCall& call, const http::Headers& headers) {
  const json::Value* member = call.meta("tracestate");
  const std::string* text = member != nullptr ? member->if_string() : nullptr;
  const std::string_view state = text != nullptr ? *text : headers.find("tracestate").value_or("");
  // W3C Trace Context, 3.3.1.5: what is longer need not be passed on.
  constexpr std::size_t kLongest = 512;
  const bool fit = state.size() <= kLongest &&
                   std::ranges::all_of(state, [](char c) { return c >= ' ' && c <= '~'; });
  return fit ? std::string(state) : std::string();
}

}  // namespace patchbay::mcp
