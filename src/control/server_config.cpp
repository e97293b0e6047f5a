#include "control/server_config.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "base/text.h"
#include "control/members.h"

namespace patchbay::control {
namespace {

constexpr std::array<std::string_view, 19> kConfigMembers{
    "methods",         "tags",
    "allow_tools",     "deny_tools",
    "ip_allow",        "quota",
    "paused",          "require_api_token_auth",
    "tool_exposure",   "max_result_bytes",
    "on_rate_limit",   "structured_output",
    "confirm_writes",  "require_approval",
    "approve_by",      "approval_expires_in",
    "argument_limits", "unheld_tools",
    "tool_names"};

// Lists that choose: none of them may be empty, and what leaving it out says instead.
struct Choice {
  std::string_view member;
  std::string_view left_out;
};
constexpr std::array<Choice, 6> kChoices{{{"methods", "to choose all"},
                                          {"tags", "to choose all"},
                                          {"allow_tools", "to choose all"},
                                          {"deny_tools", "to deny none"},
                                          {"ip_allow", "to allow any"},
                                          {"require_approval", "to ask nobody"}}};
constexpr std::int64_t kLeastResultBytes = 2'000;  // an error with its advice must fit
constexpr std::int64_t kMostResultBytes = 10'000'000;
constexpr std::size_t kMostEntries = 200;
constexpr std::size_t kMostLimits = 20;

std::unexpected<Error> refuse(std::string_view member, std::string_view rule,
                              std::string hint = {}) {
  return fail(ErrorCode::invalid_argument,
              "config." + std::string(member) + " " + std::string(rule), std::move(hint));
}

// An array of words, without repetitions.
Result<std::vector<std::string>> read_words(const json::Value& config, std::string_view member) {
  std::vector<std::string> words;
  const json::Value* const value = config.find(member);
  if (value == nullptr || value->is_null()) return words;
  const json::Array* const array = value->if_array();
  if (array == nullptr) return refuse(member, "must be an array of strings.");
  if (array->size() > kMostEntries) return refuse(member, "must have at most 200 entries.");
  for (const json::Value& entry : *array) {
    const std::string* const word = entry.if_string();
    if (word == nullptr || word->empty()) {
      return refuse(member, "must be an array of strings that are not empty.");
    }
    if (std::ranges::find(words, *word) == words.end()) words.push_back(*word);
  }
  return words;
}

Result<std::vector<IpRange>> read_ip_allow(const json::Value& config) {
  const auto words = read_words(config, "ip_allow");
  if (!words) return std::unexpected(words.error());
  std::vector<IpRange> ranges;
  for (const std::string& word : *words) {
    const auto range = IpRange::parse(word);
    if (!range) return refuse("ip_allow:", range.error().message, range.error().hint);
    ranges.push_back(*range);
  }
  return ranges;
}

Result<bool> read_switch(const json::Value& config, std::string_view member) {
  const json::Value* const value = config.find(member);
  if (value == nullptr || value->is_null()) return false;
  if (const bool* const given = value->if_bool()) return *given;
  return refuse(member, "must be true or false.");
}

Result<std::size_t> read_max_result_bytes(const json::Value& config) {
  const json::Value* const value = config.find("max_result_bytes");
  if (value == nullptr || value->is_null()) return ServerConfig::kUsualResultBytes;
  const auto number = value->is_number() ? value->as_int64() : std::nullopt;
  if (!number || *number < kLeastResultBytes || *number > kMostResultBytes) {
    return refuse("max_result_bytes", "must be a whole number from 2000 to 10000000.");
  }
  return static_cast<std::size_t>(*number);
}

// One of several words; the first is the default.
Result<std::string> read_choice(const json::Value& config, std::string_view member,
                                const std::vector<std::string>& choices) {
  const json::Value* const value = config.find(member);
  if (value == nullptr || value->is_null()) return choices.front();
  const std::string* const word = value->if_string();
  if (word != nullptr && std::ranges::find(choices, *word) != choices.end()) return *word;
  return refuse(member, "must be one of: " + join(choices) + ".");
}

// What the values mean is the toolset's to say (held_tools.h).
Result<json::Object> read_argument_limits(const json::Value& config) {
  const json::Value* const value = config.find("argument_limits");
  if (value == nullptr || value->is_null()) return json::Object{};
  const json::Object* const limits = value->if_object();
  if (limits == nullptr) {
    return refuse("argument_limits", "must be an object: arguments and the values they may have.");
  }
  if (limits->size() > kMostLimits)
    return refuse("argument_limits", "must have at most 20 members.");
  return *limits;
}

// How tools are shown.
Result<> read_showing(const json::Value& config, catalog::ToolFilter& filter) {
  const auto exposure = read_choice(config, "tool_exposure", {"all", "discovery"});
  if (!exposure) return std::unexpected(exposure.error());
  const auto names = read_choice(config, "tool_names", {"long", "short"});
  if (!names) return std::unexpected(names.error());
  if (*exposure == "discovery") filter.exposure = catalog::Exposure::discovery;
  if (*names == "short") filter.names = catalog::NameForm::brief;
  return {};
}

}  // namespace

Result<> refuse_unknown_members(const json::Object& change) {
  return only_known_members(change, "config", kConfigMembers);
}

Result<> refuse_what_does_nothing(const json::Value& config) {
  struct Pair {
    std::string_view how, what;
  };
  for (const Pair& one :
       {Pair{"approve_by", "require_approval"}, Pair{"approval_expires_in", "require_approval"},
        Pair{"unheld_tools", "argument_limits"}}) {
    const auto is_there = [&](std::string_view name) {
      const json::Value* const value = config.find(name);
      return value != nullptr && !value->is_null();
    };
    if (is_there(one.how) && !is_there(one.what)) {
      return refuse(one.how, "does nothing without '" + std::string(one.what) + "'.",
                    "Say that too, or leave this out.");
    }
  }
  return {};
}

Result<ServerConfig> read_server_config(const json::Value& config) {
  ServerConfig read;
  if (config.is_null()) return read;
  if (!config.is_object()) {
    return fail(ErrorCode::invalid_argument, "'config' must be an object.");
  }
  if (auto known = refuse_unknown_members(*config.if_object()); !known) {
    return std::unexpected(known.error());
  }

  // Each reader gives a Result; the first error ends it.
  struct List {
    std::string_view member;
    std::vector<std::string>& into;
  };
  for (const List& one :
       {List{"methods", read.filter.methods}, List{"tags", read.filter.tags},
        List{"allow_tools", read.filter.allow}, List{"deny_tools", read.filter.deny}}) {
    auto words = read_words(config, one.member);
    if (!words) return std::unexpected(words.error());
    one.into = std::move(*words);
  }

  auto ip_allow = read_ip_allow(config);
  if (!ip_allow) return std::unexpected(ip_allow.error());
  read.ip_allow = std::move(*ip_allow);
  const auto quota = read_quota(config.find("quota"));
  if (!quota) return std::unexpected(quota.error());
  read.quota = *quota;

  struct Switch {
    std::string_view member;
    bool ServerConfig::* field;
  };
  for (const Switch& one : {Switch{"paused", &ServerConfig::paused},
                            Switch{"require_api_token_auth", &ServerConfig::require_api_token_auth},
                            Switch{"structured_output", &ServerConfig::structured_output},
                            Switch{"confirm_writes", &ServerConfig::confirm_writes}}) {
    const auto value = read_switch(config, one.member);
    if (!value) return std::unexpected(value.error());
    read.*one.field = *value;
  }
  const auto bytes = read_max_result_bytes(config);
  if (!bytes) return std::unexpected(bytes.error());
  read.max_result_bytes = *bytes;
  read.max_file_bytes = *bytes < ServerConfig::kUsualResultBytes
                            ? *bytes
                            : std::max(*bytes, ServerConfig::kUsualFileBytes);
  const auto on_rate_limit = read_choice(config, "on_rate_limit", {"pass_through", "wait"});
  if (!on_rate_limit) return std::unexpected(on_rate_limit.error());
  read.wait_on_rate_limit = *on_rate_limit == "wait";
  auto limits = read_argument_limits(config);
  if (!limits) return std::unexpected(limits.error());
  read.argument_limits = std::move(*limits);
  const auto unheld = read_choice(config, "unheld_tools", {"refuse", "leave_out"});
  if (!unheld) return std::unexpected(unheld.error());
  read.leave_out_unheld = *unheld == "leave_out";
  if (auto showing = read_showing(config, read.filter); !showing) {
    return std::unexpected(showing.error());
  }
  auto approvals = read_approval_rules(config);
  if (!approvals) return std::unexpected(approvals.error());
  read.approvals = std::move(*approvals);
  return read;
}

Result<> refuse_empty_choices(const json::Value& config, NullChoice null) {
  const json::Object* const members = config.if_object();
  if (members == nullptr) return {};
  for (const auto& [name, value] : *members) {
    const json::Array* const list = value.if_array();
    const auto* const choice = std::ranges::find(kChoices, name, &Choice::member);
    const bool is_choice = choice != kChoices.end();
    const bool is_empty = list != nullptr
                              ? list->empty()
                              : null == NullChoice::refused && is_choice && value.is_null();
    const json::Object* const limits = name == "argument_limits" ? value.if_object() : nullptr;
    if (limits != nullptr && limits->empty()) {
      return refuse(name, "must not be empty.", "Leave it out to hold the server to nothing.");
    }
    if (!is_empty) continue;
    return refuse(name, "must not be empty.",
                  "Leave it out " +
                      std::string(is_choice ? choice->left_out : kChoices.front().left_out) +
                      "; name at least one to choose some.");
  }
  return {};
}

}  // namespace patchbay::control
