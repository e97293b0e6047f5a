#include "json/write.h"

namespace patchbay::json {
namespace {

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
