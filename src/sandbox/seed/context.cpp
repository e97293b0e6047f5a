#include "sandbox/seed/context.h"

#include <cassert>
#include <chrono>

namespace patchbay::sandbox {
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

Draft SeedContext::setup(std::string_view table, std::string_view name, bool is_default) const {
  Draft draft(db, table);
  draft.set("name", name).entered(options.now - std::chrono::days(1300), "zadmin");
  if (is_default) draft.set("defaultFlag", true);
  return draft;
}

}  // namespace patchbay::sandbox
