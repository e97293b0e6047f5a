#include "admin/actions.h"
#include "admin/views.h"

namespace patchbay::admin {

Result<Reply> list_integrations(Context& context, const Call&) {
  json::Array result;
  for (const auto& catalog : context.control.catalogs()) result.push_back(brief_view(*catalog));
  // A handful, all in one page: they are files of the operator, not records of customers.
  return Reply{200, json::Object{{"result", std::move(result)}, {"next_cursor", nullptr}}};
}

Result<Reply> get_integration(Context& context, const Call& call) {
  const auto catalog = context.control.catalog(call.parameter("name"));
  if (!catalog) return std::unexpected(catalog.error());
  return Reply{200, view(**catalog)};
}

}  // namespace patchbay::admin
