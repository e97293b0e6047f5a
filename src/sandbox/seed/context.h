// What the parts of the seeding share: the database, the time, and what has been made so far.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sandbox/records/database.h"
#include "sandbox/seed/random.h"
#include "sandbox/seed/seed.h"
#include "sandbox/seed/topics.h"

namespace patchbay::sandbox {

// A record under construction: `Draft(db, "boards").set("name", "Triage").insert()`.
class Draft {
 public:
  Draft(Database& db, std::string_view table);
  Draft& id(std::int64_t id);
  Draft& set(std::string_view field, Cell value);
  Draft& refer(std::string_view field, std::int64_t id);  // 0: leave it null
  // dateEntered and lastUpdated, enteredBy and updatedBy.
  Draft& entered(Instant when, std::string_view by);
  Draft& updated(Instant when, std::string_view by);
  const Record& record() const { return record_; }
  Record& record() { return record_; }
  const Table& table() const { return table_; }
  std::int64_t insert();

 private:
  Table& table_;
  Record record_;
};

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
};

// In the order in which they must run.
void seed_setup(SeedContext& context);
void seed_members(SeedContext& context);
void seed_boards(SeedContext& context);
void seed_companies(SeedContext& context);
void seed_tickets(SeedContext& context);
void seed_time_entries(SeedContext& context);
void seed_opportunities(SeedContext& context);
void seed_projects(SeedContext& context);
void seed_trade(SeedContext& context);      // catalog, products, orders, purchase orders
void seed_billing(SeedContext& context);    // additions, expenses, invoices, payments
void seed_office(SeedContext& context);     // configurations, schedules, activities, notes, periods
void seed_paperwork(SeedContext& context);  // what stands on records beside their sums
void seed_later(SeedContext& context);      // what came later: appended, so that older ids stay

std::string random_guid(Random& random);

// Adds a note to a ticket as it would have been written then.
struct SeededNote {
  std::string text;
  Instant when;
  bool description = false;
  bool internal = false;
  bool resolution = false;
  std::int64_t member = 0;
  std::int64_t contact = 0;
  std::string author;
};
void insert_note(Database& db, std::int64_t ticket, const SeededNote& note);

}  // namespace patchbay::sandbox
