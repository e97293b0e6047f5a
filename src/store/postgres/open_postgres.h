// The database that several nodes share: PostgreSQL, 14 or newer.
//
// All that is Patchbay's lies in the schema "patchbay" of the database that the URL names: two
// installations need two databases. The schema is made if the role may do so, else an administrator
// makes it (CREATE SCHEMA patchbay AUTHORIZATION …). Connections look nowhere else for names
// (search_path), so that nothing that another user of the database makes is taken for ours.
//
// Between the nodes and the database there may be a pooler that keeps sessions; one that hands a
// session from transaction to transaction breaks prepared statements and LISTEN.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/error.h"
#include "base/secret.h"
#include "store/repository.h"
#include "store/tables.h"

namespace patchbay::store {

struct PostgresOptions {
  // Of this node, and one more that listens for changes. More: more questions at once, and more
  // memory on the server (about 10 MB each).
  std::size_t most_connections = 8;
  // How long a question waits for one of them to be free; then it fails (unavailable).
  std::chrono::milliseconds wait_limit{5'000};
  // To each host of the URL, where the URL does not say (connect_timeout). At least 2 s.
  std::chrono::seconds connect_timeout{5};
  // The server gives up on a statement after this long, and this node a second later.
  std::chrono::milliseconds statement_timeout{10'000};
  // After a connection has failed none is tried for 100 ms, twice as long after each further
  // failure, and at most this long; questions fail at once meanwhile.
  std::chrono::milliseconds longest_backoff{5'000};
  // Hears why no connection can be had (it names host, port, user and database) and what the server
  // said of a statement that failed, once for each reason in a row: callers are not told once the
  // database has been opened. From any thread. Without it they are, as befits a command.
  std::function<void(std::string_view what, const std::string& reason)> tell_operator = {};
  // What opening may do to them.
  Tables tables = Tables::make;
};

// `url`: "postgresql://user:password@host:5432,other-host:5432/name?sslmode=verify-full", all that
// libpq knows; a URL that says nothing else is for the host that takes changes
// (target_session_attrs=read-write), and for hosts other than
// this one verifies the server (sslmode=verify-full). Makes or migrates the tables, as the options
// allow. Errors: invalid_argument (the URL), unavailable (the server, its refusal), unsupported
// (made by a newer version). None contains the password.
Result<std::unique_ptr<Repository>> open_postgres(const Secret& url,
                                                  const PostgresOptions& options = {});

// What time it is on the server's machine. Errors: as of opening it.
Result<WallTime> time_of_postgres(const Secret& url, const PostgresOptions& options = {});

// What to warn of, if the URL says that the server's certificate is not to be verified, or that
// there is no encryption at all, on a way that others may listen on. Empty: nothing.
std::string unverified(const Secret& url);

}  // namespace patchbay::store
