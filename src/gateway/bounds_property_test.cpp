// Every argument of every tool with as much as a body may hold: it is refused before anybody works
// on it, and the refusal has looked at no more than the bounds say. Work is counted, not time.
#include <string>

#include "gateway/arguments/bounds.h"
#include "gateway/test_harness.h"
#include "gateway/test_least_arguments.h"

namespace patchbay::gateway {

namespace {

constexpr std::size_t kLargestBody = 1024 * 1024;

json::Value repeated(std::string_view entry, std::size_t bytes) {
  json::Array entries;
  for (std::size_t used = 0; used < bytes; used += entry.size() + 3) entries.emplace_back(entry);
  return entries;
}

json::Value nested(std::size_t depth, std::size_t wide) {
  json::Value inner = json::Array(wide, json::Value(1));
  for (std::size_t i = 0; i < depth; ++i) {
    json::Array outer;
    for (std::size_t j = 0; j < 8; ++j) outer.push_back(inner);
    inner = std::move(outer);
  }
  return inner;
}

json::Value many_members() {
  json::Object object;
  for (std::size_t i = 0; i < kLargestBody / 16; ++i) object.append("m" + std::to_string(i), 1);
  return object;
}

struct Shape {
  const char* name;
  json::Value value;
};

const std::vector<Shape>& shapes() {
  static const std::vector<Shape> all = {
      {"one text", std::string(kLargestBody, 'x')},
      {"one text of names",
       [] {
         std::string text;
         while (text.size() < kLargestBody) text += "nofield,";
         return json::Value(text);
       }()},
      {"a list of names", repeated("noSuchName", kLargestBody)},
      {"a list of letters", repeated("x", kLargestBody)},
      {"a list of numbers", json::Array(kLargestBody / 2, json::Value(7))},
      {"a long number", json::Value(json::Number(std::string(kLargestBody, '7')))},
      {"an object of many members", many_members()},
      {"an object with a long name", json::Object{{std::string(kLargestBody, 'n'), 1}}},
      {"lists within lists", nested(4, 30)},
      {"long texts in a list", repeated(std::string(90'000, 'y'), kLargestBody)},
  };
  return all;
}

}  // namespace

TEST_CASE("bounds: nothing that fills a body is worked on, whichever argument of whichever tool") {
  std::size_t tried = 0;
  for (const auto& [name, value] : shapes()) {
    json::Object given;  // filled once: only the argument's name changes
    given.append("", value);
    for (const auto& tool : shipped_tools()->tools()) {
      for (const auto& argument : tool->method->arguments) {
        const bool is_content = argument.place == integration::ArgumentPlace::file &&
                                (argument.name == "content" || argument.name == "text");
        if (is_content && value.if_string() != nullptr) continue;  // a file is as long as it is
        given.begin()->first = argument.name;
        std::size_t visited = 0;
        const auto within = check_bounds(*tool->method, given, &visited);
        ++tried;
        if (!within && within.error().code == ErrorCode::too_large &&
            visited <= kArgumentBounds.values + 1) {
          continue;
        }
        FAIL_CHECK(tool->name << '.' << argument.name << " takes " << name << " (" << visited
                              << " looked at)");
      }
    }
  }
  CHECK(tried > 10'000);
}

TEST_CASE("bounds: many arguments, and names that are none") {
  const auto& tool = *shipped_tools()->tools().front();
  json::Object many;
  for (int i = 0; i < 60'000; ++i) many.append("a" + std::to_string(i), 1);
  CHECK(check_bounds(*tool.method, many).error().code == ErrorCode::too_large);
  json::Object long_name;
  long_name.append(std::string(kLargestBody, 'n'), 1);
  CHECK(check_bounds(*tool.method, long_name).error().code == ErrorCode::too_large);
  CHECK(check_bounds(*tool.method, long_name).error().message.size() < 400);
}

TEST_CASE("bounds: what a call may well say is let through") {
  for (const auto& tool : shipped_tools()->tools()) {
    const auto within = check_bounds(*tool->method, least_arguments(*tool));
    if (!within) FAIL_CHECK(tool->name << ": " << within.error().message);
    for (const auto& argument : tool->method->arguments) {
      json::Object given;
      if (argument.type == integration::FieldType::array) {
        given.append(argument.name, json::Array(500, json::Value(7)));
      } else if (argument.place == integration::ArgumentPlace::body && !argument.reference &&
                 argument.type == integration::FieldType::string &&
                 argument.schema.find("enum") == nullptr) {
        given.append(argument.name, std::string(64'000, 'x'));
      } else {
        continue;
      }
      if (argument.place == integration::ArgumentPlace::platform) continue;
      const auto fits = check_bounds(*tool->method, given);
      if (!fits) FAIL_CHECK(tool->name << '.' << argument.name << ": " << fits.error().message);
    }
  }
}

}  // namespace patchbay::gateway
