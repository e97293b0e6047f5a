// What is over, and what soon will be: deleted, and told of, in one commit each.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "store/database.h"
#include "store/repository.h"
#include "store/webhook_questions.h"

namespace patchbay::store {

// The functions of repository.h. `tell` may be empty.
Result<std::vector<Expired>> delete_expired_from(Database& database, Telling telling, WallTime now,
                                                 std::size_t limit, const TellOfServer& tell);
Result<std::size_t> tell_of_expiry_in(Database& database, Telling telling, WallTime by,
                                      std::size_t limit, const TellOfServer& tell);
Parameters parameters_of(const Expiring& wanted);
// Of the first column of the first rows; nothing: there are none.
Result<std::optional<WallTime>> nearest_in(Database& database,
                                           std::initializer_list<Question> questions);

}  // namespace patchbay::store
