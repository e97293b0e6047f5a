#include "gateway/names/reference_lookup.h"

#include <algorithm>

#include "base/nearest.h"
#include "base/text.h"
#include "gateway/call/labels.h"
#include "json/write.h"

namespace patchbay::gateway {

namespace {

constexpr std::size_t kMaxCandidates = 10;
constexpr std::size_t kMaxNameBytes = 200;

std::string shown(std::string_view text) {
  return '\'' + std::string(cut_utf8(text, 80)) + '\'';
}

}  // namespace

ReferenceLookup::ReferenceLookup(Call& call, const integration::Argument& argument,
                                 ScopeValues scopes)
    : call_(call),
      argument_(argument),
      reference_(*argument.reference),
      scopes_(std::move(scopes)),
      resource_(call.integration().find_resource(argument.reference->resource)),
      rule_(MatchRule::of(argument.reference->match, name_field(call.integration()),
                          resource_ != nullptr ? std::string_view(resource_->inactive_field)
                                               : std::string_view())) {}

std::unexpected<ToolError> ReferenceLookup::refuse(std::string message) const {
  return gateway::refuse(ErrorCode::invalid_argument, std::move(message));
}

Named ReferenceLookup::named(const json::Value& record) const {
  const auto* id = record.find(call_.integration().pagination.id_field);
  return {id != nullptr ? *id : json::Value(), label_of(record, rule_), ""};
}

io::Task<Outcome<std::shared_ptr<const Collection>>> ReferenceLookup::all(Freshness freshness) {
  std::vector<std::string> fields;
  for (const auto& alternative : rule_.alternatives) {
    for (const auto& field : alternative) {
      if (std::ranges::find(fields, field) == fields.end()) fields.push_back(field);
    }
  }
  if (std::ranges::find(fields, rule_.name_field) == fields.end()) {
    fields.push_back(rule_.name_field);
  }
  if (!rule_.inactive_field.empty()) fields.push_back(rule_.inactive_field);
  auto query =
      resource_ != nullptr ? lookup_query(call_, *resource_, scopes_, fields) : std::nullopt;
  if (!query) {
    co_return gateway::refuse(
        ErrorCode::internal, argument_.name + " cannot be looked up: its definition names no list.",
        "Give an id instead.");
  }
  query->page_through = call_.filter_dialect() == nullptr;
  auto collection = co_await call_.loop.lookups.get(call_, std::move(*query), freshness);
  if (collection && (*collection)->asked < call_.began) remembered_ = true;
  co_return collection;
}

io::Task<Outcome<Named>> ReferenceLookup::resolve(json::Value value) {
  if (const auto* object = value.if_object()) {
    // {"id": 7} or {"name": "New"}, as the API's own documentation writes references.
    std::vector<std::string> keys = {call_.integration().pagination.id_field};
    for (const auto& alternative : rule_.alternatives) {
      if (alternative.size() == 1) keys.push_back(alternative.front());
    }
    keys.push_back(rule_.name_field);
    for (const auto& key : keys) {
      if (const auto* inner = object->find(key); inner != nullptr && !inner->is_null()) {
        value = json::Value(*inner);
        break;
      }
    }
  }
  if (value.is_number()) {
    if (!value.as_int64()) co_return refuse("an id is a whole number");
    co_return co_await by_id(std::move(value));
  }
  if (const auto* text = value.if_string()) {
    std::string name(trim(*text));
    if (name.empty()) co_return refuse("is empty; give a name or an id");
    if (name.size() > kMaxNameBytes || !is_valid_utf8(name)) {
      co_return refuse("is no name: at most 200 bytes of valid UTF-8");
    }
    co_return co_await by_name(std::move(name));
  }
  co_return refuse("takes a name or an id");
}

io::Task<Outcome<Named>> ReferenceLookup::by_id(json::Value id) {
  const json::Value number = *id.as_int64();
  // A composite's steps would each take what they need of the two, and never see that they differ.
  const bool scoped = argument_.place == integration::ArgumentPlace::step
                          ? !scopes_.values.empty()
                          : std::ranges::any_of(scopes_.values, [](const auto& value) {
                              return value.first->required;
                            });
  if (!scoped) co_return Named{number, "", ""};
  auto collection = co_await all();
  if (!collection) co_return std::unexpected(collection.error());
  const auto find_record = [&]() -> const json::Value* {
    for (const auto& record : (*collection)->records) {
      const auto* known = record.find(call_.integration().pagination.id_field);
      if (known != nullptr && known->as_int64() == id.as_int64()) return &record;
    }
    return nullptr;
  };
  const auto* record = find_record();
  if (record == nullptr && (*collection)->asked < call_.began &&
      call_.loop.lookups.may_ask_again(memory_of(json::to_string(number)), call_.began)) {
    collection = co_await all(Freshness::own);
    if (!collection) co_return std::unexpected(collection.error());
    record = find_record();
  }
  if (record != nullptr) co_return named(*record);
  if (!(*collection)->complete) co_return Named{number, "", ""};
  co_return refuse(argument_.name + ' ' + json::to_string(number) + " does not exist" +
                   scope_phrase(scopes_) + list_candidates((*collection)->records, ""));
}

std::string ReferenceLookup::memory_of(const std::string& name) const {
  std::string memory = call_.context.account->id() + '\n' + reference_.resource + '\n';
  for (const auto& [scope, value] : scopes_.values) memory += json::to_string(value.id) + '\n';
  return memory + name;
}

io::Task<Outcome<ReferenceLookup::Found>> ReferenceLookup::find(std::string name,
                                                                Freshness freshness) {
  remembered_ = false;
  Found found;
  auto collection = co_await all();
  if (collection && (*collection)->complete && freshness == Freshness::own) {
    remembered_ = false;
    collection = co_await all(freshness);
  }
  if (!collection) co_return std::unexpected(std::move(collection.error()));
  found.all = std::move(*collection);
  if (found.all->complete) {
    found.outcome = match(name, found.all->records, rule_);
  } else {
    remembered_ = false;  // it only tells that there are too many
    for (const bool exact : {true, false}) {
      auto searched = co_await search(name, exact, freshness);
      if (!searched) co_return std::unexpected(std::move(searched.error()));
      found.searched = std::move(*searched);
      found.outcome = match(name, found.searched, rule_);
      if (found.outcome.kind != MatchOutcome::Kind::none) break;
    }
  }
  found.remembered = remembered_;
  co_return found;
}

// A write relies on what is remembered only where it has the very name: a record of that name may
// have come since, beside one whose name merely contains it. And nobody is refused by memory alone.
bool ReferenceLookup::must_ask_again(const Found& found, const std::string& name) {
  if (!found.remembered) return false;
  const auto& outcome = found.outcome;
  const bool one = outcome.kind == MatchOutcome::Kind::one;
  if (one && (outcome.exact || !call_.is_write())) return false;
  if (one) return true;
  if (outcome.kind == MatchOutcome::Kind::none && parse_int64(name)) return false;  // an id
  return call_.loop.lookups.may_ask_again(memory_of(name), call_.began);
}

Named ReferenceLookup::settled(const Found& found) const {
  Named result = named(*found.outcome.found.front());
  const auto& by = rule_.alternatives[found.outcome.alternative];
  if (found.all->complete && found.outcome.exact && by.size() == 1 &&
      by.front() == rule_.name_field) {
    const auto alike = std::ranges::count_if(found.all->records, [&](const json::Value& other) {
      return equal_ignoring_case(trim(other.string_or(rule_.name_field, "")), result.name);
    });
    const bool plain =
        result.name.size() <= kMaxNameBytes && std::ranges::none_of(result.name, [](char c) {
          const auto byte = static_cast<unsigned char>(c);
          return byte < 0x20 || byte == 0x7f;
        });
    if (alike == 1 && plain) result.match_field = rule_.name_field;
  }
  return result;
}

io::Task<Outcome<Named>> ReferenceLookup::by_name(std::string name) {
  auto found = co_await find(name, Freshness::remembered);
  if (found && must_ask_again(*found, name)) found = co_await find(name, Freshness::own);
  if (!found) co_return std::unexpected(std::move(found.error()));
  const auto& outcome = found->outcome;
  if (outcome.kind == MatchOutcome::Kind::one) {
    const auto& record = *outcome.found.front();
    if (outcome.inactive && call_.is_write()) {
      co_return refuse(argument_.name + ' ' + shown(label_of(record, rule_)) +
                       " is inactive; give its id if you mean it nonetheless" +
                       list_candidates(found->all->records, name));
    }
    co_return settled(*found);
  }
  if (outcome.kind == MatchOutcome::Kind::several) {
    std::string list;
    for (std::size_t i = 0; i < std::min(outcome.found.size(), kMaxCandidates); ++i) {
      const auto& record = *outcome.found[i];
      list += (i > 0 ? ", " : "") + long_label_of(record, rule_) + " (id " +
              json::to_string(named(record).id) + ')';
    }
    if (outcome.found.size() > kMaxCandidates) list += ", …";
    co_return refuse(argument_.name + ' ' + shown(name) + " could mean several" +
                     scope_phrase(scopes_) + ": " + list + ". Give the id or the full name");
  }
  // Digits that are nobody's name are an id.
  if (const auto id = parse_int64(name); id && *id > 0) co_return co_await by_id(*id);
  std::string list = list_candidates(found->all->records, name);
  if (!found->all->complete) {
    // The first thousand are hardly the nearest.
    if (const auto near = co_await similar(name); near && !near->empty()) {
      list = list_candidates(*near, name);
    }
  }
  co_return refuse(argument_.name + ' ' + shown(name) + " does not exist" + scope_phrase(scopes_) +
                   list);
}

io::Task<Outcome<std::vector<json::Value>>> ReferenceLookup::search(std::string name, bool exact,
                                                                    Freshness freshness) {
  // Each alternative asks its own question; a name of several fields asks for its first and last
  // word, and match() decides on the whole.
  std::vector<std::vector<dialect::FilterTerm>> questions;
  const auto op =
      exact ? integration::FilterOperator::equal : integration::FilterOperator::contains;
  const auto term = [&](const std::string& field, std::string_view text,
                        integration::FilterOperator how) {
    return dialect::FilterTerm{field, how, integration::FieldType::string, json::Value(text)};
  };
  const auto space = name.find(' ');
  for (const auto& alternative : rule_.alternatives) {
    if (alternative.size() == 1) {
      questions.push_back({term(alternative.front(), name, op)});
    } else if (space != std::string::npos) {
      const auto last = name.substr(name.rfind(' ') + 1);
      questions.push_back(
          {term(alternative.front(), name.substr(0, space), integration::FilterOperator::contains),
           term(alternative.back(), last, integration::FilterOperator::contains)});
    } else if (!exact) {
      for (const auto& field : alternative) questions.push_back({term(field, name, op)});
    }
  }
  std::vector<json::Value> found;
  for (const auto& question : questions) {
    std::vector<std::string> fields;
    for (const auto& alternative : rule_.alternatives) {
      fields.insert(fields.end(), alternative.begin(), alternative.end());
    }
    if (std::ranges::find(fields, rule_.name_field) == fields.end()) {
      fields.push_back(rule_.name_field);
    }
    if (!rule_.inactive_field.empty()) fields.push_back(rule_.inactive_field);
    auto query = lookup_query(call_, *resource_, scopes_, fields);
    auto filter = call_.filter_dialect()->write(question);
    if (!query || !filter)
      co_return refuse(filter ? "cannot be looked up" : filter.error().message);
    query->filter = call_.filter_dialect()->both(query->filter, *filter);
    const auto collection = co_await call_.loop.lookups.get(call_, std::move(*query), freshness);
    if (!collection) co_return std::unexpected(collection.error());
    remembered_ = remembered_ || (*collection)->asked < call_.began;
    for (const auto& record : (*collection)->records) {
      const auto id = named(record).id;
      const bool known = std::ranges::any_of(
          found, [&](const json::Value& other) { return named(other).id == id; });
      if (!known) found.push_back(record);
    }
  }
  co_return found;
}

io::Task<Outcome<std::vector<json::Value>>> ReferenceLookup::similar(std::string name) {
  // The longest word is the most telling one; its start still is where its end is misspelt.
  constexpr std::size_t kLeastBytes = 3;
  std::string longest;
  for (const auto word : split(name, ' ')) {
    if (word.size() > longest.size()) longest = word;
  }
  Outcome<std::vector<json::Value>> found;
  for (const std::size_t bytes : {longest.size(), longest.size() / 2}) {
    const std::string part(cut_utf8(longest, std::max(bytes, kLeastBytes)));
    if (part.empty()) break;
    found = co_await search(part, false, Freshness::remembered);
    if (!found || !found->empty()) break;
  }
  co_return found;
}

std::string ReferenceLookup::list_candidates(const std::vector<json::Value>& records,
                                             const std::string& wanted) const {
  std::vector<std::string> names;
  std::vector<std::string> inactive;
  for (const auto& record : records) {
    std::string label(cut_utf8(long_label_of(record, rule_), 80));
    if (label.empty()) continue;
    const bool in_use =
        rule_.inactive_field.empty() || !record.bool_or(rule_.inactive_field, false);
    (in_use ? names : inactive).push_back(std::move(label));
  }
  if (names.empty()) names = std::move(inactive);
  if (names.empty()) return scopes_.values.empty() ? "; there are none" : "; it has none";
  const std::size_t total = names.size();
  if (!wanted.empty()) {
    names = nearest(wanted, names, kMaxCandidates, true);
  } else if (names.size() > kMaxCandidates) {
    names.resize(kMaxCandidates);
  }
  return (scopes_.values.empty() ? "; there are: " : "; it has: ") + join(names) +
         (total > names.size() ? ", …" : "");
}

io::Task<std::string> ReferenceLookup::candidates(std::string wanted) {
  const auto collection = co_await all();
  if (!collection) co_return std::string();
  co_return list_candidates((*collection)->records, wanted);
}

}  // namespace patchbay::gateway
