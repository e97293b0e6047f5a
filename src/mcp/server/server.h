// What stands behind a token, as the protocol sees it: tools, prompts and resources as data, and
// functions that run or render them. Two real implementations: servers/minted_server.h (an MCP
// server of the control plane) and the fixtures of the conformance suite.
#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "io/task.h"
#include "json/value.h"
#include "mcp/server/conversation.h"
#include "mcp/server/outcome.h"

namespace patchbay::mcp {

// ---- what a server may offer beside tools ------------------------------------------------------

using SharedText = std::shared_ptr<const std::string>;

class PromptSource {
 public:
  virtual ~PromptSource() = default;
  virtual SharedText prompt_listing() const = 0;  // a JSON array of MCP Prompt objects
  // `arguments`: an object whose values are strings.
  virtual io::Task<ServerOutcome> get_prompt(std::string name, json::Value arguments,
                                             Conversation& conversation) const = 0;
};

class ResourceSource {
 public:
  virtual ~ResourceSource() = default;
  virtual SharedText resource_listing() const = 0;           // a JSON array of MCP Resource objects
  virtual SharedText resource_template_listing() const = 0;  // … of ResourceTemplate objects
  virtual io::Task<ServerOutcome> read_resource(std::string uri,
                                                Conversation& conversation) const = 0;
  virtual bool subscribable() const { return false; }  // legacy resources/subscribe is taken
};

struct Completion {
  std::vector<std::string> values;  // at most 100
  std::optional<std::int64_t> total;
  bool has_more = false;
};

class CompletionSource {
 public:
  virtual ~CompletionSource() = default;
  // `reference`: {"type": "ref/prompt", "name"} or {"type": "ref/resource", "uri"}. Fault: unknown.
  virtual io::Task<std::expected<Completion, Fault>> complete(json::Value reference,
                                                              std::string argument,
                                                              std::string value,
                                                              json::Value other_arguments,
                                                              Conversation& conversation) const = 0;
};

// What a server lists at a moment. Listings are compared by their address: a changed one is a new
// one.
struct Listings {
  SharedText tools;
  SharedText prompts;  // null: none offered
};

// ---- the server --------------------------------------------------------------------------------

class Server {
 public:
  virtual ~Server() = default;

  virtual std::string_view id() const = 0;     // the MCP server's
  virtual std::string_view title() const = 0;  // what a person called it
  // What a model should know before it calls anything; under 2 KB, most important first.
  virtual std::string instructions() const = 0;

  // A JSON array of MCP Tool objects, in its listing order. Shared by all requests.
  virtual SharedText tool_listing() const = 0;
  // Only of tools that mirror arguments in headers ("x-mcp-header"); else null.
  virtual const json::Value* mirrored_schema(std::string_view) const { return nullptr; }
  // `arguments` is an object. Faults are for what no argument can mend, an unknown tool
  // (unknown_name) first of all.
  virtual io::Task<ServerOutcome> call_tool(std::string name, json::Value arguments,
                                            Conversation& conversation) const = 0;

  // Null: not offered, and not declared.
  virtual const PromptSource* prompts() const { return nullptr; }
  virtual const ResourceSource* resources() const { return nullptr; }
  virtual const CompletionSource* completions() const { return nullptr; }
  virtual bool logs() const { return false; }  // declares logging
  // May have questions for the user. Only such a server may return InputRequired.
  virtual bool asks() const { return false; }

  // As they are now, not when this object was found; nothing when the server is gone. Asked again
  // and again by those who listen for changes.
  virtual std::optional<Listings> current_listings() const = 0;
};

}  // namespace patchbay::mcp
