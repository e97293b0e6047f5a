#include "app/sign_in_link.h"

#include <utility>

#include "admin/sign_in.h"
#include "audit/change.h"
#include "control/sign_ins.h"

namespace patchbay::app {

Result<std::string> make_sign_in_link(const LinkOf& of, const vault::Token& api_token,
                                      std::string program) {
  const auto row = of.repository.api_token(of.vault.hash(api_token));
  if (!row) return std::unexpected(row.error());
  if (!*row) return fail(ErrorCode::unauthenticated, "The API token is gone.");
  const auto principal = of.control.principal_of((*row)->id);
  if (!principal) return std::unexpected(principal.error());
  audit::Change change{.environment_id = principal->environment_id,
                       .account_id = {},
                       .server_id = {},
                       .api_token_id = principal->token_id,
                       .member = {},
                       .client = std::move(program),
                       .client_version = {},
                       .session_id = {},
                       .approved_by = {},
                       .operation = "makeSignInLink",
                       .request_id = {},
                       .target = "/session/link"};
  using Link = control::SignIns::Link;
  const auto link = audit::make_recorded<Link>(
      of.journal, std::move(change), false,
      [&] { return of.control.sign_ins().make_link(*principal); },
      [](const Link& made) { return made.id; });
  if (!link) return std::unexpected(link.error());
  return admin::sign_in_url(of.public_url, link->secret);
}

}  // namespace patchbay::app
