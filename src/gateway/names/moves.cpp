#include "gateway/names/moves.h"

#include <algorithm>
#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/blanks.h"
#include "base/text.h"
#include "gateway/call/labels.h"
#include "gateway/names/combinations.h"
#include "gateway/names/copies.h"
#include "gateway/names/dependents.h"
#include "gateway/names/lookups.h"
#include "gateway/names/reference_lookup.h"
#include "gateway/names/scopes.h"
#include "gateway/sending/fan_out.h"
#include "json/write.h"

namespace patchbay::gateway {

using integration::Field;

namespace {

// What becomes of one field that hangs on another which changes.
struct Verdict {
  enum class Kind : std::uint8_t {
    stays,    // it is of the new place as well
    same,     // there is one of its name there
    gone,     // there is none
    unknown,  // it cannot be looked up
  };
  Kind kind = Kind::unknown;
  Named there;          // same
  ScopeValues scopes;   // the new place
  std::string doubt;    // unknown: why
  Outcome<> failed;     // a look-up that failed
  std::string message;  // gone: what there is
  // gone: "it does not exist", but for the place.
  ReferenceLookup::Refused why = ReferenceLookup::Refused::absent;
};

bool same_record(const json::Value* one, const json::Value* other) {
  if (one == nullptr || other == nullptr) return one == other;
  const auto* a = one->find("id");
  const auto* b = other->find("id");
  return a != nullptr && b != nullptr ? a->as_int64() == b->as_int64() : *one == *other;
}

class Moving {
 public:
  Moving(Call& call, Arguments& arguments, Names& names)
      : call_(call), arguments_(arguments), names_(names), given_(given_fields(call, arguments)) {}

  io::Task<Outcome<>> run() {
    set_given();
    if (changed_.empty()) co_return Outcome<>();
    while (true) {
      follow_same();
      auto round = next_round();
      if (round.empty()) break;
      std::vector<std::function<io::Task<>()>> jobs;
      for (auto& each : round) {
        jobs.emplace_back([this, &each] { return judge(*each.first, each.second); });
      }
      co_await fan_out(call_.services.runtime, std::move(jobs));
      for (auto& [field, verdict] : round) {
        if (!verdict.failed) co_return verdict.failed;
        apply(*field, verdict);
      }
    }
    if (!arguments_.violations.empty()) co_return Outcome<>();
    for (const auto& combination : call_.method().combinations) {
      auto dropped = co_await drop_what_does_not_go(call_, arguments_, names_, combination);
      if (!dropped) co_return std::unexpected(std::move(dropped.error()));
      for (const auto& field : *dropped) {
        told_.push_back(field + " is cleared, since it does not go with the rest there");
      }
    }
    auto copied = co_await follow_copies(call_, arguments_, names_, changed_, given_);
    if (!copied) co_return std::unexpected(std::move(copied.error()));
    told_.insert(told_.end(), copied->begin(), copied->end());
    tell_parents();
    tell();
    co_return Outcome<>();
  }

 private:
  using Round = std::vector<std::pair<const Field*, Verdict>>;

  // The record as it will stand by what was given; and which of it is a change.
  void set_given() {
    for (const auto& argument : call_.method().arguments) {
      const auto* given = arguments_.find(argument.name);
      if (given == nullptr || argument.place != integration::ArgumentPlace::body) continue;
      const auto& field = argument.field();
      if (field.contains('/')) continue;
      json::Value value = *given;
      if (const auto* resolution = names_.find(argument);
          resolution != nullptr && resolution->records.size() == 1) {
        const auto& named = resolution->records.front();
        value = json::Object{{"id", named.id}};
        if (!named.name.empty()) value[name_field(call_.integration())] = named.name;
      } else if (argument.type == integration::FieldType::reference && value.is_number()) {
        value = json::Object{{"id", *given}};
      }
      if (!same_record(names_.before.find(field), value.is_null() ? nullptr : &value)) {
        changed_.insert(field);
        if (something_hangs_on(field)) roots_.push_back(field);
      }
      if (value.is_null()) {
        names_.current.erase(field);
      } else {
        names_.current[field] = std::move(value);
      }
    }
    // What the record has from another one changes with that.
    for (const auto& [field, value] : names_.inherited) {
      if (value.is_null() || given_.contains(field) || !names_.before.contains(field) ||
          same_record(names_.before.find(field), &value)) {
        continue;
      }
      const auto* known = call_.resource().find_field(field);
      if (known != nullptr && known->follows.empty() && known->written) {
        if (!comes_from_a_change(field)) continue;
        told_.push_back(field + " becomes " + label(value));
        set(field, json::Value(value));
        continue;
      }
      changed_.insert(field);
      if (something_hangs_on(field)) roots_.push_back(field);
      names_.current[field] = value;
    }
  }

  bool comes_from_a_change(const std::string& field) {
    for (const auto& rule : call_.resource().inherits) {
      if (rule.field != field || !changed_.contains(rule.from)) continue;
      if (std::ranges::find(roots_, rule.from) == roots_.end()) roots_.push_back(rule.from);
      return true;
    }
    return false;
  }

  // A field that names the very record that another named goes with it: who pays for an order is
  // whose order it is, unless it was somebody else.
  void follow_same() {
    for (const auto& copy : call_.resource().copies) {
      if (!names_the_same(copy) || !changed_.contains(copy.of) || given_.contains(copy.field)) {
        continue;
      }
      const auto* was = names_.before.find(copy.field);
      const auto* now = names_.current.find(copy.of);
      if (was == nullptr || was->is_null() || !judged_.insert(copy.field).second) continue;
      if (now == nullptr || !same_record(was, names_.before.find(copy.of))) {
        told_.push_back(copy.field + " stays " + label(*was));
        continue;
      }
      told_.push_back(copy.field + " becomes " + label(*now) + " as well");
      set(copy.field, json::Value(*now));
    }
  }

  // What is not looked up within what has changed, and says the same of it all the same.
  void tell_parents() {
    for (const auto& rule : call_.resource().inherits) {
      const auto* known = call_.resource().find_field(rule.from);
      const auto* stands = names_.before.find(rule.from);
      if (!given_.contains(rule.field) || !changed_.contains(rule.field) ||
          given_.contains(rule.from) || known == nullptr || known->lookup || stands == nullptr ||
          stands->is_null()) {
        continue;
      }
      told_.push_back(rule.from + ' ' + label(*stands) + " stays, whose " + rule.field +
                      " may be another");
      if (std::ranges::find(roots_, rule.field) == roots_.end()) roots_.push_back(rule.field);
    }
  }

  bool something_hangs_on(const std::string& field) const {
    const auto repeats = [&](const integration::Copy& copy) { return copy.of == field; };
    return !dependents_of(call_, {field}).empty() ||
           std::ranges::any_of(call_.resource().copies, repeats);
  }

  // Fields that hang on what has changed, have a value, and were not judged yet.
  Round next_round() {
    Round round;
    for (const auto* field : dependents_of(call_, changed_)) {
      const auto* value = names_.current.find(field->name);
      if (value == nullptr || value->is_null() || given_.contains(field->name)) continue;
      if (judged_.insert(field->name).second) round.push_back({field, Verdict()});
    }
    return round;
  }

  io::Task<> judge(const Field& field, Verdict& verdict) {
    verdict.scopes = scope_values(call_, arguments_, names_, field.lookup->scopes);
    const auto* resource = call_.integration().find_resource(field.lookup->resource);
    const auto* dialect = call_.filter_dialect();
    if (verdict.scopes.state == ScopeValues::State::missing) {
      verdict.kind = Verdict::Kind::gone;
      co_return;
    }
    if (verdict.scopes.values.empty() || resource == nullptr || dialect == nullptr) {
      verdict.doubt = "there is nothing to look it up in";
      co_return;
    }
    const json::Value value = *names_.current.find(field.name);
    const auto* id = value.find("id");
    auto query = lookup_query(call_, *resource, verdict.scopes, {});
    const auto by_id = dialect->write(
        {{call_.integration().pagination.id_field, integration::FilterOperator::equal,
          integration::FieldType::integer, id != nullptr ? *id : json::Value(0)}});
    if (!query || !by_id || id == nullptr) {
      verdict.doubt = "there is nothing to look it up in";
      co_return;
    }
    query->filter = dialect->both(query->filter, *by_id);
    query->fields = {call_.integration().pagination.id_field};
    auto found = co_await call_.loop.lookups.get(call_, std::move(*query), Freshness::own);
    if (!found) {
      doubt(verdict, std::move(found.error()));
    } else if (!(*found)->records.empty()) {
      verdict.kind = Verdict::Kind::stays;
    } else {
      co_await look_for_name(field, label_in(call_.integration(), value), verdict);
    }
  }

  io::Task<> look_for_name(const Field& field, std::string_view label, Verdict& verdict) {
    verdict.kind = Verdict::Kind::gone;
    const std::string name(label);
    if (name.empty()) co_return;
    integration::Argument argument;
    argument.name = field.name;
    argument.type = integration::FieldType::reference;
    argument.reference = field.lookup;
    ReferenceLookup lookup(call_, argument, verdict.scopes);
    auto found = co_await lookup.resolve(name);
    if (found && equal_ignoring_case(trim_blanks(found->name), trim_blanks(name))) {
      verdict.kind = Verdict::Kind::same;
      verdict.there = std::move(*found);
    } else if (!found && found.error().code != ErrorCode::invalid_argument) {
      doubt(verdict, std::move(found.error()));
    } else if (!found) {
      verdict.message = std::move(found.error().message);
      verdict.why = lookup.refused();
    }
  }

  // Who may change a record need not be allowed to see all that it names.
  static void doubt(Verdict& verdict, ToolError error) {
    if (error.code == ErrorCode::permission_denied || error.code == ErrorCode::not_found) {
      verdict.kind = Verdict::Kind::unknown;
      verdict.doubt = "it could not be looked up there";
      return;
    }
    error.message = "Looking up what hangs on the change failed: " + error.message;
    verdict.failed = std::unexpected(std::move(error));
  }

  // Why there is none of its name in the new place.
  static std::string reason_of(const Verdict& verdict, const std::string& place) {
    switch (verdict.why) {
      case ReferenceLookup::Refused::several:
        return "there are several of that name" + place;
      case ReferenceLookup::Refused::out_of_use:
        return "the one of that name" + place + " is out of use";
      case ReferenceLookup::Refused::absent:
      case ReferenceLookup::Refused::nobody:
        break;
    }
    return "it does not exist" + place;
  }

  bool is_required(const Field& field) const {
    const auto* create = call_.resource().find_method("create");
    return create != nullptr &&
           std::ranges::any_of(create->arguments, [&](const integration::Argument& argument) {
             return argument.required && argument.field() == field.name &&
                    argument.place == integration::ArgumentPlace::body;
           });
  }

  void apply(const Field& field, Verdict& verdict) {
    const auto was = label(*names_.current.find(field.name));
    const auto place = scope_phrase(verdict.scopes);
    switch (verdict.kind) {
      case Verdict::Kind::stays:
        return;
      case Verdict::Kind::unknown:
        told_.push_back(field.name + ' ' + was + " stays and may be wrong" + place + ": " +
                        verdict.doubt);
        return;
      case Verdict::Kind::same:
        if (!field.written) break;
        told_.push_back(field.name + ' ' + was + " becomes the one of that name" + place + " (id " +
                        json::to_string(verdict.there.id) + ')');
        set(field.name, json::Object{{"id", verdict.there.id},
                                     {name_field(call_.integration()), verdict.there.name}});
        return;
      case Verdict::Kind::gone:
        if (!field.written) break;
        if (is_required(field)) {
          arguments_.violations.push_back(
              {field.name, verdict.message.empty()
                               ? field.name + ' ' + was + " cannot stay; give " + field.name
                               : verdict.message + "; give " + field.name + " as well"});
        } else if (!field.clearable) {
          told_.push_back(field.name + ' ' + was + " cannot stay, since " +
                          reason_of(verdict, place) + ": the API puts its default there");
          names_.current.erase(field.name);
        } else {
          told_.push_back(field.name + ' ' + was + " is cleared: " + reason_of(verdict, place));
          set(field.name, nullptr);
        }
        return;
    }
    told_.push_back(field.name + ' ' + was + ", which the API derives by itself, does not exist" +
                    place + ": the answer shows what it made of it");
  }

  void set(const std::string& field, json::Value value) {
    changed_.insert(field);
    if (value.is_null()) {
      names_.current.erase(field);
      names_.followed[field] = nullptr;
      return;
    }
    names_.followed[field] = json::Object{{"id", *value.find("id")}};
    names_.current[field] = std::move(value);
  }

  std::string label(const json::Value& value) const {
    const auto name = label_in(call_.integration(), value);
    if (!name.empty()) return '\'' + std::string(cut_utf8(name, 60)) + '\'';
    const auto* id = value.find("id");
    return id != nullptr ? json::to_string(*id) : json::to_string(value);
  }

  void tell() {
    if (told_.empty()) return;
    call_.add_notice("What hangs on " + join(roots_, " and ") + " goes with it: " +
                     join(told_, "; ") + ". Give a field yourself to have it otherwise.");
  }

  Call& call_;
  Arguments& arguments_;
  Names& names_;
  const std::set<std::string> given_;
  std::set<std::string> changed_;
  std::set<std::string> judged_;
  std::vector<std::string> roots_;  // what was given and is a change, in the order of the arguments
  std::vector<std::string> told_;
};

}  // namespace

io::Task<Outcome<>> follow_moves(Call& call, Arguments& arguments, Names& names) {
  if (fields_that_move(call, arguments).empty()) co_return Outcome<>();
  Moving moving(call, arguments, names);
  co_return co_await moving.run();
}

}  // namespace patchbay::gateway
