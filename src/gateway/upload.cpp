// The file that a call brings along: from base64 or text to bytes with a name and a type, checked
// before anything is looked up or sent; and the multipart body that carries it.
#include <algorithm>
#include <vector>

#include <sodium.h>

#include "base/encoding.h"
#include "base/text.h"
#include "gateway/file_types.h"
#include "gateway/stages.h"
#include "http/content_disposition.h"
#include "http/multipart.h"
#include "json/write.h"

namespace patchbay::gateway {

namespace {

const std::string* text_argument(const Call& call, std::string_view name) {
  const auto* argument = call.find_argument(name);
  const auto* value = call.arguments.find(name);
  if (value == nullptr || argument->place != integration::Place::file) return nullptr;
  return value->if_string();
}

void refuse(Call& call, std::string field, std::string message) {
  call.violations.push_back({std::move(field), std::move(message)});
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
std::optional<std::string> bytes_of_file(Call& call) {
  const auto* content = text_argument(call, "content");
  const auto* text = text_argument(call, "text");
  if (content != nullptr && text != nullptr) {
    refuse(call, "text", "stands in place of content; give one of them only");
    return std::nullopt;
  }
  if (content == nullptr && text == nullptr) {
    // Of another type: the schema has told so.
    if (call.arguments.find("content") == nullptr && call.arguments.find("text") == nullptr) {
      refuse(call, "content", "is required: the file in base64; or give a text file's in text");
    }
    return std::nullopt;
  }
  if (text != nullptr && !text->empty()) return *text;
  const std::string plain = content != nullptr ? plain_base64(*content) : std::string();
  auto bytes = from_base64(plain);
  if (!bytes) {
    refuse(call, "content", what_is_no_base64(plain));
  } else if (bytes->empty()) {
    refuse(call, content != nullptr ? "content" : "text", "is empty: there is no file to upload");
    bytes.reset();
  }
  return bytes;
}

std::optional<std::string> name_of_file(Call& call) {
  const auto* name = text_argument(call, "fileName");
  if (name == nullptr) return std::nullopt;  // told by the schema
  const auto safe = http::safe_file_name(*name);
  if (!safe.empty() && safe == *name) return safe;
  refuse(call, "fileName",
         "must be a name alone, without folders or control characters, of 255 bytes at most" +
             (safe.empty() ? std::string() : "; did you mean '" + safe + "'?"));
  return std::nullopt;
}

std::optional<std::string> type_of_file(Call& call, std::string_view bytes,
                                        std::string_view file_name) {
  const auto* given = text_argument(call, "mimeType");
  if (given == nullptr) return believed_type(bytes, file_name, {});
  if (!http::is_media_type(*given)) {
    refuse(call, "mimeType", "must be a type and a subtype, as image/png; or leave it out");
    return std::nullopt;
  }
  if (may_be(*given, bytes)) return to_lower(*given);
  const auto found = type_by_signature(bytes);
  refuse(call, "mimeType",
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

std::string part_text(const json::Value& value) {
  const auto* text = value.if_string();
  return text != nullptr ? *text : json::to_string(value);
}

}  // namespace

Step<> take_file(Call& call) {
  if (call.method().encoding != integration::Encoding::multipart) return {};
  auto bytes = bytes_of_file(call);
  auto name = name_of_file(call);
  if (!bytes || !name) return {};
  const auto cap = call.services.options.max_upload_bytes;
  if (bytes->size() > cap) {
    return stop(ErrorCode::too_large,
                "The file has " + std::to_string(bytes->size()) + " bytes; at most " +
                    std::to_string(cap) + " fit into one call of this server.",
                "Nothing was sent. Upload a smaller or compressed file, or have a person attach it "
                "in " +
                    call.integration().label +
                    " itself. Whoever runs this server can raise its limit of request bodies.");
  }
  auto type = type_of_file(call, *bytes, *name);
  if (!type) return {};
  call.upload = Upload{std::move(*name), std::move(*type), std::move(*bytes)};
  return {};
}

void add_multipart_body(const Call& call, upstream::Request& request) {
  std::vector<std::pair<std::string, std::string>> values;
  if (const auto* body = call.body.if_object()) {
    for (const auto& [name, value] : *body) values.emplace_back(name, part_text(value));
  }
  std::vector<http::FormPart> parts;
  for (const auto& [name, value] : values) parts.push_back({name, value, false, {}, {}});
  // Last, so that whoever reads a stream knows by then what it is for.
  const auto& file = *call.upload;
  parts.push_back({call.method().file_part, file.bytes, true, file.name, file.media_type});
  auto made = http::write_multipart(parts);
  request.headers["Content-Type"] = std::move(made.content_type);
  request.body = std::move(made.body);
}

json::Object shown_file(const Call& call) {
  json::Object file;
  file.append("part", call.method().file_part);
  file.append("fileName", call.upload->name);
  file.append("mimeType", call.upload->media_type);
  file.append("bytes", static_cast<std::int64_t>(call.upload->bytes.size()));
  file.append("sha256", sha256_of(call.upload->bytes));
  return file;
}

}  // namespace patchbay::gateway
