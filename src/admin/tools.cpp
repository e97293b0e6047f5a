// An account's tools one by one: what they are, called on trial, and their arguments completed.
#include <algorithm>
#include <chrono>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "admin/actions.h"
#include "admin/body_reader.h"
#include "base/nearest.h"
#include "base/text.h"
#include "catalog/listing.h"
#include "control/tool_trials.h"
#include "json/parse.h"

namespace patchbay::admin {
namespace {

std::string in_quotes(std::string_view text) {
  return "'" + std::string(cut_utf8(text, 100)) + "'";
}

// The tool of the account, with the server that it is called through: of no config, minted nowhere.
struct Found {
  std::shared_ptr<const control::McpServer> with;
  const catalog::Tool* tool = nullptr;
};

std::unexpected<Error> no_such_tool(const catalog::ToolCatalog& catalog, std::string_view name) {
  std::vector<std::string> names;
  for (const auto& tool : catalog.tools()) names.push_back(tool->name);
  const auto near = nearest(name, names, 3);
  return fail(ErrorCode::not_found, "There is no tool " + in_quotes(name) + ".",
              near.empty() ? "" : "Did you mean: " + join(near) + "?");
}

// For who may do everything: no limits of a token are looked at beyond the account.
Result<Found> find_for_trial(Context& context, const ApiRequest& request) {
  auto with = context.control.preview_mcp_server(request.principal, request.parameter("id"), {});
  if (!with) return std::unexpected(std::move(with.error()));
  const std::string_view name = request.parameter("tool");
  const catalog::Tool* const tool = (*with)->toolset->find(name);
  if (tool == nullptr) return no_such_tool((*with)->toolset->catalog(), name);
  return Found{std::move(*with), tool};
}

// Whether the token that asks is what it was: where nobody can tell, it is taken to be.
std::function<bool()> still_stands(const Context& context, const control::Principal& principal) {
  return [&control = context.control, principal] {
    const auto stands = control.check_standing(principal);
    return stands || stands.error().code != ErrorCode::unauthenticated;
  };
}

Result<> check_trials(const Context& context) {
  if (context.trials != nullptr) return {};
  return fail(ErrorCode::unsupported, "This server calls no tools.");
}

bool has_dry_run(const catalog::Tool& tool) {
  const auto& known = tool.method->arguments;
  return tool.method->writes() &&
         std::ranges::any_of(known, [](const integration::Argument& argument) {
           return argument.name == "dry_run" &&
                  argument.place == integration::ArgumentPlace::platform;
         });
}

json::Array completable(const catalog::Tool& tool) {
  json::Array names;
  for (const integration::Argument& argument : tool.method->arguments) {
    if (argument.reference) names.push_back(argument.name);
  }
  return names;
}

// What the body asks for, as the call's own arguments have it.
Result<control::ToolTrial> read_trial(const Context& context, const ApiRequest& request,
                                      Found found) {
  BodyReader read(request.body);
  json::Object arguments = read.chosen_object("arguments");
  const json::Value* const said = request.body.find("dry_run");
  if (said != nullptr && !said->is_bool()) read.refuse("'dry_run' must be true or false.");
  if (arguments.contains("dry_run")) {
    read.refuse("'dry_run' stands beside 'arguments', not among them.");
  }
  const bool writes = found.tool->method->writes();
  const bool only_shown = said != nullptr && said->is_bool() ? *said->if_bool() : writes;
  if (only_shown && writes && !has_dry_run(*found.tool)) {
    read.refuse("This tool cannot only be shown.", "\"dry_run\": false calls it, and it writes.");
  }
  if (said != nullptr && only_shown && !writes) {
    read.refuse("This tool only reads: there is nothing to be shown in place of a call.",
                "Leave 'dry_run' out.");
  }
  if (only_shown && writes) arguments["dry_run"] = json::Value(true);
  return read.give(control::ToolTrial{.with = std::move(found.with),
                                      .tool = found.tool,
                                      .arguments = std::move(arguments),
                                      .only_shown = only_shown && writes,
                                      .api_token_id = request.principal.token_id,
                                      .request_id = request.id,
                                      .still_stands = still_stands(context, request.principal)});
}

double milliseconds(std::chrono::microseconds time) {
  return static_cast<double>(time.count()) / 1'000;
}

json::Value tried_view(const control::Tried& tried) {
  json::Array stages;
  for (const control::Tried::Stage& stage : tried.stages) {
    stages.push_back(
        json::Object{{"name", stage.name}, {"duration_ms", milliseconds(stage.duration)}});
  }
  return json::Object{
      {"text", tried.text},
      {"is_error", tried.is_error},
      {"request", tried.request},
      {"upstream_status",
       tried.upstream_status != 0 ? json::Value(tried.upstream_status) : json::Value()},
      {"raw", tried.raw.empty() ? json::Value() : json::Value(tried.raw)},
      {"raw_bytes", tried.raw_bytes},
      {"text_bytes", tried.text.size()},
      {"tokens_saved_estimate", tried.tokens_saved_estimate},
      {"duration_ms", milliseconds(tried.duration)},
      {"upstream_duration_ms", milliseconds(tried.upstream_duration)},
      {"stages", std::move(stages)}};
}

Result<json::Object> read_context(const ApiRequest& request) {
  const std::string_view text = request.query_or("context", "");
  if (text.empty()) return json::Object();
  auto parsed = json::parse(text);
  if (parsed && parsed->is_object()) return std::move(*parsed->if_object());
  return fail(ErrorCode::invalid_argument, "'context' must be a JSON object of arguments.",
              "Its members are the other arguments, encoded as a query's values are.");
}

}  // namespace

Result<json::Value> get_tool(Context& context, const ApiRequest& request) {
  const auto account = context.control.account(request.principal, request.parameter("id"));
  if (!account) return std::unexpected(account.error());
  const auto catalog = context.control.catalog(account->integration);
  if (!catalog) {
    return fail(ErrorCode::conflict,
                "The integration '" + account->integration + "' of this account is not loaded.");
  }
  const std::string_view name = request.parameter("tool");
  const catalog::Tool* const tool = (*catalog)->find(name);
  if (tool == nullptr) return no_such_tool(**catalog, name);
  const integration::Annotations& hints = tool->method->annotations;
  const json::Object listed{{"name", tool->name},
                            {"description", tool->description},
                            {"inputSchema", tool->input_schema()}};
  return json::Object{
      {"name", tool->name},
      {"title", tool->title},
      {"description", tool->description},
      {"resource", tool->resource->name},
      {"method", tool->method->name},
      {"tags", json::Array(tool->tags.begin(), tool->tags.end())},
      {"input_schema", tool->input_schema()},
      {"annotations", json::Object{{"read_only", hints.read_only},
                                   {"destructive", hints.destructive},
                                   {"idempotent", hints.idempotent},
                                   {"open_world", hints.open_world}}},
      {"writes", tool->method->writes()},
      {"has_dry_run", has_dry_run(*tool)},
      {"completes", completable(*tool)},
      {"examples", json::Array(tool->method->examples.begin(), tool->method->examples.end())},
      {"tokens_estimate", catalog::tokens_estimate(listed)}};
}

Result<json::Value> try_tool(Context& context, const ApiRequest& request) {
  if (auto can = check_trials(context); !can) return std::unexpected(std::move(can.error()));
  auto found = find_for_trial(context, request);
  if (!found) return std::unexpected(std::move(found.error()));
  auto trial = read_trial(context, request, std::move(*found));
  if (!trial) return std::unexpected(std::move(trial.error()));
  const auto tried = context.trials->run(std::move(*trial));
  if (!tried) return std::unexpected(tried.error());
  return tried_view(*tried);
}

Result<json::Value> complete_argument(Context& context, const ApiRequest& request) {
  if (auto can = check_trials(context); !can) return std::unexpected(std::move(can.error()));
  auto found = find_for_trial(context, request);
  if (!found) return std::unexpected(std::move(found.error()));
  const std::string argument(request.query_or("argument", ""));
  const auto& known = found->tool->argument_names;
  if (argument.empty() && found->tool->method->kind != integration::MethodKind::list) {
    return fail(ErrorCode::invalid_argument,
                "This tool lists no records: 'argument' must be one of its own.");
  }
  if (!argument.empty() && std::ranges::find(known, argument) == known.end()) {
    const auto near = nearest(argument, known, 3);
    return fail(
        ErrorCode::invalid_argument,
        "'argument' must be one that the tool has; it has none called " + in_quotes(argument) + ".",
        near.empty() ? "" : "Did you mean: " + join(near) + "?");
  }
  auto others = read_context(request);
  if (!others) return std::unexpected(std::move(others.error()));
  const auto names =
      context.trials->complete({.with = std::move(found->with),
                                .tool = found->tool,
                                .arguments = std::move(*others),
                                .api_token_id = request.principal.token_id,
                                .request_id = request.id,
                                .still_stands = still_stands(context, request.principal)},
                               argument, std::string(request.query_or("value", "")));
  if (!names) return std::unexpected(names.error());
  json::Array ids;
  for (const std::int64_t id : names->ids) {
    ids.push_back(id != 0 ? json::Value(id) : json::Value());
  }
  return json::Object{{"values", json::Array(names->values.begin(), names->values.end())},
                      {"ids", std::move(ids)},
                      {"has_more", names->has_more}};
}

}  // namespace patchbay::admin
