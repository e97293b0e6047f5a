#include "mcp/conformance/fixture_questions.h"

#include <chrono>
#include <string>
#include <utility>

#include "json/parse.h"
#include "json/write.h"

namespace patchbay::mcp::conformance {
namespace {

constexpr std::chrono::seconds kPatience{30};

json::Value form(std::string_view message, std::string_view schema) {
  json::Value params;
  params["mode"] = "form";
  params["message"] = json::Value(message);
  params["requestedSchema"] = *json::parse(schema);
  return params;
}

json::Value elicitation(std::string_view message, std::string_view schema) {
  json::Value request;
  request["method"] = "elicitation/create";
  request["params"] = form(message, schema);
  return request;
}

json::Value sampling(std::string_view prompt, std::int64_t tokens) {
  json::Value request;
  request["method"] = "sampling/createMessage";
  json::Value line;
  line["role"] = "user";
  line["content"] = text_block(prompt);
  request["params"]["messages"].push_back(std::move(line));
  request["params"]["maxTokens"] = json::Value(tokens);
  return request;
}

json::Value roots() {
  json::Value request;
  request["method"] = "roots/list";
  request["params"] = json::Object();
  return request;
}

// ---- legacy ------------------------------------------------------------------------------------

io::Task<ServerOutcome> ask_legacy(Conversation& conversation, std::string capability,
                                   std::string method, json::Value params,
                                   std::string introduction) {
  if (!conversation.can_ask(capability)) {
    co_return TextOutcome{.text = "The client did not declare " + capability + ".",
                          .is_error = true};
  }
  auto answer = co_await conversation.ask(std::move(method), std::move(params), kPatience);
  if (!answer) co_return TextOutcome{.text = "The client did not answer.", .is_error = true};
  co_return text_outcome(introduction + json::to_string(*answer));
}

io::Task<ServerOutcome> ask_sampling(const FixtureServer&, const json::Value& arguments,
                                     Conversation& conversation) {
  json::Value params =
      *sampling(arguments.string_or("prompt", "Say something."), 100).find("params");
  return ask_legacy(conversation, "sampling", "sampling/createMessage", std::move(params),
                    "LLM response: ");
}

io::Task<ServerOutcome> ask_elicitation(const FixtureServer&, const json::Value& arguments,
                                        Conversation& conversation) {
  return ask_legacy(conversation, "elicitation", "elicitation/create",
                    form(arguments.string_or("message", "Who are you?"),
                         R"({"type":"object","properties":{
               "username":{"type":"string","description":"User's response"},
               "email":{"type":"string","description":"User's email address"}},
              "required":["username","email"]})"),
                    "User response: ");
}

io::Task<ServerOutcome> ask_defaults(const FixtureServer&, const json::Value&,
                                     Conversation& conversation) {
  return ask_legacy(conversation, "elicitation", "elicitation/create",
                    form("Please review the defaults.",
                         R"({"type":"object","properties":{
               "name":{"type":"string","default":"John Doe"},
               "age":{"type":"integer","default":30},
               "score":{"type":"number","default":95.5},
               "status":{"type":"string","enum":["active","inactive","pending"],"default":"active"},
               "verified":{"type":"boolean","default":true}}})"),
                    "Elicitation completed: ");
}

io::Task<ServerOutcome> ask_enums(const FixtureServer&, const json::Value&,
                                  Conversation& conversation) {
  return ask_legacy(conversation, "elicitation", "elicitation/create",
                    form("Please choose.",
                         R"({"type":"object","properties":{
               "untitledSingle":{"type":"string","enum":["option1","option2","option3"]},
               "titledSingle":{"type":"string","oneOf":[
                 {"const":"value1","title":"First Option"},
                 {"const":"value2","title":"Second Option"},
                 {"const":"value3","title":"Third Option"}]},
               "legacyEnum":{"type":"string","enum":["opt1","opt2","opt3"],
                 "enumNames":["Option One","Option Two","Option Three"]},
               "untitledMulti":{"type":"array","items":{"type":"string",
                 "enum":["option1","option2","option3"]}},
               "titledMulti":{"type":"array","items":{"anyOf":[
                 {"const":"value1","title":"First Choice"},
                 {"const":"value2","title":"Second Choice"},
                 {"const":"value3","title":"Third Choice"}]}}}})"),
                    "Elicitation completed: ");
}

// ---- modern ------------------------------------------------------------------------------------

constexpr std::string_view kNameForm =
    R"({"type":"object","properties":{"name":{"type":"string"}},"required":["name"]})";
constexpr std::string_view kOkForm =
    R"({"type":"object","properties":{"ok":{"type":"boolean"}},"required":["ok"]})";
constexpr std::string_view kColorForm =
    R"({"type":"object","properties":{"color":{"type":"string"}},"required":["color"]})";

// What the user entered under that key; null if it was not (well) answered: then ask again.
const json::Value* accepted(const Conversation& conversation, std::string_view key) {
  const json::Value* answer = conversation.input_responses.find(key);
  if (answer == nullptr || answer->string_or("action", "") != "accept") return nullptr;
  const json::Value* content = answer->find("content");
  return content != nullptr && content->is_object() ? content : nullptr;
}

const json::Value* answered(const Conversation& conversation, std::string_view key) {
  const json::Value* answer = conversation.input_responses.find(key);
  return answer != nullptr && answer->is_object() ? answer : nullptr;
}

ServerOutcome need(std::string_view key, json::Value request, json::Value state = {}) {
  InputRequired needed;
  needed.requests[key] = std::move(request);
  needed.state = std::move(state);
  return needed;
}

json::Value round(std::int64_t number) {
  json::Value state;
  state["round"] = json::Value(number);
  return state;
}

io::Task<ServerOutcome> input_elicitation(const FixtureServer&, const json::Value&,
                                          Conversation& conversation) {
  const json::Value* answer = accepted(conversation, "user_name");
  const json::Value* name = answer != nullptr ? answer->find("name") : nullptr;
  if (name == nullptr || !name->is_string()) {
    co_return need("user_name", elicitation("What is your name?", kNameForm));
  }
  co_return text_outcome("Hello, " + *name->if_string() + "!");
}

io::Task<ServerOutcome> input_sampling(const FixtureServer&, const json::Value&,
                                       Conversation& conversation) {
  const json::Value* answer = answered(conversation, "capital_question");
  if (answer == nullptr) {
    co_return need("capital_question", sampling("What is the capital of France?", 100));
  }
  co_return text_outcome("The model says: " + json::to_string(*answer));
}

io::Task<ServerOutcome> input_roots(const FixtureServer&, const json::Value&,
                                    Conversation& conversation) {
  const json::Value* answer = answered(conversation, "client_roots");
  if (answer == nullptr) co_return need("client_roots", roots());
  co_return text_outcome("Roots: " + json::to_string(*answer));
}

io::Task<ServerOutcome> input_state(const FixtureServer&, const json::Value&,
                                    Conversation& conversation) {
  if (accepted(conversation, "confirm") == nullptr ||
      conversation.state.int64_or("round", 0) != 1) {
    co_return need("confirm", elicitation("Please confirm", kOkForm), round(1));
  }
  co_return text_outcome("state-ok");
}

io::Task<ServerOutcome> input_multiple(const FixtureServer&, const json::Value&,
                                       Conversation& conversation) {
  if (accepted(conversation, "user_name") != nullptr &&
      answered(conversation, "greeting") != nullptr &&
      answered(conversation, "client_roots") != nullptr && !conversation.state.is_null()) {
    co_return text_outcome("All three were answered.");
  }
  InputRequired needed;
  needed.requests["user_name"] = elicitation("What is your name?", kNameForm);
  needed.requests["greeting"] = sampling("Generate a greeting", 50);
  needed.requests["client_roots"] = roots();
  needed.state = round(1);
  co_return needed;
}

io::Task<ServerOutcome> input_rounds(const FixtureServer&, const json::Value&,
                                     Conversation& conversation) {
  const std::int64_t number = conversation.state.int64_or("round", 0);
  if (number == 1 && accepted(conversation, "step1") != nullptr) {
    co_return need("step2", elicitation("Step 2: What is your favorite color?", kColorForm),
                   round(2));
  }
  if (number == 2 && accepted(conversation, "step2") != nullptr) {
    co_return text_outcome("Both steps are done.");
  }
  co_return need("step1", elicitation("Step 1: What is your name?", kNameForm), round(1));
}

io::Task<ServerOutcome> input_capabilities(const FixtureServer&, const json::Value&,
                                           Conversation& conversation) {
  InputRequired needed;
  if (conversation.client.declares("sampling")) needed.requests["greeting"] = sampling("Greet", 50);
  if (conversation.client.declares("elicitation")) {
    needed.requests["user_name"] = elicitation("What is your name?", kNameForm);
  }
  if (needed.requests.empty()) co_return text_outcome("The client can answer nothing.");
  for (const auto& [key, request] : needed.requests) {
    if (answered(conversation, key) == nullptr) co_return needed;
  }
  co_return text_outcome("Answered.");
}

}  // namespace

std::vector<FixtureTool> legacy_question_fixtures() {
  return {
      {"test_sampling", "Asks the client's model (before 2026-07-28).",
       R"({"type":"object","properties":{"prompt":{"type":"string"}},"required":["prompt"]})",
       ask_sampling},
      {"test_elicitation", "Asks the user (before 2026-07-28).",
       R"({"type":"object","properties":{"message":{"type":"string"}},"required":["message"]})",
       ask_elicitation},
      {"test_elicitation_sep1034_defaults", "Asks with default values.", "", ask_defaults},
      {"test_elicitation_sep1330_enums", "Asks with every kind of choice.", "", ask_enums},
  };
}

std::vector<FixtureTool> input_required_fixtures() {
  return {
      {"test_streaming_elicitation", "Asks the user by input_required.", "", input_elicitation},
      {"test_input_required_result_elicitation", "Needs a name.", "", input_elicitation},
      {"test_input_required_result_sampling", "Needs the client's model.", "", input_sampling},
      {"test_input_required_result_list_roots", "Needs the client's roots.", "", input_roots},
      {"test_input_required_result_request_state", "Remembers a round.", "", input_state},
      {"test_input_required_result_tampered_state", "Remembers a round, sealed.", "", input_state},
      {"test_input_required_result_multiple_inputs", "Needs three answers.", "", input_multiple},
      {"test_input_required_result_multi_round", "Needs two rounds.", "", input_rounds},
      {"test_input_required_result_capabilities", "Asks what the client can answer.", "",
       input_capabilities},
  };
}

}  // namespace patchbay::mcp::conformance
