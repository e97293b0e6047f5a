// The fixtures of the official conformance suite: tools, prompts and resources with prescribed
// names and answers, which exist only where `--conformance-fixtures` asks for them. They exercise
// all that this room can do (progress, logs, questions in both eras, every kind of content);
// production servers use a part of it.
#pragma once

#include <atomic>
#include <string>
#include <string_view>
#include <vector>

#include "mcp/server/server.h"

namespace patchbay::mcp {

class FixtureHost final : public ToolHost,
                          public PromptHost,
                          public ResourceHost,
                          public CompletionHost {
 public:
  FixtureHost();

  std::string_view id() const override { return "mcp_conformance"; }
  std::string_view title() const override { return "Conformance fixtures"; }
  std::string instructions() const override;

  SharedText tool_listing() const override;
  bool has_tool(std::string_view name) const override;
  std::vector<std::string> tool_names() const override;
  const json::Value* mirrored_schema(std::string_view name) const override;
  io::Task<Outcome> call_tool(std::string name, json::Value arguments,
                              Exchange& exchange) const override;

  const PromptHost* prompts() const override { return this; }
  const ResourceHost* resources() const override { return this; }
  const CompletionHost* completions() const override { return this; }
  bool logs() const override { return true; }
  bool asks() const override { return true; }
  std::optional<Listings> current_listings() const override;

  SharedText prompt_listing() const override;
  io::Task<Outcome> get_prompt(std::string name, json::Value arguments,
                               Exchange& exchange) const override;

  SharedText resource_listing() const override { return resources_; }
  SharedText resource_template_listing() const override { return templates_; }
  io::Task<Outcome> read_resource(std::string uri, Exchange& exchange) const override;
  bool subscribable() const override { return true; }

  io::Task<std::expected<Completion, Fault>> complete(json::Value reference, std::string argument,
                                                      std::string value,
                                                      json::Value other_arguments,
                                                      Exchange& exchange) const override;

  // What test_trigger_tool_change and test_trigger_prompt_change do: the listing has the same
  // content, and is a new one.
  void change_tools() const { ++tool_changes_; }
  void change_prompts() const { ++prompt_changes_; }

 private:
  // Constant after construction. Two copies each, so that a change has something to change to.
  SharedText tools_[2];
  SharedText prompts_[2];
  SharedText resources_;
  SharedText templates_;
  json::Value mirrored_schema_;
  // Atomic.
  mutable std::atomic<std::size_t> tool_changes_ = 0;
  mutable std::atomic<std::size_t> prompt_changes_ = 0;
};

// The fixtures behind a token of their own, beside whatever else there is.
class FixtureRegistry final : public HostRegistry {
 public:
  FixtureRegistry(std::string token, std::unique_ptr<HostRegistry> others);
  std::optional<Found> find(std::string_view token) const override;
  bool admits(std::string_view api_token, std::string_view environment_id) const override;

 private:
  std::string token_;
  std::shared_ptr<const FixtureHost> fixtures_;
  std::unique_ptr<HostRegistry> others_;  // may be null
};

// One fixture tool.
struct FixtureTool {
  std::string_view name;
  std::string_view description;
  std::string_view input_schema;  // JSON; empty: no arguments
  io::Task<Outcome> (*run)(const FixtureHost& host, const json::Value& arguments,
                           Exchange& exchange);
};
// All of them, in listing order (fixture_tools.cpp, fixture_questions.cpp).
const std::vector<FixtureTool>& fixture_tools();
std::vector<FixtureTool> content_fixtures();
std::vector<FixtureTool> legacy_question_fixtures();
std::vector<FixtureTool> input_required_fixtures();

// Shared by the fixture files.
inline constexpr std::string_view kRedPixel =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJg"
    "gg==";
json::Value text_block(std::string_view text);
Outcome text_outcome(std::string_view text);
Outcome content_outcome(json::Array content);

}  // namespace patchbay::mcp
