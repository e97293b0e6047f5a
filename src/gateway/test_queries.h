// For property tests: filters and expressions drawn at random, each with what it means.
#pragma once

#include <algorithm>
#include <map>
#include <optional>

#include <fmt/format.h>

#include "base/clock.h"
#include "base/iso8601.h"
#include "base/text.h"
#include "catalog/tool.h"
#include "gateway/test_draw.h"
#include "gateway/test_plain_filter.h"
#include "json/write.h"

namespace patchbay::gateway::property {

using integration::Argument;
using integration::ArgumentPlace;
using integration::Field;
using integration::FieldType;
using integration::FilterOperator;
using plain::Expression;
using plain::Op;

// ---- values ------------------------------------------------------------------------------------

inline const std::vector<std::string> kNasty = {"%",
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
inline const std::vector<std::string> kControl = {"a\nb", "\x01", "\t"};

inline std::string any_case(std::string text, Draw& random) {
  for (char& c : text) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (letter && random.chance(30)) c = static_cast<char>(c ^ 0x20);
  }
  return text;
}

// A part of it that cuts no character.
inline std::string part_of(const std::string& text, Draw& random) {
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
inline Moment near(const std::string& utc, Draw& random, bool day) {
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

inline json::Value near_number(const json::Value& value, Draw& random) {
  const auto whole = value.as_int64();
  if (!whole || random.chance(50)) return value;
  return *whole + static_cast<std::int64_t>(random.below(3)) - 1;
}

// ---- typed filters -----------------------------------------------------------------------------

struct Filter {
  json::Value given;
  Expression meaning;
};

inline Op op_of(FilterOperator op) {
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
    case FilterOperator::as_email:
    case FilterOperator::as_phone:
    case FilterOperator::as_domain:
      break;  // draw_mark
  }
  return Op::equal;
}

// A record by its id, by the digits of its id or by its name.
inline std::optional<Filter> draw_reference(const Argument& argument, const json::Value& record,
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

inline std::optional<Filter> draw_scalar(const Argument& argument, const json::Value* seen,
                                         Draw& random) {
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

// An address as the record has it; what numbers and domains mean, people_test.cpp tells.
inline std::optional<Filter> draw_mark(const Argument& argument, const json::Value* seen,
                                       Draw& random) {
  const auto* text = seen != nullptr ? seen->if_string() : nullptr;
  if (argument.filter_operator != FilterOperator::as_email || text == nullptr) return std::nullopt;
  return Filter{any_case(*text, random), plain::comparison(argument.target, Op::equal, {*text})};
}

inline bool is_mark(FilterOperator op) {
  return op == FilterOperator::as_email || op == FilterOperator::as_phone ||
         op == FilterOperator::as_domain;
}

inline std::optional<Filter> draw_filter(const Argument& argument, const json::Array& records,
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
  } else if (is_mark(argument.filter_operator)) {
    filter = draw_mark(argument, seen, random);
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

// Another value of the same filter, or another way to say the same: whichever it says, it means the
// same field, and names and ids are not mixed.
inline bool goes_with(const Filter& one, const Filter& other) {
  const auto is_name = [](const json::Value& value) {
    return value.is_string() && !parse_int64(*value.if_string());
  };
  return one.meaning.kind == Expression::Kind::comparison &&
         other.meaning.kind == Expression::Kind::comparison &&
         one.meaning.field == other.meaning.field && is_name(one.given) == is_name(other.given);
}

// Several values of a filter: any of them.
inline Filter one_of(const std::vector<Filter>& several) {
  Filter all{json::Array(), {Expression::Kind::any, {}, Op::equal, {}, {}}};
  for (const auto& each : several) {
    all.given.push_back(each.given);
    all.meaning.parts.push_back(each.meaning);
  }
  return all;
}

// None of them; what has no value has none of them either.
inline Filter none_of(const std::vector<Filter>& several) {
  Expression other{Expression::Kind::all, {}, Op::equal, {}, {}};
  json::Array given;
  for (const auto& each : several) {
    given.push_back(each.given);
    const auto& compared = each.meaning;
    other.parts.push_back(plain::comparison(compared.field, Op::not_equal, compared.values));
  }
  Expression missing = plain::comparison(several.front().meaning.field, Op::is_null);
  return {several.size() == 1 ? given.front() : json::Value(given),
          {Expression::Kind::any, {}, Op::equal, {}, {std::move(other), std::move(missing)}}};
}

// ---- raw expressions ---------------------------------------------------------------------------

struct Comparable {
  std::string path;
  const Field* field = nullptr;
};

// Fields that may be compared and that some record shows: of others there is nothing to evaluate.
inline void collect(const std::vector<Field>& fields, const std::string& prefix, bool to_sort,
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

// As one writes a text that is to stand for itself.
inline std::string in_brackets(const std::string& text) {
  std::string out;
  for (const char c : text) {
    const bool means_more = c == '*' || c == '%' || c == '_' || c == '[';
    out += means_more ? std::string{'[', c, ']'} : std::string(1, c);
  }
  return out;
}

inline Expression draw_comparison(const std::vector<Comparable>& fields, const json::Array& records,
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
      wanted = in_brackets(wanted);
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

inline Expression draw_expression(const std::vector<Comparable>& fields, const json::Array& records,
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
      literals += (literals.empty() ? "" : ", ") + literal(one, value);
    }
    return out + (list ? '(' + literals + ')' : literals);
  }
  std::string literal(const Expression& one, const json::Value& value) {
    const auto* given = value.if_string();
    if (given == nullptr) return json::to_string(value);
    const auto* field = std::ranges::find(fields_, one.field, &Comparable::path)->field;
    const auto type = field->type;
    // `like` has its brackets, < and > take texts as they are, and of a choice nobody knows.
    const bool whole = one.op == Op::like || one.op == Op::not_like || one.op == Op::less ||
                       one.op == Op::less_or_equal || one.op == Op::greater ||
                       one.op == Op::greater_or_equal || !field->values.empty();
    const std::string bracketed = whole ? *given : in_brackets(*given);
    const auto* text = type == FieldType::string ? &bracketed : given;
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

}  // namespace patchbay::gateway::property
