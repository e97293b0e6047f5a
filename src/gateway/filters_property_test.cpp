// Random filters, orders and pages of every list tool, before the real sandbox: what comes back is
// what a plain evaluation of the sandbox's own records says.
#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "gateway/test_queries.h"
#include "gateway/test_world.h"

namespace patchbay::gateway {
namespace {

using namespace property;

// ---- what is listed ----------------------------------------------------------------------------

// A list tool, called with what it cannot do without, and all records that it is about.
struct Listed {
  const catalog::Tool* tool = nullptr;
  json::Object required;
  json::Array records;
};

class Lists {
 public:
  explicit Lists(World& world) : world_(world) {}

  // Parents are drawn, and preferred if they have children.
  Listed draw(const catalog::Tool& tool, Draw& random) {
    Listed best;
    const bool has_parent = !tool.method->path.names().empty();
    for (int attempt = 0; attempt < (has_parent ? 6 : 1); ++attempt) {
      Listed one = draw_once(tool, random);
      if (attempt == 0 || one.records.size() > best.records.size()) best = std::move(one);
      if (best.records.size() > 3) break;
    }
    return best;
  }

 private:
  Listed draw_once(const catalog::Tool& tool, Draw& random) {
    Listed out{&tool, {}, {}};
    std::string target;
    std::string_view rest = tool.method->path.text();
    while (true) {
      const auto open = rest.find('{');
      target += rest.substr(0, open);
      if (open == std::string_view::npos) break;
      const auto close = rest.find('}', open);
      const auto& parents = records(target.substr(0, target.size() - 1), "id");
      const auto id = parents.empty() ? 0 : random.pick(parents).int64_or("id", 0);
      target += std::to_string(id);
      const auto name = rest.substr(open + 1, close - open - 1);
      for (const auto& argument : tool.method->arguments) {
        if (argument.place == ArgumentPlace::path &&
            (argument.target.empty() ? argument.name : argument.target) == name) {
          out.required[argument.name] = id;
        }
      }
      rest.remove_prefix(close + 1);
    }
    for (const auto& argument : tool.method->arguments) {
      if (!argument.required || argument.place == ArgumentPlace::path) continue;
      const auto* choices = argument.schema.find("enum");
      const json::Value value =
          choices != nullptr ? choices->if_array()->front() : json::Value(5012);
      out.required[argument.name] = value;
      target += (target.contains('?') ? '&' : '?') + argument.target + '=' +
                (value.is_string() ? *value.if_string() : json::to_string(value));
    }
    out.records = records(target, draw_fields(tool, random));
    return out;
  }

  // What a record is known by, what can be filtered by an argument, and some of what can be
  // filtered by an expression: whole records take long to read.
  static std::string draw_fields(const catalog::Tool& tool, Draw& random) {
    std::set<std::string> names = {"id", "_info"};
    const auto add = [&](const std::string& path) { names.insert(path.substr(0, path.find('/'))); };
    for (const auto& argument : tool.method->arguments) {
      if (argument.place == ArgumentPlace::filter) add(argument.target);
      for (const auto& [field, value] : argument.also) add(field);
    }
    const auto& fields = tool.resource->fields;
    if (std::ranges::none_of(fields, [](const Field& field) { return field.name == "id"; })) {
      for (const auto& field : tool.method->default_fields) add(field);
    }
    for (int more = 0; more < 8 && !fields.empty(); ++more) add(random.pick(fields).name);
    return join(std::vector<std::string>(names.begin(), names.end()), ",");
  }

  // All of them, as the sandbox shows them.
  const json::Array& records(const std::string& path, const std::string& fields) {
    const auto target = path + (path.contains('?') ? "&fields=" : "?fields=") + fields;
    const auto [found, is_new] = known_.try_emplace(target);
    auto& all = found->second;
    for (int page = 1; is_new; ++page) {
      auto part = world_.direct(target + "&orderBy=id&pageSize=1000&page=" + std::to_string(page));
      auto& items = *part.if_array();
      const bool last = items.size() < 1000;
      std::ranges::move(items, std::back_inserter(all));
      if (last) break;
    }
    return all;
  }

  World& world_;
  std::map<std::string, json::Array> known_;
};

// ---- the property ------------------------------------------------------------------------------

struct Query {
  json::Object arguments;
  Expression meaning;                               // all parts must hold
  std::vector<std::pair<std::string, bool>> order;  // field, descending
};

Query draw_query(const Listed& listed, Draw& random) {
  Query query;
  query.arguments = listed.required;
  const auto& records = listed.records;
  const json::Value* anchor = records.empty() ? nullptr : &random.pick(records);
  std::vector<const Argument*> filters;
  for (const auto& argument : listed.tool->method->arguments) {
    // What it compares is made of the moment of the call, and is in no record (hours_ahead_test).
    if (argument.hours_ahead) continue;
    if (argument.place == ArgumentPlace::filter && !argument.required) filters.push_back(&argument);
  }
  for (auto count = filters.empty() ? 0 : random.below(4); count > 0; --count) {
    const auto& argument = *random.pick(filters);
    if (query.arguments.contains(argument.name)) continue;
    auto filter = draw_filter(argument, records, anchor, random);
    if (!filter) continue;
    const bool of_values =
        argument.filter_operator == FilterOperator::equal && argument.type != FieldType::boolean &&
        argument.type != FieldType::date && argument.type != FieldType::date_time &&
        argument.also.empty() && !listed.tool->resource->in_array(argument.target);
    if (of_values && random.chance(35)) {
      std::vector<Filter> several = {*filter};
      for (auto more = random.below(3); more > 0; --more) {
        auto next = draw_filter(argument, records, nullptr, random);
        if (next && goes_with(*filter, *next)) several.push_back(std::move(*next));
      }
      const bool turned = random.chance(40);
      *filter = turned ? none_of(several) : one_of(several);
      if (turned) {
        query.arguments[argument.name + "Not"] = filter->given;
        query.meaning.parts.push_back(std::move(filter->meaning));
        continue;
      }
    }
    query.arguments[argument.name] = filter->given;
    query.meaning.parts.push_back(std::move(filter->meaning));
  }
  const auto takes = [&](std::string_view name) {
    return std::ranges::find(listed.tool->argument_names, name) !=
           listed.tool->argument_names.end();
  };
  std::vector<Comparable> fields;
  collect(listed.tool->resource->fields, "", false, records, fields);
  if (takes("conditions") && !fields.empty() && random.chance(60)) {
    auto expression = draw_expression(fields, records, random, 2);
    query.arguments["conditions"] = Writer(fields, random).write(expression);
    query.meaning.parts.push_back(std::move(expression));
  }
  std::vector<Comparable> sortable;
  collect(listed.tool->resource->fields, "", true, records, sortable);
  std::string order;
  if (takes("orderBy") && !sortable.empty() && random.chance(60)) {
    for (auto count = 1 + random.below(2); count > 0; --count) {
      const auto& field = random.pick(sortable);
      const bool descending = random.chance(50);
      query.order.emplace_back(field.path, descending);
      order += (order.empty() ? "" : ", ") + field.path + (descending ? " desc" : " asc");
    }
    query.arguments["orderBy"] = order;
  }
  const bool has_id = !records.empty() && records.front().find("id") != nullptr;
  if (has_id && random.chance(60)) query.arguments["fields"] = json::Array{"id"};
  return query;
}

// By its id; where the API gives none, by what the list shows of it.
std::string identity_of(const catalog::Tool& tool, const json::Value& record) {
  if (const auto* id = record.find("id")) return json::to_string(*id);
  std::string out;
  for (const auto& field : tool.method->default_fields) {
    const auto* value = plain::value_at(record, field);
    out += (value != nullptr ? json::to_string(*value) : "-") + '|';
  }
  return out;
}

struct Answer {
  std::vector<std::string> records;  // their identities
  std::string refusal;
};

Answer follow(World& world, const catalog::Tool& tool, json::Object arguments) {
  Answer answer;
  for (int page = 0; page < 3000; ++page) {
    const auto outcome = world.harness.call_value(tool.name, arguments);
    if (outcome.result.is_error) {
      CHECK_MESSAGE(outcome.value.find("error")->string_or("code", "") == "invalid_argument",
                    outcome.result.text);
      answer.refusal = outcome.error();
      return answer;
    }
    for (const auto& record : *outcome.value.find("result")->if_array()) {
      answer.records.push_back(identity_of(tool, record));
    }
    const auto cursor = outcome.value.string_or("next_cursor", "");
    if (cursor.empty()) return answer;
    arguments["next_cursor"] = cursor;
  }
  FAIL("the cursors never end");
  return answer;
}

// Whether each record stands where the order wants it.
bool in_order(const Query& query, const std::vector<const json::Value*>& records) {
  for (std::size_t i = 1; i < records.size(); ++i) {
    for (const auto& [field, descending] : query.order) {
      const int order = plain::compare(plain::value_at(*records[i - 1], field),
                                       plain::value_at(*records[i], field));
      if (order == 0) continue;
      if ((order > 0) != descending) return false;
      break;
    }
  }
  return true;
}

struct Tally {
  int queries = 0;
  int found = 0;
  int refused = 0;
};

// What only one of the two has, to be told.
std::string without(const std::vector<std::string>& all, const std::vector<std::string>& some) {
  std::vector<std::string> rest;
  std::ranges::set_difference(all, some, std::back_inserter(rest));
  const auto count = rest.size();
  if (count > 3) rest.resize(3);
  return std::to_string(count) + (count == 0 ? "" : " such as " + join(rest));
}

void check_query(World& world, const Listed& listed, Query query, Draw& random, Tally& tally) {
  std::vector<std::string> expected;
  std::map<std::string, const json::Value*> by_identity;
  for (const auto& record : listed.records) {
    if (!plain::holds(query.meaning, record)) continue;
    expected.push_back(identity_of(*listed.tool, record));
    by_identity[expected.back()] = &record;
  }
  // About ten pages at most.
  query.arguments["limit"] = std::min<std::size_t>(
      1000, 1 + expected.size() / 10 + random.below(random.chance(50) ? 5 : expected.size() + 2));
  ++tally.queries;
  const auto told = json::to_string(query.arguments);
  CAPTURE(told);
  const auto answer = follow(world, *listed.tool, query.arguments);
  if (!answer.refusal.empty()) {
    // What finds nothing may be refused for naming nothing; a name may be that of several.
    ++tally.refused;
    CHECK_MESSAGE((expected.empty() || answer.refusal.contains("several")), answer.refusal);
    return;
  }
  auto found = answer.records;
  std::ranges::sort(found);
  std::ranges::sort(expected);
  CHECK_MESSAGE(found == expected, "missing ", without(expected, found), "; not expected ",
                without(found, expected));
  if (found != expected) return;
  std::vector<const json::Value*> records;
  for (const auto& identity : answer.records) records.push_back(by_identity.at(identity));
  CHECK(in_order(query, records));
  tally.found += !found.empty();
}

}  // namespace

TEST_CASE("random filters, orders and pages find what a plain evaluation finds") {
  World world;
  Lists lists(world);
  Tally tally;
  for (const auto& tool : world.harness.tools->tools()) {
    if (tool->method->kind != integration::MethodKind::list || !property_wanted(tool->name))
      continue;
    for (std::uint64_t round = 0; round < property_rounds(); ++round) {
      Draw random(tool->name, round);
      const auto seed = property_seed();
      CAPTURE(tool->name);
      CAPTURE(seed);
      CAPTURE(round);
      const auto listed = lists.draw(*tool, random);
      check_query(world, listed, draw_query(listed, random), random, tally);
    }
  }
  MESSAGE(tally.queries << " queries, " << tally.found << " found something, " << tally.refused
                        << " were refused");
  if (std::getenv("PATCHBAY_PROPERTY_ONLY") == nullptr) {
    CHECK(tally.found * 3 > tally.queries);
    CHECK(tally.refused * 5 < tally.queries);
  }
}

}  // namespace patchbay::gateway
