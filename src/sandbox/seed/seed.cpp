#include "sandbox/seed/seed.h"

#include <cassert>

#include <fmt/format.h>

#include "sandbox/modules/service/tickets_rules.h"
#include "sandbox/seed/context.h"

namespace patchbay::sandbox {

Draft::Draft(Database& db, std::string_view table)
    : table_(db.table(table)), record_(table_.blank()) {
  for (std::size_t i = 0; i < table_.fields().size(); ++i) {
    const Field& field = table_.fields()[i];
    record_.cells[i] = field.fallback_from ? field.fallback_from(db) : field.fallback;
  }
}

Draft& Draft::id(std::int64_t id) {
  record_.id = id;
  return *this;
}

Draft& Draft::set(std::string_view field, Cell value) {
  table_.at(record_, field) = std::move(value);
  return *this;
}

Draft& Draft::refer(std::string_view field, std::int64_t id) {
  table_.at(record_, field) = id == 0 ? Cell() : Cell(Reference{id});
  return *this;
}

Draft& Draft::entered(Instant when, std::string_view by) {
  set("dateEntered", when);
  set("enteredBy", std::string(by));
  return updated(when, by);
}

Draft& Draft::updated(Instant when, std::string_view by) {
  set("lastUpdated", when);
  return set("updatedBy", std::string(by));
}

std::int64_t Draft::insert() {
  return table_.insert(std::move(record_)).id;
}

namespace {

template <class Container, class Member>
const auto& find_named(const Container& container, Member member, std::string_view name) {
  for (const auto& one : container) {
    if (one.*member == name) return one;
  }
  assert(false);
  return container.front();
}

}  // namespace

const SeededMember& SeedContext::member(std::string_view identifier) const {
  return find_named(members, &SeededMember::identifier, identifier);
}

const SeededBoard& SeedContext::board(std::string_view name) const {
  return find_named(boards, &SeededBoard::name, name);
}

const SeededCompany& SeedContext::company(std::string_view name) const {
  return find_named(companies, &SeededCompany::name, name);
}

std::vector<const SeededMember*> SeedContext::team(std::string_view name) const {
  std::vector<const SeededMember*> found;
  for (const SeededMember& one : members) {
    if (one.team == name) found.push_back(&one);
  }
  return found;
}

std::int64_t SeedContext::id_by_name(std::string_view table, std::string_view name) const {
  const Record* record = db.table(table).find_by("name", name);
  assert(record != nullptr);
  return record->id;
}

std::string random_guid(Random& random) {
  const std::uint64_t high = random.next();
  const std::uint64_t low = random.next();
  return fmt::format("{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}", high >> 32, (high >> 16) & 0xffff,
                     high & 0xfff, 0x8000 | ((low >> 48) & 0x3fff), low & 0xffffffffffff);
}

void insert_note(Database& db, std::int64_t ticket, const SeededNote& note) {
  Draft draft(db, "ticketNotes");
  draft.refer("ticket", ticket)
      .set("text", note.text)
      .set("detailDescriptionFlag", note.description)
      .set("internalAnalysisFlag", note.internal)
      .set("resolutionFlag", note.resolution)
      .set("internalFlag", note.internal)
      .set("externalFlag", note.description || note.resolution)
      .refer("member", note.member)
      .refer("contact", note.contact)
      .set("dateCreated", note.when)
      .set("createdBy", note.author)
      .entered(note.when, note.author);
  // Real instances are years old: their ids do not start at one.
  if (db.table("ticketNotes").records().empty()) draft.id(50'001);
  const std::int64_t id = draft.insert();
  add_to_all_notes(db, *db.table("ticketNotes").find(id));
}

void seed_database(Database& db, const SeedOptions& options) {
  SeedContext context{db, options, {}, {}, {}};
  seed_setup(context);
  seed_members(context);
  seed_boards(context);
  seed_companies(context);
  seed_opportunities(context);
  seed_tickets(context);
  seed_time_entries(context);
  seed_projects(context);
  seed_trade(context);
  seed_billing(context);
  seed_office(context);
  seed_later(context);
  seed_paperwork(context);
}

}  // namespace patchbay::sandbox
