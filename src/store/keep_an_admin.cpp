#include "store/keep_an_admin.h"

#include <cstdint>

#include "store/revisions.h"
#include "store/rows.h"

namespace patchbay::store {
namespace {

Result<std::int64_t> count_admins(Session& session, WallTime at) {
  const auto answer =
      session.run(Question::count_instance_admins, Parameters().integer(to_millis(at)));
  if (!answer) return std::unexpected(answer.error());
  return answer->at(0, 0).integer;
}

}  // namespace

Result<> change_keeping(Database& database, const std::optional<KeepAnAdmin>& keep,
                        const Work& work) {
  if (!keep) return database.change(work);
  return database.change([&](Session& session) -> Result<> {
    if (auto locked = take_revisions(session, 0); !locked) {
      return std::unexpected(locked.error());
    }
    const auto before = count_admins(session, keep->at);
    if (!before) return std::unexpected(before.error());
    if (auto done = work(session); !done) return done;
    const auto after = count_admins(session, keep->at);
    if (!after) return std::unexpected(after.error());
    if (*before == 0 || *after > 0) return {};
    return fail(ErrorCode::conflict, "This is the last admin API token of the whole instance.",
                "Create another one first.");
  });
}

}  // namespace patchbay::store
