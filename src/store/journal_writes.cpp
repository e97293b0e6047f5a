#include "store/journal_writes.h"

#include <utility>

#include "store/rows.h"

namespace patchbay::store {

Result<std::optional<WriteRow>> begin_journal_write(Database& database, const WriteRow& row,
                                                    WallTime valid_from) {
  std::optional<WriteRow> present;
  auto done = database.change([&](Session& session) -> Result<> {
    present.reset();
    const auto old =
        session.run(Question::delete_old_writes, Parameters().integer(to_millis(valid_from)));
    if (!old) return std::unexpected(old.error());
    // Whoever has the key may delete it between the two statements, if it is another node.
    for (int attempt = 0; attempt < 3; ++attempt) {
      const auto inserted = session.run(Question::insert_write, parameters_of(row));
      if (!inserted) return std::unexpected(inserted.error());
      if (inserted->changed() > 0) return {};
      const auto found =
          session.run(Question::write_of_key, Parameters().text(row.account_id).text(row.key));
      if (!found) return std::unexpected(found.error());
      if (found->rows() == 0) continue;
      auto read = read_row<WriteRow>(*found, 0);
      if (!read) return std::unexpected(std::move(read.error()));
      present = std::move(*read);
      return {};
    }
    return fail(ErrorCode::unavailable, "The key is taken and freed again all the time.",
                "Try again.");
  });
  if (!done) return std::unexpected(std::move(done.error()));
  return present;
}

Result<bool> restart_journal_write(Database& database, std::string_view id, WallTime then,
                                   WallTime now) {
  bool restarted = false;
  auto done = database.change([&](Session& session) -> Result<> {
    const auto changed =
        session.run(Question::restart_write,
                    Parameters().integer(to_millis(now)).text(id).integer(to_millis(then)));
    if (!changed) return std::unexpected(changed.error());
    restarted = changed->changed() > 0;
    return {};
  });
  if (!done) return std::unexpected(std::move(done.error()));
  return restarted;
}

}  // namespace patchbay::store
