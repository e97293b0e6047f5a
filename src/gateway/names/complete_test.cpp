#include "gateway/names/complete.h"

#include <doctest/doctest.h>

#include "json/parse.h"

namespace patchbay::gateway {

namespace {

std::vector<json::Value> records(const char* text) {
  return *json::parse(text)->if_array();
}

}  // namespace

TEST_CASE("a record completes by the first of its integration's labels that it has") {
  integration::Integration integration;
  integration.label_fields = {"title", "given family", "code"};
  const auto people =
      records(R"([{"title":"Ada's desk","code":"x"},{"given":"Ada","family":"Byron"},)"
              R"({"given":"Grace","code":"ada-9"},{"code":"ada-1"},{"name":"Ada"},{"title":" "}])");
  CHECK(names_like(people, "ad", integration).names ==
        std::vector<std::string>{"Ada Byron", "Ada's desk", "ada-1"});
  CHECK(names_like(people, "gra", integration).names == std::vector<std::string>{"Grace"});
}

TEST_CASE("names that begin with what was typed come before those that contain it, each once") {
  const auto companies =
      records(R"([{"id":7,"name":"North Acme"},{"id":1,"name":"Acme"},{"id":2,"name":"Acme"},)"
              R"({"id":3,"name":"Zeta"}])");
  const auto found = names_like(companies, "ACME", integration::Integration());
  CHECK(found.names == std::vector<std::string>{"Acme", "North Acme"});
  // Which of two is meant is not told by their name.
  CHECK(found.ids == std::vector<std::int64_t>{0, 7});
  CHECK(names_like({}, "", integration::Integration()).names.empty());
}

}  // namespace patchbay::gateway
