// Fields that hold addresses and numbers take no other texts: clients write "null" where they have
// nothing, and the API would send mail to it.
#include <algorithm>
#include <string>

#include <doctest/doctest.h>

#include "base/text.h"
#include "gateway/test_least_arguments.h"
#include "gateway/test_world.h"

namespace patchbay::gateway {
namespace {

using integration::WrittenAs;

}  // namespace

TEST_CASE("every e-mail field that a tool writes says so, and takes addresses only") {
  World world;
  std::size_t tried = 0;
  for (const auto& tool : world.harness.tools->tools()) {
    for (const auto& argument : tool->method->arguments) {
      const bool by_name = contains_ignoring_case(argument.name, "email") &&
                           argument.type == integration::FieldType::string && !argument.reference &&
                           argument.place == integration::ArgumentPlace::body;
      CAPTURE(tool->name);
      CAPTURE(argument.name);
      if (by_name) CHECK(argument.written_as != WrittenAs::text);
      if (argument.written_as == WrittenAs::text) continue;
      ++tried;
      for (const char* none : {"null", "undefined", "None", "n/a", "nobody", "jane@", "a@b@c"}) {
        auto arguments = least_arguments(*tool);
        arguments[argument.name] = none;
        arguments["dry_run"] = true;
        const auto answered = world.harness.call_value(tool->name, json::Value(arguments));
        CHECK_MESSAGE(answered.error().contains('\n' + argument.name + ": must be "),
                      answered.result.text.substr(0, 400));
      }
    }
  }
  CHECK(tried >= 5);
}

TEST_CASE("several addresses stand in one field, however they are separated") {
  World world;
  const auto copy_to = [&](const std::string& addresses) {
    const auto answered =
        world.call("update_a_connect_wise_psa_ticket_by_id",
                   R"({"id":5012,"dry_run":true,"automaticEmailCc":")" + addresses + "\"}");
    return !answered.result.is_error;
  };
  CHECK(copy_to("ann@acme.example"));
  CHECK(copy_to("ann@acme.example;bob@acme.example"));
  CHECK(copy_to("ann@acme.example; bob@acme.example;"));
  CHECK(copy_to("ann@acme.example, bob@acme.example"));
  CHECK_FALSE(copy_to(" ; , "));
  CHECK_FALSE(copy_to("ann@acme.example; null"));
  CHECK_FALSE(copy_to("ann@acme.example bob@acme.example"));
}

}  // namespace patchbay::gateway
