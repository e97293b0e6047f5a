#include "pack/openapi/conventions.h"

#include <algorithm>
#include <array>
#include <unordered_map>

#include "base/text.h"
#include "integration/model.h"

namespace patchbay::openapi {
namespace {

using integration::Verb;

// What the sender writes itself, whatever a document says of it (OpenAPI 3.1, "Parameter Object").
bool is_senders(std::string_view header) {
  constexpr std::array<std::string_view, 5> kOwn = {"accept", "content-type", "authorization",
                                                    "user-agent", "accept-language"};
  return std::ranges::find(kOwn, header) != kOwn.end();
}

std::unordered_set<std::string> common_headers(const Operations& operations) {
  std::unordered_map<std::string, std::size_t> counts;
  for (const Operation& operation : operations.all) {
    for (const Parameter& each : operation.parameters) {
      if (each.place != Place::header || !each.required) continue;
      const std::string name = to_lower(each.name);
      if (!is_senders(name)) ++counts[name];
    }
  }
  std::unordered_set<std::string> out;
  for (const auto& [name, count] : counts) {
    if (count * 2 >= operations.all.size()) out.insert(name);
  }
  return out;
}

std::string update_dialect(const Operations& operations) {
  std::size_t lists_of_changes = 0;
  std::size_t merges = 0;
  for (const Operation& operation : operations.all) {
    if (operation.verb != Verb::patch) continue;
    if (operation.body.form == BodyForm::json_patch) ++lists_of_changes;
    if (operation.body.form == BodyForm::json) ++merges;
  }
  return lists_of_changes > merges ? "json_patch" : "merge";
}

bool has_file_part(const Body& body, Gatherer& gatherer) {
  if (body.schema == nullptr) return false;
  const Gathered form = gatherer.gather(*body.schema, true);
  return std::ranges::any_of(form.properties, [&](const Gathered::Property& each) {
    return gatherer.gather(*each.schema).format == "binary";
  });
}

std::optional<std::string> why_body(const Operation& operation, Gatherer& gatherer) {
  const Body& body = operation.body;
  const bool bodiless = operation.verb == Verb::get || operation.verb == Verb::delete_;
  if (bodiless) {
    if (body.form == BodyForm::none || !body.required) return std::nullopt;
    return "needs a body, which is never sent with this verb";
  }
  if (body.form == BodyForm::other) {
    return "sends " +
           (body.media.empty() ? std::string("an unknown form") : body.media.substr(0, 80)) +
           ", which no tool can";
  }
  if (body.form != BodyForm::multipart) return std::nullopt;
  if (operation.verb == Verb::patch) return "sends a form by PATCH, which no tool can";
  if (!has_file_part(body, gatherer)) return "sends a form without a file, which no tool can";
  return std::nullopt;
}

}  // namespace

bool Conventions::writes(const Operation& operation) const {
  if (operation.body.form == BodyForm::json_patch) return update == "json_patch";
  if (operation.body.form == BodyForm::json) return update != "json_patch";
  return true;
}

Conventions find_conventions(const Operations& operations, const std::vector<ListOperation>& lists,
                             Gatherer& gatherer) {
  Conventions out;
  out.headers = common_headers(operations);
  out.family = find_family(lists);
  if (out.family) {
    out.pages = pages_of(*out.family, lists);
    out.update = out.family->integration->dialects.update;
    for (const auto& [name, value] : out.family->integration->headers) {
      out.headers.insert(to_lower(name));
    }
  } else {
    out.pages = find_pages(lists, gatherer);
    out.update = update_dialect(operations);
  }
  return out;
}

std::optional<std::string> why_left_out(const Operation& operation, const Conventions& conventions,
                                        Gatherer& gatherer) {
  for (const Parameter& each : operation.parameters) {
    if (!each.required) continue;
    const std::string name(each.name.substr(0, 80));
    const std::string lower = to_lower(each.name);
    const bool is_known = is_senders(lower) || conventions.headers.contains(lower);
    if (each.place == Place::header && !is_known) {
      return "needs the header " + name + ", which no tool can give";
    }
    if (each.place == Place::cookie) return "needs the cookie " + name;
    if (each.place == Place::query && gatherer.gather(*each.schema).type == "object") {
      return "needs the query parameter " + name + ", which is an object";
    }
  }
  return why_body(operation, gatherer);
}

}  // namespace patchbay::openapi
