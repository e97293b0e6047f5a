#include "mcp/conformance/fixture_tools.h"

#include <chrono>
#include <utility>

#include "io/runtime.h"
#include "json/parse.h"
#include "mcp/conformance/fixture_questions.h"

namespace patchbay::mcp::conformance {

json::Value text_block(std::string_view text) {
  json::Value block;
  block["type"] = "text";
  block["text"] = json::Value(text);
  return block;
}

ServerOutcome text_outcome(std::string_view text) {
  return content_outcome({text_block(text)});
}

ServerOutcome content_outcome(json::Array content) {
  json::Object members;
  members["content"] = json::Value(std::move(content));
  return ObjectOutcome{std::move(members)};
}

namespace {

using std::chrono::milliseconds;

// 46 bytes of silence: a RIFF header and one sample.
constexpr std::string_view kSilence =
    "UklGRiYAAABXQVZFZm10IBAAAAABAAEARKwAAIhYAQACABAAZGF0YQIAAAAAAA==";

json::Value media(std::string_view type, std::string_view data, std::string_view mime) {
  json::Value block;
  block["type"] = json::Value(type);
  block["data"] = json::Value(data);
  block["mimeType"] = json::Value(mime);
  return block;
}

json::Value embedded(std::string_view uri, std::string_view mime, std::string_view text) {
  json::Value block;
  block["type"] = "resource";
  block["resource"]["uri"] = json::Value(uri);
  block["resource"]["mimeType"] = json::Value(mime);
  block["resource"]["text"] = json::Value(text);
  return block;
}

io::Task<ServerOutcome> simple_text(const FixtureServer&, const json::Value&, Conversation&) {
  co_return text_outcome("This is a simple text response for testing.");
}

io::Task<ServerOutcome> image(const FixtureServer&, const json::Value&, Conversation&) {
  co_return content_outcome({media("image", kRedPixel, "image/png")});
}

io::Task<ServerOutcome> audio(const FixtureServer&, const json::Value&, Conversation&) {
  co_return content_outcome({media("audio", kSilence, "audio/wav")});
}

io::Task<ServerOutcome> embedded_resource(const FixtureServer&, const json::Value&, Conversation&) {
  co_return content_outcome({embedded("test://embedded-resource", "text/plain",
                                      "This is an embedded resource content.")});
}

io::Task<ServerOutcome> mixed(const FixtureServer&, const json::Value&, Conversation&) {
  co_return content_outcome({text_block("Multiple content types test:"),
                             media("image", kRedPixel, "image/png"),
                             embedded("test://mixed-content-resource", "application/json",
                                      R"({"test":"data","value":123})")});
}

io::Task<ServerOutcome> links(const FixtureServer&, const json::Value&, Conversation&) {
  json::Value link;
  link["type"] = "resource_link";
  link["uri"] = "test://static-text";
  link["name"] = "Static text";
  co_return content_outcome({std::move(link)});
}

io::Task<ServerOutcome> failing(const FixtureServer&, const json::Value&, Conversation&) {
  co_return TextOutcome{.text = "This tool intentionally returns an error for testing",
                        .is_error = true};
}

io::Task<ServerOutcome> with_progress(const FixtureServer&, const json::Value&,
                                      Conversation& conversation) {
  for (const int done : {0, 50, 100}) {
    if (done > 0) co_await io::sleep(milliseconds(50));
    conversation.progress(done, 100, "");
  }
  co_return text_outcome("Done, with progress.");
}

io::Task<ServerOutcome> with_logging(const FixtureServer&, const json::Value&,
                                     Conversation& conversation) {
  conversation.log(LogLevel::info, "Tool execution started");
  co_await io::sleep(milliseconds(50));
  conversation.log(LogLevel::info, "Tool processing data");
  co_await io::sleep(milliseconds(50));
  conversation.log(LogLevel::info, "Tool execution completed");
  co_return text_outcome("Done, with log messages.");
}

// Runs until it is given up, at most as long as it is told.
io::Task<ServerOutcome> slow(const FixtureServer&, const json::Value& arguments,
                             Conversation& conversation) {
  const std::int64_t wanted = arguments.int64_or("milliseconds", 1000);
  for (std::int64_t waited = 0; waited < wanted; waited += 10) {
    if (conversation.cancel.cancelled()) {
      co_return TextOutcome{.text = "cancelled", .is_error = true};
    }
    co_await io::sleep(milliseconds(10));
  }
  co_return text_outcome("Done, slowly.");
}

io::Task<ServerOutcome> needs_sampling(const FixtureServer&, const json::Value&,
                                       Conversation& conversation) {
  if (!conversation.client.declares("sampling")) {
    json::Value required;
    required["sampling"] = json::Object();
    co_return missing_capability(std::move(required));
  }
  co_return text_outcome("The client declared sampling.");
}

io::Task<ServerOutcome> json_schema(const FixtureServer&, const json::Value&, Conversation&) {
  co_return text_outcome("The schema is what matters.");
}

io::Task<ServerOutcome> change_tools(const FixtureServer& server, const json::Value&,
                                     Conversation&) {
  server.change_tools();
  co_return text_outcome("The tools have changed.");
}

io::Task<ServerOutcome> change_prompts(const FixtureServer& server, const json::Value&,
                                       Conversation&) {
  server.change_prompts();
  co_return text_outcome("The prompts have changed.");
}

constexpr std::string_view kWideSchema = R"({
 "$schema":"https://json-schema.org/draft/2020-12/schema","type":"object",
 "$defs":{"address":{"$anchor":"addressDef","type":"object",
   "properties":{"street":{"type":"string"},"city":{"type":"string"}}}},
 "properties":{"name":{"type":"string"},"address":{"$ref":"#/$defs/address"},
  "contactMethod":{"type":"string","enum":["phone","email"]},
  "phone":{"type":"string"},"email":{"type":"string"}},
 "allOf":[{"anyOf":[{"required":["phone"]},{"required":["email"]}]}],
 "if":{"properties":{"contactMethod":{"const":"phone"}},"required":["contactMethod"]},
 "then":{"required":["phone"]},"else":{"required":["email"]},"additionalProperties":false})";

constexpr std::string_view kMirroredSchema = R"({"type":"object","properties":{
 "region":{"type":"string","description":"Mirrored in Mcp-Param-Region.","x-mcp-header":"Region"}}})";

constexpr std::string_view kSlowSchema =
    R"({"type":"object","properties":{"milliseconds":{"type":"integer"}}})";

// Tools that return content, speak while they run, or change a listing.
std::vector<FixtureTool> content_fixtures() {
  return {
      {"test_simple_text", "Returns a text.", "", simple_text},
      {"test_image_content", "Returns an image.", "", image},
      {"test_audio_content", "Returns a sound.", "", audio},
      {"test_embedded_resource", "Returns an embedded resource.", "", embedded_resource},
      {"test_multiple_content_types", "Returns text, image and resource.", "", mixed},
      {"test_resource_link", "Returns a link to a resource.", "", links},
      {"test_error_handling", "Always fails.", "", failing},
      {"test_tool_with_progress", "Reports progress.", "", with_progress},
      {"test_tool_with_logging", "Sends log messages.", "", with_logging},
      {"test_logging_tool", "Sends log messages where they are wanted.", "", with_logging},
      {"test_slow_tool", "Takes its time, and can be cancelled.", kSlowSchema, slow},
      {"test_missing_capability", "Needs the sampling capability.", "", needs_sampling},
      {"json_schema_2020_12_tool", "Has a schema with many keywords.", kWideSchema, json_schema},
      {"test_x_mcp_header", "Has an argument that a header mirrors.", kMirroredSchema, simple_text},
      {"test_trigger_tool_change", "Changes the list of tools.", "", change_tools},
      {"test_trigger_prompt_change", "Changes the list of prompts.", "", change_prompts},
  };
}

}  // namespace

const std::vector<FixtureTool>& fixture_tools() {
  static const std::vector<FixtureTool> all = [] {
    std::vector<FixtureTool> tools = content_fixtures();
    for (auto& more : {legacy_question_fixtures(), input_required_fixtures()}) {
      tools.insert(tools.end(), more.begin(), more.end());
    }
    return tools;
  }();
  return all;
}

}  // namespace patchbay::mcp::conformance
