#include "admin/actions.h"
#include "admin/lists.h"
#include "admin/views.h"
#include "control/members.h"

namespace patchbay::admin {

Reply deleted(std::string_view id) {
  return {200, json::Object{{"id", id}}};
}

Result<std::string> optional_text(const json::Object& body, std::string_view member) {
  const json::Value* const value = body.find(member);
  if (value == nullptr || value->is_null()) return std::string();
  if (const std::string* const text = value->if_string()) return *text;
  return fail(ErrorCode::invalid_argument, "'" + std::string(member) + "' must be a string; got " +
                                               std::string(value->kind()) + ".");
}

Result<Reply> list_environments(Context& context, const Call& call) {
  const auto page = read_page(call);
  if (!page) return std::unexpected(page.error());
  const auto rows = context.control.environments(call.principal, *page);
  if (!rows) return std::unexpected(rows.error());
  return list_reply(*rows, *page, [](const auto& row) { return view(row); });
}

Result<Reply> create_environment(Context& context, const Call& call) {
  if (auto known = control::only_known_members(call.body, "", {"name"}); !known) {
    return std::unexpected(known.error());
  }
  auto name = control::read_name(call.body.find("name"), "name");
  if (!name) return std::unexpected(name.error());
  const auto row = context.control.create_environment(call.principal, std::move(*name));
  if (!row) return std::unexpected(row.error());
  return Reply{201, view(*row)};
}

Result<Reply> get_environment(Context& context, const Call& call) {
  const auto row = context.control.environment(call.principal, call.parameter("id"));
  if (!row) return std::unexpected(row.error());
  return Reply{200, view(*row)};
}

Result<Reply> update_environment(Context& context, const Call& call) {
  const auto row =
      context.control.update_environment(call.principal, call.parameter("id"), call.body);
  if (!row) return std::unexpected(row.error());
  return Reply{200, view(*row)};
}

Result<Reply> delete_environment(Context& context, const Call& call) {
  const auto done = context.control.delete_environment(call.principal, call.parameter("id"));
  if (!done) return std::unexpected(done.error());
  return deleted(call.parameter("id"));
}

}  // namespace patchbay::admin
