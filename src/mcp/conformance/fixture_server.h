// The fixtures of the official conformance suite: tools, prompts and resources with prescribed
// names and answers, which exist only where `--conformance-fixtures` asks for them. They exercise
// all that the protocol's rooms can do (progress, logs, questions in both eras, every kind of
// content); production servers use a part of it.
#pragma once

#include <atomic>
#include <string>
#include <string_view>
#include <vector>

#include "mcp/server/server.h"

namespace patchbay::mcp::conformance {

class FixtureServer final : public Server,
                            public PromptSource,
                            public ResourceSource,
                            public CompletionSource {
 public:
  FixtureServer();

  std::string_view id() const override { return "mcp_conformance"; }
  std::string_view title() const override { return "Conformance fixtures"; }
  std::string instructions() const override;

  SharedText tool_listing() const override;
  const json::Value* mirrored_schema(std::string_view name) const override;
  io::Task<ServerOutcome> call_tool(std::string name, json::Value arguments,
                                    Conversation& conversation) const override;

  const PromptSource* prompts() const override { return this; }
  const ResourceSource* resources() const override { return this; }
  const CompletionSource* completions() const override { return this; }
  bool logs() const override { return true; }
  bool asks() const override { return true; }
  std::optional<Listings> current_listings() const override;

  SharedText prompt_listing() const override;
  io::Task<ServerOutcome> get_prompt(std::string name, json::Value arguments,
                                     Conversation& conversation) const override;

  SharedText resource_listing() const override { return resources_; }
  SharedText resource_template_listing() const override { return templates_; }
  io::Task<ServerOutcome> read_resource(std::string uri, Conversation& conversation) const override;
  bool subscribable() const override { return true; }

  io::Task<std::expected<Completion, Fault>> complete(json::Value reference, std::string argument,
                                                      std::string value,
                                                      json::Value other_arguments,
                                                      Conversation& conversation) const override;

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

}  // namespace patchbay::mcp::conformance
