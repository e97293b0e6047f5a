#include "mcp/wire/absent.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "mcp/wire/protocol.h"

namespace patchbay::mcp {
namespace {

bool is_empty_array(const json::Value& value) {
  const json::Array* entries = value.if_array();
  return entries != nullptr && entries->empty();
}

// A claim of a revision is no optional place: a null there is a fault to be told.
void drop_null_members(json::Value& value) {
  json::Object* object = value.if_object();
  const auto is_null = [](const json::Member& member) {
    return member.second.is_null() && member.first != kMetaVersion;
  };
  if (object == nullptr || std::ranges::none_of(*object, is_null)) return;
  json::Object kept;
  for (auto& [name, member] : *object) {
    if (!member.is_null() || name == kMetaVersion) kept.append(name, std::move(member));
  }
  *object = std::move(kept);
}

// The member, which is an object where it is there at all.
json::Value* due_object(json::Value& value, std::string_view name) {
  json::Object* object = value.if_object();
  json::Value* member = object != nullptr ? object->find(name) : nullptr;
  if (member != nullptr && is_empty_array(*member)) *member = json::Object();
  if (member != nullptr) drop_null_members(*member);
  return member;
}

// Each capability is an object of its own: {"elicitation": []}.
void mend_capabilities(json::Value* capabilities) {
  json::Object* object = capabilities != nullptr ? capabilities->if_object() : nullptr;
  if (object == nullptr) return;
  for (auto& [name, capability] : *object) {
    if (is_empty_array(capability)) capability = json::Object();
  }
}

}  // namespace

void mend_absent(json::Value& params) {
  if (is_empty_array(params)) params = json::Object();
  drop_null_members(params);
  for (const std::string_view name : {"arguments", "clientInfo", "ref", "argument"}) {
    due_object(params, name);
  }
  mend_capabilities(due_object(params, "capabilities"));
  if (json::Value* context = due_object(params, "context")) due_object(*context, "arguments");
  if (json::Value* meta = due_object(params, "_meta")) {
    due_object(*meta, kMetaClientInfo);
    mend_capabilities(due_object(*meta, kMetaCapabilities));
  }
}

}  // namespace patchbay::mcp
