#include "servers/name_completion.h"

#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "json/parse.h"

using namespace patchbay;
using namespace patchbay::servers;

TEST_CASE("a record completes by the first of its integration's labels that it has") {
  integration::Integration integration;
  integration.label_fields = {"title", "given family", "code"};
  const json::Value answer = *json::parse(
      R"({"result":[{"title":"Ada's desk","code":"x"},{"given":"Ada","family":"Byron"},)"
      R"({"given":"Grace","code":"ada-9"},{"code":"ada-1"},{"name":"Ada"},{"title":" "}]})");
  CHECK(match_names(answer, "ad", integration).values ==
        std::vector<std::string>{"Ada Byron", "Ada's desk", "ada-1"});
  CHECK(match_names(answer, "gra", integration).values == std::vector<std::string>{"Grace"});
}

TEST_CASE("names that begin with what was typed come before those that contain it, each once") {
  const json::Value answer = *json::parse(
      R"({"result":[{"name":"North Acme"},{"name":"Acme"},{"name":"Acme"},{"name":"Zeta"}],)"
      R"("next_cursor":"c"})");
  const mcp::Completion found = match_names(answer, "ACME", integration::Integration());
  CHECK(found.values == std::vector<std::string>{"Acme", "North Acme"});
  CHECK(found.total == 2);
  CHECK(found.has_more);  // the list goes on
  CHECK(match_names(*json::parse("{}"), "", integration::Integration()).values.empty());
}
