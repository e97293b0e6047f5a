#include "gateway/names/reference_lookup.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/blanks.h"
#include "base/nearest.h"
#include "base/text.h"
#include "gateway/names/marks.h"
#include "gateway/sending/off_loop.h"
#include "json/write.h"

namespace patchbay::gateway {

using integration::FilterOperator;

namespace {

constexpr std::size_t kMaxNameBytes = 200;
constexpr std::size_t kMaxIdDigits = 9;  // what fits 32 bits whatever its digits

std::string shown(std::string_view text) {
  return '\'' + std::string(cut_utf8(text, 80)) + '\'';
}

std::optional<std::int64_t> id_in(std::string_view text) {
  const auto id = parse_int64(text);
  return id && *id > 0 ? id : std::nullopt;
}

}  // namespace

ReferenceLookup::ReferenceLookup(Call& call, const integration::Argument& argument,
                                 ScopeValues scopes, bool check_ids)
    : call_(call),
      argument_(argument),
      reference_(*argument.reference),
      candidates_(call, reference_, argument.name, std::move(scopes)),
      check_ids_(check_ids || !argument.compares.empty()) {}

std::unexpected<ToolError> ReferenceLookup::refuse(std::string message) const {
  return gateway::refuse(ErrorCode::invalid_argument, std::move(message));
}

Named ReferenceLookup::named(const json::Value& record) const {
  const auto* id = record.find(rule().id_field);
  const auto& field = argument_.compares;
  return {id != nullptr ? *id : json::Value(),
          field.empty() ? label_of(record, rule()) : std::string(record.string_or(field, "")), ""};
}

io::Task<Outcome<Named>> ReferenceLookup::resolve(json::Value value) {
  notice_.clear();
  refused_ = Refused::absent;
  if (value.is_number()) {
    if (!value.as_int64()) co_return refuse("an id is a whole number");
    if (reference_.called_by_number) co_return co_await by_text(json::to_string(value));
    co_return co_await by_id(std::move(value));
  }
  if (const auto* text = value.if_string()) {
    std::string name(trim_blanks(*text));
    if (name.empty()) co_return refuse("is empty; give a name or an id");
    if (name.size() > kMaxNameBytes || !is_valid_utf8(name)) {
      co_return refuse("is no name: at most 200 bytes of valid UTF-8");
    }
    if (says_me(unquoted(name))) co_return co_await by_me();
    co_return co_await by_text(std::move(name));
  }
  co_return refuse("takes a name or an id");
}

bool ReferenceLookup::says_me(std::string_view text) const {
  return reference_.resource == call_.integration().members.resource &&
         equal_ignoring_case(text, "me");
}

io::Task<Outcome<Named>> ReferenceLookup::by_me() {
  const auto& member = call_.context.member;
  if (member == nullptr) {
    refused_ = Refused::nobody;
    co_return refuse(argument_.name +
                     " 'me' is nobody: this MCP server is not set to be a member's. Give a login, "
                     "a name or an id");
  }
  if (!argument_.compares.empty() && argument_.compares == call_.integration().members.login) {
    co_return Named{member->id, member->login, ""};
  }
  auto found = co_await by_id(member->id);
  if (found && found->name.empty())
    found->name = member->name.empty() ? member->login : member->name;
  co_return found;
}

io::Task<Outcome<Named>> ReferenceLookup::by_id(json::Value id) {
  const std::int64_t number = *id.as_int64();
  if (call_.context.is_unmade(id)) co_return Named{number, "", ""};
  const bool narrowed = keeps_to_narrowing_scopes();
  const bool scoped = narrowed ? !scopes().values.empty()
                               : std::ranges::any_of(scopes().values, [](const auto& value) {
                                   return value.first->required;
                                 });
  if (!scoped && !check_ids_) co_return Named{number, "", ""};
  candidates_.forget_memory();
  auto found = co_await candidates_.with_id(number, narrowed, Freshness::remembered);
  if (found && candidates_.remembered()) {
    // Nobody is refused by memory alone, nor told that a record is out of use.
    const bool absent = found->is == Candidates::ById::Is::absent;
    const bool may_be_told = found->is == Candidates::ById::Is::there && may_not_be_out_of_use() &&
                             !why_out_of_use(found->record, rule()).empty();
    if (may_be_told || (absent && call_.loop.lookups.may_ask_again(
                                      memory_of(std::to_string(number)), call_.began))) {
      found = co_await candidates_.with_id(number, narrowed, Freshness::own);
    }
  }
  // Of a read, an id that may not be looked up is taken at its word: its answer tells what there
  // is.
  const bool may_not_look = !found && found.error().code == ErrorCode::permission_denied;
  if (may_not_look && argument_.place == integration::ArgumentPlace::step) {
    co_return Named{number, "", ""};
  }
  if (!found) co_return std::unexpected(std::move(found.error()));
  if (found->is == Candidates::ById::Is::there) {
    tell_out_of_use(found->record, why_out_of_use(found->record, rule()));
    co_return named(found->record);
  }
  if (found->is == Candidates::ById::Is::untold) co_return Named{number, "", ""};
  std::string message = argument_.name + ' ' + std::to_string(number) + " does not exist";
  if (!scoped) co_return refuse(std::move(message));
  const auto all = co_await candidates_.all();
  message += scope_phrase(scopes());
  if (all) message += co_await list_candidates((*all)->records, (*all)->bytes, "");
  co_return refuse(std::move(message));
}

// Whether an id, too, must be of the scopes that only narrow. A write would put one company's
// contact or agreement on another's record, and an API takes it; a composite's steps would each
// take what they need of the two, and never see that they differ. In an update, what others hang on
// moves the record (a project ticket's project), and is not held to where it stands.
bool ReferenceLookup::keeps_to_narrowing_scopes() const {
  if (argument_.place == integration::ArgumentPlace::step) return true;
  if (!call_.is_write() || argument_.place != integration::ArgumentPlace::body) return false;
  if (call_.method().kind == integration::MethodKind::create) return true;
  return std::ranges::none_of(call_.resource().fields, [&](const integration::Field& field) {
    return field.lookup &&
           std::ranges::any_of(field.lookup->scopes, [&](const integration::Scope& scope) {
             return scope.argument == argument_.name;
           });
  });
}

std::string ReferenceLookup::memory_of(const std::string& name) const {
  std::string memory = call_.connection() + '\n' + reference_.resource + '\n';
  for (const auto& [scope, value] : scopes().values) memory += json::to_string(value.id) + '\n';
  return memory + name;
}

bool ReferenceLookup::known_as(FilterOperator op, std::string_view text) const {
  return reads_as(op, text) && std::ranges::any_of(reference_.known_by, [&](const auto& known) {
           return known.as == op;
         });
}

bool ReferenceLookup::is_settled(const Found& found) {
  return found.outcome.kind != MatchOutcome::Kind::none || found.untold || !found.refusal.empty();
}

io::Task<Outcome<ReferenceLookup::Found>> ReferenceLookup::find(std::string text,
                                                                Freshness freshness) {
  candidates_.forget_memory();
  Found found;
  // An address is nobody's name: the records need not be gone through for one.
  if (known_as(FilterOperator::as_email, text)) {
    auto asked = co_await find_by_mark(found, FilterOperator::as_email, text, freshness);
    if (!asked) co_return std::unexpected(std::move(asked.error()));
    if (is_settled(found)) {
      found.remembered = candidates_.remembered();
      co_return found;
    }
  }
  auto collection = co_await candidates_.all();
  if (collection && (*collection)->complete && freshness == Freshness::own) {
    candidates_.forget_memory();
    collection = co_await candidates_.all(freshness);
  }
  if (!collection) co_return std::unexpected(std::move(collection.error()));
  found.all = std::move(*collection);
  if (found.all->complete) {
    found.outcome = co_await off_loop(
        call_, found.all->bytes, [&] { return match_exactly(text, found.all->records, rule()); });
  } else {
    candidates_.forget_memory();  // it only tells that there are too many
    auto searched = co_await candidates_.named(text, true, freshness);
    if (!searched) co_return std::unexpected(std::move(searched.error()));
    found.searched = std::move(*searched);
    found.outcome = co_await off_loop(call_, found.searched->bytes, [&] {
      return match_exactly(text, found.searched->records, rule());
    });
  }
  if (!is_settled(found)) {
    auto asked = co_await find_otherwise(found, text, freshness);
    // A name is printed in quotes, and quoted with them.
    if (const auto inner = unquoted(text); asked && !is_settled(found) && inner != text) {
      co_return co_await find(std::string(inner), freshness);
    }
    if (asked && !is_settled(found) && !id_in(text)) {
      asked = co_await find_part(found, text, freshness);
    }
    if (!asked) co_return std::unexpected(std::move(asked.error()));
  }
  found.remembered = candidates_.remembered();
  co_return found;
}

io::Task<Outcome<>> ReferenceLookup::find_otherwise(Found& found, std::string text,
                                                    Freshness freshness) {
  // So many digits are hardly an id, and may be more than the upstream takes for one.
  const bool is_number = text.size() > kMaxIdDigits && known_as(FilterOperator::as_phone, text);
  // Where a number is a name, "id 5" is what an id is written as.
  constexpr std::string_view kId = "id ";
  const bool by_number = reference_.called_by_number;
  const std::string_view said = by_number && text.starts_with(kId)
                                    ? std::string_view(text).substr(kId.size())
                                    : std::string_view(text);
  const bool may_be_id = !by_number || said.size() < text.size();
  if (const auto id = id_in(said); id && may_be_id && !is_number) {
    if (auto asked = co_await find_by_id(found, *id, "", freshness); !asked) co_return asked;
  } else if (split_group(text)) {
    if (auto asked = co_await find_by_group(found, text, freshness); !asked) co_return asked;
  }
  for (const auto op : {FilterOperator::as_phone, FilterOperator::as_domain}) {
    if (is_settled(found)) break;
    if (!known_as(op, text)) continue;
    if (auto asked = co_await find_by_mark(found, op, text, freshness); !asked) co_return asked;
  }
  co_return Outcome<>();
}

// `name`: what the record must be called as well; "": nothing more is said of it.
io::Task<Outcome<>> ReferenceLookup::find_by_id(Found& found, std::int64_t id, std::string name,
                                                Freshness freshness) {
  auto there = co_await candidates_.with_id(id, keeps_to_narrowing_scopes(), freshness);
  if (!there) co_return std::unexpected(std::move(there.error()));
  if (there->is == Candidates::ById::Is::untold) {
    if (name.empty()) found.untold = id;
    co_return Outcome<>();
  }
  if (there->is == Candidates::ById::Is::absent) co_return Outcome<>();
  if (!name.empty() && !agrees(there->record, name, rule())) {
    found.refusal = "says two things: " + std::to_string(id) + " is " +
                    shown(long_label_of(there->record, rule())) + ", not " + shown(name) +
                    ". Give one of them";
    co_return Outcome<>();
  }
  found.searched = make_collection(call_);
  found.searched->records.push_back(std::move(there->record));
  found.outcome = match_any(found.searched->records, rule());
  found.by_id = true;
  co_return Outcome<>();
}

io::Task<Outcome<>> ReferenceLookup::find_by_group(Found& found, std::string text,
                                                   Freshness freshness) {
  const auto group = *split_group(text);
  if (group.says_id) {
    co_return co_await find_by_id(found, *group.id, std::string(group.before), freshness);
  }
  const auto meant = [&](const json::Value& record) { return agrees(record, text, rule()); };
  auto agreeing = make_collection(call_);
  if (found.all->complete) {
    agreeing->bytes = found.all->bytes;
    co_await off_loop(call_, agreeing->bytes, [&] {
      std::ranges::copy_if(found.all->records, std::back_inserter(agreeing->records), meant);
    });
  } else {
    for (const auto part : {group.within, unquoted(group.before)}) {
      auto searched = co_await candidates_.named(std::string(part), true, freshness);
      if (!searched) co_return std::unexpected(std::move(searched.error()));
      agreeing = std::move(*searched);
      co_await off_loop(call_, agreeing->bytes, [&] {
        std::erase_if(agreeing->records, [&](const json::Value& record) { return !meant(record); });
      });
      if (!agreeing->records.empty()) break;
    }
  }
  found.searched = std::move(agreeing);
  co_await match_all_searched(found);
  co_return Outcome<>();
}

io::Task<Outcome<>> ReferenceLookup::find_by_mark(Found& found, FilterOperator op, std::string text,
                                                  Freshness freshness) {
  auto known = co_await candidates_.known_as(op, std::move(text), freshness);
  if (!known) co_return std::unexpected(std::move(known.error()));
  found.searched = std::move(*known);
  co_await match_all_searched(found);
  co_return Outcome<>();
}

io::Task<Outcome<>> ReferenceLookup::find_part(Found& found, std::string text,
                                               Freshness freshness) {
  if (found.all->complete) {
    found.outcome = co_await off_loop(call_, found.all->bytes,
                                      [&] { return match_part(text, found.all->records, rule()); });
    co_return Outcome<>();
  }
  auto searched = co_await candidates_.named(text, false, freshness);
  if (!searched) co_return std::unexpected(std::move(searched.error()));
  found.searched = std::move(*searched);
  found.outcome = co_await off_loop(call_, found.searched->bytes,
                                    [&] { return match(text, found.searched->records, rule()); });
  co_return Outcome<>();
}

io::Task<> ReferenceLookup::match_all_searched(Found& found) {
  found.outcome = co_await off_loop(call_, found.searched->bytes,
                                    [&] { return match_any(found.searched->records, rule()); });
}

// A write relies on what is remembered only where it has the very name: a record of that name may
// have come since, beside one whose name merely contains it. And nobody is refused by memory alone.
bool ReferenceLookup::must_ask_again(const Found& found, const std::string& name) {
  if (!found.remembered) return false;
  const auto& outcome = found.outcome;
  const bool one = outcome.kind == MatchOutcome::Kind::one;
  // What was put out of use may be in use again.
  if (one && !outcome.out_of_use.empty() && may_not_be_out_of_use()) return true;
  if (one && (outcome.exact || !call_.is_write())) return false;
  if (one) return true;
  if (found.untold) return false;
  return call_.loop.lookups.may_ask_again(memory_of(name), call_.began);
}

// What a write must know of a record that was remembered: that it is called so still, and was not
// put out of use since.
io::Task<Outcome<bool>> ReferenceLookup::is_outdated(const Found& found, std::string text) {
  const auto& outcome = found.outcome;
  if (!found.remembered || outcome.kind != MatchOutcome::Kind::one || rule().out_of_use.empty() ||
      !may_not_be_out_of_use() || !outcome.out_of_use.empty()) {
    co_return false;
  }
  const auto id = named(*outcome.found.front()).id.as_int64();
  if (!id) co_return false;
  auto now = co_await candidates_.with_id(*id, keeps_to_narrowing_scopes(), Freshness::own);
  if (!now) co_return std::unexpected(std::move(now.error()));
  if (now->is == Candidates::ById::Is::untold) co_return false;
  if (now->is == Candidates::ById::Is::absent || !why_out_of_use(now->record, rule()).empty()) {
    co_return true;
  }
  // Whom an address or a number led to may be called whatever it is.
  const bool was_called_so = agrees(*outcome.found.front(), text, rule());
  co_return was_called_so && !agrees(now->record, text, rule());
}

void ReferenceLookup::tell_out_of_use(const json::Value& record, const std::string& why) {
  if (why.empty() || !may_not_be_out_of_use()) return;
  notice_ = argument_.name + ' ' + shown(label_of(record, rule())) + " (id " +
            json::to_string(named(record).id) + ") is inactive (" + why +
            "); it was taken, since its id was given.";
}

io::Task<Named> ReferenceLookup::settled(const Found& found) const {
  Named result = named(*found.outcome.found.front());
  const bool by_name = found.outcome.exact && !found.by_id &&
                       (found.searched == nullptr || found.searched->records.empty());
  if (!by_name) co_return result;
  const auto& by = rule().alternatives[found.outcome.alternative];
  if (found.all->complete && by.size() == 1 && by.front() == rule().name_field) {
    const auto is_alike = [&](const json::Value& other) {
      return equal_ignoring_case(trim_blanks(other.string_or(rule().name_field, "")), result.name);
    };
    const auto alike = co_await off_loop(call_, found.all->bytes, [&] {
      return std::ranges::count_if(found.all->records, is_alike);
    });
    const bool plain =
        result.name.size() <= kMaxNameBytes && std::ranges::none_of(result.name, [](char c) {
          const auto byte = static_cast<unsigned char>(c);
          return byte < 0x20 || byte == 0x7f;
        });
    if (alike == 1 && plain) result.match_field = rule().name_field;
  }
  co_return result;
}

// What is written names it, or is added to it. In the path of an update it only leads to a record
// that is there already.
bool ReferenceLookup::may_not_be_out_of_use() const {
  using integration::MethodKind;
  const auto kind = call_.method().kind;
  const bool leads = argument_.place == integration::ArgumentPlace::path &&
                     (kind == MethodKind::update || kind == MethodKind::delete_);
  return call_.is_write() && !leads;
}

io::Task<Outcome<Named>> ReferenceLookup::by_text(std::string text) {
  auto found = co_await find(text, Freshness::remembered);
  if (found && must_ask_again(*found, text)) {
    found = co_await find(text, Freshness::own);
  } else if (found) {
    const auto outdated = co_await is_outdated(*found, text);
    if (!outdated) co_return std::unexpected(outdated.error());
    if (*outdated) found = co_await find(text, Freshness::own);
  }
  if (!found) co_return std::unexpected(std::move(found.error()));
  if (found->untold) co_return Named{*found->untold, "", ""};
  if (!found->refusal.empty()) co_return refuse(argument_.name + ' ' + found->refusal);
  const auto& outcome = found->outcome;
  if (outcome.kind == MatchOutcome::Kind::one) {
    const auto& record = *outcome.found.front();
    const auto id = json::to_string(named(record).id);
    if (!outcome.out_of_use.empty() && !found->by_id && may_not_be_out_of_use()) {
      refused_ = Refused::out_of_use;
      std::string message = argument_.name + ' ' + shown(label_of(record, rule())) +
                            " is inactive (" + outcome.out_of_use + "); give its id, " + id +
                            ", if you mean it nonetheless";
      if (found->all) {
        message += co_await list_candidates(found->all->records, found->all->bytes, text);
      }
      co_return refuse(std::move(message));
    }
    if (found->by_id) tell_out_of_use(record, outcome.out_of_use);
    if (!outcome.exact) {
      notice_ = argument_.name + ' ' + shown(text) + " was taken for " +
                shown(label_of(record, rule())) + " (id " + id + "), of whose name it is a part.";
    }
    co_return co_await settled(*found);
  }
  if (outcome.kind == MatchOutcome::Kind::several) {
    refused_ = Refused::several;
    std::string list;
    for (std::size_t i = 0; i < std::min(outcome.found.size(), kMaxCandidates); ++i) {
      list += (i > 0 ? ", " : "") + print_record(*outcome.found[i], rule(), true);
    }
    if (outcome.found.size() > kMaxCandidates) list += ", …";
    co_return refuse(argument_.name + ' ' + shown(text) + " could mean several" +
                     scope_phrase(scopes()) + ": " + list + ". Give the id or the full name");
  }
  co_return co_await refuse_unknown(std::move(*found), std::move(text));
}

io::Task<Outcome<Named>> ReferenceLookup::refuse_unknown(Found found, std::string text) {
  // Nothing is near a number; what a board has is worth telling all the same.
  const auto id = id_in(text);
  std::string message =
      argument_.name + ' ' + (id ? text : shown(text)) + " does not exist" + scope_phrase(scopes());
  if (id && scopes().values.empty()) co_return refuse(std::move(message));
  if (!found.all->complete && !id) {
    // The first thousand are hardly the nearest.
    if (const auto near = co_await candidates_.similar(text); near && !(*near)->records.empty()) {
      co_return refuse(message + co_await list_candidates((*near)->records, (*near)->bytes, text));
    }
  }
  co_return refuse(message + co_await list_candidates(found.all->records, found.all->bytes,
                                                      id ? std::string() : text));
}

io::Task<std::string> ReferenceLookup::list_candidates(const std::vector<json::Value>& records,
                                                       std::size_t bytes,
                                                       std::string wanted) const {
  const auto [names, total] = co_await off_loop(call_, bytes, [&] {
    auto all = print_records(records, rule());
    const auto count = all.size();
    if (!wanted.empty()) {
      all = nearest(wanted, all, kMaxCandidates, true);
    } else if (all.size() > kMaxCandidates) {
      all.resize(kMaxCandidates);
    }
    return std::pair(std::move(all), count);
  });
  const bool scoped = !scopes().values.empty();
  if (names.empty()) co_return std::string(scoped ? "; it has none" : "; there are none");
  co_return (scoped ? "; it has: " : "; there are: ") + join(names) +
      (total > names.size() ? ", …" : "");
}

io::Task<std::string> ReferenceLookup::candidates(std::string wanted) {
  const auto collection = co_await candidates_.all();
  if (!collection) co_return std::string();
  co_return co_await list_candidates((*collection)->records, (*collection)->bytes,
                                     std::move(wanted));
}

}  // namespace patchbay::gateway
