#include "admin/actions.h"
#include "admin/views.h"

namespace patchbay::admin {

Result<json::Value> list_integrations(Context& context, const ApiRequest&) {
  json::Array result;
  for (const auto& catalog : context.control.catalogs()) result.push_back(brief_view(*catalog));
  // A handful, all in one page: they are files of the operator, not records of customers.
  return json::Object{{"result", std::move(result)}, {"next_cursor", nullptr}};
}

Result<json::Value> get_integration(Context& context, const ApiRequest& request) {
  const auto catalog = context.control.catalog(request.parameter("name"));
  if (!catalog) return std::unexpected(catalog.error());
  return view(**catalog);
}

}  // namespace patchbay::admin
