#include "app/new_token.h"

#include <chrono>
#include <filesystem>
#include <utility>

#include <fmt/format.h>

#include "admin/views.h"
#include "app/audit_journal.h"
#include "app/database.h"
#include "app/foundations.h"
#include "control/control_plane.h"

namespace patchbay::app {

Result<MadeToken> new_token(const Config& config, const NewToken& wanted, const Clock& clock,
                            const telemetry::Log& log) {
  // A slip in the folder's name would make a new instance there.
  std::error_code error;
  if (config.database.empty() && !std::filesystem::exists(database_file(config), error)) {
    return fail(ErrorCode::not_found,
                fmt::format("There is no instance in the folder '{}'.", config.data_dir),
                "Name the folder of the server's data with --data-dir.");
  }
  auto data = open_data(config, log);
  if (!data) return std::unexpected(data.error());
  control::SnapshotHolder snapshot(1);
  control::ControlPlane control(*data->repository, data->vault, clock, snapshot, nullptr,
                                {.notes = data->notes});
  // Without integrations no account can be used, which is no matter here.
  if (auto loaded = control.load(); !loaded) return std::unexpected(loaded.error());
  // A server may run beside it, of whose writes this one knows nothing.
  audit::Journal journal(*data->repository, data->vault, clock,
                         {.shared = true, .longest_call = std::chrono::hours(24)});
  audit::Change change = token_made_by("patchbay token new");
  // Only of one that is there: a chain is begun for nothing else.
  if (control.environment(control::instance_itself(), wanted.environment_id)) {
    change.environment_id = wanted.environment_id;
  }
  using Minted = control::Minted<store::ApiTokenRow>;
  auto minted = audit::make_recorded<Minted>(
      journal, std::move(change), false,
      [&] {
        return control.create_api_token(control::instance_itself(), wanted.environment_id,
                                        wanted.name, std::nullopt);
      },
      [](const Minted& made) { return made.row.id; });
  if (!minted) return std::unexpected(minted.error());
  return MadeToken{admin::view(minted->row), std::move(minted->token)};
}

}  // namespace patchbay::app
