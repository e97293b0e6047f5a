#include "http/content_disposition.h"

#include <cstdint>
#include <utility>
#include <vector>

#include "base/encoding.h"
#include "base/text.h"
#include "http/message.h"
#include "http/url.h"

namespace patchbay::http {

namespace {

constexpr std::size_t kMaxHeaderBytes = 8 * 1024;
constexpr std::size_t kMaxNameBytes = 255;  // of file systems

void append_utf8(std::string& out, std::uint32_t code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else {
    out += static_cast<char>(0xc0 | (code >> 6));
    out += static_cast<char>(0x80 | (code & 0x3f));
  }
}

std::string from_latin1(std::string_view text) {
  std::string out;
  for (const char c : text) append_utf8(out, static_cast<unsigned char>(c));
  return out;
}

// "name=value" pairs after the type. A value is a token or in quotes, where \ takes what follows
// as it is; Windows paths in quotes lose their separators by that, and keep the last part whole
// only if it is written rightly. A fault ends the reading: what came before it counts.
std::vector<std::pair<std::string, std::string>> parameters_of(std::string_view text) {
  std::vector<std::pair<std::string, std::string>> out;
  auto semicolon = text.find(';');
  while (semicolon != std::string_view::npos) {
    text = trim(text.substr(semicolon + 1));
    const auto equals = text.find('=');
    if (equals == std::string_view::npos) break;
    std::string name = to_lower(trim(text.substr(0, equals)));
    text = trim(text.substr(equals + 1));
    std::string value;
    if (text.starts_with('"')) {
      std::size_t at = 1;
      while (at < text.size() && text[at] != '"') {
        if (text[at] == '\\' && at + 1 < text.size()) ++at;
        value += text[at++];
      }
      if (at >= text.size()) break;
      semicolon = text.find(';', at);
    } else {
      semicolon = text.find(';');
      value = trim(text.substr(0, semicolon));
    }
    out.emplace_back(std::move(name), std::move(value));
  }
  return out;
}

// UTF-8'en'Gr%C3%BC%C3%9Fe.txt
std::optional<std::string> extended_value(std::string_view text) {
  const auto language = text.find('\'');
  const auto value = language == text.npos ? text.npos : text.find('\'', language + 1);
  if (value == text.npos) return std::nullopt;
  auto decoded = percent_decode(text.substr(value + 1), false);
  if (!decoded) return std::nullopt;
  const auto charset = text.substr(0, language);
  if (equal_ignoring_case(charset, "iso-8859-1")) return from_latin1(*decoded);
  if (!equal_ignoring_case(charset, "utf-8") || !is_valid_utf8(*decoded)) return std::nullopt;
  return decoded;
}

// =?utf-8?B?R3LDvMOfZS50eHQ=?=, which mail taught some servers.
std::string without_encoded_word(std::string text) {
  constexpr std::string_view kHead = "=?utf-8?b?";
  if (!equal_ignoring_case(std::string_view(text).substr(0, kHead.size()), kHead) ||
      !text.ends_with("?=") || text.size() < kHead.size() + 2) {
    return text;
  }
  const auto decoded =
      from_base64(std::string_view(text).substr(kHead.size(), text.size() - kHead.size() - 2));
  return decoded && is_valid_utf8(*decoded) ? *decoded : text;
}

// U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069: "exe.fdp" is shown as it is not. All have
// three bytes that begin with E2.
bool turns_direction(std::string_view three) {
  if (three.size() < 3 || three[0] != '\xe2') return false;
  const auto second = static_cast<unsigned char>(three[1]);
  const auto third = static_cast<unsigned char>(three[2]);
  if (second == 0x80) return third == 0x8e || third == 0x8f || (third >= 0xaa && third <= 0xae);
  return second == 0x81 && third >= 0xa6 && third <= 0xa9;
}

}  // namespace

std::string safe_file_name(std::string_view name) {
  const auto slash = name.find_last_of("/\\");
  if (slash != std::string_view::npos) name.remove_prefix(slash + 1);
  const std::string text = is_valid_utf8(name) ? std::string(name) : from_latin1(name);
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view rest = std::string_view(text).substr(at);
    const auto byte = static_cast<unsigned char>(rest[0]);
    // C1 controls are two bytes from C2 80 to C2 9F.
    const bool c1 = byte == 0xc2 && rest.size() > 1 && static_cast<unsigned char>(rest[1]) < 0xa0;
    if (byte < 0x20 || byte == 0x7f) {
      ++at;
    } else if (c1) {
      at += 2;
    } else if (turns_direction(rest)) {
      at += 3;
    } else {
      out += text[at++];
    }
  }
  std::string_view kept = cut_utf8(trim(out), kMaxNameBytes);
  while (kept.ends_with('.') || kept.ends_with(' ')) kept.remove_suffix(1);
  return std::string(kept);
}

std::optional<std::string> file_name_of(std::string_view content_disposition) {
  if (content_disposition.size() > kMaxHeaderBytes) return std::nullopt;
  std::string plain;
  std::string extended;
  for (auto& [name, value] : parameters_of(content_disposition)) {
    if (name == "filename" && plain.empty()) {
      plain = safe_file_name(without_encoded_word(std::move(value)));
    }
    if (name == "filename*" && extended.empty()) {
      if (const auto decoded = extended_value(value)) extended = safe_file_name(*decoded);
    }
  }
  if (!extended.empty()) return extended;
  if (!plain.empty()) return plain;
  return std::nullopt;
}

}  // namespace patchbay::http
