// How a client learns whom it speaks with: initialize (legacy), server/discover (modern), and the
// small methods around them.
#include <string>
#include <utility>

#include "base/random.h"
#include "base/text.h"
#include "json/write.h"
#include "mcp/methods/methods.h"

namespace patchbay::mcp {
namespace {

constexpr std::int64_t kDiscoverTtlMs = 3'600'000;
// A conversation of a day; whoever talks longer initialises again (clients do, when they start).
constexpr std::chrono::hours kSessionLifetime{24};

// listChanged is for those who can listen: modern clients, by subscriptions/listen. A legacy client
// would wait for it on a GET stream that a server without sessions does not have.
std::string capabilities(const Server& server, Era era) {
  const std::string_view list = era == Era::modern ? R"({"listChanged":true})" : "{}";
  std::string out = R"({"tools":)" + std::string(list);
  if (server.prompts() != nullptr) out += R"(,"prompts":)" + std::string(list);
  if (server.resources() != nullptr) {
    const bool subscribe = era == Era::legacy && server.resources()->subscribable();
    out += subscribe ? R"(,"resources":{"subscribe":true})" : R"(,"resources":{})";
  }
  if (server.completions() != nullptr) out += R"(,"completions":{})";
  if (server.logs()) out += R"(,"logging":{})";
  return out + '}';
}

void append_instructions(std::string& out, const Server& server) {
  const std::string instructions = server.instructions();
  if (instructions.empty()) return;
  out += R"(,"instructions":)";
  json::append_string(out, instructions);
}

// The session travels with each request, in a header.
constexpr std::size_t kMostOfAName = 100;

// A server that may have questions must know later what the client can answer. The session id says
// it, sealed: nothing is remembered here.
std::string mint_session(const MethodCall& call, const MethodContext& context) {
  json::Value kept;
  if (const json::Value* declared = call.params.find("capabilities")) {
    for (const std::string_view name : {"elicitation", "sampling", "roots"}) {
      const json::Value* capability = declared->find(name);
      if (capability != nullptr && capability->is_object()) kept[name] = json::Object();
    }
  }
  if (kept.is_null()) return {};
  // What later requests do not say again, for the record of them.
  kept[kSessionId] = random_id("ses");
  if (const json::Value* info = call.params.find("clientInfo")) {
    const auto text = [&](std::string_view name) {
      return std::string(cut_utf8(info->string_or(name, ""), kMostOfAName));
    };
    kept[kSessionClient] = json::Object{{"name", text("name")}, {"version", text("version")}};
  }
  return context.services.carried.seal(kept, session_place(context.server.id()), kSessionLifetime);
}

}  // namespace

io::Task<MethodResult> initialize(MethodCall& call, const MethodContext& context) {
  // A revision that is not known here, or one that has no handshake, gets our newest that has one.
  const std::optional<Revision> asked =
      parse_revision(call.params.string_or("protocolVersion", ""));
  const Revision revision = asked && *asked <= kNewestLegacy ? *asked : kNewestLegacy;
  ResultBody body;
  body.head = R"("protocolVersion":")";
  body.head += to_string(revision);
  body.head += R"(","capabilities":)" + capabilities(context.server, Era::legacy);
  body.head += R"(,"serverInfo":)";
  append_server_info(body.head, server_info(context));
  append_instructions(body.head, context.server);
  if (context.server.asks() && context.services.carried.available()) {
    std::string session = mint_session(call, context);
    if (!session.empty()) body.http_headers.emplace_back("Mcp-Session-Id", std::move(session));
  }
  co_return body;
}

io::Task<MethodResult> discover(MethodCall&, const MethodContext& context) {
  ResultBody body;
  // Only what can be used with an envelope; older revisions are negotiated by initialize.
  body.head = R"("supportedVersions":[")";
  body.head += to_string(kModern);
  body.head += R"("],"capabilities":)" + capabilities(context.server, Era::modern);
  append_instructions(body.head, context.server);
  body.ttl_ms = kDiscoverTtlMs;
  co_return body;
}

io::Task<MethodResult> ping(MethodCall&, const MethodContext&) {
  co_return ResultBody{};
}

io::Task<MethodResult> set_log_level(MethodCall& call, const MethodContext&) {
  if (!parse_log_level(call.params.string_or("level", ""))) {
    co_return std::unexpected(invalid_params("logging/setLevel: params.level is no log level."));
  }
  co_return ResultBody{};  // not remembered: there is no session that it could belong to
}

}  // namespace patchbay::mcp
