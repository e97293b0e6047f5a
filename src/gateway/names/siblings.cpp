#include "gateway/names/siblings.h"

#include "base/text.h"
#include "gateway/sending/ask.h"
#include "integration/naming.h"
#include "json/write.h"

namespace patchbay::gateway {

namespace {

using integration::Method;
using integration::Resource;

// "/service/tickets/{ticketId}/notes" → "/service/tickets" and "ticketId"; a path without a
// placeholder is that of records, by their id.
struct RecordPath {
  std::string before;
  std::string placeholder;
};

RecordPath record_path(const Call& call, const integration::PathTemplate& path) {
  return {std::string(path.collection()),
          path.names().empty() ? call.integration().pagination.id_field : path.names().front()};
}

std::string label_at(const Call& call, const std::string& path, const Resource& otherwise) {
  for (const auto& resource : call.integration().resources) {
    if (resource.path.text() == path) return to_lower(resource.label);
  }
  return to_lower(otherwise.label);
}

// The tool of the sibling that does what was wanted; else one that reads the record.
std::string tool_for(const Call& call, const Resource& sibling) {
  const auto* wanted = sibling.find_method(call.method().name);
  const bool alike = call.resource().path.names().empty() == sibling.path.names().empty();
  for (const Method* method :
       {alike ? wanted : nullptr, sibling.find_method("get"), sibling.find_method("list")}) {
    if (method == nullptr || method->description.empty()) continue;
    const auto name = integration::tool_name(call.integration().tool_prefix, sibling, *method);
    if (const auto shown = call.told(name); !shown.empty()) return std::string(shown);
  }
  return {};
}

}  // namespace

io::Task<std::string> sibling_that_has(Call& call, const Resource& resource, json::Value id) {
  const auto* sibling = call.integration().find_resource(resource.sibling);
  if (resource.sibling.empty() || sibling == nullptr || !id.as_int64()) co_return std::string();
  const auto path = record_path(call, sibling->path);
  upstream::Request request;
  request.path = path.before + '/' + std::to_string(*id.as_int64());
  add_parameter(request.query, call.integration().pagination.fields_parameter,
                call.integration().pagination.id_field);
  const auto found = co_await look_up(call, *sibling, std::move(request));
  co_return found ? label_at(call, path.before, *sibling) : std::string();
}

io::Task<> look_at_sibling(Call& call, const Arguments& arguments, ToolError& error) {
  const auto* sibling = call.integration().find_resource(call.resource().sibling);
  if (sibling == nullptr) co_return;
  const auto own = record_path(call, call.method().path);
  const json::Value* id = nullptr;
  for (const auto& argument : call.method().arguments) {
    if (argument.place == integration::ArgumentPlace::path && argument.field() == own.placeholder) {
      id = arguments.find(argument.name);
    }
  }
  if (id == nullptr) co_return;
  const auto kind = co_await sibling_that_has(call, call.resource(), *id);
  if (kind.empty()) co_return;
  error.message = json::to_string(*id) + " is one of the " + kind + ", not of the " +
                  label_at(call, own.before, call.resource()) + '.';
  if (const auto tool = tool_for(call, *sibling); !tool.empty()) {
    error.hint = "Nothing was done. Call " + tool + " for it instead.";
  }
}

}  // namespace patchbay::gateway
