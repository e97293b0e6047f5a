#include "store/postgres/open_postgres.h"

#include <chrono>
#include <utility>

#include "store/postgres/address.h"
#include "store/postgres/connection.h"
#include "store/postgres/schema.h"
#include "store/postgres/transactions.h"
#include "store/sql_repository.h"

namespace patchbay::store {

Result<std::unique_ptr<Repository>> open_postgres(const Secret& url,
                                                  const PostgresOptions& options) {
  auto address = postgres::Address::parse(url, options.connect_timeout);
  if (!address) return std::unexpected(address.error());
  auto connection = postgres::Connection::open(*address, options.statement_timeout);
  if (!connection) return std::unexpected(connection.error());
  if (!makes(options.tables)) {
    if (auto fit = postgres::check_tables(**connection, options.tables); !fit) {
      return std::unexpected(fit.error());
    }
  }
  if (options.tables != Tables::leave) {
    if (auto migrated = postgres::migrate(**connection); !migrated) {
      return std::unexpected(migrated.error());
    }
  }
  connection->reset();
  return open_repository(std::make_unique<postgres::PostgresDatabase>(std::move(*address), options),
                         options.tables);
}

Result<WallTime> time_of_postgres(const Secret& url, const PostgresOptions& options) {
  const auto address = postgres::Address::parse(url, options.connect_timeout);
  if (!address) return std::unexpected(address.error());
  const auto connection = postgres::Connection::open(*address, options.statement_timeout);
  if (!connection) return std::unexpected(connection.error());
  const auto answer =
      (*connection)
          ->run(Sql("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint"), Parameters());
  if (!answer) return std::unexpected(answer.error());
  if (answer->rows() != 1) return fail(ErrorCode::internal, "The database tells no time.");
  return WallTime(std::chrono::milliseconds(answer->at(0, 0).integer));
}

std::string unverified(const Secret& url) {
  const auto address = postgres::Address::parse(url, std::chrono::seconds(5));
  return address ? address->unverified() : std::string();
}

}  // namespace patchbay::store
