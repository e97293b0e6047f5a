// From one database to another, which may be of the other kind: by small commits, each of which
// notes how far it is, so that whatever breaks it off (also kill -9) is gone on from by the same
// call. Then both are read, and every row compared with its like.
//
// What is copied should stand still. Where it does not, its changes are told (changes.h) and what
// they touched is copied again; only while the two are compared nothing may change. Rows that have
// no revisions (the journal of writes, secrets of the instance) are brought to the same again by
// each call.
#pragma once

#include <cstddef>

#include "base/error.h"
#include "store/progress.h"
#include "store/repository.h"

namespace patchbay::store {

// `to` is empty, or holds what an earlier call made of it, and is opened with Tables::receive.
// Until this has succeeded nobody else opens it. Returns how many rows there are. Errors: conflict
// (it is not empty, another database or process is at it, `from` was changed while the two were
// compared, or they differ: the message names the first rows), unavailable.
Result<std::size_t> copy(Repository& from, Repository& to, const Progress& progress = {});

}  // namespace patchbay::store
