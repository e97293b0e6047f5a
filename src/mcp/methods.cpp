#include "mcp/methods.h"

#include <array>
#include <utility>

#include "json/write.h"
#include "mcp/headers.h"

namespace patchbay::mcp {
namespace {

// What a client may believe for how long. The tools of a server change when its operator says so:
// five minutes is how long such a change may go unseen by a client that does not listen for it.
constexpr std::int64_t kDiscoverTtlMs = 3'600'000;
constexpr std::int64_t kToolsTtlMs = 300'000;

std::string capabilities(const ToolHost&) {
  return R"({"tools":{}})";
}

void append_instructions(std::string& out, const ToolHost& host) {
  const std::string instructions = host.instructions();
  if (instructions.empty()) return;
  out += R"(,"instructions":)";
  json::append_string(out, instructions);
}

io::Task<MethodResult> initialize(Call& call, const MethodContext& context) {
  // A revision that is not known here, or one that has no handshake, gets our newest that has one.
  const std::optional<Revision> asked =
      parse_revision(call.params.string_or("protocolVersion", ""));
  const Revision revision = asked && *asked <= kNewestLegacy ? *asked : kNewestLegacy;
  ResultBody body;
  body.head = R"("protocolVersion":")";
  body.head += to_string(revision);
  body.head += R"(","capabilities":)" + capabilities(context.host) + R"(,"serverInfo":)";
  append_server_info(body.head, context.server);
  append_instructions(body.head, context.host);
  co_return body;
}

io::Task<MethodResult> discover(Call&, const MethodContext& context) {
  ResultBody body;
  // Only what can be used with an envelope; older revisions are negotiated by initialize.
  body.head = R"("supportedVersions":[")";
  body.head += to_string(kModern);
  body.head += R"("],"capabilities":)" + capabilities(context.host);
  append_instructions(body.head, context.host);
  body.ttl_ms = kDiscoverTtlMs;
  co_return body;
}

io::Task<MethodResult> ping(Call&, const MethodContext&) {
  co_return ResultBody{};
}

io::Task<MethodResult> list_tools(Call& call, const MethodContext& context) {
  if (call.params.find("cursor") != nullptr) {
    // All tools stand on one page, so that no cursor of ours exists.
    co_return std::unexpected(
        invalid_params("Invalid cursor: this server lists all its tools on one page."));
  }
  ResultBody body;
  body.head = R"("tools":)";
  body.shared = context.host.tool_listing();
  body.ttl_ms = kToolsTtlMs;
  co_return body;
}

io::Task<MethodResult> call_tool(Call& call, const MethodContext& context) {
  const json::Value* name = call.params.find("name");
  if (name == nullptr || !name->is_string()) {
    co_return std::unexpected(invalid_params("tools/call: params.name must be a string."));
  }
  json::Value arguments = json::Object();
  if (json::Value* given = call.params.if_object()->find("arguments"); given != nullptr) {
    if (!given->is_object() && !given->is_null()) {
      co_return std::unexpected(invalid_params("tools/call: params.arguments must be an object."));
    }
    if (given->is_object()) arguments = std::move(*given);
  }
  if (context.exchange.client.era == Era::modern) {
    if (const json::Value* schema = context.host.mirrored_schema(*name->if_string())) {
      if (auto fault = check_parameter_headers(context.headers, *schema, arguments)) {
        co_return std::unexpected(std::move(*fault));
      }
    }
  }
  if (!context.host.has_tool(*name->if_string())) {
    co_return std::unexpected(unknown_name("tool", *name->if_string(), context.host.tool_names()));
  }
  std::string tool = *name->if_string();
  CallOutcome outcome =
      co_await context.host.call_tool(std::move(tool), std::move(arguments), context.exchange);
  if (Fault* fault = std::get_if<Fault>(&outcome)) co_return std::unexpected(std::move(*fault));
  const TextOutcome& text = std::get<TextOutcome>(outcome);
  co_return text_result(text.text, text.is_error, text.rate_limit);
}

struct Rule {
  std::string_view name;
  bool legacy;
  bool modern;
  MethodHandler handler;
};

constexpr std::array kRules = {
    Rule{"initialize", true, false, initialize},
    Rule{"server/discover", false, true, discover},
    Rule{"ping", true, false, ping},
    Rule{"tools/list", true, true, list_tools},
    Rule{"tools/call", true, true, call_tool},
};

}  // namespace

MethodHandler find_method(std::string_view name, Era era, const ToolHost&) {
  for (const Rule& rule : kRules) {
    if (rule.name != name) continue;
    return (era == Era::modern ? rule.modern : rule.legacy) ? rule.handler : nullptr;
  }
  return nullptr;
}

}  // namespace patchbay::mcp
