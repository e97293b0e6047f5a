#include "pack/openapi/yaml_text.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "base/encoding.h"

namespace patchbay::openapi {
namespace {

constexpr std::size_t kMaxPlain = 60;

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// Words that some reader takes for no text.
bool is_reserved(std::string_view text) {
  constexpr std::array<std::string_view, 9> kWords = {"true", "false", "null", "yes", "no",
                                                      "on",   "off",   "y",    "n"};
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return std::ranges::find(kWords, lower) != kWords.end();
}

bool is_plain(std::string_view text) {
  if (text.empty() || text.size() > kMaxPlain || !is_letter(text.front()) || is_reserved(text)) {
    return false;
  }
  return std::ranges::all_of(text, [](char c) {
    return is_letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.' || c == '/';
  });
}

// Of UTF-8: how many bytes at `at` are a character that a reader refuses, or takes for a line's
// end. U+0080 to U+009F, U+2028, U+2029, U+FEFF, U+FFFE, U+FFFF. 0: none; else `code` is set.
std::size_t unreadable(std::string_view text, std::size_t at, unsigned& code) {
  const auto byte = [&](std::size_t i) {
    return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0U;
  };
  if (byte(0) == 0xC2 && byte(1) >= 0x80 && byte(1) <= 0x9F) {
    code = byte(1);
    return 2;
  }
  if (byte(0) < 0xE0 || byte(0) > 0xEF) return 0;
  code = ((byte(0) & 0x0FU) << 12U) | ((byte(1) & 0x3FU) << 6U) | (byte(2) & 0x3FU);
  const bool is_one = code == 0x2028 || code == 0x2029 || code == 0xFEFF || code >= 0xFFFE;
  return is_one ? 3 : 0;
}

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    unsigned code = 0;
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20 || c == '\x7f') {
      out += "\\x" + to_hex(std::string_view(&c, 1));
    } else if (const std::size_t bytes = unreadable(text, i, code); bytes > 0) {
      const std::array<char, 2> pair = {static_cast<char>(code >> 8U),
                                        static_cast<char>(code & 255U)};
      out += "\\u" + to_hex(std::string_view(pair.data(), pair.size()));
      i += bytes - 1;
    } else {
      out += c;
    }
  }
  out += '"';
}

void append_text(std::string& out, std::string_view text) {
  if (is_plain(text)) {
    out += text;
  } else {
    append_quoted(out, text);
  }
}

void append_scalar(std::string& out, const json::Value& value) {
  if (const auto* text = value.if_string()) {
    append_text(out, *text);
  } else if (const auto* number = value.if_number()) {
    out += number->token();
  } else if (const auto* flag = value.if_bool()) {
    out += *flag ? "true" : "false";
  } else {
    out += "null";
  }
}

bool is_scalar(const json::Value& value) {
  return !value.is_object() && !value.is_array();
}

bool is_empty(const json::Value& value) {
  const auto* object = value.if_object();
  const auto* list = value.if_array();
  return (object != nullptr && object->empty()) || (list != nullptr && list->empty());
}

class Writer {
 public:
  void members(const json::Object& object, std::size_t indent) {
    for (const auto& [key, value] : object) {
      out_.append(indent, ' ');
      append_text(out_, key);
      out_ += ':';
      after_key(value, indent);
    }
  }

  std::string take() && { return std::move(out_); }

 private:
  void after_key(const json::Value& value, std::size_t indent) {
    const auto* list = value.if_array();
    const bool short_list = list != nullptr && std::ranges::all_of(*list, is_scalar);
    if (is_scalar(value) || is_empty(value) || short_list) {
      out_ += ' ';
      inline_value(value);
      out_ += '\n';
    } else if (list != nullptr) {
      out_ += '\n';
      for (const json::Value& item : *list) item_of(item, indent + 2);
    } else {
      out_ += '\n';
      members(*value.if_object(), indent + 2);
    }
  }

  void item_of(const json::Value& item, std::size_t indent) {
    out_.append(indent, ' ');
    out_ += '-';
    const auto* object = item.if_object();
    if (object == nullptr || object->empty()) {
      out_ += ' ';
      inline_value(item);
      out_ += '\n';
      return;
    }
    out_ += '\n';
    members(*object, indent + 2);
  }

  // On one line: scalars, and what holds nothing else.
  void inline_value(const json::Value& value) {
    if (const auto* list = value.if_array()) {
      out_ += '[';
      for (std::size_t i = 0; i < list->size(); ++i) {
        if (i > 0) out_ += ", ";
        inline_value((*list)[i]);
      }
      out_ += ']';
    } else if (const auto* object = value.if_object()) {
      out_ += '{';
      bool first = true;
      for (const auto& [key, inner] : *object) {
        if (!std::exchange(first, false)) out_ += ", ";
        append_text(out_, key);
        out_ += ": ";
        inline_value(inner);
      }
      out_ += '}';
    } else {
      append_scalar(out_, value);
    }
  }

  std::string out_;
};

}  // namespace

std::string to_yaml(const json::Object& value) {
  Writer writer;
  writer.members(value, 0);
  return std::move(writer).take();
}

}  // namespace patchbay::openapi
