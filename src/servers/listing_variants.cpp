#include "servers/listing_variants.h"

#include <algorithm>
#include <string>

#include "catalog/discovery.h"
#include "catalog/instructions.h"
#include "catalog/listing.h"
#include "json/parse.h"
#include "json/write.h"
#include "servers/approval_words.h"
#include "servers/confirmation.h"
#include "servers/member_words.h"
#include "servers/prompts.h"

namespace patchbay::servers {
namespace {

// Tolerant on purpose: clients check strictly and fail the call, and what an upstream returns is
// not ours to promise. Objects only, since older revisions know no others.
json::Value output_schema(const catalog::Tool& tool) {
  json::Value schema;
  schema["type"] = "object";
  schema["additionalProperties"] = true;
  if (tool.method->kind != integration::MethodKind::list) return schema;
  json::Value& properties = schema["properties"];
  properties["result"]["type"] = "array";
  properties["result"]["items"]["type"] = "object";
  properties["result"]["items"]["additionalProperties"] = true;
  properties["next_cursor"]["type"] = "string";
  properties["result_count"]["type"] = "integer";
  properties["notice"]["type"] = "string";
  return schema;
}

constexpr std::size_t kMostAnnouncedBytes = 500'000;
// Half a megabyte each, of an integration's every tool. Made again when they are asked for.
constexpr std::size_t kMostKept = 64;

json::Value confirmation_argument() {
  json::Value argument;
  argument["type"] = "string";
  argument["description"] =
      "Leave it out at first. The answer holds a code and says what would happen; after the user "
      "agreed, call again with the same arguments and that code.";
  return argument;
}

void narrow(json::Value& schema, const integration::Argument& argument, const reach::Limit& limit) {
  // What takes names as well is looked up, and told what it may be when it is not.
  const bool names_record =
      argument.reference || argument.type == integration::FieldType::reference;
  const std::string_view type = schema.string_or("type", "");
  const bool shown = limit.values.front().is_number() ? type == "integer" : type == "string";
  if (shown) {
    schema["enum"] = json::Value(limit.values);
  } else if (names_record) {
    schema["description"] =
        std::string(schema.string_or("description", argument.name)) + ": one of " + limit.told();
  }
}

// Without what is fixed, and with the values of what is narrowed.
void show_limits(json::Value& schema, const catalog::Tool& tool, const reach::Reach& reach) {
  json::Value* const properties =
      schema.if_object() != nullptr ? schema.if_object()->find("properties") : nullptr;
  if (properties == nullptr || properties->if_object() == nullptr) return;
  for (const auto& argument : tool.method->arguments) {
    const reach::Limit* limit = reach.limit_of(*tool.resource, *tool.method, argument);
    json::Value* const shown = properties->if_object()->find(argument.name);
    if (limit == nullptr || shown == nullptr) continue;
    if (!limit->fixed()) {
      narrow(*shown, argument, *limit);
      continue;
    }
    properties->if_object()->erase(argument.name);
    json::Value* const required = schema.if_object()->find("required");
    if (required == nullptr || required->if_array() == nullptr) continue;
    std::erase(*required->if_array(), json::Value(argument.name));
    if (required->if_array()->empty()) schema.if_object()->erase("required");
  }
}

// Beside what the argument is, who may be said for it.
void show_me(json::Value& schema, const catalog::Tool& tool, const std::string& me) {
  json::Value* const properties =
      schema.if_object() != nullptr ? schema.if_object()->find("properties") : nullptr;
  if (properties == nullptr || properties->if_object() == nullptr) return;
  for (const auto& argument : tool.method->arguments) {
    json::Value* const shown = properties->if_object()->find(argument.name);
    if (shown == nullptr || !names_member(*tool.integration, argument)) continue;
    const std::string_view text = shown->string_or("description", "");
    (*shown)["description"] = std::string(text) + (text.empty() ? "" : "; ") + "\"me\" is " + me;
  }
}

// What the variant adds to a tool's entry.
void decorate(json::Value& entry, const catalog::Tool& tool, const ListingVariant& variant,
              const reach::Reach* reach) {
  if (reach != nullptr) show_limits(entry["inputSchema"], tool, *reach);
  if (!variant.me.empty()) show_me(entry["inputSchema"], tool, variant.me);
  if (variant.confirm_writes && may_need_confirmation(tool)) {
    entry["inputSchema"]["properties"][kConfirmationArgument] = confirmation_argument();
  }
  // A custom method may return anything, and a promise that is not kept fails the call.
  if (variant.structured_output && tool.method->kind != integration::MethodKind::custom) {
    entry["outputSchema"] = output_schema(tool);
  }
}

void announce_size(json::Value& entry, const ListingVariant& variant) {
  // Claude Code takes results of up to that size as they are; without, it keeps what is above
  // 50,000 characters in a file and shows 2 KB of it. It knows no more than half a million.
  if (variant.result_bytes > kUsualResultBytes) {
    entry["_meta"]["anthropic/maxResultSizeChars"] = variant.result_bytes;
  }
}

// The same to one of the four that find and call the others: what a called tool returns, nobody can
// promise.
void decorate_own(json::Value& entry, catalog::DiscoveryTool tool, const ListingVariant& variant) {
  using catalog::DiscoveryTool;
  if (tool == DiscoveryTool::call_read || tool == DiscoveryTool::call_write) {
    announce_size(entry, variant);
  } else if (variant.structured_output) {
    entry["outputSchema"] = json::Object{{"type", "object"}, {"additionalProperties", true}};
  }
}

// The catalog's own listing, with what the variant adds. Done on the loop that first lists it: some
// 20 ms per megabyte, once.
mcp::SharedText render(const catalog::Toolset& toolset, const ListingVariant& variant,
                       const reach::Reach* reach) {
  Result<json::Value> listing = json::parse(*toolset.listing());
  if (!listing || !listing->is_array()) return toolset.listing();
  for (json::Value& entry : *listing->if_array()) {
    const std::string_view name = entry.string_or("name", "");
    if (const auto own = catalog::discovery_tool(name)) {
      decorate_own(entry, *own, variant);
    } else if (const catalog::Tool* tool = toolset.find(name)) {
      decorate(entry, *tool, variant, reach);
      announce_size(entry, variant);
    }
  }
  // Behind search it is found, and not listed.
  if (variant.approvals && toolset.exposure() == catalog::Exposure::all) {
    listing->push_back(approval_status_tool(variant.structured_output));
  }
  return std::make_shared<const std::string>(json::to_string(*listing));
}

}  // namespace

std::string limits_shown(const reach::Reach* reach) {
  std::string shown;
  if (reach == nullptr) return shown;
  for (const reach::Limit& limit : reach->limits()) {
    shown += json::to_string(json::Value(limit.argument));
    if (!limit.fixed()) shown += json::to_string(json::Value(limit.values));
  }
  return shown;
}

template <class Key, class RenderText>
mcp::SharedText ListingVariants::remember(std::map<Key, Rendered>& rendered, const Key& key,
                                          const std::shared_ptr<const catalog::Toolset>& toolset,
                                          RenderText render_text) {
  // An address may be used again: only a living toolset is the one that was rendered.
  if (const auto found = rendered.find(key);
      found != rendered.end() && found->second.toolset.lock() == toolset) {
    return found->second.text;
  }
  std::erase_if(rendered, [](const auto& entry) { return entry.second.toolset.expired(); });
  mcp::SharedText text = render_text();
  rendered[key] = {.toolset = toolset, .text = text};
  return text;
}

ListingVariant variant_of(const control::McpServer& server) {
  return {.structured_output = server.structured_output,
          .confirm_writes = server.confirm_writes,
          .approvals = server.approvals != nullptr,
          .result_bytes = server.max_result_bytes,
          .held = limits_shown(server.reach.get()),
          .me = me_shown(server)};
}

mcp::SharedText ListingVariants::tools_of(const control::McpServer& server) const {
  return tools(server.toolset, variant_of(server), server.reach.get());
}

json::Value ListingVariants::tool_of(const control::McpServer& server, const catalog::Tool& tool) {
  json::Value entry = catalog::listed_tool(tool, server.toolset->shown(tool));
  decorate(entry, tool, variant_of(server), server.reach.get());
  return entry;
}

mcp::SharedText ListingVariants::tools(const std::shared_ptr<const catalog::Toolset>& toolset,
                                       ListingVariant variant, const reach::Reach* reach) const {
  variant.result_bytes = std::clamp(variant.result_bytes, kUsualResultBytes, kMostAnnouncedBytes);
  if (variant == ListingVariant{}) return toolset->listing();
  const MutexLock lock(mutex_);
  const bool is_for_few = !variant.held.empty() || !variant.me.empty();
  if (is_for_few && tools_.size() >= kMostKept) tools_.clear();
  return remember(tools_, std::pair(toolset.get(), variant), toolset,
                  [&] { return render(*toolset, variant, reach); });
}

mcp::SharedText ListingVariants::prompts(
    const std::shared_ptr<const catalog::Toolset>& toolset) const {
  const MutexLock lock(mutex_);
  return remember(prompts_, toolset.get(), toolset, [&] { return render_prompts(*toolset); });
}

mcp::SharedText ListingVariants::instructions(
    const std::shared_ptr<const catalog::Toolset>& toolset, std::string_view time_zone) const {
  const MutexLock lock(mutex_);
  return remember(instructions_, std::pair(toolset.get(), std::string(time_zone)), toolset, [&] {
    return std::make_shared<const std::string>(catalog::instructions(*toolset, time_zone));
  });
}

}  // namespace patchbay::servers
