#include "servers/field_resources.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "base/text.h"
#include "catalog/field_guide.h"
#include "json/write.h"
#include "servers/name_completion.h"

namespace patchbay::servers {
namespace {

constexpr std::string_view kVariable = "resource";
constexpr std::string_view kType = "text/plain";

}  // namespace

bool offers_field_resources(const catalog::Toolset& toolset) {
  return catalog::has_field_guides(toolset);
}

mcp::SharedText field_resource_templates(const catalog::Toolset& toolset) {
  json::Value entry;
  entry["uriTemplate"] = catalog::field_guide_template(toolset.catalog().integration());
  entry["name"] = "fields";
  entry["title"] = "Fields of a kind of record";
  entry["description"] =
      "Which fields records have, what they hold, what writes them and which filter compares them.";
  entry["mimeType"] = kType;
  json::Array entries;
  entries.push_back(std::move(entry));
  return std::make_shared<const std::string>(json::to_string(json::Value(std::move(entries))));
}

mcp::ServerOutcome read_field_resource(const catalog::Toolset& toolset, const reach::Reach* reach,
                                       const std::string& uri, mcp::Era era) {
  const integration::Resource* resource = catalog::find_field_guide(toolset, uri);
  if (resource == nullptr) return mcp::resource_not_found(era, uri);
  json::Value entry;
  entry["uri"] = uri;
  entry["mimeType"] = kType;
  entry["text"] = catalog::field_guide(toolset, *resource, reach);
  json::Object members;
  members["contents"].push_back(std::move(entry));
  return mcp::ObjectOutcome{std::move(members)};
}

std::expected<mcp::Completion, mcp::Fault> complete_field_resource(const catalog::Toolset& toolset,
                                                                   const json::Value& reference,
                                                                   std::string_view argument,
                                                                   std::string_view typed) {
  const std::string known = catalog::field_guide_template(toolset.catalog().integration());
  if (reference.string_or("uri", "") != known || argument != kVariable) {
    return std::unexpected(mcp::invalid_params("completion/complete: the one template here is " +
                                               known + ", with \"resource\" to complete."));
  }
  const std::string wanted = to_lower(typed);
  std::vector<std::string> names = catalog::field_guide_names(toolset);
  std::erase_if(names, [&](const std::string& name) { return !name.contains(wanted); });
  std::ranges::sort(names, {}, [&](const std::string& name) {
    return std::pair(!name.starts_with(wanted), name);
  });
  mcp::Completion out;
  out.total = static_cast<std::int64_t>(names.size());
  out.has_more = names.size() > kMostCompleted;
  if (out.has_more) names.resize(kMostCompleted);
  out.values = std::move(names);
  return out;
}

}  // namespace patchbay::servers
