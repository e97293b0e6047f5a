#include "http/multipart.h"

#include <algorithm>
#include <array>

#include "base/encoding.h"
#include "base/random.h"

namespace patchbay::http {

namespace {

// 128 random bits: no part holds them by chance, and nobody can write a part that does.
constexpr std::size_t kBoundaryBytes = 16;

std::string random_boundary() {
  std::array<std::byte, kBoundaryBytes> random{};
  fill_random(random);
  return "patchbay-" + to_hex({reinterpret_cast<const char*>(random.data()), random.size()});
}

void append_quoted(std::string& out, std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f || c == '"') {
      out += '%';
      out += kDigits[byte >> 4];
      out += kDigits[byte & 15];
    } else {
      out += c;
    }
  }
  out += '"';
}

bool is_token(std::string_view text) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::ranges::all_of(text, [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           kMarks.find(c) != std::string_view::npos;
  });
}

}  // namespace

bool is_media_type(std::string_view text) {
  const auto slash = text.find('/');
  return text.size() <= 127 && slash != std::string_view::npos && is_token(text.substr(0, slash)) &&
         is_token(text.substr(slash + 1));
}

MultipartBody write_multipart(std::span<const FormPart> parts) {
  std::string boundary;
  do {
    boundary = random_boundary();
  } while (std::ranges::any_of(
      parts, [&](const FormPart& part) { return part.content.contains(boundary); }));
  MultipartBody out;
  out.content_type = "multipart/form-data; boundary=" + boundary;
  std::size_t size = 0;
  for (const FormPart& part : parts) {
    size += part.content.size() + 3 * part.name.size() + 3 * part.file_name.size() + 256;
  }
  out.body.reserve(size);
  for (const FormPart& part : parts) {
    out.body += "--" + boundary + "\r\nContent-Disposition: form-data; name=";
    append_quoted(out.body, part.name);
    if (part.is_file) {
      out.body += "; filename=";
      append_quoted(out.body, part.file_name);
      out.body += "\r\nContent-Type: ";
      out.body += is_media_type(part.media_type) ? part.media_type : "application/octet-stream";
    }
    out.body += "\r\n\r\n";
    out.body += part.content;
    out.body += "\r\n";
  }
  out.body += "--" + boundary + "--\r\n";
  return out;
}

}  // namespace patchbay::http
