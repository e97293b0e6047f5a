#include "pack/openapi/document.h"

#include <algorithm>

#include "base/text.h"
#include "json/parse.h"
#include "pack/openapi/source_lines.h"

namespace patchbay::openapi {
namespace {

constexpr std::size_t kMaxDocumentDepth = 64;
// Each costs some 100 bytes as a tree: half a gigabyte at most.
constexpr std::size_t kMaxEntries = 4'000'000;
constexpr int kMaxHops = 32;      // from one `$ref` to the next
constexpr std::size_t kFew = 16;  // members that are looked through one by one

pack::Problem problem(const std::string& file, std::size_t line, std::string message,
                      std::string fix) {
  return {file, line, std::move(message), std::move(fix)};
}

// An upper bound, without reading: what separates entries, wherever it stands.
bool has_too_many_entries(std::string_view text) {
  return std::ranges::count(text, ',') > static_cast<std::ptrdiff_t>(kMaxEntries);
}

// "byte 17" of the reader's message, to a line: the reader counts bytes.
std::size_t line_at_byte(std::string_view text, std::string_view message) {
  const auto at = message.rfind("byte ");
  if (at == std::string_view::npos) return 0;
  std::size_t byte = 0;
  for (const char c : message.substr(at + 5)) {
    if (c < '0' || c > '9') break;
    byte = byte * 10 + static_cast<std::size_t>(c - '0');
    if (byte > text.size()) break;
  }
  const auto before = text.substr(0, std::min(byte, text.size()));
  return static_cast<std::size_t>(std::ranges::count(before, '\n')) + 1;
}

// One part of a pointer in a `$ref`: "~1" and "~0", and before that "%7B" as an address has it.
std::string unescaped(std::string_view part) {
  std::string plain;
  const auto digit = [](char c) {
    if (c >= '0' && c <= '9') return c - '0';
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
  };
  for (std::size_t i = 0; i < part.size(); ++i) {
    if (part[i] == '%' && i + 2 < part.size() && digit(part[i + 1]) >= 0 &&
        digit(part[i + 2]) >= 0) {
      plain += static_cast<char>(digit(part[i + 1]) * 16 + digit(part[i + 2]));
      i += 2;
    } else {
      plain += part[i];
    }
  }
  std::string out;
  for (std::size_t i = 0; i < plain.size(); ++i) {
    const bool escape = plain[i] == '~' && i + 1 < plain.size();
    if (escape && (plain[i + 1] == '0' || plain[i + 1] == '1')) {
      out += plain[++i] == '1' ? '/' : '~';
    } else {
      out += plain[i];
    }
  }
  return out;
}

std::string version_text(const json::Value* value) {
  if (value == nullptr) return {};
  if (const auto* text = value->if_string()) return *text;
  const auto* number = value->if_number();
  return number != nullptr ? number->token() : std::string();
}

}  // namespace

std::string escape_pointer(std::string_view part) {
  std::string out;
  for (const char c : part) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += c;
    }
  }
  return out;
}

std::expected<Document, pack::Problem> Document::parse(std::string_view text, std::string file) {
  const auto refuse = [&](std::size_t line, std::string message, std::string fix) {
    return std::unexpected(problem(file, line, std::move(message), std::move(fix)));
  };
  if (text.size() > kMaxDocumentBytes) {
    return refuse(0, "larger than 32 MiB", "import the parts of it that you use");
  }
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (has_too_many_entries(text)) {
    return refuse(0, "more than 4,000,000 entries", "import the parts of it that you use");
  }
  Document document;
  document.text_ = text;
  if (trim(text).starts_with('{')) {
    auto root = json::parse(text, {.max_depth = kMaxDocumentDepth});
    if (!root) {
      return refuse(
          line_at_byte(text, root.error().message), "JSON: " + root.error().message,
          root.error().hint.empty() ? "correct the document at that place" : root.error().hint);
    }
    document.root_ = std::move(*root);
  } else {
    auto root = yaml::parse(text, {kMaxDocumentBytes, kMaxEntries, kMaxDocumentDepth});
    if (!root) return refuse(root.error().line, root.error().message, root.error().fix);
    document.root_ = yaml::to_json(*root);
    document.lines_ = std::move(*root);
  }
  const std::string swagger = version_text(document.root_.find("swagger"));
  const std::string openapi = version_text(document.root_.find("openapi"));
  document.is_swagger_ = swagger.starts_with("2.");
  if (!document.is_swagger_ && !openapi.starts_with("3.0") && !openapi.starts_with("3.1")) {
    return refuse(1, "the document says neither `openapi: 3.0` or `3.1` nor `swagger: \"2.0\"`",
                  "give an OpenAPI or Swagger document of one of these versions");
  }
  document.file_ = std::move(file);
  return document;
}

const json::Value* Document::member(const json::Object& object, std::string_view key) const {
  if (object.size() <= kFew) return object.find(key);
  auto& members = many_[&object];
  if (members.empty()) {
    for (const auto& [name, value] : object) members.emplace(name, &value);
  }
  const auto found = members.find(key);
  return found == members.end() ? nullptr : found->second;
}

const json::Value* Document::find(std::string_view reference) const {
  if (const auto known = found_.find(reference); known != found_.end()) return known->second;
  const json::Value* at = nullptr;
  if (reference == "#") at = &root_;
  if (reference.starts_with("#/")) {
    at = &root_;
    for (const std::string_view part : split(reference.substr(2), '/')) {
      const std::string key = unescaped(part);
      if (const auto* object = at->if_object()) {
        at = member(*object, key);
      } else if (const auto* list = at->if_array()) {
        const auto index = parse_int64(key);
        const bool inside = index && *index >= 0 && *index < std::ssize(*list);
        at = inside ? &(*list)[static_cast<std::size_t>(*index)] : nullptr;
      } else {
        at = nullptr;
      }
      if (at == nullptr) break;
    }
  }
  // The key is a text of the document, which lives as long as this.
  found_.emplace(reference, at);
  return at;
}

const json::Value* Document::follow(const json::Value& value, std::string_view* name) const {
  const json::Value* at = &value;
  for (int hop = 0; hop < kMaxHops && at != nullptr; ++hop) {
    const json::Value* reference = at->find("$ref");
    const std::string* text = reference != nullptr ? reference->if_string() : nullptr;
    if (text == nullptr) return at;
    if (name != nullptr) *name = std::string_view(*text).substr(text->rfind('/') + 1);
    at = find(*text);
  }
  return nullptr;
}

const json::Object* Document::object_at(std::string_view first, std::string_view second) const {
  const json::Value* at = root_.find(first);
  if (at != nullptr && !second.empty()) at = at->find(second);
  return at != nullptr ? at->if_object() : nullptr;
}

std::size_t Document::line_of(std::string_view pointer) const {
  return lines_ ? line_in_yaml(*lines_, pointer) : line_in_json(text_, pointer);
}

}  // namespace patchbay::openapi
