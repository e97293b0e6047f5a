// Random filters, orders and pages of every list tool, before the real sandbox: what comes back is
// what a plain evaluation of the sandbox's own records says.
#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "base/text.h"
#include "gateway/plain_filter.h"
#include "gateway/property_draw.h"
#include "gateway/sandbox_world.h"

namespace patchbay::gateway {
namespace {

using catalog::Argument;
using catalog::Field;
using catalog::FieldType;
using catalog::FilterOperator;
using catalog::Place;
using plain::Expression;
using plain::Op;

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
    const bool has_parent = tool.method->path.contains('{');
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
    std::string_view rest = tool.method->path;
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
        if (argument.place == Place::path &&
            (argument.target.empty() ? argument.name : argument.target) == name) {
          out.required[argument.name] = id;
        }
      }
      rest.remove_prefix(close + 1);
    }
    for (const auto& argument : tool.method->arguments) {
      if (!argument.required || argument.place == Place::path) continue;
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
      if (argument.place == Place::filter) add(argument.target);
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

// ---- values ------------------------------------------------------------------------------------

const std::vector<std::string> kNasty = {"%",
                                         "_",
                                         "\"",
                                         "\\",
                                         "'",
                                         "x\\\"",
                                         "null",
                                         "true",
                                         "0",
                                         " ",
                                         "[2026-01-01]",
                                         ") or (id>0",
                                         "\xC3\xBC",
                                         "\xF0\x9F\x98\x80",
                                         "%22 or 1=1",
                                         "&page=2",
                                         "x' or ''='",
                                         "\xE2\x80\xA6",
                                         "  server  ",
                                         "\\\\\"",
                                         "id",
                                         "#",
                                         "+",
                                         "a%20b",
                                         "(",
                                         "*"};
// Nothing has them, and they may be refused.
const std::vector<std::string> kControl = {"a\nb", "\x01", "\t"};

std::string any_case(std::string text, Draw& random) {
  for (char& c : text) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (letter && random.chance(30)) c = static_cast<char>(c ^ 0x20);
  }
  return text;
}

// A part of it that cuts no character.
std::string part_of(const std::string& text, Draw& random) {
  const auto continues = [&](std::size_t at) {
    return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80;
  };
  std::size_t begin = random.below(text.size());
  std::size_t end = begin + 1 + random.below(std::min<std::size_t>(text.size() - begin, 24));
  while (continues(begin)) --begin;
  while (continues(end)) ++end;
  return text.substr(begin, end - begin);
}

// A moment near that one: in UTC, and as a caller may write it.
struct Moment {
  std::string utc;
  std::string written;
};
Moment near(const std::string& utc, Draw& random, bool day) {
  const auto at = parse_iso8601(utc, TimeZone::utc()).value();
  using std::chrono::seconds;
  static const std::vector<seconds> kSteps = {seconds(0),    seconds(0),      seconds(1),
                                              seconds(-1),   seconds(86'400), seconds(-86'400),
                                              seconds(3'600)};
  auto moment = at + random.pick(kSteps);
  if (day) moment = std::chrono::floor<std::chrono::days>(moment);
  Moment out{format_utc(moment), format_utc(moment)};
  if (day) {
    if (random.chance(70)) out.written.resize(10);
    return out;
  }
  static const std::vector<int> kOffsets = {0, 330, -180, 60, -720, 845};
  if (random.chance(60)) {
    const int minutes = random.pick(kOffsets);
    const int size = std::abs(minutes);
    out.written = format_utc(moment + std::chrono::minutes(minutes)).substr(0, 19) +
                  fmt::format("{}{:02}:{:02}", minutes < 0 ? '-' : '+', size / 60, size % 60);
  }
  return out;
}

json::Value near_number(const json::Value& value, Draw& random) {
  const auto whole = value.as_int64();
  if (!whole || random.chance(50)) return value;
  return *whole + static_cast<std::int64_t>(random.below(3)) - 1;
}

// ---- typed filters -----------------------------------------------------------------------------

struct Filter {
  json::Value given;
  Expression meaning;
};

Op op_of(FilterOperator op) {
  switch (op) {
    case FilterOperator::equal:
      return Op::equal;
    case FilterOperator::not_equal:
      return Op::not_equal;
    case FilterOperator::less:
      return Op::less;
    case FilterOperator::less_or_equal:
      return Op::less_or_equal;
    case FilterOperator::greater:
      return Op::greater;
    case FilterOperator::greater_or_equal:
      return Op::greater_or_equal;
    case FilterOperator::contains:
      return Op::contains;
    case FilterOperator::not_contains:
      return Op::not_contains;
    case FilterOperator::like:
      return Op::like;
    case FilterOperator::in:
      return Op::in;
    case FilterOperator::is_null:
      return Op::is_null;
  }
  return Op::equal;
}

// A record by its id, by the digits of its id or by its name.
std::optional<Filter> draw_reference(const Argument& argument, const json::Value& record,
                                     Draw& random) {
  const auto* id = record.find("id");
  if (id == nullptr) return std::nullopt;
  const auto& path = argument.target;
  const bool whole = !path.contains('/');
  if (!argument.reference || random.chance(40)) {
    const bool digits = argument.reference && random.chance(30);
    return Filter{digits ? json::Value(json::to_string(*id)) : *id,
                  plain::comparison(whole ? path + "/id" : path, Op::equal, {*id})};
  }
  const auto& match = argument.reference->match;
  const bool by_identifier =
      std::ranges::find(match, "identifier") != match.end() && random.chance(40);
  const auto* name = record.find(by_identifier ? "identifier" : "name");
  // A name of digits alone is taken for an id.
  if (name == nullptr || !name->is_string() || name->if_string()->empty() ||
      parse_int64(*name->if_string())) {
    return std::nullopt;
  }
  return Filter{
      any_case(*name->if_string(), random),
      plain::comparison(path + (by_identifier ? "/identifier" : "/name"), Op::equal, {*name})};
}

std::optional<Filter> draw_scalar(const Argument& argument, const json::Value* seen, Draw& random) {
  const Op op = op_of(argument.filter_operator);
  const auto meaning = [&](json::Value value) {
    return plain::comparison(argument.target, op, {std::move(value)});
  };
  const auto* choices = argument.schema.find("enum");
  switch (argument.type) {
    case FieldType::boolean: {
      const bool flag = random.chance(50);
      if (op != Op::is_null) return Filter{flag, meaning(flag)};
      return Filter{flag, plain::comparison(argument.target, flag ? Op::is_null : Op::is_not_null)};
    }
    case FieldType::date:
    case FieldType::date_time: {
      const auto* text = seen != nullptr ? seen->if_string() : nullptr;
      const auto moment = near(text != nullptr ? *text : "2026-11-20T10:00:00Z", random,
                               argument.type == FieldType::date);
      return Filter{moment.written, meaning(moment.utc)};
    }
    case FieldType::integer:
    case FieldType::number: {
      const auto value = near_number(seen != nullptr ? *seen : json::Value(7), random);
      return Filter{value, meaning(value)};
    }
    default:
      break;
  }
  if (choices != nullptr) {
    const auto& value = random.pick(*choices->if_array());
    return Filter{value, meaning(value)};
  }
  const auto* text = seen != nullptr ? seen->if_string() : nullptr;
  if (text == nullptr || text->empty() || random.chance(15)) {
    const auto& nasty = random.pick(random.chance(10) ? kControl : kNasty);
    return Filter{nasty, meaning(nasty)};
  }
  const bool cut = op == Op::contains || op == Op::not_contains;
  const auto wanted = cut ? part_of(*text, random) : *text;
  return Filter{any_case(wanted, random), meaning(wanted)};
}

std::optional<Filter> draw_filter(const Argument& argument, const json::Array& records,
                                  const json::Value* anchor, Draw& random) {
  const json::Value* seen = nullptr;
  if (anchor != nullptr && random.chance(80)) seen = plain::value_at(*anchor, argument.target);
  for (int tries = 0; seen == nullptr && tries < 8 && !records.empty(); ++tries) {
    seen = plain::value_at(random.pick(records), argument.target);
  }
  std::optional<Filter> filter;
  if (argument.filter_operator == FilterOperator::in) {
    Argument one = argument;
    one.filter_operator = FilterOperator::equal;
    if (const auto* items = argument.schema.find("items")) one.schema = *items;
    json::Array given;
    filter = Filter{{}, plain::comparison(argument.target, Op::in)};
    for (auto count = 1 + random.below(3); count > 0; --count) {
      const auto each = seen != nullptr && seen->is_object() ? draw_reference(one, *seen, random)
                                                             : draw_scalar(one, seen, random);
      if (!each) return std::nullopt;
      given.push_back(each->given);
      filter->meaning.field = each->meaning.field;
      filter->meaning.values.push_back(each->meaning.values.front());
    }
    filter->given = given;
  } else if (seen != nullptr && seen->is_object()) {
    filter = draw_reference(argument, *seen, random);
  } else if (argument.type != FieldType::reference) {
    filter = draw_scalar(argument, seen, random);
  }
  if (!filter || argument.also.empty()) return filter;
  Expression all{Expression::Kind::all, {}, Op::equal, {}, {std::move(filter->meaning)}};
  for (const auto& [field, value] : argument.also) {
    const auto* several = value.if_array();
    all.parts.push_back(plain::comparison(field, several != nullptr ? Op::in : Op::equal,
                                          several != nullptr ? *several : json::Array{value}));
  }
  filter->meaning = std::move(all);
  return filter;
}

// ---- raw expressions ---------------------------------------------------------------------------

struct Comparable {
  std::string path;
  const Field* field = nullptr;
};

// Fields that may be compared and that some record shows: of others there is nothing to evaluate.
void collect(const std::vector<Field>& fields, const std::string& prefix, bool to_sort,
             const json::Array& records, std::vector<Comparable>& out) {
  for (const auto& field : fields) {
    const auto path = prefix + field.name;
    if (field.type == FieldType::array) continue;
    collect(field.children, path + '/', to_sort, records, out);
    if (field.type == FieldType::object || field.type == FieldType::reference) continue;
    if (!(to_sort ? field.sortable : field.filterable)) continue;
    const bool shown = std::ranges::any_of(records, [&](const json::Value& record) {
      return plain::value_at(record, path) != nullptr;
    });
    if (shown) out.push_back({path, &field});
  }
}

Expression draw_comparison(const std::vector<Comparable>& fields, const json::Array& records,
                           Draw& random) {
  const auto& [path, field] = random.pick(fields);
  if (random.chance(12)) {
    return plain::comparison(path, random.chance(50) ? Op::is_null : Op::is_not_null);
  }
  const auto sample = [&]() -> json::Value {
    const json::Value* seen = nullptr;
    while (seen == nullptr) seen = plain::value_at(random.pick(records), path);
    const bool time = field->type == FieldType::date_time || field->type == FieldType::date;
    if (time) return near(*seen->if_string(), random, field->type == FieldType::date).utc;
    return seen->is_number() ? near_number(*seen, random) : *seen;
  };
  if (field->type == FieldType::boolean) {
    return plain::comparison(path, random.chance(70) ? Op::equal : Op::not_equal, {sample()});
  }
  static const std::vector<Op> kAny = {Op::equal, Op::not_equal, Op::in, Op::not_in};
  static const std::vector<Op> kOrdered = {Op::less, Op::less_or_equal, Op::greater,
                                           Op::greater_or_equal};
  static const std::vector<Op> kTextual = {Op::contains, Op::not_contains, Op::like, Op::not_like};
  const bool closed = !field->values.empty();
  const bool text = field->type == FieldType::string && !closed;
  if (text && random.chance(50)) {
    auto value = sample();
    auto wanted = *value.if_string();
    if (!wanted.empty()) wanted = part_of(wanted, random);
    if (random.chance(10)) wanted = random.pick(kNasty);
    const Op op = random.pick(kTextual);
    if (op == Op::like || op == Op::not_like) {
      if (random.chance(70)) wanted += '%';
      if (random.chance(70)) wanted.insert(0, "%");
      if (random.chance(20)) wanted += "%e%";
    }
    return plain::comparison(path, op, {wanted});
  }
  const Op op = !closed && random.chance(50) ? random.pick(kOrdered) : random.pick(kAny);
  json::Array values;
  const bool list = op == Op::in || op == Op::not_in;
  for (auto count = list ? 1 + random.below(4) : 1; count > 0; --count) values.push_back(sample());
  return plain::comparison(path, op, std::move(values));
}

Expression draw_expression(const std::vector<Comparable>& fields, const json::Array& records,
                           Draw& random, int depth) {
  if (depth == 0 || random.chance(35)) return draw_comparison(fields, records, random);
  Expression out;
  out.kind = random.chance(50) ? Expression::Kind::all : Expression::Kind::any;
  for (auto count = 2 + random.below(2); count > 0; --count) {
    out.parts.push_back(draw_expression(fields, records, random, depth - 1));
  }
  return out;
}

// As a person may write it: any case of keywords and names, both quotes, parentheses where they are
// needed and sometimes where they are not.
class Writer {
 public:
  Writer(const std::vector<Comparable>& fields, Draw& random) : fields_(fields), random_(random) {}

  std::string write(const Expression& expression) {
    if (expression.kind == Expression::Kind::comparison) return comparison(expression);
    const bool all = expression.kind == Expression::Kind::all;
    std::string out;
    for (const auto& part : expression.parts) {
      if (!out.empty()) out += ' ' + any_case(all ? "and" : "or", random_) + ' ';
      const bool needed = all && part.kind == Expression::Kind::any;
      const bool wrapped = needed || random_.chance(20);
      out += (wrapped ? "(" : "") + write(part) + (wrapped ? ")" : "");
    }
    return out;
  }

 private:
  std::string comparison(const Expression& one) {
    static const std::map<Op, std::string> kWords = {{Op::equal, "="},
                                                     {Op::not_equal, "!="},
                                                     {Op::less, "<"},
                                                     {Op::less_or_equal, "<="},
                                                     {Op::greater, ">"},
                                                     {Op::greater_or_equal, ">="},
                                                     {Op::contains, " contains "},
                                                     {Op::not_contains, " not contains "},
                                                     {Op::like, " like "},
                                                     {Op::not_like, " not like "},
                                                     {Op::in, " in "},
                                                     {Op::not_in, " not in "},
                                                     {Op::is_null, "="},
                                                     {Op::is_not_null, "!="}};
    const auto space = random_.chance(50) ? " " : "";
    std::string out =
        any_case(one.field, random_) + space + any_case(kWords.at(one.op), random_) + space;
    if (one.op == Op::is_null || one.op == Op::is_not_null) return out + any_case("null", random_);
    const bool list = one.op == Op::in || one.op == Op::not_in;
    std::string literals;
    for (const auto& value : one.values) {
      literals += (literals.empty() ? "" : ", ") + literal(one.field, value);
    }
    return out + (list ? '(' + literals + ')' : literals);
  }
  std::string literal(const std::string& path, const json::Value& value) {
    const auto* text = value.if_string();
    if (text == nullptr) return json::to_string(value);
    const auto type = std::ranges::find(fields_, path, &Comparable::path)->field->type;
    if (type == FieldType::date_time || type == FieldType::date) return '[' + *text + ']';
    const char quote = random_.chance(50) ? '"' : '\'';
    std::string out(1, quote);
    for (const char c : *text) {
      if (c == quote || c == '\\') out += '\\';
      out += c;
    }
    return out + quote;
  }

  const std::vector<Comparable>& fields_;
  Draw& random_;
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
    if (argument.place == Place::filter && !argument.required) filters.push_back(&argument);
  }
  for (auto count = filters.empty() ? 0 : random.below(4); count > 0; --count) {
    const auto& argument = *random.pick(filters);
    if (query.arguments.contains(argument.name)) continue;
    auto filter = draw_filter(argument, records, anchor, random);
    if (!filter) continue;
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
    if (tool->method->kind != catalog::MethodKind::list || !property_wanted(tool->name)) continue;
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
