#include "admin/actions.h"
#include "admin/body_reader.h"
#include "admin/lists.h"
#include "admin/views.h"

namespace patchbay::admin {
namespace {

struct NewApiToken {
  std::string name;
  std::string environment_id;  // empty: as far as the principal reaches
  std::optional<WallTime> expires_at;
  control::TokenScope scope;
};

control::TokenScope read_scope(BodyReader& read, std::string_view scope) {
  auto wanted = control::read_token_scope(scope, read.chosen_object("limits"));
  if (wanted) return std::move(*wanted);
  read.refuse(wanted.error());
  return {};
}

// "admin" where none is given: so it was before there were scopes. Whatever is given means itself:
// an empty text is a variable that was not set, and no wish for a key to everything.
control::TokenScope read_new_scope(BodyReader& read) {
  const auto scope = read.changed_text("scope");
  return read_scope(read, scope ? *scope : "admin");
}

// A scope and its limits change together: those of one are none of another.
std::optional<control::TokenScope> read_scope_change(BodyReader& read) {
  const auto scope = read.changed_text("scope");
  const auto limits = read.changed_object("limits");
  if (!scope && !limits) return {};
  if (!scope) {
    read.refuse("'limits' are given without 'scope'.", "Give both; they replace what there is.");
    return {};
  }
  return read_scope(read, *scope);
}

}  // namespace

Result<json::Value> list_api_tokens(Context& context, const ApiRequest& request) {
  const auto page = read_page(request);
  if (!page) return std::unexpected(page.error());
  const auto rows = context.control.api_tokens(request.principal, *page);
  if (!rows) return std::unexpected(rows.error());
  return list_view(*rows, *page, [](const auto& row) { return view(row); });
}

Result<json::Value> create_api_token(Context& context, const ApiRequest& request) {
  BodyReader read(request.body);
  auto wanted = read.give(NewApiToken{.name = read.required_text("name"),
                                      .environment_id = read.chosen_text("environment_id"),
                                      .expires_at = read.time("expires_at"),
                                      .scope = read_new_scope(read)});
  if (!wanted) return std::unexpected(wanted.error());
  const auto minted = context.control.create_api_token(
      request.principal, std::move(wanted->environment_id), std::move(wanted->name),
      wanted->expires_at, std::move(wanted->scope));
  if (!minted) return std::unexpected(minted.error());
  json::Value body = view(minted->row);
  body["token"] = minted->token.reveal();
  return body;
}

Result<json::Value> update_api_token(Context& context, const ApiRequest& request) {
  BodyReader read(request.body);
  auto change = read.give(
      control::ApiTokenChange{.name = read.changed_text("name"), .scope = read_scope_change(read)});
  if (!change) return std::unexpected(change.error());
  const auto row = context.control.update_api_token(request.principal, request.parameter("id"),
                                                    std::move(*change));
  if (!row) return std::unexpected(row.error());
  return view(*row);
}

Result<json::Value> delete_api_token(Context& context, const ApiRequest& request) {
  const auto done = context.control.delete_api_token(request.principal, request.parameter("id"));
  if (!done) return std::unexpected(done.error());
  return view_of_deleted(request.parameter("id"), done->on_disk);
}

}  // namespace patchbay::admin
