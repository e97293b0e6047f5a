#include "gateway/sending/held.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "gateway/sending/ask.h"
#include "gateway/sending/held_answer.h"
#include "gateway/sending/off_loop.h"
#include "gateway/sending/read_answer.h"
#include "gateway/sending/refusal.h"
#include "http/url.h"
#include "integration/whole_body.h"
#include "json/write.h"
#include "reach/pointers.h"
#include "reach/reach.h"

namespace patchbay::gateway {

namespace {

using integration::Ownership;
using integration::Resource;
using integration::Verb;
using reach::Leads;
using Sent = std::expected<upstream::Answer, Refused>;

// So long a record that was found to be within counts as that for those who read below it.
constexpr std::chrono::seconds kKnownFor{30};

// What does not exist, and what is not within: nobody can tell one from the other.
std::unexpected<Refused> not_there() {
  return std::unexpected(Refused{NotThere{}});
}

// Not by the status alone: an API may answer 404 to keys that it does not know.
bool is_not_found(const Call& call, const Resource& about, const Sent& sent) {
  if (sent) return false;
  if (std::holds_alternative<NotThere>(sent.error())) return true;
  const auto* said = std::get_if<SaidNo>(&sent.error());
  return said != nullptr && says_not_found(call, about, said->answer);
}

// Whether the definition says whose everything is that the address leads past and to.
bool is_told(const reach::Reach& reach, const reach::Way& way) {
  if (way.leads == Leads::nowhere) return false;
  if (reach.owner() == nullptr) return true;
  const auto told = [](const Resource& resource) {
    return resource.owned_by.kind != Ownership::Kind::untold &&
           resource.owned_by.kind != Ownership::Kind::several;
  };
  const bool past = std::ranges::all_of(way.past, [&](const reach::Named& named) {
    const auto& owned = named.resource->owned_by;
    return told(*named.resource) && (owned.kind != Ownership::Kind::parent || !owned.field.empty());
  });
  const bool by_itself = way.leads != Leads::part || !way.past.empty() ||
                         way.resource->owned_by.kind == Ownership::Kind::nobody;
  return past && by_itself && told(*way.resource);
}

// A record by itself: read with no more than what says whose it is.
io::Task<Sent> verify(Call& call, const reach::Named& named, std::string_view parent_id) {
  const auto& reach = *call.reach();
  const auto& pagination = call.integration().pagination;
  const auto telling = reach.telling_fields(*named.resource);
  // The owners themselves are told by their id.
  if (telling == std::vector{pagination.id_field}) {
    const bool is_owner =
        reach.holds(*named.resource, json::Object{{pagination.id_field, named.id}}, parent_id);
    if (!is_owner) co_return not_there();
    co_return upstream::Answer{};
  }
  if (telling.empty()) co_return upstream::Answer{};
  const auto now = call.services.clock.monotonic();
  const auto not_before = call.is_write() ? call.began : now - kKnownFor;
  if (reach.known.has(named.path, not_before)) co_return upstream::Answer{};
  std::string fields = pagination.id_field;
  for (const auto& field : telling) fields += ',' + field;
  upstream::Request request;
  request.path = named.path;
  add_parameter(request.query, pagination.fields_parameter, fields);
  auto sent = co_await send_freely(call, std::move(request));
  if (is_not_found(call, *named.resource, sent)) co_return not_there();
  if (!sent) co_return sent;
  const auto record =
      co_await off_loop(call, sent->body.size(), [&sent] { return parse_part(sent->body); });
  const auto* id = record ? record->find(pagination.id_field) : nullptr;
  if (id == nullptr || id->as_int64() != parse_int64(named.id) ||
      !reach.holds(*named.resource, *record, parent_id)) {
    co_return not_there();
  }
  reach.known.add(named.path, now);
  co_return upstream::Answer{};
}

// The records that the address names, each by itself: what is not within does not even leave the
// API.
io::Task<Sent> verify_past(Call& call, const reach::Way& way) {
  std::string parent_id;
  for (const auto& named : way.past) {
    auto there = co_await verify(call, named, parent_id);
    if (!there) co_return there;
    parent_id = named.id;
  }
  co_return upstream::Answer{};
}

std::string parent_of(const reach::Way& way) {
  const std::size_t after = way.leads == Leads::record ? 1 : 0;
  return way.past.size() > after ? way.past[way.past.size() - 1 - after].id : std::string();
}

// The request with the condition of what is within, and with the fields that tell it. Those that
// were not asked for are the result. Nothing: it cannot be written.
std::optional<std::vector<std::string>> hold(const Call& call, const reach::Way& way,
                                             upstream::Request& request) {
  const auto& reach = *call.reach();
  const auto& pagination = call.integration().pagination;
  const auto parameters = http::parse_query(request.query);
  if (!parameters) return std::nullopt;
  std::string filter;
  std::vector<std::string> fields;
  std::string rest;
  for (const auto& [name, value] : *parameters) {
    if (name == pagination.filter_parameter && filter.empty()) {
      filter = value;
    } else if (name == pagination.filter_parameter) {
      return std::nullopt;
    } else if (name == pagination.fields_parameter) {
      for (const auto field : split(value, ',')) fields.emplace_back(trim(field));
    } else {
      add_parameter(rest, name, value);
    }
  }
  const bool many = way.leads == Leads::list || way.leads == Leads::count;
  std::vector<dialect::FilterTerm> terms;
  for (const auto& term : reach.terms(*way.resource)) {
    const auto& values = term.limit->values;
    const bool one = values.size() == 1;
    terms.push_back({term.field,
                     one ? integration::FilterOperator::equal : integration::FilterOperator::in,
                     term.number ? integration::FieldType::integer : integration::FieldType::string,
                     one ? values.front() : json::Value(values)});
  }
  if (many && !terms.empty()) {
    const auto* dialect = call.filter_dialect();
    const auto written = dialect != nullptr ? dialect->write(terms)
                                            : Result<std::string>(fail(ErrorCode::unsupported, ""));
    if (!written) return std::nullopt;
    // In this order: whatever the other one is, it stands in parentheses.
    filter = dialect->both(*written, filter);
  }
  std::vector<std::string> added;
  if (!fields.empty()) {
    for (auto& field : reach.telling_fields(*way.resource)) {
      const bool asked = std::ranges::any_of(fields, [&](const std::string& each) {
        return field == each || field.starts_with(each + '/');
      });
      if (!asked) added.push_back(std::move(field));
    }
  }
  std::vector<std::string> asked = fields;
  asked.insert(asked.end(), added.begin(), added.end());
  add_parameter(rest, pagination.filter_parameter, filter);
  add_parameter(rest, pagination.fields_parameter, asked.empty() ? "" : join(asked, ","));
  request.query = std::move(rest);
  return added;
}

io::Task<Sent> read_within(Call& call, const reach::Way& way, upstream::Request request) {
  if (auto past = co_await verify_past(call, way); !past) co_return past;
  const auto added = hold(call, way, request);
  if (!added) co_return not_there();
  const bool is_file = request.any_media_type;
  auto sent = co_await send_freely(call, std::move(request));
  // Its words may be about what is not within.
  if (is_not_found(call, *way.resource, sent)) co_return not_there();
  if (!sent || way.leads == Leads::count) co_return sent;
  // Of a record that was verified.
  if (is_file) co_return way.past.empty() ? Sent(not_there()) : std::move(sent);
  const auto kept = co_await off_loop(call, sent->body.size(), [&] {
    return keep_within(*call.reach(), way, parent_of(way), *added, sent->body);
  });
  if (kept.unreadable) {
    co_return std::unexpected(Refused{Unanswered{ErrorCode::upstream, true}});
  }
  tell_dropped(call, kept.dropped);
  if (kept.nothing) co_return not_there();
  co_return sent;
}

io::Task<Sent> write_within(Call& call, const reach::Way& way, upstream::Request request) {
  if (!call.write_is_within) co_return not_there();
  auto sent = co_await send_freely(call, std::move(request));
  if (!sent || sent->body.empty()) co_return sent;
  const auto kept = co_await off_loop(call, sent->body.size(), [&] {
    return keep_written(*call.reach(), way, parent_of(way), sent->body);
  });
  // It was done; what came of it is not shown.
  if (kept.nothing || kept.unreadable) sent->body.clear();
  tell_dropped(call, kept.dropped);
  co_return sent;
}

}  // namespace

io::Task<Sent> send_within(Call& call, upstream::Request request) {
  const auto way = call.reach()->ways().of(request.path);
  if (request.from_root || !is_told(*call.reach(), way)) co_return not_there();
  if (request.verb != Verb::get) co_return co_await write_within(call, way, std::move(request));
  co_return co_await read_within(call, way, std::move(request));
}

namespace {

// ---- what a write names ------------------------------------------------------------------------

// The members of a body by the API's names, whatever form it has.
json::Object members_of(const Call& call, const json::Value& body) {
  const auto& list = call.method().body_list;
  const bool is_list = list == integration::kWholeBody;
  if (const auto* inner = is_list ? &body : list.empty() ? nullptr : body.find(list)) {
    const auto* items = inner->if_array();
    return items != nullptr && items->size() == 1 && items->front().is_object()
               ? *items->front().if_object()
               : json::Object();
  }
  if (const auto* object = body.if_object()) return *object;
  json::Object members;
  const auto* changes = body.if_array();
  if (changes == nullptr) return members;
  for (const auto& change : *changes) {
    auto path = change.string_or("path", "");
    if (path.starts_with('/')) path.remove_prefix(1);
    const auto* value = change.find("value");
    members[path.substr(0, path.find('/'))] = value != nullptr ? *value : json::Value();
  }
  return members;
}

// The ids in a value: a number, its digits, a reference, or several of them. Nothing: it names
// somebody otherwise.
std::optional<std::vector<std::string>> ids_in(const json::Value& value,
                                               const std::string& id_field) {
  if (const auto* items = value.if_array()) {
    std::vector<std::string> all;
    for (const auto& item : *items) {
      auto ids = ids_in(item, id_field);
      if (!ids) return std::nullopt;
      all.insert(all.end(), ids->begin(), ids->end());
    }
    return all;
  }
  if (value.is_object()) {
    const auto* id = value.find(id_field);
    return id != nullptr && !id->is_object() ? ids_in(*id, id_field) : std::nullopt;
  }
  const auto* text = value.if_string();
  const auto id = text != nullptr ? parse_int64(*text) : value.as_int64();
  if (!id || *id < 0) return std::nullopt;
  return std::vector{std::to_string(*id)};
}

// What a call is checked with: its body's members, and the argument that is looked at.
struct Checked {
  const json::Object& members;
  std::string name;  // as the caller knows it
};

std::unexpected<ToolError> refuse_reference(const Checked& checked, const Resource& there,
                                            const std::string& id) {
  const std::string rule = "there is no " + there.singular + ' ' + id + " here";
  return std::unexpected(ToolError{.code = ErrorCode::not_found,
                                   .message = checked.name + ": " + rule + '.',
                                   .hint = "This MCP server is held to some records: list those "
                                           "that it reaches for their ids.",
                                   .field_errors = {{checked.name, rule}}});
}

// The look-up of a field, which says within what its records stand.
const integration::Reference* lookup_of(const Call& call, std::string_view field) {
  for (const auto& argument : call.method().arguments) {
    if (argument.field() == field && argument.reference) return &*argument.reference;
  }
  const auto* known = call.resource().find_field(field);
  return known != nullptr && known->lookup ? &*known->lookup : nullptr;
}

// The addresses where a record may stand: one below each owner, where its kind stands below owners.
std::vector<reach::Named> places_of(const Call& call, const Resource& there, std::string_view field,
                                    const std::string& id, const json::Object& members,
                                    std::string& parent_id) {
  const auto& reach = *call.reach();
  const auto& id_field = call.integration().pagination.id_field;
  const auto way = reach.ways().of(there.path);
  const auto& names = there.path.names();
  const auto named = [&](std::string_view parent) -> std::vector<reach::Named> {
    auto path = there.path.fill([&](const std::string&) { return std::string(parent); });
    if (!path) return {};
    return {{&there, id, *path + '/' + id}};
  };
  if (names.empty()) return named("");
  if (names.size() != 1 || way.past.size() != 1) return {};
  std::vector<reach::Named> places;
  if (way.past.front().resource->name == call.integration().owners.resource) {
    if (reach.owner() == nullptr) return {};
    for (const auto& owner : reach.owner()->values) {
      auto below = named(json::to_string(owner));
      places.insert(places.end(), below.begin(), below.end());
    }
    return places;
  }
  const auto* lookup = lookup_of(call, field);
  if (lookup == nullptr) return {};
  for (const auto& scope : lookup->scopes) {
    const auto* given = scope.parameter == names.front() ? members.find(scope.argument) : nullptr;
    const auto ids = given != nullptr ? ids_in(*given, id_field) : std::nullopt;
    if (ids && ids->size() == 1) {
      parent_id = ids->front();
      return named(parent_id);
    }
  }
  return places;
}

io::Task<Outcome<>> check_reference(Call& call, const Checked& checked, std::string_view field,
                                    const Resource& there, const std::string& id) {
  std::string parent_id;
  const auto places = places_of(call, there, field, id, checked.members, parent_id);
  if (places.empty()) {
    co_return refuse_argument(
        checked.name, Error{ErrorCode::permission_denied,
                            "whose " + there.singular + " it is cannot be told by its id alone.",
                            "Give what it belongs to as well, or leave it out."});
  }
  for (const auto& place : places) {
    auto sent = co_await verify(call, place, parent_id);
    if (sent) co_return Outcome<>();
    if (!is_not_found(call, there, sent)) {
      co_return std::unexpected(say_refusal_about(call, there, sent.error()));
    }
  }
  co_return refuse_reference(checked, there, id);
}

std::string argument_of(const Call& call, std::string_view field) {
  for (const auto& argument : call.method().arguments) {
    if (argument.place == integration::ArgumentPlace::body && argument.field() == field) {
      return argument.name;
    }
  }
  return std::string(field);
}

// Which resource's ids a member holds; null: none's that is known.
const Resource* pointed_at(const Call& call, const integration::PointsTo& pointer,
                           const json::Object& members) {
  const auto& ways = call.reach()->ways();
  if (pointer.by.empty()) return ways.find(pointer.resource);
  const auto* chosen = members.find(pointer.by);
  const auto* text = chosen != nullptr ? chosen->if_string() : nullptr;
  if (text == nullptr) return nullptr;
  for (const auto& [value, resource] : pointer.resources) {
    if (equal_ignoring_case(value, *text)) return ways.find(resource);
  }
  return nullptr;
}

std::unexpected<ToolError> refuse_move(const Call& call, const std::string& name) {
  const auto told = call.reach()->owner()->told();
  return std::unexpected(
      ToolError{.code = ErrorCode::permission_denied,
                .message = name + " must be " + told + ": this MCP server is held to it.",
                .hint = "Leave it out, or give one of these.",
                .field_errors = {{name, "must be " + told}}});
}

// Whether a field decides whose the record is: what a time entry is logged on.
bool decides_owner(const Call& call, std::string_view field) {
  const auto owner = reach::owner_member(call.resource());
  return std::ranges::any_of(call.resource().inherits, [&](const auto& inherited) {
    return inherited.field == owner && inherited.from == field;
  });
}

// A field that says whose ids another one holds says nothing safe alone: the id that stands there
// would be another kind's.
Outcome<> check_choices(const Call& call, const json::Object& members) {
  for (const auto& [field, pointer] : call.resource().points_to) {
    if (pointer.by.empty() || !members.contains(pointer.by)) continue;
    const auto* id = members.find(field);
    if (id != nullptr && !id->is_null()) continue;
    return refuse_argument(
        argument_of(call, pointer.by),
        Error{ErrorCode::permission_denied, "whose record it names cannot be told.",
              "Give " + argument_of(call, field) + " as well."});
  }
  return {};
}

io::Task<Outcome<>> check_member(Call& call, const json::Object& members, const std::string& field,
                                 const json::Value& value) {
  const auto& reach = *call.reach();
  const Checked checked{members, argument_of(call, field)};
  const auto ids = ids_in(value, call.integration().pagination.id_field);
  if (reach.owner() != nullptr && field == reach::owner_member(call.resource())) {
    const bool within = ids && !ids->empty() && std::ranges::all_of(*ids, [&](const auto& id) {
                          return reach.owner()->allows(json::Value(id));
                        });
    if (!within) co_return refuse_move(call, checked.name);
    co_return Outcome<>();
  }
  if (value.is_null()) co_return Outcome<>();
  const auto pointer = reach::pointer_of(call.resource(), call.method(), field);
  const auto* known = call.resource().find_field(field);
  const bool is_reference = known != nullptr && known->type == integration::FieldType::reference;
  if (!pointer && !is_reference) co_return Outcome<>();
  const auto* there = pointer ? pointed_at(call, *pointer, members) : nullptr;
  const bool nobodys = (pointer && reach::points_to_shared(*pointer)) ||
                       (there != nullptr && there->owned_by.kind == Ownership::Kind::nobody);
  if (nobodys && !decides_owner(call, field)) co_return Outcome<>();
  const bool told = there != nullptr && (there->owned_by.kind == Ownership::Kind::field ||
                                         there->owned_by.kind == Ownership::Kind::parent);
  if (!told || !ids) {
    co_return refuse_argument(
        checked.name, Error{ErrorCode::permission_denied, "whose record it names cannot be told.",
                            pointer && !pointer->by.empty() ? "Give " + pointer->by + " as well."
                                                            : "Give an id, or leave it out."});
  }
  for (const auto& id : *ids) {
    auto ok = co_await check_reference(call, checked, field, *there, id);
    if (!ok) co_return ok;
  }
  co_return Outcome<>();
}

// Of what is made: whose it will be.
bool says_owner(const Call& call, const reach::Way& way, const json::Object& members) {
  const auto& resource = call.resource();
  if (call.method().kind != integration::MethodKind::create || !way.past.empty()) return true;
  if (members.contains(reach::owner_member(resource))) return true;
  return std::ranges::any_of(resource.inherits, [&](const auto& inherited) {
    const auto* from = members.find(inherited.from);
    return from != nullptr && !from->is_null() && decides_owner(call, inherited.from);
  });
}

}  // namespace

io::Task<Outcome<>> check_within(Call& call, const Prepared& prepared) {
  const auto& reach = *call.reach();
  const auto way = reach.ways().of(prepared.bound.path);
  auto past = is_told(reach, way) ? co_await verify_past(call, way) : Sent(not_there());
  if (!past) co_return std::unexpected(say_refusal(call, prepared.arguments, past.error(), false));
  if (reach.owner() != nullptr) {
    const auto members = members_of(call, prepared.bound.body);
    if (auto ok = check_choices(call, members); !ok) co_return ok;
    for (const auto& [field, value] : members) {
      if (auto ok = co_await check_member(call, members, field, value); !ok) co_return ok;
    }
    if (!says_owner(call, way, members)) {
      co_return refuse_move(call, argument_of(call, reach::owner_member(call.resource())));
    }
  }
  call.write_is_within = true;
  co_return Outcome<>();
}

}  // namespace patchbay::gateway
