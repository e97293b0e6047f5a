#include "json/write.h"

#include "base/text.h"
#include "json/plain_text.h"

namespace patchbay::json {
namespace {

void append_control(std::string& out, unsigned char c) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\b':
      out += "\\b";
      return;
    case '\f':
      out += "\\f";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      out += "\\u00";
      out += kDigits[c >> 4];
      out += kDigits[c & 15];
  }
}

// The length of the UTF-8 character at the start of `text`; 0 if there is none.
std::size_t character_length(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  return length <= text.size() && is_valid_utf8(text.substr(0, length)) ? length : 0;
}

class PrettyWriter {
 public:
  PrettyWriter(std::string& out, std::string_view newline) : out_(out), newline_(newline) {}

  void write(const Value& value, int depth) {
    if (const Object* object = value.if_object(); object != nullptr && !object->empty()) {
      char before = '{';
      for (const auto& [key, member] : *object) {
        start_line(before, depth + 1);
        append_string(out_, key);
        out_ += ": ";
        write(member, depth + 1);
        before = ',';
      }
      end_lines('}', depth);
    } else if (const Array* array = value.if_array(); array != nullptr && !array->empty()) {
      char before = '[';
      for (const Value& element : *array) {
        start_line(before, depth + 1);
        write(element, depth + 1);
        before = ',';
      }
      end_lines(']', depth);
    } else {
      append(out_, value);
    }
  }

 private:
  void start_line(char before, int depth) {
    out_ += before;
    indent(depth);
  }
  void end_lines(char close, int depth) {
    indent(depth);
    out_ += close;
  }
  void indent(int depth) {
    out_ += newline_;
    out_.append(static_cast<std::size_t>(depth) * 2, ' ');
  }

  std::string& out_;
  std::string_view newline_;
};

}  // namespace

void append_escaped(std::string& out, std::string_view text) {
  while (!text.empty()) {
    const std::size_t plain = plain_length<Plain::ascii_only>(text);
    out.append(text.substr(0, plain));
    text.remove_prefix(plain);
    if (text.empty()) return;
    const auto c = static_cast<unsigned char>(text.front());
    if (c < 0x80) {
      append_control(out, c);
      text.remove_prefix(1);
    } else if (const std::size_t length = character_length(text); length > 0) {
      out.append(text.substr(0, length));
      text.remove_prefix(length);
    } else {
      out += "\xEF\xBF\xBD";  // U+FFFD
      text.remove_prefix(1);
    }
  }
}

void append_string(std::string& out, std::string_view text) {
  out += '"';
  append_escaped(out, text);
  out += '"';
}

void append(std::string& out, const Value& value) {
  if (const std::string* text = value.if_string()) {
    append_string(out, *text);
  } else if (const Number* number = value.if_number()) {
    out += number->token();
  } else if (const Object* object = value.if_object()) {
    out += '{';
    bool first = true;
    for (const auto& [key, member] : *object) {
      if (!first) out += ',';
      first = false;
      append_string(out, key);
      out += ':';
      append(out, member);
    }
    out += '}';
  } else if (const Array* array = value.if_array()) {
    out += '[';
    bool first = true;
    for (const Value& element : *array) {
      if (!first) out += ',';
      first = false;
      append(out, element);
    }
    out += ']';
  } else if (const bool* truth = value.if_bool()) {
    out += *truth ? "true" : "false";
  } else {
    out += "null";
  }
}

std::string to_string(const Value& value) {
  std::string out;
  append(out, value);
  return out;
}

std::string to_pretty_string(const Value& value, std::string_view newline) {
  std::string out;
  PrettyWriter(out, newline).write(value, 0);
  return out;
}

}  // namespace patchbay::json
