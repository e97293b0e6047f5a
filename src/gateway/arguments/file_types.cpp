#include "gateway/arguments/file_types.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "http/multipart.h"

namespace patchbay::gateway {

namespace {

using Pair = std::pair<std::string_view, std::string_view>;

constexpr std::string_view kUnknown = "application/octet-stream";
constexpr std::string_view kZip = "application/zip";
constexpr std::string_view kPdf = "application/pdf";

constexpr std::array<Pair, 5> kSignatures = {{
    {"\x89PNG\r\n\x1a\n", "image/png"},
    {"\xff\xd8\xff", "image/jpeg"},
    {"GIF87a", "image/gif"},
    {"GIF89a", "image/gif"},
    {"%PDF-", kPdf},
}};

// What is attached to tickets and companies; by extension.
constexpr std::array<Pair, 42> kExtensions = {{
    {"png", "image/png"},
    {"jpg", "image/jpeg"},
    {"jpeg", "image/jpeg"},
    {"gif", "image/gif"},
    {"webp", "image/webp"},
    {"svg", "image/svg+xml"},
    {"bmp", "image/bmp"},
    {"tif", "image/tiff"},
    {"tiff", "image/tiff"},
    {"heic", "image/heic"},
    {"pdf", kPdf},
    {"txt", "text/plain"},
    {"log", "text/plain"},
    {"ini", "text/plain"},
    {"cfg", "text/plain"},
    {"conf", "text/plain"},
    {"ps1", "text/plain"},
    {"sh", "text/plain"},
    {"bat", "text/plain"},
    {"csv", "text/csv"},
    {"tsv", "text/tab-separated-values"},
    {"md", "text/markdown"},
    {"htm", "text/html"},
    {"html", "text/html"},
    {"css", "text/css"},
    {"js", "text/javascript"},
    {"ics", "text/calendar"},
    {"vcf", "text/vcard"},
    {"json", "application/json"},
    {"xml", "application/xml"},
    {"yaml", "application/yaml"},
    {"yml", "application/yaml"},
    {"rtf", "application/rtf"},
    {"zip", kZip},
    {"doc", "application/msword"},
    {"xls", "application/vnd.ms-excel"},
    {"docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
    {"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    {"pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
    {"msg", "application/vnd.ms-outlook"},
    {"eml", "message/rfc822"},
    {"mp3", "audio/mpeg"},
}};

bool has_signature(std::string_view type) {
  return type == "image/webp" || type == kZip ||
         std::ranges::any_of(kSignatures, [&](const Pair& pair) { return pair.second == type; });
}

bool is_made_of_zip(std::string_view type) {
  return type == kZip || type.contains("openxmlformats") || type.contains("opendocument") ||
         type.ends_with("+zip") || type == "application/java-archive";
}

// "Image/JPG; charset=x" as image/jpeg; "" for what is no type.
std::string plain_type(std::string_view declared) {
  std::string type = to_lower(trim(declared.substr(0, declared.find(';'))));
  if (type == "image/jpg" || type == "image/pjpeg") type = "image/jpeg";
  if (type == "image/x-png") type = "image/png";
  if (!http::is_media_type(type)) type.clear();
  return type;
}

}  // namespace

std::string_view type_by_signature(std::string_view bytes) {
  for (const auto& [start, type] : kSignatures) {
    if (bytes.starts_with(start)) return type;
  }
  if (bytes.starts_with("RIFF") && bytes.substr(0, 12).ends_with("WEBP")) return "image/webp";
  if (bytes.starts_with("PK\x03\x04") || bytes.starts_with("PK\x05\x06")) return kZip;
  return {};
}

std::string_view type_by_name(std::string_view file_name) {
  const auto dot = file_name.rfind('.');
  if (dot == std::string_view::npos) return {};
  const auto extension = to_lower(file_name.substr(dot + 1));
  const auto* const found = std::ranges::find(kExtensions, extension, &Pair::first);
  return found == kExtensions.end() ? std::string_view() : found->second;
}

bool is_shown_as_image(std::string_view type) {
  return type == "image/png" || type == "image/jpeg" || type == "image/gif" || type == "image/webp";
}

bool is_text_type(std::string_view type) {
  return type.starts_with("text/") || type == "application/json" || type == "application/xml" ||
         type == "application/yaml" || type == "application/javascript" ||
         type == "message/rfc822" || type.ends_with("+json") || type.ends_with("+xml");
}

bool reads_as_text(std::string_view bytes) {
  const bool plain = std::ranges::none_of(bytes, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f') || byte == 0x7f;
  });
  return plain && is_valid_utf8(bytes);
}

bool may_be(std::string_view type, std::string_view bytes) {
  const auto claimed = plain_type(type);
  const auto found = type_by_signature(bytes);
  if (claimed.empty() || claimed == kUnknown || claimed == found) return true;
  if (found == kZip) return is_made_of_zip(claimed) || claimed.starts_with("application/");
  return found.empty() && !has_signature(claimed);
}

std::string believed_type(std::string_view bytes, std::string_view file_name,
                          std::string_view declared) {
  const auto found = type_by_signature(bytes);
  std::string claimed = plain_type(declared);
  if (claimed.empty() || claimed == kUnknown) claimed = std::string(type_by_name(file_name));
  if (found == kZip) return is_made_of_zip(claimed) ? claimed : std::string(kZip);
  if (!found.empty()) return std::string(found);
  const bool cannot_be = has_signature(claimed) || (is_text_type(claimed) && bytes.contains('\0'));
  if (claimed.empty() || cannot_be) {
    return reads_as_text(bytes) ? "text/plain" : std::string(kUnknown);
  }
  return claimed;
}

}  // namespace patchbay::gateway
