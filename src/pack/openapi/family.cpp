#include "pack/openapi/family.h"

#include <algorithm>
#include <array>
#include <utility>

#include "pack/loader.h"
#include "pack/openapi/words.h"
#include "yaml/yaml.h"

namespace patchbay::openapi {
namespace {

// What a pack says of its API, whatever its resources are.
constexpr std::array<std::string_view, 15> kShared = {"base_url",        "allow_loopback_http",
                                                      "credentials",     "auth",
                                                      "headers",         "pagination",
                                                      "rate_limit",      "errors",
                                                      "probe",           "dialects",
                                                      "max_query_bytes", "shape",
                                                      "expressions",     "custom_fields",
                                                      "synonyms"};

constexpr std::size_t kMinLists = 3;  // fewer may agree by chance

bool takes(const Operation& operation, const std::string& parameter) {
  return operation.parameter(parameter, Place::query) != nullptr;
}

bool speaks_alike(const integration::Pagination& pages, const std::vector<ListOperation>& lists) {
  if (pages.filter_parameter.empty() || pages.order_parameter.empty()) return false;
  const auto alike = std::ranges::count_if(lists, [&](const ListOperation& list) {
    return takes(*list.operation, pages.filter_parameter) &&
           takes(*list.operation, pages.order_parameter) &&
           takes(*list.operation, pages.size_parameter);
  });
  return alike * 5 >= std::ssize(lists) * 4 && alike >= static_cast<std::ptrdiff_t>(kMinLists);
}

// Whose keys they are the pack says of its own resources, which the document's need not be.
json::Value nobodys(json::Value credentials) {
  if (json::Array* const fields = credentials.if_array()) {
    for (json::Value& field : *fields) {
      if (json::Object* const members = field.if_object()) members->erase("personal");
    }
  }
  return credentials;
}

json::Object shared_sections(const std::vector<pack::PackFile>& files) {
  json::Object out;
  for (const pack::PackFile& file : files) {
    if (!file.path.ends_with("/integration.yaml")) continue;
    const auto root = yaml::parse(file.text);
    if (!root) continue;
    for (const std::string_view key : kShared) {
      const yaml::Node* const node = root->find(key);
      if (node == nullptr) continue;
      json::Value section = to_json(*node);
      if (key == "credentials") section = nobodys(std::move(section));
      out.append(std::string(key), std::move(section));
    }
  }
  return out;
}

}  // namespace

bool Family::has_expression(std::string_view parameter) const {
  const json::Value* expressions = sections.find("expressions");
  return expressions != nullptr && expressions->find(parameter) != nullptr;
}

const integration::Field* Family::fact(std::string_view fact_name) const {
  for (const integration::Resource& resource : integration->resources) {
    const auto found = std::ranges::find(resource.fields, fact_name, &integration::Field::name);
    if (found != resource.fields.end() && found->in_info) return &*found;
  }
  return nullptr;
}

std::optional<Family> find_family(const std::vector<ListOperation>& lists) {
  if (lists.size() < kMinLists) return std::nullopt;
  for (const std::string& name : pack::embedded_packs()) {
    const auto files = pack::embedded_pack(name);
    const pack::LoadOutcome outcome = pack::load_pack(files);
    if (!outcome.integration || !speaks_alike(outcome.integration->pagination, lists)) continue;
    return Family{name, shared_sections(files), outcome.integration};
  }
  return std::nullopt;
}

Pages pages_of(const Family& family, const std::vector<ListOperation>& lists) {
  const integration::Pagination& pagination = family.integration->pagination;
  Pages pages;
  pages.section = *family.sections.find("pagination");
  pages.dividing = {pagination.page_parameter};
  for (const std::string& name :
       {pagination.page_parameter, pagination.size_parameter, pagination.order_parameter,
        pagination.fields_parameter, pagination.filter_parameter, pagination.cursor_parameter}) {
    if (!name.empty()) pages.hidden.insert(name);
  }
  for (const ListOperation& list : lists) {
    for (const Parameter& each : list.operation->parameters) {
      if (each.place == Place::query && plain_name(each.name).starts_with("page")) {
        pages.hidden.emplace(each.name);
      }
    }
  }
  return pages;
}

}  // namespace patchbay::openapi
