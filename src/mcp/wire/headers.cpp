#include "mcp/wire/headers.h"

#include <algorithm>
#include <vector>

#include "base/encoding.h"
#include "base/text.h"

namespace patchbay::mcp {
namespace {

constexpr std::string_view kPrefix = "=?base64?";
constexpr std::string_view kSuffix = "?=";
constexpr std::size_t kMaxSchemaDepth = 16;

bool is_plain(std::string_view value) {
  return std::ranges::all_of(value, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte == '\t' || (byte >= 0x20 && byte <= 0x7E);
  });
}

// The one value of a header, or a fault if several differ: whoever reads the other one would be led
// elsewhere.
struct Single {
  std::optional<std::string_view> value;
  std::optional<Fault> fault;
};

Single single(const http::Headers& headers, std::string_view name) {
  Single out;
  const std::vector<std::string_view> all = headers.find_all(name);
  if (all.empty()) return out;
  out.value = all.front();
  for (const std::string_view value : all) {
    if (value != all.front()) {
      out.fault = header_mismatch(
          name, "Header " + std::string(name) + " appears twice with different values.");
    }
  }
  return out;
}

Fault missing(std::string_view name) {
  return header_mismatch(name, "Header " + std::string(name) + " is missing.");
}

std::optional<Fault> check_plain(const http::Headers& headers, std::string_view name,
                                 std::string_view expected) {
  const Single header = single(headers, name);
  if (header.fault) return header.fault;
  if (!header.value) return missing(name);
  if (*header.value != expected) return header_mismatch(name, *header.value, expected);
  return std::nullopt;
}

std::optional<Fault> check_encoded(const http::Headers& headers, std::string_view name,
                                   std::string_view expected) {
  const Single header = single(headers, name);
  if (header.fault) return header.fault;
  if (!header.value) return missing(name);
  const std::optional<std::string> decoded = decode_header_value(*header.value);
  if (!decoded) {
    return header_mismatch(name, "Header " + std::string(name) +
                                     " is not correctly encoded (printable ASCII, or "
                                     "=?base64?…?= with canonical base64 of UTF-8).");
  }
  if (*decoded != expected) return header_mismatch(name, *decoded, expected);
  return std::nullopt;
}

// The member of params that Mcp-Name repeats; empty: the method has none.
std::string_view named_member(std::string_view method) {
  if (method == "tools/call" || method == "prompts/get") return "name";
  if (method == "resources/read") return "uri";
  return "";
}

// Strict: "-"? digits, with an optional fraction of zeros only ("42.0" is 42).
std::optional<std::int64_t> parse_header_integer(std::string_view text) {
  const std::size_t dot = text.find('.');
  if (dot != std::string_view::npos) {
    const std::string_view fraction = text.substr(dot + 1);
    if (fraction.empty() || fraction.find_first_not_of('0') != std::string_view::npos) {
      return std::nullopt;
    }
    text = text.substr(0, dot);
  }
  return parse_int64(text);
}

bool parameter_matches(const json::Value& argument, std::string_view header) {
  if (const std::string* text = argument.if_string()) return header == *text;
  if (const bool* flag = argument.if_bool()) return header == (*flag ? "true" : "false");
  const std::optional<std::int64_t> number = argument.as_int64();
  return number && parse_header_integer(header) == number;
}

std::optional<Fault> check_properties(const http::Headers& headers, const json::Value& schema,
                                      const json::Value& arguments, std::size_t depth) {
  const json::Value* properties = schema.find("properties");
  if (properties == nullptr || !properties->is_object() || depth == 0) return std::nullopt;
  for (const auto& [name, property] : *properties->if_object()) {
    const json::Value* argument = arguments.find(name);
    if (argument == nullptr || argument->is_null()) continue;
    if (argument->is_object()) {
      if (auto fault = check_properties(headers, property, *argument, depth - 1)) return fault;
      continue;
    }
    const std::string_view annotation = property.string_or("x-mcp-header", "");
    if (annotation.empty()) continue;
    const std::string header_name = "Mcp-Param-" + std::string(annotation);
    const Single header = single(headers, header_name);
    if (header.fault) return header.fault;
    if (!header.value) return missing(header_name);
    const std::optional<std::string> decoded = decode_header_value(*header.value);
    if (!decoded || !parameter_matches(*argument, *decoded)) {
      return header_mismatch(
          header_name, "Header " + header_name + " does not match argument \"" + name + "\".");
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> decode_header_value(std::string_view value) {
  if (!is_plain(value)) return std::nullopt;
  const bool encoded = value.size() >= kPrefix.size() + kSuffix.size() &&
                       value.starts_with(kPrefix) && value.ends_with(kSuffix);
  if (!encoded) return std::string(value);
  value.remove_prefix(kPrefix.size());
  value.remove_suffix(kSuffix.size());
  std::optional<std::string> text = from_base64(value);
  if (!text || !is_valid_utf8(*text)) return std::nullopt;
  return text;
}

std::optional<Fault> check_version_header(const http::Headers& headers, std::string_view version) {
  const Single header = single(headers, kVersionHeader);
  if (header.fault) return header.fault;
  if (header.value && *header.value != version) {
    return header_mismatch(kVersionHeader, *header.value, version);
  }
  return std::nullopt;
}

std::optional<Fault> check_mirror_headers(const http::Headers& headers, const MethodCall& call) {
  if (!headers.find(kVersionHeader)) return missing(kVersionHeader);
  if (auto fault = check_plain(headers, kMethodHeader, call.method)) return fault;
  const std::string_view member = named_member(call.method);
  if (member.empty()) return std::nullopt;
  const json::Value* name = call.params.find(member);
  // A body without a name is a matter of the params, which come later on the ladder.
  if (name == nullptr || !name->is_string()) return std::nullopt;
  return check_encoded(headers, kNameHeader, *name->if_string());
}

std::optional<Fault> check_parameter_headers(const http::Headers& headers,
                                             const json::Value& input_schema,
                                             const json::Value& arguments) {
  return check_properties(headers, input_schema, arguments, kMaxSchemaDepth);
}

}  // namespace patchbay::mcp
