#include "mcp/methods/methods.h"

#include <array>

namespace patchbay::mcp {
namespace {

bool always(const Server&) {
  return true;
}
bool has_prompts(const Server& server) {
  return server.prompts() != nullptr;
}
bool has_resources(const Server& server) {
  return server.resources() != nullptr;
}
bool has_completions(const Server& server) {
  return server.completions() != nullptr;
}
bool has_logging(const Server& server) {
  return server.logs();
}
bool has_subscriptions(const Server& server) {
  return has_resources(server) && server.resources()->subscribable();
}

struct Rule {
  std::string_view name;
  bool legacy;
  bool modern;
  bool (*offered)(const Server&);
  MethodHandler handler;
};

constexpr std::array kRules = {
    Rule{"tools/call", true, true, always, call_tool},
    Rule{"tools/list", true, true, always, list_tools},
    Rule{"initialize", true, false, always, initialize},
    Rule{"server/discover", false, true, always, discover},
    Rule{"ping", true, false, always, ping},
    Rule{"prompts/list", true, true, has_prompts, list_prompts},
    Rule{"prompts/get", true, true, has_prompts, get_prompt},
    Rule{"completion/complete", true, true, has_completions, complete_argument},
    Rule{"resources/list", true, true, has_resources, list_resources},
    Rule{"resources/templates/list", true, true, has_resources, list_resource_templates},
    Rule{"resources/read", true, true, has_resources, read_resource},
    Rule{"resources/subscribe", true, false, has_subscriptions, subscribe_resource},
    Rule{"resources/unsubscribe", true, false, has_subscriptions, subscribe_resource},
    Rule{"logging/setLevel", true, false, has_logging, set_log_level},
};

}  // namespace

MethodHandler find_method(std::string_view name, Era era, const Server& server) {
  for (const Rule& rule : kRules) {
    if (rule.name != name) continue;
    const bool known = era == Era::modern ? rule.modern : rule.legacy;
    return known && rule.offered(server) ? rule.handler : nullptr;
  }
  return nullptr;
}

bool runs_something(std::string_view method) {
  return method == "tools/call" || method == "prompts/get" || method == "resources/read" ||
         method == "completion/complete";
}

ServerInfo server_info(const MethodContext& context) {
  return {.version = context.services.version, .title = context.server.title()};
}

}  // namespace patchbay::mcp
