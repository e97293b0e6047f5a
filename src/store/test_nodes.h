// Several nodes on one database of PostgreSQL.
#pragma once

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "store/postgres/open_postgres.h"
#include "store/test_postgres.h"
#include "store/test_rows.h"

namespace patchbay::store {

// Several nodes on one database.
struct Nodes {
  TestPostgres& server = TestPostgres::instance();
  std::string name = server.create_database();

  std::unique_ptr<Repository> open(const PostgresOptions& options = {}) const {
    return given(open_postgres(server.url(name), options));
  }
  std::string sql(const std::string& text) const {
    return server.sql(name, "SET search_path = patchbay; " + text);
  }
  // Ends all sessions of this program.
  void cut_connections() const {
    sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE application_name = 'patchbay' AND datname = current_database()");
  }
};

template <class Work>
void run_at_once(int threads, Work work) {
  std::vector<std::thread> running;
  running.reserve(static_cast<std::size_t>(threads));
  for (int i = 0; i < threads; ++i) running.emplace_back([&work, i] { work(i); });
  for (auto& thread : running) thread.join();
}

}  // namespace patchbay::store
