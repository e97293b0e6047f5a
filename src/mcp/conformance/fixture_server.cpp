#include "mcp/conformance/fixture_server.h"

#include <utility>

#include "json/parse.h"
#include "json/write.h"
#include "mcp/conformance/fixture_tools.h"

namespace patchbay::mcp::conformance {
namespace {

constexpr std::string_view kNoArguments = R"({"type":"object","properties":{}})";
constexpr std::string_view kMirroredTool = "test_x_mcp_header";

constexpr std::string_view kPrompts = R"([
 {"name":"test_simple_prompt","description":"A prompt without arguments."},
 {"name":"test_prompt_with_arguments","description":"A prompt with two arguments.","arguments":[
  {"name":"arg1","description":"First test argument","required":true},
  {"name":"arg2","description":"Second test argument","required":true}]},
 {"name":"test_prompt_with_embedded_resource","description":"A prompt that embeds a resource.",
  "arguments":[{"name":"resourceUri","description":"URI of the resource","required":true}]},
 {"name":"test_prompt_with_image","description":"A prompt that shows an image."},
 {"name":"test_input_required_result_prompt","description":"A prompt that asks the user first."}])";

constexpr std::string_view kResources = R"([
 {"uri":"test://static-text","name":"Static text","description":"A text that never changes.",
  "mimeType":"text/plain"},
 {"uri":"test://static-binary","name":"Static image","description":"An image that never changes.",
  "mimeType":"image/png"},
 {"uri":"test://watched-resource","name":"Watched resource",
  "description":"A text that can be subscribed to.","mimeType":"text/plain"}])";

constexpr std::string_view kTemplates = R"([
 {"uriTemplate":"test://template/{id}/data","name":"Template data",
  "description":"Data for an id.","mimeType":"application/json"}])";

// Compact, and checked while it is made so.
std::string compact(std::string_view text) {
  return json::to_string(*json::parse(text));
}

std::string render_tools() {
  json::Array tools;
  for (const FixtureTool& tool : fixture_tools()) {
    json::Value entry;
    entry["name"] = json::Value(tool.name);
    entry["description"] = json::Value(tool.description);
    entry["inputSchema"] =
        *json::parse(tool.input_schema.empty() ? kNoArguments : tool.input_schema);
    tools.push_back(std::move(entry));
  }
  return json::to_string(json::Value(std::move(tools)));
}

const FixtureTool* find_tool(std::string_view name) {
  for (const FixtureTool& tool : fixture_tools()) {
    if (tool.name == name) return &tool;
  }
  return nullptr;
}

json::Value message(json::Value content) {
  json::Value out;
  out["role"] = "user";
  out["content"] = std::move(content);
  return out;
}

ServerOutcome messages(json::Array list) {
  json::Object members;
  members["messages"] = json::Value(std::move(list));
  return ObjectOutcome{std::move(members)};
}

ServerOutcome contents(std::string_view uri, std::string_view type, std::string_view member,
                       std::string_view content) {
  json::Value entry;
  entry["uri"] = json::Value(uri);
  entry["mimeType"] = json::Value(type);
  entry[member] = json::Value(content);
  json::Object members;
  members["contents"].push_back(std::move(entry));
  return ObjectOutcome{std::move(members)};
}

ServerOutcome ask_for_context(const Conversation& conversation) {
  if (const json::Value* answer = conversation.input_responses.find("user_context")) {
    if (const json::Value* content = answer->find("content")) {
      return messages({message(
          text_block("Use this context: " + std::string(content->string_or("context", "none"))))});
    }
  }
  InputRequired needed;
  needed.requests["user_context"] = *json::parse(
      R"({"method":"elicitation/create","params":{"mode":"form",
          "message":"What context should the prompt use?",
          "requestedSchema":{"type":"object","properties":{"context":{"type":"string"}},
                             "required":["context"]}}})");
  return needed;
}

}  // namespace

FixtureServer::FixtureServer()
    : resources_(std::make_shared<const std::string>(compact(kResources))),
      templates_(std::make_shared<const std::string>(compact(kTemplates))) {
  for (SharedText& tools : tools_) tools = std::make_shared<const std::string>(render_tools());
  for (SharedText& prompts : prompts_) {
    prompts = std::make_shared<const std::string>(compact(kPrompts));
  }
  mirrored_schema_ = *json::parse(find_tool(kMirroredTool)->input_schema);
}

std::string FixtureServer::instructions() const {
  return "Fixtures of the MCP conformance suite. Of no use to anybody else.";
}

SharedText FixtureServer::tool_listing() const {
  return tools_[tool_changes_ % 2];
}
SharedText FixtureServer::prompt_listing() const {
  return prompts_[prompt_changes_ % 2];
}

std::optional<Listings> FixtureServer::current_listings() const {
  return Listings{.tools = tool_listing(), .prompts = prompt_listing()};
}

const json::Value* FixtureServer::mirrored_schema(std::string_view name) const {
  return name == kMirroredTool ? &mirrored_schema_ : nullptr;
}

io::Task<ServerOutcome> FixtureServer::call_tool(std::string name, json::Value arguments,
                                                 Conversation& conversation) const {
  if (const FixtureTool* tool = find_tool(name)) {
    co_return co_await tool->run(*this, arguments, conversation);
  }
  std::vector<std::string> names;
  for (const FixtureTool& tool : fixture_tools()) names.emplace_back(tool.name);
  co_return unknown_name("tool", name, names);
}

io::Task<ServerOutcome> FixtureServer::get_prompt(std::string name, json::Value arguments,
                                                  Conversation& conversation) const {
  const auto argument = [&](std::string_view key) {
    return std::string(arguments.string_or(key, ""));
  };
  if (name == "test_simple_prompt") {
    co_return messages({message(text_block("This is a simple prompt for testing."))});
  }
  if (name == "test_prompt_with_arguments") {
    for (const char* required : {"arg1", "arg2"}) {
      if (arguments.find(required) == nullptr) {
        co_return invalid_params("prompts/get: argument \"" + std::string(required) +
                                 "\" is required.");
      }
    }
    co_return messages({message(text_block("Prompt with arguments: arg1='" + argument("arg1") +
                                           "', arg2='" + argument("arg2") + "'"))});
  }
  if (name == "test_prompt_with_embedded_resource") {
    json::Value block;
    block["type"] = "resource";
    block["resource"]["uri"] = argument("resourceUri");
    block["resource"]["mimeType"] = "text/plain";
    block["resource"]["text"] = "Embedded resource content for testing.";
    co_return messages({message(std::move(block)),
                        message(text_block("Please process the embedded resource above."))});
  }
  if (name == "test_prompt_with_image") {
    json::Value block;
    block["type"] = "image";
    block["data"] = json::Value(kRedPixel);
    block["mimeType"] = "image/png";
    co_return messages(
        {message(std::move(block)), message(text_block("Please analyze the image above."))});
  }
  if (name == "test_input_required_result_prompt") co_return ask_for_context(conversation);
  co_return unknown_name(
      "prompt", name,
      {"test_simple_prompt", "test_prompt_with_arguments", "test_prompt_with_embedded_resource",
       "test_prompt_with_image", "test_input_required_result_prompt"});
}

io::Task<ServerOutcome> FixtureServer::read_resource(std::string uri,
                                                     Conversation& conversation) const {
  if (uri == "test://static-text") {
    co_return contents(uri, "text/plain", "text",
                       "This is the content of the static text resource.");
  }
  if (uri == "test://static-binary") co_return contents(uri, "image/png", "blob", kRedPixel);
  if (uri == "test://watched-resource") co_return contents(uri, "text/plain", "text", "Unchanged.");
  constexpr std::string_view kBefore = "test://template/";
  constexpr std::string_view kAfter = "/data";
  if (uri.size() > kBefore.size() + kAfter.size() && uri.starts_with(kBefore) &&
      uri.ends_with(kAfter)) {
    const std::string id = uri.substr(kBefore.size(), uri.size() - kBefore.size() - kAfter.size());
    json::Value data;
    data["id"] = id;
    data["templateTest"] = json::Value(true);
    data["data"] = "Data for ID: " + id;
    co_return contents(uri, "application/json", "text", json::to_string(data));
  }
  co_return resource_not_found(conversation.client.era, uri);
}

io::Task<std::expected<Completion, Fault>> FixtureServer::complete(
    json::Value reference, std::string argument, std::string value, json::Value /*other_arguments*/,
    Conversation& /*conversation*/) const {
  if (reference.string_or("name", "") != "test_prompt_with_arguments" || argument != "arg1") {
    co_return std::unexpected(
        invalid_params("completion/complete: unknown reference or argument."));
  }
  Completion out;
  for (const char* word : {"paris", "park", "party", "test", "testing"}) {
    if (std::string_view(word).starts_with(value)) out.values.emplace_back(word);
  }
  out.total = static_cast<std::int64_t>(out.values.size());
  co_return out;
}

}  // namespace patchbay::mcp::conformance
