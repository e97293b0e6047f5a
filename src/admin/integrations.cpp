#include "admin/actions.h"
#include "admin/definition_views.h"
#include "admin/views.h"

namespace patchbay::admin {
namespace {

// Faults name files and what stands in them, which is for whoever may change them.
void show_standing(const Context& context, const ApiRequest& request, std::string_view name,
                   json::Value& shown) {
  definitions::Standing standing;
  if (context.definitions != nullptr) {
    standing = context.definitions->standing(name).value_or(definitions::Standing{});
  }
  if (!request.principal.environment_id.empty()) standing.faults.clear();
  add_standing(shown, standing);
}

}  // namespace

Result<json::Value> list_integrations(Context& context, const ApiRequest& request) {
  json::Array result;
  for (const auto& catalog : context.control.catalogs()) {
    json::Value shown = brief_view(*catalog);
    show_standing(context, request, catalog->integration().name, shown);
    result.push_back(std::move(shown));
  }
  // A handful, all in one page: they are files of the operator, not records of customers.
  return json::Object{{"result", std::move(result)}, {"next_cursor", nullptr}};
}

Result<json::Value> get_integration(Context& context, const ApiRequest& request) {
  const auto catalog = context.control.catalog(request.parameter("name"));
  if (!catalog) return std::unexpected(catalog.error());
  json::Value shown = view(**catalog);
  show_standing(context, request, (*catalog)->integration().name, shown);
  return shown;
}

}  // namespace patchbay::admin
