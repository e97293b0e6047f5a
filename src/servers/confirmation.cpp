#include "servers/confirmation.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

#include "base/text.h"
#include "json/write.h"

namespace patchbay::servers {
namespace {

// As long as a person may take to read and click while the call waits; clients give up after one to
// five minutes themselves.
constexpr std::chrono::seconds kPatience{120};
constexpr std::size_t kMostShown = 600;  // bytes of arguments in a question

// Of a method whose effect goes on by itself, and leaves the system.
bool sends_out(const integration::Method& method) {
  return !method.annotations.read_only &&
         std::ranges::find(method.tags, kOutboundTag) != method.tags.end();
}

std::string question(const catalog::Tool& tool, const json::Value& arguments) {
  const std::string shown = json::to_string(arguments);
  std::string text = tool.title + " with " + std::string(cut_utf8(shown, kMostShown));
  if (shown.size() > kMostShown) text += "…";
  return text + (sends_out(*tool.method)
                     ? "? From then on data leaves the system by itself, to wherever this says."
                     : "? This cannot be undone.");
}

json::Value form(const catalog::Tool& tool, const json::Value& arguments) {
  json::Value field;
  field["type"] = "boolean";
  field["title"] = "Yes, do it";
  field["default"] = json::Value(false);
  json::Value params;
  params["mode"] = "form";
  params["message"] = question(tool, arguments);
  params["requestedSchema"]["type"] = "object";
  params["requestedSchema"]["properties"]["confirm"] = std::move(field);
  params["requestedSchema"]["required"].push_back("confirm");
  return params;
}

bool says_yes(const json::Value* answer) {
  if (answer == nullptr || answer->string_or("action", "") != "accept") return false;
  const json::Value* content = answer->find("content");
  return content != nullptr && content->bool_or("confirm", false);
}

// In the form of the gateway's errors, since it stands where one of those would.
mcp::ServerOutcome not_run(std::string_view code, std::string_view message, std::string hint,
                           const mcp::Conversation& conversation) {
  json::Value body;
  body["error"]["status"] = json::Value(428);
  body["error"]["code"] = json::Value(code);
  body["error"]["message"] = json::Value(message);
  body["error"]["field_errors"] = json::Array();
  body["error"]["hint"] = std::move(hint);
  body["error"]["was_applied"] = "no";
  body["request_id"] = conversation.request_id;
  return mcp::TextOutcome{.text = json::to_string(body), .is_error = true};
}

mcp::ServerOutcome declined(const mcp::Conversation& conversation) {
  return not_run("not_confirmed", "The user did not confirm. Nothing was written.",
                 "Ask the user what to do instead; do not call again unless they say so.",
                 conversation);
}

}  // namespace

bool needs_confirmation(const catalog::Tool& tool) {
  const integration::Method& method = *tool.method;
  if (method.kind == integration::MethodKind::delete_ || sends_out(method)) return true;
  return method.kind == integration::MethodKind::custom && method.annotations.destructive &&
         !method.annotations.read_only;
}

io::Task<std::optional<mcp::ServerOutcome>> confirm(const catalog::Tool& tool,
                                                    json::Value& arguments,
                                                    mcp::Conversation& conversation) {
  std::string given(arguments.string_or(kConfirmationArgument, ""));
  arguments.if_object()->erase(kConfirmationArgument);

  if (conversation.client.era == mcp::Era::modern && conversation.client.declares("elicitation")) {
    const json::Value* answer = conversation.input_responses.find("confirm");
    // Only an answer to a question of ours counts: the state says that there was one, for these
    // very arguments.
    if (answer != nullptr && conversation.state.bool_or("asked", false)) {
      if (says_yes(answer)) co_return std::nullopt;
      co_return declined(conversation);
    }
    mcp::InputRequired needed;
    needed.requests["confirm"]["method"] = "elicitation/create";
    needed.requests["confirm"]["params"] = form(tool, arguments);
    needed.state["asked"] = json::Value(true);
    co_return std::optional<mcp::ServerOutcome>(std::move(needed));
  }

  if (conversation.can_ask("elicitation")) {
    json::Value params = form(tool, arguments);
    const auto answer =
        co_await conversation.ask("elicitation/create", std::move(params), kPatience);
    if (answer && says_yes(&*answer)) co_return std::nullopt;
    co_return declined(conversation);
  }

  const std::string place =
      conversation.server_id + '|' + tool.name + '|' + json::to_string(arguments);
  if (conversation.carried->confirms(given, place)) co_return std::nullopt;
  co_return not_run(
      "confirmation_required", question(tool, arguments) + " Nothing was written yet.",
      "Tell the user what will happen. If they agree, call again with the same arguments and "
      "confirmation: \"" +
          conversation.carried->code(place) + "\" (valid for ten minutes).",
      conversation);
}

}  // namespace patchbay::servers
