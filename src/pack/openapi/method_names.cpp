#include "pack/openapi/method_names.h"

#include <algorithm>
#include <set>
#include <utility>

#include "integration/naming.h"
#include "pack/openapi/outline.h"
#include "pack/openapi/words.h"

namespace patchbay::openapi {
namespace {

using integration::MethodKind;
using integration::Verb;

std::string of_collection(const Operation& operation, bool is_list) {
  switch (operation.verb) {
    case Verb::get:
      if (operation.answer.is_file) return "download";
      return is_list ? "list" : "show";
    case Verb::post:
      return "create";
    case Verb::put:
      return "replace_all";
    case Verb::patch:
      return "update_all";
    case Verb::delete_:
      return "delete_all";
  }
  return "show";
}

std::string of_record(const Operation& operation, bool is_list) {
  switch (operation.verb) {
    case Verb::get:
      if (operation.answer.is_file) return "download";
      return is_list ? "list_one" : "get";
    case Verb::post:
      return "post";
    case Verb::put:
      return "replace";
    case Verb::patch:
      return "update";
    case Verb::delete_:
      return "delete";
  }
  return "get";
}

// By verb and words alone: a further verb at the same path changes no name.
std::string of_action(const Operation& operation, std::string_view action) {
  std::string words(action);
  switch (operation.verb) {
    case Verb::get:
      return words == kCountAction ? words : "get_" + words;
    case Verb::post:
      return words == "read" || words == "write" || words == "custom" ? "do_" + words : words;
    case Verb::put:
      return "put_" + words;
    case Verb::patch:
      return "change_" + words;
    case Verb::delete_:
      return "delete_" + words;
  }
  return words;
}

std::string of_single(const Operation& operation) {
  switch (operation.verb) {
    case Verb::get:
      return operation.answer.is_file ? "download" : "show";
    case Verb::post:
      return "post";
    case Verb::put:
      return "replace";
    case Verb::patch:
      return "change";
    case Verb::delete_:
      return "remove";
  }
  return "show";
}

bool is_free(const ResourceOutline& resource, std::string_view prefix,
             const std::set<std::string>& taken) {
  return std::ranges::none_of(resource.methods, [&](const MethodOutline& method) {
    return method.kind != MethodKind::custom && taken.contains(tool_of(prefix, resource, method));
  });
}

}  // namespace

std::string method_name(const Operation& operation, MethodPlace place, std::string_view action,
                        bool is_list) {
  std::string name;
  switch (place) {
    case MethodPlace::collection:
      name = of_collection(operation, is_list);
      break;
    case MethodPlace::record:
      name = of_record(operation, is_list);
      break;
    case MethodPlace::action:
      name = of_action(operation, action);
      break;
    case MethodPlace::single:
      name = of_single(operation);
      break;
  }
  // An action may be called as a usual method is, and is none: it has a path of its own.
  if (place == MethodPlace::action && integration::method_kind(name) != MethodKind::custom)
    name = "do_" + name;
  return name;
}

std::string tool_of(std::string_view prefix, const ResourceOutline& resource,
                    const MethodOutline& method) {
  integration::Resource as_resource;
  as_resource.name = resource.name;
  as_resource.singular = resource.singular;
  integration::Method as_method;
  as_method.name = method.name;
  as_method.kind = method.kind;
  return integration::tool_name(prefix, as_resource, as_method);
}

void make_tools_unique(std::vector<ResourceOutline>& resources, std::string_view prefix) {
  std::set<std::string> taken;
  for (ResourceOutline& resource : resources) {
    const std::string usual = resource.singular;
    for (int number = 1; !is_free(resource, prefix, taken); ++number) {
      resource.singular =
          number == 1 ? resource.name + "_record" : usual + "_" + std::to_string(number);
    }
    for (MethodOutline& method : resource.methods) {
      if (method.kind != MethodKind::custom) taken.insert(tool_of(prefix, resource, method));
    }
  }
  for (ResourceOutline& resource : resources) {
    for (MethodOutline& method : resource.methods) {
      if (method.kind != MethodKind::custom) continue;
      const std::string usual = method.name;
      std::string tool = tool_of(prefix, resource, method);
      for (int number = 2; taken.contains(tool); ++number) {
        method.name = usual + "_" + std::to_string(number);
        tool = tool_of(prefix, resource, method);
      }
      taken.insert(std::move(tool));
    }
  }
}

}  // namespace patchbay::openapi
