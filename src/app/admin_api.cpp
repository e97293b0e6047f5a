#include "app/admin_api.h"

#include "app/reload_through_api.h"
#include "app/version.h"
#include "servers/minted_server_registry.h"

namespace patchbay::app {

std::unique_ptr<admin::Api> make_admin_api(const AdminApiParts& parts) {
  return std::make_unique<admin::Api>(
      parts.runtime, parts.control,
      admin::ApiOptions{
          .public_url = parts.url,
          .log = {.journal = parts.journal,
                  .rows = parts.foundations.repository.get(),
                  .vault = parts.foundations.vault},
          .changed = [&watch = parts.watch](auto what, auto token,
                                            auto path) { watch.changed(what, token, path); },
          .refused =
              [&watch = parts.watch](int status, auto who, auto what) {
                watch.saw(status == 401 ? telemetry::Sight::wrong_api_token
                                        : telemetry::Sight::refused_scope,
                          who, what);
              },
          .reload = reload_through_api(parts.reloading, parts.definitions),
          .listing = [&minted = parts.minted](
                         const control::McpServer& server) { return minted.listing_of(server); },
          .trials = &parts.trials,
          .definitions = &parts.definitions,
          .version = std::string(kVersion),
          .sandbox = parts.sandbox,
          .tracer = parts.tracer});
}

}  // namespace patchbay::app
