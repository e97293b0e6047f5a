#include "control/approval_rules.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "base/decimal.h"
#include "base/nearest.h"
#include "base/text.h"
#include "control/members.h"

namespace patchbay::control {
namespace {

constexpr std::size_t kMostRules = 200;
constexpr std::size_t kMostDigits = 40;
constexpr std::int64_t kShortest = 10;
constexpr std::int64_t kLongest = 7 * 86'400;
constexpr std::array<std::string_view, 4> kAmountMembers{"tool", "argument", "times", "over"};

std::unexpected<Error> refuse_rule(std::string message, std::string hint = {}) {
  return fail(ErrorCode::invalid_argument, "config." + std::move(message), std::move(hint));
}

Result<ApprovalRules::Amount> read_amount(const json::Value& entry) {
  if (auto known =
          only_known_members(*entry.if_object(), "config.require_approval", kAmountMembers);
      !known) {
    return std::unexpected(known.error());
  }
  ApprovalRules::Amount amount{.tool = std::string(entry.string_or("tool", "")),
                               .argument = std::string(entry.string_or("argument", "")),
                               .times = std::string(entry.string_or("times", "")),
                               .over = {}};
  const json::Value* const over = entry.find("over");
  const json::Value* const times = entry.find("times");
  const bool is_amount =
      over != nullptr && over->is_number() && over->if_number()->token().size() <= kMostDigits;
  if (amount.tool.empty() || amount.argument.empty() || !is_amount ||
      (times != nullptr && amount.times.empty())) {
    return refuse_rule(
        "require_approval: a rule on an amount needs 'tool' and 'argument' (names) and 'over' (a "
        "number).",
        R"(For example {"tool": "…", "argument": "unitPrice", "times": "quantity", "over": 500}; )"
        "'times' may be left out.");
  }
  amount.over = over->if_number()->token();
  return amount;
}

Result<> read_entries(const json::Array& entries, ApprovalRules& rules) {
  for (const json::Value& entry : entries) {
    if (entry.is_object()) {
      auto amount = read_amount(entry);
      if (!amount) return std::unexpected(amount.error());
      rules.amounts.push_back(std::move(*amount));
      continue;
    }
    const std::string* const word = entry.if_string();
    if (word == nullptr || word->empty()) {
      return refuse_rule(
          "require_approval takes 'delete', 'write', names of tools and rules on amounts.");
    }
    if (*word == "delete") {
      rules.deletes = true;
    } else if (*word == "write") {
      rules.writes = true;
    } else if (std::ranges::find(rules.tools, *word) == rules.tools.end()) {
      rules.tools.push_back(*word);
    }
  }
  return {};
}

// What a method does cannot be undone.
bool destroys(const integration::Method& method) {
  return method.kind == integration::MethodKind::delete_ ||
         (method.kind == integration::MethodKind::custom && method.annotations.destructive);
}

Result<const catalog::Tool*> find_writing(const catalog::Toolset& toolset,
                                          const std::string& name) {
  const catalog::Tool* const tool = toolset.find(name);
  if (tool != nullptr && tool->method->writes()) return tool;
  std::vector<std::string> known;
  for (const catalog::Tool* one : toolset.tools()) {
    if (one->method->writes()) known.push_back(one->name);
  }
  const std::string quoted = "'" + std::string(cut_utf8(name, 100)) + "'";
  const auto near = nearest(name, known, 3, true);
  const std::string hint = known.empty() ? "None of its tools changes anything."
                                         : "Among its tools that do: " + join(near) + ".";
  if (tool != nullptr)
    return refuse_rule("require_approval: " + quoted + " changes nothing.", hint);
  return refuse_rule("require_approval: this server has no tool " + quoted + ".", hint);
}

Result<> check_argument(const catalog::Tool& tool, const std::string& name) {
  using integration::FieldType;
  std::vector<std::string> numbers;
  for (const integration::Argument& argument : tool.method->arguments) {
    const bool is_number =
        argument.type == FieldType::number || argument.type == FieldType::integer;
    if (!is_number || argument.place == integration::ArgumentPlace::platform) continue;
    if (argument.name == name) return {};
    numbers.push_back(argument.name);
  }
  return refuse_rule("require_approval: " + tool.name + " has no argument '" +
                         std::string(cut_utf8(name, 100)) + "' that is a number.",
                     numbers.empty() ? "It has none." : "It has: " + join(numbers) + ".");
}

std::optional<Decimal> amount_of(const json::Object& arguments, const std::string& name) {
  const json::Value* const value = arguments.find(name);
  const json::Number* const number = value != nullptr ? value->if_number() : nullptr;
  if (number == nullptr) return std::nullopt;
  return Decimal(number->token());
}

}  // namespace

Result<ApprovalRules> read_approval_rules(const json::Value& config) {
  ApprovalRules rules;
  const json::Value* const entries = config.find("require_approval");
  if (entries != nullptr && !entries->is_null()) {
    const json::Array* const list = entries->if_array();
    if (list == nullptr) return refuse_rule("require_approval must be an array.");
    if (list->size() > kMostRules)
      return refuse_rule("require_approval must have at most 200 entries.");
    if (auto read = read_entries(*list, rules); !read) return std::unexpected(read.error());
  }
  const json::Value* const by = config.find("approve_by");
  if (by != nullptr && !by->is_null()) {
    const std::string* const word = by->if_string();
    if (word == nullptr || (*word != "operator" && *word != "client")) {
      return refuse_rule("approve_by must be one of: operator, client.");
    }
    rules.by_client = *word == "client";
  }
  const json::Value* const lifetime = config.find("approval_expires_in");
  if (lifetime != nullptr && !lifetime->is_null()) {
    const auto seconds = lifetime->is_number() ? lifetime->as_int64() : std::nullopt;
    if (!seconds || *seconds < kShortest || *seconds > kLongest) {
      return refuse_rule(
          "approval_expires_in must be a whole number of seconds from 10 to 604800.");
    }
    rules.lifetime = std::chrono::seconds(*seconds);
  }
  return rules;
}

Result<> check_approval_rules(const ApprovalRules& rules, const catalog::Toolset& toolset) {
  for (const std::string& name : rules.tools) {
    if (auto tool = find_writing(toolset, name); !tool) return std::unexpected(tool.error());
  }
  for (const ApprovalRules::Amount& amount : rules.amounts) {
    const auto tool = find_writing(toolset, amount.tool);
    if (!tool) return std::unexpected(tool.error());
    if (auto known = check_argument(**tool, amount.argument); !known) return known;
    if (amount.times.empty()) continue;
    if (auto known = check_argument(**tool, amount.times); !known) return known;
  }
  return {};
}

void name_as_known(ApprovalRules& rules, const catalog::Toolset& toolset) {
  const auto mend = [&](std::string& name) {
    if (const catalog::Tool* const tool = toolset.find(name)) name = tool->name;
  };
  std::ranges::for_each(rules.tools, mend);
  for (ApprovalRules::Amount& amount : rules.amounts) mend(amount.tool);
}

ApprovalNeed approval_need(const ApprovalRules& rules, const catalog::Tool& tool) {
  if (!tool.method->writes()) return ApprovalNeed::never;
  const bool always = rules.writes || (rules.deletes && destroys(*tool.method)) ||
                      std::ranges::find(rules.tools, tool.name) != rules.tools.end();
  if (always) return ApprovalNeed::always;
  // What several calls are made of is let through no easier than each of them.
  if (std::ranges::any_of(tool.steps, [&](const catalog::Tool* step) {
        return step != nullptr && approval_need(rules, *step) != ApprovalNeed::never;
      })) {
    return ApprovalNeed::always;
  }
  const bool has_rule = std::ranges::find(rules.amounts, tool.name, &ApprovalRules::Amount::tool) !=
                        rules.amounts.end();
  return has_rule ? ApprovalNeed::by_amount : ApprovalNeed::never;
}

bool amount_needs_approval(const ApprovalRules& rules, const catalog::Tool& tool,
                           const json::Object& arguments) {
  return std::ranges::any_of(rules.amounts, [&](const ApprovalRules::Amount& rule) {
    if (rule.tool != tool.name) return false;
    auto amount = amount_of(arguments, rule.argument);
    if (amount && !rule.times.empty()) {
      const auto times = amount_of(arguments, rule.times);
      amount = times ? Decimal::product(*amount, *times) : std::nullopt;
    }
    return !amount || Decimal::compare(*amount, Decimal(rule.over)) > 0;
  });
}

}  // namespace patchbay::control
