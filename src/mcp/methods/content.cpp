// What a server offers: tools, prompts, resources, completions.
#include <algorithm>
#include <utility>

#include "json/parse.h"
#include "json/write.h"
#include "mcp/methods/methods.h"
#include "mcp/methods/rounds.h"
#include "mcp/wire/content_gate.h"

namespace patchbay::mcp {
namespace {

// How long a client may reuse what it was told. An operator changes tools now and then: five
// minutes is how long that may go unseen by a client that does not listen for it. Resources are the
// fixtures' only, and are read fresh.
constexpr std::int64_t kListingTtlMs = 300'000;
constexpr std::int64_t kResourceTtlMs = 0;

MethodResult list_entries(const MethodCall& call, std::string_view member, SharedText entries) {
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

// `place`: what take_answers returned.
MethodResult to_result(ServerOutcome outcome, std::string_view place,
                       const MethodContext& context) {
  if (auto* fault = std::get_if<Fault>(&outcome)) return std::unexpected(std::move(*fault));
  if (auto* needed = std::get_if<InputRequired>(&outcome)) {
    return ask_for_input(std::move(*needed), place, context);
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
std::expected<std::string, Fault> read_text(const MethodCall& call, std::string_view member) {
  const json::Value* value = call.params.find(member);
  if (value == nullptr || !value->is_string()) {
    return std::unexpected(
        invalid_params(call.method + ": params." + std::string(member) + " must be a string."));
  }
  return *value->if_string();
}

// `params.arguments` is an object or absent.
std::optional<Fault> check_arguments(const MethodCall& call) {
  const json::Value* given = call.params.find("arguments");
  if (given == nullptr || given->is_object()) return std::nullopt;
  std::string why = call.method + ": params.arguments must be an object.";
  if (given->is_string() && call.method == "tools/call") {
    why =
        "tools/call: params.arguments must be an object, or the JSON text of one; this text is "
        "neither. Expected is {\"name\": value, …}.";
  }
  return invalid_params(why);
}

// Out of the call: they may be large.
json::Value take_arguments(MethodCall& call) {
  json::Value* given = call.params.if_object()->find("arguments");
  if (given == nullptr) return json::Value(json::Object());
  return std::move(*given);
}

}  // namespace

std::optional<Fault> mend_arguments(MethodCall& call) {
  if (call.method != "tools/call" || !call.params.is_object()) return std::nullopt;
  json::Value* given = call.params.if_object()->find("arguments");
  const std::string* text = given != nullptr ? given->if_string() : nullptr;
  if (text == nullptr) return std::nullopt;
  // To the body's own count it was one value.
  if (has_too_many_values(*text)) {
    return invalid_params("tools/call: params.arguments hold at most 50,000 values.");
  }
  Result<json::Value> parsed = json::parse(*text);
  if (parsed && parsed->is_object()) *given = std::move(*parsed);
  return std::nullopt;
}

io::Task<MethodResult> list_tools(MethodCall& call, const MethodContext& context) {
  co_return list_entries(call, "tools", context.server.tool_listing());
}

io::Task<MethodResult> call_tool(MethodCall& call, const MethodContext& context) {
  std::expected<std::string, Fault> name = read_text(call, "name");
  if (!name) co_return std::unexpected(std::move(name.error()));
  if (auto fault = check_arguments(call)) co_return std::unexpected(std::move(*fault));
  std::expected<std::string, Fault> place = take_answers(call, context);
  if (!place) co_return std::unexpected(std::move(place.error()));
  ServerOutcome outcome = co_await context.server.call_tool(std::move(*name), take_arguments(call),
                                                            context.conversation);
  co_return to_result(std::move(outcome), *place, context);
}

io::Task<MethodResult> list_prompts(MethodCall& call, const MethodContext& context) {
  co_return list_entries(call, "prompts", context.server.prompts()->prompt_listing());
}

io::Task<MethodResult> get_prompt(MethodCall& call, const MethodContext& context) {
  std::expected<std::string, Fault> name = read_text(call, "name");
  if (!name) co_return std::unexpected(std::move(name.error()));
  if (auto fault = check_arguments(call)) co_return std::unexpected(std::move(*fault));
  if (const json::Value* given = call.params.find("arguments"); given && given->is_object()) {
    for (const auto& [argument, value] : *given->if_object()) {
      if (value.is_string()) continue;
      co_return std::unexpected(
          invalid_params("prompts/get: argument \"" + argument + "\" must be a string."));
    }
  }
  std::expected<std::string, Fault> place = take_answers(call, context);
  if (!place) co_return std::unexpected(std::move(place.error()));
  ServerOutcome outcome = co_await context.server.prompts()->get_prompt(
      std::move(*name), take_arguments(call), context.conversation);
  co_return to_result(std::move(outcome), *place, context);
}

io::Task<MethodResult> list_resources(MethodCall& call, const MethodContext& context) {
  co_return list_entries(call, "resources", context.server.resources()->resource_listing());
}

io::Task<MethodResult> list_resource_templates(MethodCall& call, const MethodContext& context) {
  co_return list_entries(call, "resourceTemplates",
                         context.server.resources()->resource_template_listing());
}

io::Task<MethodResult> read_resource(MethodCall& call, const MethodContext& context) {
  std::expected<std::string, Fault> uri = read_text(call, "uri");
  if (!uri) co_return std::unexpected(std::move(uri.error()));
  std::expected<std::string, Fault> place = take_answers(call, context);
  if (!place) co_return std::unexpected(std::move(place.error()));
  ServerOutcome outcome =
      co_await context.server.resources()->read_resource(std::move(*uri), context.conversation);
  MethodResult result = to_result(std::move(outcome), *place, context);
  if (result && !result->input_required) result->ttl_ms = kResourceTtlMs;
  co_return result;
}

// Taken, and without effect: a server without sessions has no stream that changes could go to.
io::Task<MethodResult> subscribe_resource(MethodCall& call, const MethodContext&) {
  std::expected<std::string, Fault> uri = read_text(call, "uri");
  if (!uri) co_return std::unexpected(std::move(uri.error()));
  co_return ResultBody{};
}

// What is typed is compared with every name that there is, and so are those that stand beside it.
constexpr std::size_t kLongestTyped = 1'000;
constexpr std::size_t kMostBeside = 100;

bool is_too_much_to_complete(const std::string& typed, const json::Value& others) {
  const auto is_long = [](const auto& member) {
    const std::string* text = member.second.if_string();
    return member.first.size() > kLongestTyped || (text != nullptr && text->size() > kLongestTyped);
  };
  const json::Object& beside = *others.if_object();
  return typed.size() > kLongestTyped || beside.size() > kMostBeside ||
         std::ranges::any_of(beside, is_long);
}

io::Task<MethodResult> complete_argument(MethodCall& call, const MethodContext& context) {
  json::Object* params = call.params.if_object();
  json::Value* reference = params != nullptr ? params->find("ref") : nullptr;
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
  if (is_too_much_to_complete(*value->if_string(), others)) {
    co_return std::unexpected(invalid_params(
        "completion/complete takes texts of at most 1,000 bytes, and 100 arguments beside."));
  }
  std::expected<Completion, Fault> completion = co_await context.server.completions()->complete(
      std::move(*reference), *name->if_string(), *value->if_string(), std::move(others),
      context.conversation);
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
