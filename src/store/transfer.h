// A database as a file.
//
// The file: lines of JSON, so that it can be looked at, cut and compared without us.
//
//   {"patchbay_store":1}
//   ["environment",["env_1","Default",1700000000000,1700000000000,7]]     a row: table, then its
//   cells
//   ["mcp_server",["mcp_1",…,{"b64":"…"},null,…]]                          bytes in base64
//   {"rows":2,"blake2b":"<hex of 256 bits over all bytes before this line>"}
//
// The last line makes a file that was cut off or altered by accident known; against whoever alters
// on purpose the rows carry codes (control/authority.h). Secrets in it are sealed as in the
// database; the file is readable by its owner only. Rejected: a copy of SQLite's file (of no use to
// PostgreSQL), pg_dump's format (needs its programs).
#pragma once

#include <cstddef>
#include <string>

#include "base/error.h"
#include "store/progress.h"
#include "store/repository.h"

namespace patchbay::store {

// Writes a file that is there as a whole or not at all; one that is there already stays (conflict).
// The state of one moment, while others go on changing. Returns how many rows it holds. Errors:
// unavailable (the database or the disk).
Result<std::size_t> backup(Repository& repository, const std::string& path,
                           const Progress& progress = {});

// How many rows a backup holds, all of it looked at. Errors: those of restore that are the file's.
Result<std::size_t> look_at_backup(const std::string& path);

// The other way, into an empty database: everything or nothing. The whole file is looked at before
// anything is written. Errors: conflict (not empty), invalid_argument (no backup, or damaged, cut
// off), unsupported (of a newer version), unavailable.
Result<std::size_t> restore(Repository& repository, const std::string& path,
                            const Progress& progress = {});

}  // namespace patchbay::store
