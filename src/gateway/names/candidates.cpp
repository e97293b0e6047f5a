#include "gateway/names/candidates.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <unordered_set>

#include "base/iso8601.h"
#include "base/text.h"
#include "gateway/call/labels.h"
#include "gateway/names/marks.h"
#include "gateway/sending/ask.h"
#include "gateway/sending/off_loop.h"
#include "json/write.h"

namespace patchbay::gateway {

using integration::FieldType;
using integration::FilterOperator;

namespace {

void add_once(std::vector<std::string>& names, std::string_view name) {
  if (std::ranges::find(names, name) == names.end()) names.emplace_back(name);
}

// One that several questions find counts once.
void add_new(std::vector<json::Value>& found, const std::vector<json::Value>& records,
             const std::string& id_field) {
  std::unordered_set<std::string> known;
  const auto id_of = [&](const json::Value& record) {
    const auto* id = record.find(id_field);
    return id != nullptr ? json::to_string(*id) : std::string();
  };
  for (const auto& record : found) known.insert(id_of(record));
  known.erase(std::string());
  for (const auto& record : records) {
    auto id = id_of(record);
    if (id.empty() || known.insert(std::move(id)).second) found.push_back(record);
  }
}

MatchRule rule_of(const Call& call, const integration::Reference& reference,
                  const integration::Resource* resource) {
  auto rule = MatchRule::of(reference.match, name_field(call.integration()));
  rule.id_field = call.integration().pagination.id_field;
  if (resource == nullptr || resource->out_of_use.empty()) return rule;
  rule.out_of_use = resource->out_of_use;
  const auto now = call.services.clock.now();
  const auto local = call.context.account->time_zone().to_local(now);
  rule.now = format_utc(now);
  rule.today = format_utc(WallTime(local.time_since_epoch())).substr(0, 10);
  return rule;
}

}  // namespace

Candidates::Candidates(Call& call, const integration::Reference& reference,
                       const std::string& argument_name, ScopeValues scopes)
    : call_(call),
      reference_(reference),
      argument_name_(argument_name),
      scopes_(std::move(scopes)),
      resource_(call.integration().find_resource(reference.resource)),
      rule_(rule_of(call, reference, resource_)) {}

std::vector<std::string> Candidates::fields() const {
  std::vector<std::string> fields;
  for (const auto& alternative : rule_.alternatives) {
    for (const auto& field : alternative) add_once(fields, field);
  }
  add_once(fields, rule_.name_field);
  for (const auto& sign : rule_.out_of_use) add_once(fields, sign.field);
  return fields;
}

ScopeValues Candidates::required_scopes() const {
  ScopeValues required = scopes_;
  std::erase_if(required.values, [](const auto& value) { return !value.first->required; });
  return required;
}

io::Task<Outcome<std::shared_ptr<const Collection>>> Candidates::ask(LookupQuery query,
                                                                     Freshness freshness) {
  if (call_.may_not_list(*query.resource)) {
    co_return gateway::refuse(ErrorCode::permission_denied,
                              argument_name_ +
                                  " is not looked up on this MCP server: the tool that "
                                  "lists what there is was denied to it.",
                              "Give an id instead.");
  }
  auto collection = co_await call_.loop.lookups.get(call_, std::move(query), freshness);
  if (collection && (*collection)->asked < call_.began) remembered_ = true;
  co_return collection;
}

io::Task<Outcome<std::shared_ptr<const Collection>>> Candidates::all(Freshness freshness) {
  auto query =
      resource_ != nullptr ? lookup_query(call_, *resource_, scopes_, fields()) : std::nullopt;
  if (!query) {
    co_return gateway::refuse(
        ErrorCode::internal, argument_name_ + " cannot be looked up: its definition names no list.",
        "Give an id instead.");
  }
  // Of an API that finds nothing by names, all that there is.
  query->page_through = call_.filter_dialect() == nullptr && reference_.search.empty();
  co_return co_await ask(std::move(*query), freshness);
}

io::Task<Outcome<>> Candidates::gather(const std::vector<dialect::FilterTerm>& question,
                                       Freshness freshness, Collection& found) {
  const auto& dialect = *call_.filter_dialect();
  auto wanted = fields();
  for (const auto& term : question) {
    if (resource_->in_array(term.field)) {
      add_once(wanted, std::string_view(term.field).substr(0, term.field.find('/')));
    } else {
      add_once(wanted, term.field);
    }
  }
  auto query = lookup_query(call_, *resource_, scopes_, wanted);
  auto filter = dialect.write(question);
  if (!query || !filter) {
    co_return gateway::refuse(ErrorCode::invalid_argument,
                              filter ? "cannot be looked up" : filter.error().message);
  }
  if (!question.empty() && resource_->in_array(question.front().field)) {
    add_parameter(query->query, dialect.parameter_of(dialect::ExpressionKind::children), *filter);
  } else {
    query->filter = dialect.both(query->filter, *filter);
  }
  const auto collection = co_await ask(std::move(*query), freshness);
  if (!collection) co_return std::unexpected(collection.error());
  // There may be as many as the API likes to send.
  found.bytes += (*collection)->bytes;
  co_await off_loop(call_, found.bytes,
                    [&] { add_new(found.records, (*collection)->records, rule_.id_field); });
  co_return Outcome<>();
}

io::Task<Outcome<Gathered>> Candidates::named(std::string name, bool exact, Freshness freshness) {
  // Each alternative asks its own question; a name of several fields asks for its first and last
  // word, and match() decides on the whole.
  std::vector<std::vector<dialect::FilterTerm>> questions;
  const auto op = exact ? FilterOperator::equal : FilterOperator::contains;
  const auto term = [&](const std::string& field, std::string_view text, FilterOperator how) {
    return dialect::FilterTerm{field, how, FieldType::string, json::Value(text)};
  };
  const auto space = name.find(' ');
  for (const auto& alternative : rule_.alternatives) {
    if (alternative.size() == 1) {
      questions.push_back({term(alternative.front(), name, op)});
    } else if (space != std::string::npos) {
      const auto last = name.substr(name.rfind(' ') + 1);
      questions.push_back(
          {term(alternative.front(), name.substr(0, space), FilterOperator::contains),
           term(alternative.back(), last, FilterOperator::contains)});
    } else if (!exact) {
      for (const auto& field : alternative) questions.push_back({term(field, name, op)});
    }
  }
  if (call_.filter_dialect() == nullptr) co_return co_await searched(std::move(name), freshness);
  const auto found = make_collection(call_);
  for (const auto& question : questions) {
    if (auto asked = co_await gather(question, freshness, *found); !asked) {
      co_return std::unexpected(std::move(asked.error()));
    }
  }
  co_return found;
}

io::Task<Outcome<Gathered>> Candidates::searched(std::string name, Freshness freshness) {
  if (reference_.search.empty()) {
    co_return gateway::refuse(ErrorCode::invalid_argument,
                              "There are more " + to_lower(resource_->label) +
                                  " than are gone through for a name, and the API finds none by "
                                  "it.",
                              "Give an id instead.");
  }
  auto query = lookup_query(call_, *resource_, scopes_, fields());
  if (!query) co_return make_collection(call_);
  add_parameter(query->query, reference_.search, name);
  query->page_through = true;
  const auto asked = co_await ask(std::move(*query), freshness);
  if (!asked) co_return std::unexpected(asked.error());
  const auto found = make_collection(call_);
  found->bytes = (*asked)->bytes;
  co_await off_loop(call_, found->bytes, [&] { found->records = (*asked)->records; });
  co_return found;
}

io::Task<Outcome<Gathered>> Candidates::similar(std::string name) {
  // The longest word is the most telling one; its start still is where its end is misspelt.
  constexpr std::size_t kLeastBytes = 3;
  std::string longest;
  for (const auto word : split(name, ' ')) {
    if (word.size() > longest.size()) longest = word;
  }
  Outcome<Gathered> found = make_collection(call_);
  for (const std::size_t bytes : {longest.size(), longest.size() / 2}) {
    const std::string part(cut_utf8(longest, std::max(bytes, kLeastBytes)));
    if (part.empty()) break;
    found = co_await named(part, false, Freshness::remembered);
    if (!found || !(*found)->records.empty()) break;
  }
  co_return found;
}

io::Task<Outcome<Gathered>> Candidates::known_as(FilterOperator op, std::string text,
                                                 Freshness freshness) {
  const auto found = make_collection(call_);
  if (resource_ == nullptr) co_return found;
  std::vector<std::string> fields;
  for (const auto& known : reference_.known_by) {
    if (known.as != op) continue;
    if (call_.filter_dialect() == nullptr) {
      fields.push_back(known.field);
      continue;
    }
    auto term = term_of_mark(known.field, op, json::Value(text));
    if (!term) continue;
    if (auto asked = co_await gather({std::move(*term)}, freshness, *found); !asked) {
      co_return std::unexpected(std::move(asked.error()));
    }
    fields.push_back(known.field);
  }
  if (call_.filter_dialect() == nullptr && !fields.empty()) {
    // Nothing to ask for them by: all records, with what they are known by.
    auto wanted = this->fields();
    for (const auto& field : fields) add_once(wanted, field);
    auto query = lookup_query(call_, *resource_, scopes_, wanted);
    if (!query) co_return found;
    query->page_through = true;
    const auto all = co_await ask(std::move(*query), freshness);
    if (!all) co_return std::unexpected(all.error());
    const auto is_known = [&](const json::Value& record) {
      return std::ranges::any_of(
          fields, [&](const std::string& field) { return has_mark(record, field, op, text); });
    };
    found->bytes = (*all)->bytes;
    co_await off_loop(call_, found->bytes, [&] {
      std::ranges::copy_if((*all)->records, std::back_inserter(found->records), is_known);
    });
    co_return found;
  }
  co_await off_loop(call_, found->bytes, [&] {
    std::erase_if(found->records, [&](const json::Value& record) {
      return std::ranges::none_of(
          fields, [&](const std::string& field) { return has_mark(record, field, op, text); });
    });
  });
  co_return found;
}

io::Task<Outcome<Candidates::ById>> Candidates::with_id(std::int64_t id, bool narrowed,
                                                        Freshness freshness) {
  const auto pick = [&](const Collection& collection) {
    for (const auto& record : collection.records) {
      const auto* known = record.find(rule_.id_field);
      if (known != nullptr && known->as_int64() == id) return ById{ById::Is::there, record};
    }
    return ById{ById::Is::absent, {}};
  };
  const auto required = required_scopes();
  // The few of one parent are known already, or worth knowing: the refusal names them.
  const bool few = !required.values.empty() || (narrowed && !scopes_.values.empty());
  const auto* dialect = call_.filter_dialect();
  if (few || dialect == nullptr) {
    auto collection = co_await all(freshness);
    if (!collection) co_return std::unexpected(std::move(collection.error()));
    auto found = co_await off_loop(call_, (*collection)->bytes, [&] { return pick(**collection); });
    if (found.is == ById::Is::there || (*collection)->complete) co_return found;
    if (dialect == nullptr) co_return ById{};
  }
  const auto& scopes = narrowed ? scopes_ : required;
  auto query =
      resource_ != nullptr ? lookup_query(call_, *resource_, scopes, fields()) : std::nullopt;
  auto filter = dialect->write(
      {{rule_.id_field, FilterOperator::equal, FieldType::integer, json::Value(id)}});
  if (!query || !filter) co_return ById{};
  query->filter = dialect->both(query->filter, *filter);
  const auto collection = co_await ask(std::move(*query), freshness);
  if (!collection) co_return std::unexpected(collection.error());
  co_return co_await off_loop(call_, (*collection)->bytes, [&] { return pick(**collection); });
}

}  // namespace patchbay::gateway
