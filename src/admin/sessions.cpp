// What somebody does who is in the dashboard: see by what, go, and fetch another browser in.
#include "admin/actions.h"
#include "admin/sign_in.h"
#include "admin/views.h"
#include "base/iso8601.h"
#include "control/sign_ins.h"

namespace patchbay::admin {
namespace {

std::unexpected<Error> by_token() {
  return fail(ErrorCode::not_found, "This request came with an API token, and not by a session.",
              "POST /session makes one.");
}

}  // namespace

Result<json::Value> get_session(Context& context, const ApiRequest& request) {
  if (!request.session) return by_token();
  const auto row = context.control.own_token(request.principal);
  if (!row) return std::unexpected(row.error());
  return view(*request.session, *row);
}

Result<json::Value> end_session(Context& context, const ApiRequest& request) {
  const std::string_view everywhere = request.query_or("everywhere", "false");
  if (everywhere != "true" && everywhere != "false") {
    return fail(ErrorCode::invalid_argument, "'everywhere' must be true or false.");
  }
  control::SignIns& sign_ins = context.control.sign_ins();
  if (everywhere == "false" && !request.session) return by_token();
  const auto ended =
      everywhere == "true" ? sign_ins.end_all(request.principal) : sign_ins.end(*request.session);
  if (!ended) return std::unexpected(ended.error());
  return json::Object{{"ended", *ended}};
}

Result<json::Value> make_sign_in_link(Context& context, const ApiRequest& request) {
  const auto link = context.control.sign_ins().make_link(request.principal);
  if (!link) return std::unexpected(link.error());
  return json::Object{
      {"id", link->id},
      {"url", sign_in_url(context.public_url, link->secret)},
      {"expires_at", format_utc_millis(link->expires_at)},
  };
}

}  // namespace patchbay::admin
