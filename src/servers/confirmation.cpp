#include "servers/confirmation.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "gateway/gateway.h"
#include "json/write.h"

namespace patchbay::servers {
namespace {

// As long as a person may take to read and click while the call waits; clients give up after one to
// five minutes themselves.
constexpr std::chrono::seconds kPatience{120};
// Of an argument that sends nothing out: enough to know it by.
constexpr std::size_t kMostOfOne = 100;  // bytes of its JSON
// Of all of those together.
constexpr std::size_t kMostOfOthers = 1'500;
// Of one that does. It is shown whole, or not asked about: what cannot be read cannot be agreed to.
// A list of addresses, or a URL, is well below.
constexpr std::size_t kMostSentOut = 2'000;
// Of the question about a list of records. A person reads no more of it, and each of them counts.
constexpr std::size_t kMostOfList = 8'000;

constexpr std::string_view kRecords = integration::kManyArguments[0];
constexpr std::string_view kFilter = integration::kManyArguments[1];

// Of a method whose effect goes on by itself, and leaves the system.
bool sends_out(const integration::Method& method) {
  return !method.annotations.read_only &&
         std::ranges::find(method.tags, kOutboundTag) != method.tags.end();
}

bool destroys(const integration::Method& method) {
  if (method.kind == integration::MethodKind::delete_) return true;
  return method.kind == integration::MethodKind::custom && method.annotations.destructive &&
         !method.annotations.read_only;
}

// As a caller may write it: a switch that is off has nothing sent, and so has what is left out.
// What is doubtful counts as given.
bool is_given(const integration::Argument& argument, const json::Value& value) {
  if (value.is_null()) return false;
  if (const std::string* text = value.if_string()) {
    const std::string_view said = trim(*text);
    const bool off =
        argument.type == integration::FieldType::boolean && equal_ignoring_case(said, "false");
    return !said.empty() && !off;
  }
  if (const bool* on = value.if_bool()) return *on;
  if (const json::Array* entries = value.if_array()) return !entries->empty();
  if (const json::Object* members = value.if_object()) return !members->empty();
  return true;
}

// By its name, or another one that the tool takes for it. Null: not given.
const json::Value* find_given(const integration::Argument& argument, const json::Value& arguments) {
  if (const json::Value* value = arguments.find(argument.name)) return value;
  for (const std::string& alias : argument.aliases) {
    if (const json::Value* value = arguments.find(alias)) return value;
  }
  return nullptr;
}

bool has_sent_out(const integration::Argument& argument, const json::Value& arguments) {
  if (!argument.outbound) return false;
  const json::Value* value = find_given(argument, arguments);
  return value != nullptr && is_given(argument, *value);
}

bool has_anything_sent_out(const integration::Method& method, const json::Value& arguments) {
  return std::ranges::any_of(method.arguments, [&](const integration::Argument& argument) {
    return has_sent_out(argument, arguments);
  });
}

// One after the other, each cut by itself, so that none hides what stands behind it.
class Shown {
 public:
  void add(std::string_view name, const json::Value& value, std::size_t most) {
    text_ += text_.empty() ? "" : ", ";
    text_ += cut_utf8(name, kMostOfOne);
    text_ += ": ";
    const std::string said = json::to_string(value);
    text_ += cut_utf8(said, most);
    if (said.size() > most) text_ += "…";
  }
  void add_ellipsis() { text_ += ", …"; }
  std::size_t size() const { return text_.size(); }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

// What has something sent out first and whole, then the others in the order of the tool's schema,
// and then what it does not take.
std::string show(const catalog::Tool& tool, const json::Value& arguments) {
  Shown shown;
  std::vector<const json::Value*> done;
  for (const integration::Argument& argument : tool.method->arguments) {
    if (!has_sent_out(argument, arguments)) continue;
    done.push_back(find_given(argument, arguments));
    shown.add(argument.name, *done.back(), kMostSentOut);
  }
  const std::size_t most = shown.size() + kMostOfOthers;
  const auto add = [&](std::string_view name, const json::Value& value) {
    if (std::ranges::find(done, &value) != done.end()) return true;
    done.push_back(&value);
    if (shown.size() > most) {
      shown.add_ellipsis();
      return false;
    }
    shown.add(name, value, kMostOfOne);
    return true;
  };
  for (const integration::Argument& argument : tool.method->arguments) {
    const json::Value* value = find_given(argument, arguments);
    if (value != nullptr && !add(argument.name, *value)) return shown.take();
  }
  // Which records it is about, before anything else that it does not take.
  if (const json::Value* filter = arguments.find(kFilter); filter != nullptr) {
    done.push_back(filter);
    shown.add(kFilter, *filter, kMostSentOut);
  }
  for (const auto& [name, value] : *arguments.if_object()) {
    if (!add(name, value)) break;
  }
  return shown.take();
}

// The one that is too long to be shown whole; null: none is.
const integration::Argument* find_unshowable(const catalog::Tool& tool,
                                             const json::Value& arguments) {
  for (const json::Value& one : gateway::each_of(tool, arguments)) {
    for (const integration::Argument& argument : tool.method->arguments) {
      if (!has_sent_out(argument, one)) continue;
      if (json::to_string(*find_given(argument, one)).size() > kMostSentOut) return &argument;
    }
  }
  return nullptr;
}

bool is_asked_for(const catalog::Tool& tool, const json::Value& arguments) {
  return !gateway::is_dry_run(tool, arguments) && needs_confirmation(tool, arguments);
}

// What is done with which arguments; of a list, each of those that are asked for.
std::string show_all(const catalog::Tool& tool, const json::Value& arguments) {
  if (!gateway::is_of_many(tool, arguments) || arguments.find(kRecords) == nullptr) {
    return show(tool, arguments);
  }
  const auto each = gateway::each_of(tool, arguments);
  std::string text;
  for (std::size_t i = 0; i < each.size(); ++i) {
    if (!is_asked_for(tool, each[i])) continue;
    text += text.empty() ? "" : "; ";
    text += "record " + std::to_string(i) + ": " + show(tool, each[i]);
  }
  return text;
}

std::string question(const catalog::Tool& tool, const json::Value& arguments) {
  const integration::Method& method = *tool.method;
  std::string text = tool.title;
  if (const std::string shown = show_all(tool, arguments); !shown.empty()) {
    text += " with " + shown;
  }
  text += '?';
  const auto each = gateway::each_of(tool, arguments);
  const bool has_some_sent_out = std::ranges::any_of(
      each, [&](const json::Value& one) { return has_anything_sent_out(method, one); });
  if (sends_out(method)) {
    text += " From then on data leaves the system by itself, to wherever this says.";
  } else if (has_some_sent_out) {
    text += " This has something sent out of the system, now or from then on.";
  }
  if (destroys(method)) text += " This cannot be undone.";
  return text;
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

bool may_need_confirmation(const catalog::Tool& tool) {
  const integration::Method& method = *tool.method;
  if (destroys(method) || sends_out(method)) return true;
  return !method.annotations.read_only &&
         std::ranges::any_of(method.arguments, &integration::Argument::outbound);
}

bool needs_confirmation(const catalog::Tool& tool, const json::Value& arguments) {
  const integration::Method& method = *tool.method;
  if (destroys(method) || sends_out(method)) return true;
  return !method.annotations.read_only && has_anything_sent_out(method, arguments);
}

bool needs_any_confirmation(const catalog::Tool& tool, const json::Value& arguments) {
  if (!gateway::is_of_many(tool, arguments)) return is_asked_for(tool, arguments);
  return std::ranges::any_of(gateway::each_of(tool, arguments),
                             [&tool](const json::Value& one) { return is_asked_for(tool, one); });
}

io::Task<std::optional<mcp::ServerOutcome>> confirm(const catalog::Tool& tool,
                                                    json::Value& arguments,
                                                    mcp::Conversation& conversation) {
  std::string given(arguments.string_or(kConfirmationArgument, ""));
  arguments.if_object()->erase(kConfirmationArgument);
  if (const integration::Argument* argument = find_unshowable(tool, arguments)) {
    co_return not_run("too_long_to_confirm",
                      argument->name + " is too long to be shown to who has to agree to it.",
                      "Give it at most 2,000 bytes.", conversation);
  }

  if (gateway::is_of_many(tool, arguments) && show_all(tool, arguments).size() > kMostOfList) {
    co_return not_run("too_long_to_confirm",
                      "These are more records than can be shown to who has to agree to them.",
                      "Give fewer of them in a call.", conversation);
  }

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
