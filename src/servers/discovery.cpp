#include "servers/discovery.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "base/nearest.h"
#include "base/text.h"
#include "json/parse.h"
#include "json/write.h"
#include "mcp/wire/jsonrpc.h"
#include "servers/approval_words.h"
#include "servers/discovery_answers.h"
#include "servers/minted_server.h"
#include "servers/unrun.h"

namespace patchbay::servers {
namespace {

using catalog::DiscoveryTool;

constexpr std::size_t kMostWanted = 200;  // arguments of get_tool_schema
constexpr std::size_t kMostEcho = 100;

// A call that is refused: what is told, and what its event says.
struct Refused {
  Error error;
  std::string tool = {};
  audit::Kind kind = audit::Kind::read;
  std::string_view code = "invalid_argument";
};
template <class T>
using Read = std::expected<T, Refused>;

std::unexpected<Refused> refuse(std::string message, std::string hint) {
  return std::unexpected(
      Refused{.error = {ErrorCode::invalid_argument, std::move(message), std::move(hint)}});
}

std::vector<std::string> known_arguments(DiscoveryTool tool) {
  if (tool == DiscoveryTool::search) return {"query", "limit", "access"};
  return {"tool", "arguments"};
}

Read<const json::Object*> read_members(DiscoveryTool tool, const json::Value& arguments) {
  const json::Object& members = *arguments.if_object();
  const auto known = known_arguments(tool);
  for (const auto& [name, value] : members) {
    if (std::ranges::find(known, name) != known.end()) continue;
    const bool calls = tool == DiscoveryTool::call_read || tool == DiscoveryTool::call_write;
    return refuse(std::string(name_of(tool)) + " has no argument '" +
                      std::string(cut_utf8(name, kMostEcho)) + "'.",
                  calls ? "What the called tool takes goes into `arguments`: {\"tool\": \"…\", "
                          "\"arguments\": {\"name\": \"value\"}}."
                        : "It has: " + join(known) + ".");
  }
  return &members;
}

Read<std::string> read_text(DiscoveryTool tool, const json::Object& members, std::string_view name,
                            std::string_view meaning) {
  const json::Value* const given = members.find(name);
  const std::string* const text = given != nullptr ? given->if_string() : nullptr;
  if (text != nullptr && !trim(*text).empty()) return std::string(trim(*text));
  return refuse(std::string(name_of(tool)) + " needs '" + std::string(name) + "', a text.",
                std::string(meaning));
}

Read<std::size_t> read_limit(const json::Object& members) {
  const json::Value* const given = members.find("limit");
  if (given == nullptr || given->is_null()) return catalog::kUsualHits;
  const std::string* const text = given->if_string();
  const auto number = text != nullptr ? parse_int64(*text) : given->as_int64();
  if (number && *number >= 1 && *number <= catalog::kMostHits) {
    return static_cast<std::size_t>(*number);
  }
  return refuse("search_tools: limit must be a whole number from 1 to 20.", "");
}

// Nothing: both.
Read<std::optional<bool>> read_wants_writes(const json::Object& members) {
  const json::Value* const given = members.find("access");
  if (given == nullptr || given->is_null()) return std::nullopt;
  const std::string* const word = given->if_string();
  if (word != nullptr && *word == "read") return false;
  if (word != nullptr && *word == "write") return true;
  return refuse("search_tools: access must be one of: read, write.", "Leave it out for both.");
}

Read<std::vector<std::string>> read_wanted(const json::Object& members) {
  std::vector<std::string> wanted;
  const json::Value* const given = members.find("arguments");
  if (given == nullptr || given->is_null()) return wanted;
  const json::Array* const names = given->if_array();
  const auto is_text = [](const json::Value& name) { return name.is_string(); };
  if (names == nullptr || names->size() > kMostWanted || !std::ranges::all_of(*names, is_text)) {
    return refuse("get_tool_schema: arguments must be a list of at most 200 names.",
                  "Leave it out for all.");
  }
  for (const json::Value& name : *names) wanted.push_back(*name.if_string());
  return wanted;
}

std::unexpected<Refused> unknown(const control::McpServer& server, std::string name) {
  std::vector<std::string> known;
  for (const catalog::Tool* tool : server.toolset->tools()) {
    known.push_back(server.toolset->shown(*tool));
  }
  const auto near = nearest(name, known, 3, true);
  return std::unexpected(
      Refused{.error = {ErrorCode::invalid_argument,
                        "This server has no tool '" + std::string(cut_utf8(name, kMostEcho)) + "'.",
                        "Nearest: " + join(near) + ". search_tools finds tools by what they do."},
              .tool = std::move(name),
              .code = kUnknownTool});
}

bool is_approval_status(const control::McpServer& server, std::string_view name) {
  return server.approvals != nullptr && name == kApprovalStatusTool;
}

ListedTool approval_status(const control::McpServer& server) {
  return {.entry = approval_status_tool(server.structured_output),
          .call_with = name_of(DiscoveryTool::call_read)};
}

ListedTool listed(const DiscoveryCall& call, const catalog::Tool& tool) {
  return {.entry = call.parts.listings.tool_of(call.server, tool),
          .tool = &tool,
          .call_with = name_of(door_of(tool))};
}

std::size_t most_bytes(const control::McpServer& server) {
  return std::min(kMostDiscoveryBytes, server.max_result_bytes);
}

io::Task<Read<std::string>> search_tools(DiscoveryCall call, const json::Object& members) {
  auto query = read_text(call.tool, members, "query", "Say in plain words what you want to do.");
  if (!query) co_return std::unexpected(std::move(query.error()));
  const auto limit = read_limit(members);
  if (!limit) co_return std::unexpected(limit.error());
  const auto writes = read_wants_writes(members);
  if (!writes) co_return std::unexpected(writes.error());
  const catalog::Toolset& toolset = *call.server.toolset;
  const auto index = co_await call.parts.indexes.of(call.parts.runtime, toolset.shared_catalog());
  std::vector<ListedTool> found;
  const auto wanted = [&](const catalog::Tool& tool) {
    return !*writes || tool.method->writes() == **writes;
  };
  for (const catalog::Tool* tool : index->find(toolset, *query, *limit, wanted)) {
    found.push_back(listed(call, *tool));
  }
  if (call.server.approvals != nullptr && !writes->value_or(false) &&
      to_lower(*query).contains("approv")) {
    const bool is_named = to_lower(*query).contains(kApprovalStatusTool);
    found.insert(is_named ? found.begin() : found.end(), approval_status(call.server));
    if (found.size() > *limit) found.erase(is_named ? found.end() - 1 : found.end() - 2);
  }
  co_return tell_found(found, *query, most_bytes(call.server));
}

Read<std::string> get_tool_schema(const DiscoveryCall& call, const json::Object& members) {
  auto name = read_text(call.tool, members, "tool", "search_tools tells the names of tools.");
  if (!name) return std::unexpected(std::move(name.error()));
  auto wanted = read_wanted(members);
  if (!wanted) return std::unexpected(std::move(wanted.error()));
  const bool of_approvals = is_approval_status(call.server, *name);
  const catalog::Tool* const tool = call.server.toolset->find(*name);
  if (tool == nullptr && !of_approvals) return unknown(call.server, std::move(*name));
  auto told = tell_schema(of_approvals ? approval_status(call.server) : listed(call, *tool),
                          *wanted, most_bytes(call.server));
  if (!told) return refuse(told.error().message, told.error().hint);
  return std::move(*told);
}

// The called tool's own arguments.
Read<json::Value> take_arguments(json::Object& members) {
  json::Value* const given = members.find("arguments");
  if (given == nullptr || given->is_null()) return json::Value(json::Object());
  if (given->is_object()) return std::move(*given);
  // Some clients send the text of an object.
  const std::string* const text = given->if_string();
  if (text != nullptr && !mcp::has_too_many_values(*text)) {
    auto parsed = json::parse(*text);
    if (parsed && parsed->is_object()) return std::move(*parsed);
  }
  return refuse("'arguments' must be an object of the called tool's arguments.",
                "For example {\"id\": 5012}.");
}

// Which tool is meant, if it may be called this way.
Read<std::string> read_meant(const DiscoveryCall& call, const json::Object& members) {
  auto name = read_text(call.tool, members, "tool", "search_tools tells the names of tools.");
  if (!name) return std::unexpected(std::move(name.error()));
  const bool of_approvals = is_approval_status(call.server, *name);
  const catalog::Tool* const tool = call.server.toolset->find(*name);
  if (tool == nullptr && !of_approvals) return unknown(call.server, std::move(*name));
  const DiscoveryTool door = of_approvals ? DiscoveryTool::call_read : door_of(*tool);
  if (door == call.tool) {
    if (of_approvals) return name;
    return tool->name;
  }
  const bool writes = door == DiscoveryTool::call_write;
  const std::string& shown = of_approvals ? *name : call.server.toolset->shown(*tool);
  return std::unexpected(
      Refused{.error = {ErrorCode::invalid_argument,
                        shown + (writes ? " changes something" : " only reads") + ": " +
                            std::string(name_of(door)) + " calls it, " +
                            std::string(name_of(call.tool)) + " does not. Nothing was sent.",
                        "Call " + std::string(name_of(door)) + " with the same arguments."},
              .tool = of_approvals ? *name : tool->name,
              .kind = writes ? audit::Kind::write : audit::Kind::read});
}

mcp::TextOutcome tell_refused(const DiscoveryCall& call, const Refused& refused) {
  const std::string_view tool =
      refused.tool.empty() ? name_of(call.tool) : std::string_view(refused.tool);
  UnrunCall(call.parts.gateway, call.parts.control.clock(), call.conversation, tool)
      .refused(call.by, refused.kind, refused.code);
  return tell_error(refused.error, call.conversation.request_id);
}

}  // namespace

io::Task<std::optional<mcp::TextOutcome>> answer_discovery(DiscoveryCall call, std::string& name,
                                                           json::Value& arguments) {
  const auto members = read_members(call.tool, arguments);
  if (!members) co_return tell_refused(call, members.error());
  if (call.tool == DiscoveryTool::call_read || call.tool == DiscoveryTool::call_write) {
    auto meant = read_meant(call, **members);
    if (!meant) co_return tell_refused(call, meant.error());
    auto own = take_arguments(*arguments.if_object());
    if (!own) {
      own.error().tool = std::move(*meant);
      co_return tell_refused(call, own.error());
    }
    name = std::move(*meant);
    arguments = std::move(*own);
    co_return std::nullopt;
  }
  Read<std::string> told;
  if (call.tool == DiscoveryTool::search) {
    told = co_await search_tools(call, **members);
  } else {
    told = get_tool_schema(call, **members);
  }
  if (!told) co_return tell_refused(call, told.error());
  UnrunCall(call.parts.gateway, call.parts.control.clock(), call.conversation, name)
      .answered(call.by);
  co_return mcp::TextOutcome{.text = std::move(*told), .structured = call.server.structured_output};
}

}  // namespace patchbay::servers
