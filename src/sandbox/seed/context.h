// What the parts of the seeding share: the database, the time, and what has been made so far.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sandbox/records/database.h"
#include "sandbox/seed/draft.h"
#include "sandbox/seed/random.h"
#include "sandbox/seed/seed.h"
#include "sandbox/seed/topics.h"

namespace patchbay::sandbox {

struct SeededMember {
  std::int64_t id = 0;
  std::string identifier;
  std::string name;
  std::string team;  // "service", "network", "server", "security", "field", "cloud", "sales", …
};

struct SeededCompany {
  std::int64_t id = 0;
  std::string name;
  std::string domain;  // "acmecorp.example"
  std::string prefix;  // of host names: "ACME"
  std::int64_t site = 0;
  std::int64_t agreement = 0;  // 0: none
  std::vector<std::int64_t> contacts;
};

// One allowed combination on a board, with what is written about it.
struct SeededTopic {
  const Topic* topic = nullptr;
  std::int64_t type = 0;
  std::int64_t sub_type = 0;
  std::int64_t item = 0;
};

struct SeededBoard {
  std::int64_t id = 0;
  std::string name;
  std::string team;  // whose members work on it
  int weight = 0;    // share of the tickets
  std::int64_t team_id = 0;
  std::int64_t new_status = 0;
  std::vector<std::int64_t> open_statuses;
  std::vector<std::int64_t> closed_statuses;
  std::vector<SeededTopic> topics;
};

struct SeedContext {
  Database& db;
  SeedOptions options;
  std::vector<SeededMember> members;
  std::vector<SeededCompany> companies;  // customers; the MSP itself is company 1
  std::vector<SeededBoard> boards;

  Random random(std::string_view subject) const { return Random(options.seed, subject); }
  const SeededMember& member(std::string_view identifier) const;  // asserts
  const SeededBoard& board(std::string_view name) const;          // asserts
  const SeededCompany& company(std::string_view name) const;      // asserts
  std::vector<const SeededMember*> team(std::string_view name) const;
  std::int64_t id_by_name(std::string_view table, std::string_view name) const;
  // A record of a list that somebody set up when the MSP began to use the system.
  Draft setup(std::string_view table, std::string_view name, bool is_default = false) const;
};

}  // namespace patchbay::sandbox
