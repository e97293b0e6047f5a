#include "json/raw.h"

#include <string>

#include <doctest/doctest.h>

#include "json/shape.h"

namespace patchbay::json {
namespace {

// With room behind its end.
class Padded {
 public:
  explicit Padded(std::string text) : text_(std::move(text)) {
    text_.reserve(text_.size() + kPadding);
  }
  operator std::string_view() const { return text_; }

 private:
  std::string text_;
};

std::string array_at(const std::string& text, std::string_view path) {
  const Padded source(text);
  const auto found = raw_array_at(source, path);
  return found ? std::string(*found) : "error";
}

std::string scalar(const std::string& text, std::string_view path) {
  const Padded source(text);
  const auto found = scalar_at(source, path);
  if (!found) return "none";
  if (const auto* string = found->if_string()) return "text " + *string;
  return found->if_number() != nullptr ? "number " + found->if_number()->token() : "other";
}

}  // namespace

TEST_CASE("an array within an object is found as it stands, numbers byte for byte") {
  CHECK(array_at(R"({"a": {"b": [1.0, {"c": []}] }, "n": 7})", "/a/b") == R"([1.0, {"c": []}])");
  CHECK(array_at(R"({"tickets":[],"record_count":0})", "/tickets") == "[]");
}

TEST_CASE("where there is no array, none is made up") {
  CHECK(array_at(R"({"a": {}})", "/a") == "error");
  CHECK(array_at(R"({"a": null})", "/a") == "error");
  CHECK(array_at(R"({"a": [1]})", "/b") == "error");
  CHECK(array_at(R"([1])", "/a") == "error");
  CHECK(array_at("<html>", "/a") == "error");
  CHECK(array_at("", "/a") == "error");
  CHECK(array_at(R"({"a": [1)", "/a") == "error");
}

TEST_CASE("a scalar is read without the rest") {
  CHECK(scalar(R"({"next": {"after": "abc\u00e9"}, "list": [1, 2]})", "/next/after") ==
        "text abcé");
  CHECK(scalar(R"({"list": [1, 2], "record_count": 120000000000000000001})", "/record_count") ==
        "number 120000000000000000001");
  CHECK(scalar(R"({"next": null})", "/next") == "none");
  CHECK(scalar(R"({"next": []})", "/next") == "none");
  CHECK(scalar(R"({})", "/next") == "none");
  CHECK(scalar("nonsense", "/next") == "none");
}

}  // namespace patchbay::json
