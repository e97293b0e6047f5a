// What a server offers: tools, prompts, resources, completions.
#include <utility>

#include "json/write.h"
#include "mcp/methods/methods.h"
#include "mcp/wire/content_gate.h"

namespace patchbay::mcp {
namespace {

// How long a client may reuse what it was told. An operator changes tools now and then: five
// minutes is how long that may go unseen by a client that does not listen for it. Resources are the
// fixtures' only, and are read fresh.
constexpr std::int64_t kListingTtlMs = 300'000;
constexpr std::int64_t kResourceTtlMs = 0;
// A person answers a form; more than this and the question is forgotten.
constexpr std::chrono::minutes kQuestionLifetime{10};

MethodResult listing(MethodCall& call, std::string_view member, SharedText entries) {
  if (call.params.find("cursor") != nullptr) {
    // Everything stands on one page, so that no cursor of ours exists.
    return std::unexpected(invalid_params("Invalid cursor: all entries are on the first page."));
  }
  ResultBody body;
  body.head = '"' + std::string(member) + "\":";
  body.shared = std::move(entries);
  body.ttl_ms = kListingTtlMs;
  return body;
}

// The answers of an earlier round, and what that round remembered.
std::optional<Fault> read_answers(MethodCall& call, const MethodContext& context) {
  Conversation& conversation = context.conversation;
  if (conversation.client.era != Era::modern || !call.params.is_object()) return std::nullopt;
  const json::Value* responses = call.params.find("inputResponses");
  if (responses != nullptr && responses->is_object()) conversation.input_responses = *responses;
  const json::Value* state = call.params.find("requestState");
  if (state == nullptr || state->is_null()) return std::nullopt;
  const std::string* text = state->if_string();
  std::optional<json::Value> opened;
  if (text != nullptr) {
    opened = context.services.carried.open(
        *text, request_state_place(context.server.id(), call.method, call.params));
  }
  if (!opened) {
    return invalid_params(
        "requestState is not valid for this call, or has expired. Call again "
        "without it to be asked anew.");
  }
  conversation.state = std::move(*opened);
  return std::nullopt;
}

std::string_view capability_of(std::string_view method) {
  if (method == "elicitation/create") return "elicitation";
  if (method == "sampling/createMessage") return "sampling";
  if (method == "roots/list") return "roots";
  return "";
}

MethodResult ask_for_input(InputRequired& needed, const MethodCall& call,
                           const MethodContext& context) {
  json::Value missing;
  for (const auto& [key, request] : needed.requests) {
    const std::string_view capability = capability_of(request.string_or("method", ""));
    if (!context.conversation.client.declares(capability)) missing[capability] = json::Object();
  }
  if (!missing.is_null()) return std::unexpected(missing_capability(std::move(missing)));
  ResultBody body;
  body.input_required = true;
  if (!needed.requests.empty()) {
    body.head = R"("inputRequests":)";
    json::append(body.head, json::Value(std::move(needed.requests)));
  }
  if (!needed.state.is_null()) {
    body.head += body.head.empty() ? R"("requestState":")" : R"(,"requestState":")";
    body.head += context.services.carried.seal(
        needed.state, request_state_place(context.server.id(), call.method, call.params),
        kQuestionLifetime);
    body.head += '"';
  }
  return body;
}

MethodResult to_result(ServerOutcome outcome, const MethodCall& call,
                       const MethodContext& context) {
  if (auto* fault = std::get_if<Fault>(&outcome)) return std::unexpected(std::move(*fault));
  if (auto* needed = std::get_if<InputRequired>(&outcome)) {
    return ask_for_input(*needed, call, context);
  }
  const Revision revision = context.conversation.client.revision;
  if (auto* text = std::get_if<TextOutcome>(&outcome)) {
    // Only objects: what else a tool may return, older revisions do not take as structured.
    // And not beside other blocks: some clients show a model nothing else, and would lose them.
    const bool structured = text->structured && revision >= Revision::r2025_06_18 &&
                            text->text.starts_with('{') && text->further_blocks.empty();
    return text_result(text->text, text->is_error, text->rate_limit, structured,
                       text->further_blocks);
  }
  return object_result(gate_content(std::move(std::get<ObjectOutcome>(outcome).members), revision));
}

// `params.name` or `params.uri`, which must be a string.
std::expected<std::string, Fault> required_text(const MethodCall& call, std::string_view member) {
  const json::Value* value = call.params.find(member);
  if (value == nullptr || !value->is_string()) {
    return std::unexpected(
        invalid_params(call.method + ": params." + std::string(member) + " must be a string."));
  }
  return *value->if_string();
}

std::expected<json::Value, Fault> optional_object(MethodCall& call, std::string_view member) {
  json::Value* given = call.params.if_object()->find(member);
  if (given == nullptr || given->is_null()) return json::Value(json::Object());
  if (!given->is_object()) {
    return std::unexpected(
        invalid_params(call.method + ": params." + std::string(member) + " must be an object."));
  }
  return *given;
}

}  // namespace

io::Task<MethodResult> list_tools(MethodCall& call, const MethodContext& context) {
  co_return listing(call, "tools", context.server.tool_listing());
}

io::Task<MethodResult> call_tool(MethodCall& call, const MethodContext& context) {
  std::expected<std::string, Fault> name = required_text(call, "name");
  if (!name) co_return std::unexpected(std::move(name.error()));
  std::expected<json::Value, Fault> arguments = optional_object(call, "arguments");
  if (!arguments) co_return std::unexpected(std::move(arguments.error()));
  if (!context.server.has_tool(*name)) {
    co_return std::unexpected(unknown_name("tool", *name, context.server.tool_names()));
  }
  if (auto fault = read_answers(call, context)) co_return std::unexpected(std::move(*fault));
  ServerOutcome outcome = co_await context.server.call_tool(std::move(*name), std::move(*arguments),
                                                            context.conversation);
  co_return to_result(std::move(outcome), call, context);
}

io::Task<MethodResult> list_prompts(MethodCall& call, const MethodContext& context) {
  co_return listing(call, "prompts", context.server.prompts()->prompt_listing());
}

io::Task<MethodResult> get_prompt(MethodCall& call, const MethodContext& context) {
  std::expected<std::string, Fault> name = required_text(call, "name");
  if (!name) co_return std::unexpected(std::move(name.error()));
  std::expected<json::Value, Fault> arguments = optional_object(call, "arguments");
  if (!arguments) co_return std::unexpected(std::move(arguments.error()));
  for (const auto& [argument, value] : *arguments->if_object()) {
    if (value.is_string()) continue;
    co_return std::unexpected(
        invalid_params("prompts/get: argument \"" + argument + "\" must be a string."));
  }
  if (auto fault = read_answers(call, context)) co_return std::unexpected(std::move(*fault));
  ServerOutcome outcome = co_await context.server.prompts()->get_prompt(
      std::move(*name), std::move(*arguments), context.conversation);
  co_return to_result(std::move(outcome), call, context);
}

io::Task<MethodResult> list_resources(MethodCall& call, const MethodContext& context) {
  co_return listing(call, "resources", context.server.resources()->resource_listing());
}

io::Task<MethodResult> list_resource_templates(MethodCall& call, const MethodContext& context) {
  co_return listing(call, "resourceTemplates",
                    context.server.resources()->resource_template_listing());
}

io::Task<MethodResult> read_resource(MethodCall& call, const MethodContext& context) {
  std::expected<std::string, Fault> uri = required_text(call, "uri");
  if (!uri) co_return std::unexpected(std::move(uri.error()));
  if (auto fault = read_answers(call, context)) co_return std::unexpected(std::move(*fault));
  ServerOutcome outcome =
      co_await context.server.resources()->read_resource(std::move(*uri), context.conversation);
  MethodResult result = to_result(std::move(outcome), call, context);
  if (result && !result->input_required) result->ttl_ms = kResourceTtlMs;
  co_return result;
}

// Taken, and without effect: a server without sessions has no stream that changes could go to.
io::Task<MethodResult> subscribe_resource(MethodCall& call, const MethodContext&) {
  std::expected<std::string, Fault> uri = required_text(call, "uri");
  if (!uri) co_return std::unexpected(std::move(uri.error()));
  co_return ResultBody{};
}

io::Task<MethodResult> complete_argument(MethodCall& call, const MethodContext& context) {
  const json::Value* reference = call.params.find("ref");
  const json::Value* argument = call.params.find("argument");
  const json::Value* name = argument != nullptr ? argument->find("name") : nullptr;
  const json::Value* value = argument != nullptr ? argument->find("value") : nullptr;
  if (reference == nullptr || !reference->is_object() || name == nullptr || !name->is_string() ||
      value == nullptr || !value->is_string()) {
    co_return std::unexpected(invalid_params(
        "completion/complete needs params.ref and params.argument {name, value}, both strings."));
  }
  json::Value others = json::Object();
  if (const json::Value* given = call.params.find("context")) {
    const json::Value* known = given->find("arguments");
    if (known != nullptr && known->is_object()) others = *known;
  }
  std::expected<Completion, Fault> completion = co_await context.server.completions()->complete(
      *reference, *name->if_string(), *value->if_string(), std::move(others), context.conversation);
  if (!completion) co_return std::unexpected(std::move(completion.error()));
  json::Value out = json::Object();
  json::Array values;
  for (std::string& candidate : completion->values) values.emplace_back(std::move(candidate));
  out["values"] = std::move(values);
  if (completion->total) out["total"] = json::Value(*completion->total);
  out["hasMore"] = json::Value(completion->has_more);
  ResultBody body;
  body.head = R"("completion":)";
  json::append(body.head, out);
  co_return body;
}

}  // namespace patchbay::mcp
