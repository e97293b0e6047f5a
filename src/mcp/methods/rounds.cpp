#include "mcp/methods/rounds.h"

#include <chrono>
#include <utility>

#include "json/write.h"

namespace patchbay::mcp {
namespace {

// A person answers a form; more than this and the question is forgotten.
constexpr std::chrono::minutes kQuestionLifetime{10};

std::string_view capability_of(std::string_view method) {
  if (method == "elicitation/create") return "elicitation";
  if (method == "sampling/createMessage") return "sampling";
  if (method == "roots/list") return "roots";
  return "";
}

}  // namespace

std::expected<std::string, Fault> take_answers(MethodCall& call, const MethodContext& context) {
  Conversation& conversation = context.conversation;
  json::Object* params = call.params.if_object();
  if (conversation.client.era != Era::modern || params == nullptr) return std::string();
  json::Value* responses = params->find("inputResponses");
  if (responses != nullptr && responses->is_object()) {
    conversation.input_responses = std::move(*responses);
  }
  const json::Value* state = params->find("requestState");
  const bool carries_state = state != nullptr && !state->is_null();
  // Writing all arguments out is not for calls that nobody is ever asked about.
  if (!carries_state && !context.server.asks()) return std::string();
  std::string place = request_state_place(context.server.id(), call.method, call.params);
  if (!carries_state) return place;
  const std::string* text = state->if_string();
  std::optional<json::Value> opened;
  if (text != nullptr) opened = context.services.carried.open(*text, place);
  if (!opened) {
    return std::unexpected(
        invalid_params("requestState is not valid for this call, or has expired. Call again "
                       "without it to be asked anew."));
  }
  conversation.state = std::move(*opened);
  return place;
}

MethodResult ask_for_input(InputRequired needed, std::string_view place,
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
    body.head += context.services.carried.seal(needed.state, place, kQuestionLifetime);
    body.head += '"';
  }
  return body;
}

}  // namespace patchbay::mcp
