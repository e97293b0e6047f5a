#include "admin/actions.h"
#include "admin/lists.h"
#include "admin/views.h"
#include "control/members.h"

namespace patchbay::admin {

Result<Reply> list_api_tokens(Context& context, const Call& call) {
  const auto page = read_page(call);
  if (!page) return std::unexpected(page.error());
  const auto rows = context.control.api_tokens(call.principal, *page);
  if (!rows) return std::unexpected(rows.error());
  return list_reply(*rows, *page, [](const auto& row) { return view(row); });
}

Result<Reply> create_api_token(Context& context, const Call& call) {
  if (auto known =
          control::only_known_members(call.body, "", {"name", "environment_id", "expires_at"});
      !known) {
    return std::unexpected(known.error());
  }
  auto name = control::read_name(call.body.find("name"), "name");
  if (!name) return std::unexpected(name.error());
  auto environment_id = optional_text(call.body, "environment_id");
  if (!environment_id) return std::unexpected(environment_id.error());
  std::optional<WallTime> expires_at;
  if (const json::Value* const value = call.body.find("expires_at")) {
    const auto time = control::read_optional_time(*value, "expires_at");
    if (!time) return std::unexpected(time.error());
    expires_at = *time;
  }
  const auto minted = context.control.create_api_token(call.principal, std::move(*environment_id),
                                                       std::move(*name), expires_at);
  if (!minted) return std::unexpected(minted.error());
  json::Value body = view(minted->row);
  body["token"] = minted->token.reveal();
  return Reply{201, std::move(body)};
}

Result<Reply> delete_api_token(Context& context, const Call& call) {
  const auto done = context.control.delete_api_token(call.principal, call.parameter("id"));
  if (!done) return std::unexpected(done.error());
  return deleted(call.parameter("id"));
}

}  // namespace patchbay::admin
