#include "gateway/arguments/upload.h"

#include <algorithm>
#include <vector>

#include <sodium.h>

#include "base/encoding.h"
#include "base/text.h"
#include "gateway/arguments/file_types.h"
#include "gateway/names/fill_path.h"
#include "http/content_disposition.h"
#include "http/multipart.h"
#include "json/write.h"

namespace patchbay::gateway {

namespace {

const std::string* text_argument(const Call& call, const Arguments& arguments,
                                 std::string_view name) {
  const auto* argument = call.find_argument(name);
  const auto* value = arguments.find(name);
  if (value == nullptr || argument->place != integration::ArgumentPlace::file) return nullptr;
  return value->if_string();
}

void add_violation(Arguments& arguments, std::string field, std::string message) {
  arguments.violations.push_back({std::move(field), std::move(message)});
}

// What models and browsers write in place of plain base64, and means the same: line breaks, the
// URL-safe alphabet, no padding, a data: URL.
std::string plain_base64(std::string_view text) {
  if (text.starts_with("data:")) {
    const auto comma = text.find(',');
    if (comma != text.npos && text.substr(0, comma).ends_with(";base64")) {
      text.remove_prefix(comma + 1);
    }
  }
  std::string out;
  out.reserve(text.size() + 2);
  for (const char c : text) {
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n') continue;
    out += c == '-' ? '+' : c == '_' ? '/' : c;
  }
  while (out.size() % 4 != 0 && out.size() % 4 != 1) out += '=';
  return out;
}

std::string what_is_no_base64(std::string_view plain) {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";
  const auto at = plain.find_first_not_of(kAlphabet);
  std::string message = "is no base64";
  if (at != std::string_view::npos) {
    message += ": its character " + std::to_string(at + 1) + " is not of that alphabet";
  } else {
    message += ": its length or its end is wrong, so part of it is missing";
  }
  return message + "; encode the file's bytes, or give a text file's content in text";
}

// Nothing: what is wrong with it has been told.
std::optional<std::string> bytes_of_file(const Call& call, Arguments& arguments) {
  const auto* content = text_argument(call, arguments, "content");
  const auto* text = text_argument(call, arguments, "text");
  if (content != nullptr && text != nullptr) {
    add_violation(arguments, "text", "stands in place of content; give one of them only");
    return std::nullopt;
  }
  if (content == nullptr && text == nullptr) {
    // Of another type: the schema has told so.
    if (arguments.find("content") == nullptr && arguments.find("text") == nullptr) {
      add_violation(arguments, "content",
                    "is required: the file in base64; or give a text file's in text");
    }
    return std::nullopt;
  }
  if (text != nullptr && !text->empty()) return *text;
  const std::string plain = content != nullptr ? plain_base64(*content) : std::string();
  auto bytes = from_base64(plain);
  if (!bytes) {
    add_violation(arguments, "content", what_is_no_base64(plain));
  } else if (bytes->empty()) {
    add_violation(arguments, content != nullptr ? "content" : "text",
                  "is empty: there is no file to upload");
    bytes.reset();
  }
  return bytes;
}

std::optional<std::string> name_of_file(const Call& call, Arguments& arguments) {
  const auto* name = text_argument(call, arguments, "fileName");
  if (name == nullptr) return std::nullopt;  // told by the schema
  const auto safe = http::safe_file_name(*name);
  if (!safe.empty() && safe == *name) return safe;
  add_violation(
      arguments, "fileName",
      "must be a name alone, without folders or control characters, of 255 bytes at most" +
          (safe.empty() ? std::string() : "; did you mean '" + safe + "'?"));
  return std::nullopt;
}

std::optional<std::string> type_of_file(const Call& call, Arguments& arguments,
                                        std::string_view bytes, std::string_view file_name) {
  const auto* given = text_argument(call, arguments, "mimeType");
  if (given == nullptr) return believed_type(bytes, file_name, {});
  if (!http::is_media_type(*given)) {
    add_violation(arguments, "mimeType",
                  "must be a type and a subtype, as image/png; or leave it out");
    return std::nullopt;
  }
  if (may_be(*given, bytes)) return to_lower(*given);
  const auto found = type_by_signature(bytes);
  add_violation(arguments, "mimeType",
                "says " + *given + ", but by its first bytes the file is " +
                    (found.empty() ? "none" : std::string(found)) + "; leave it out or correct it");
  return std::nullopt;
}

std::string sha256_of(std::string_view bytes) {
  std::string digest(crypto_hash_sha256_BYTES, '\0');
  crypto_hash_sha256(reinterpret_cast<unsigned char*>(digest.data()),
                     reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  return to_hex(digest);
}

}  // namespace

Outcome<std::optional<Upload>> take_file(const Call& call, Arguments& arguments) {
  if (call.method().encoding != integration::Encoding::multipart) return std::nullopt;
  auto bytes = bytes_of_file(call, arguments);
  auto name = name_of_file(call, arguments);
  if (!bytes || !name) return std::nullopt;
  const auto cap = call.services.options.get().max_upload_bytes;
  if (bytes->size() > cap) {
    return refuse(
        ErrorCode::too_large,
        "The file has " + std::to_string(bytes->size()) + " bytes; at most " + std::to_string(cap) +
            " fit into one call of this server.",
        "Nothing was sent. Upload a smaller or compressed file, or have a person attach it "
        "in " +
            call.integration().label +
            " itself. Whoever runs this server can raise its limit of request bodies.");
  }
  auto type = type_of_file(call, arguments, *bytes, *name);
  if (!type) return std::nullopt;
  return Upload{std::move(*name), std::move(*type), std::move(*bytes)};
}

void add_multipart_body(const integration::Method& method, const Bound& bound,
                        upstream::Request& request) {
  std::vector<std::pair<std::string, std::string>> values;
  if (const auto* body = bound.body.if_object()) {
    for (const auto& [name, value] : *body) values.emplace_back(name, as_text(value));
  }
  std::vector<http::FormPart> parts;
  for (const auto& [name, value] : values) parts.push_back({name, value, false, {}, {}});
  // Last, so that whoever reads a stream knows by then what it is for.
  const auto& file = *bound.upload;
  parts.push_back({method.file_part, file.bytes, true, file.name, file.media_type});
  auto made = http::write_multipart(parts);
  request.headers["Content-Type"] = std::move(made.content_type);
  request.body = std::move(made.body);
}

json::Object shown_file(const integration::Method& method, const Upload& upload) {
  json::Object file;
  file.append("part", method.file_part);
  file.append("fileName", upload.name);
  file.append("mimeType", upload.media_type);
  file.append("bytes", static_cast<std::int64_t>(upload.bytes.size()));
  file.append("sha256", sha256_of(upload.bytes));
  return file;
}

}  // namespace patchbay::gateway
