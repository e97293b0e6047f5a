// Random conditions: what the engine selects must be what a plain evaluation of the same random
// expression over the shown JSON says.
#include <functional>
#include <set>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "sandbox/records/collation.h"
#include "sandbox/seed/random.h"
#include "sandbox/test_client.h"

using namespace patchbay;
using namespace patchbay::sandbox;
using namespace patchbay::sandbox::testing;

namespace {

using Predicate = std::function<bool(const json::Value&)>;

struct Expression {
  std::string text;
  Predicate holds;
};

// "board/name" in the shown record; facts about the record are in _info.
const json::Value* look_up(const json::Value& record, std::string_view path) {
  const std::size_t slash = path.find('/');
  if (slash != std::string_view::npos) {
    const json::Value* reference = record.find(path.substr(0, slash));
    return reference == nullptr ? nullptr : reference->find(path.substr(slash + 1));
  }
  const json::Value* value = record.find(path);
  if (value != nullptr) return value;
  const json::Value* info = record.find("_info");
  return info == nullptr ? nullptr : info->find(path);
}

class Generator {
 public:
  Generator(Random& random, const json::Array& records) : random_(random), records_(records) {}

  Expression expression(int depth) {
    if (depth == 0 || random_.chance(35)) return leaf();
    const Expression left = expression(depth - 1);
    const Expression right = expression(depth - 1);
    const bool both = random_.chance(50);
    const Predicate a = left.holds;
    const Predicate b = right.holds;
    return {fmt::format("({} {} {})", left.text, random_case(both ? "and" : "or"), right.text),
            [a, b, both](const json::Value& record) {
              return both ? a(record) && b(record) : a(record) || b(record);
            }};
  }

 private:
  std::string random_case(std::string_view word) {
    std::string made(word);
    for (char& c : made) {
      if (random_.chance(30) && c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
    }
    return made;
  }

  Expression leaf() {
    static constexpr std::string_view kTexts[] = {"summary",      "board/name",       "status/name",
                                                  "company/name", "owner/identifier", "enteredBy",
                                                  "closedBy",     "poNumber"};
    static constexpr std::string_view kNumbers[] = {"id", "actualHours", "budgetHours", "owner/id",
                                                    "respondMinutes"};
    static constexpr std::string_view kDates[] = {"dateEntered", "lastUpdated", "closedDate",
                                                  "requiredDate"};
    switch (random_.below(5)) {
      case 0:
        return number_leaf(random_.pick(kNumbers));
      case 1:
        return date_leaf(random_.pick(kDates));
      case 2:
        return null_leaf(random_.chance(50) ? random_.pick(kTexts) : random_.pick(kDates));
      case 3:
        return flag_leaf();
      default:
        return text_leaf(random_.pick(kTexts));
    }
  }

  // Some record's value of that field, so that comparisons hit.
  const json::Value* some_value(std::string_view path) {
    for (int i = 0; i < 50; ++i) {
      if (const json::Value* value = look_up(random_.pick(records_), path)) return value;
    }
    return nullptr;
  }

  template <class T>
  static bool compare(std::string_view op, const T& a, const T& b) {
    if (op == "=") return a == b;
    if (op == "!=") return a != b;
    if (op == "<") return a < b;
    if (op == "<=") return a <= b;
    return op == ">" ? a > b : a >= b;
  }

  std::string_view some_operator() {
    static constexpr std::string_view kOperators[] = {"=", "!=", "<", "<=", ">", ">="};
    return random_.pick(kOperators);
  }

  Expression null_leaf(std::string_view path) {
    const bool wants_null = random_.chance(50);
    return {
        fmt::format("{} {} {}", random_case(path), wants_null ? "=" : "!=", random_case("null")),
        [path, wants_null](const json::Value& record) {
          return (look_up(record, path) == nullptr) == wants_null;
        }};
  }

  Expression flag_leaf() {
    const bool wanted = random_.chance(50);
    return {fmt::format("closedFlag={}", random_case(wanted ? "true" : "false")),
            [wanted](const json::Value& record) {
              return record.bool_or("closedFlag", false) == wanted;
            }};
  }

  Expression number_leaf(std::string_view path) {
    const json::Value* value = some_value(path);
    const double wanted = value == nullptr ? 3 : *value->as_double();
    if (random_.chance(30)) {
      const bool negated = random_.chance(30);
      return {fmt::format("{} {}in ({}, {}, 1)", path, negated ? "not " : "", wanted, wanted + 1),
              [=](const json::Value& record) {
                const json::Value* own = look_up(record, path);
                if (own == nullptr) return false;
                const double number = *own->as_double();
                return (number == wanted || number == wanted + 1 || number == 1) != negated;
              }};
    }
    const std::string_view op = some_operator();
    return {fmt::format("{}{}{}", path, op, wanted), [=](const json::Value& record) {
              const json::Value* own = look_up(record, path);
              return own != nullptr && compare(op, *own->as_double(), wanted);
            }};
  }

  Expression date_leaf(std::string_view path) {
    const json::Value* value = some_value(path);
    std::string wanted = value == nullptr ? "2026-01-01T00:00:00Z" : *value->if_string();
    const std::string_view op = some_operator();
    return {fmt::format("{} {} [{}]", path, op, wanted), [=](const json::Value& record) {
              const json::Value* own = look_up(record, path);
              // Texts of one format sort as their times do.
              return own != nullptr && compare(op, *own->if_string(), wanted);
            }};
  }

  std::string quoted(std::string_view text) {
    const char quote = random_.chance(50) ? '"' : '\'';
    std::string made(1, quote);
    for (const char c : text) {
      if (c == quote || c == '\\') made += '\\';
      made += c;
    }
    return made + quote;
  }

  // As one writes a text that is to stand for itself.
  static std::string in_brackets(std::string_view text) {
    std::string made;
    for (const char c : text) {
      const bool means_more = c == '*' || c == '[' || c == '%' || c == '_';
      made += means_more ? std::string{'[', c, ']'} : std::string(1, c);
    }
    return made;
  }

  Expression text_leaf(std::string_view path) {
    const json::Value* value = some_value(path);
    std::string wanted = value == nullptr ? "x" : *value->if_string();
    const int kind = random_.below(3);
    if (kind == 0) {
      const std::string_view op = some_operator();
      const std::string folded = fold(wanted);
      const bool is_pattern = op == "=" || op == "!=";
      return {fmt::format("{} {} {}", path, op,
                          quoted(random_case(is_pattern ? in_brackets(wanted) : wanted))),
              [=](const json::Value& record) {
                const json::Value* own = look_up(record, path);
                return own != nullptr && compare(op, fold(*own->if_string()), folded);
              }};
    }
    const std::size_t begin = static_cast<std::size_t>(random_.below(4)) % (wanted.size() + 1);
    const std::string part = wanted.substr(begin, static_cast<std::size_t>(random_.between(1, 6)));
    const bool negated = random_.chance(30);
    const bool contains = kind == 1;
    const bool at_start = !contains && random_.chance(50);
    const std::string itself = in_brackets(part);
    const std::string literal = contains ? itself : at_start ? itself + "%" : "%" + itself + "%";
    return {fmt::format("{} {}{} {}", path, negated ? "not " : "", contains ? "contains" : "like",
                        quoted(literal)),
            [=](const json::Value& record) {
              const json::Value* own = look_up(record, path);
              if (own == nullptr) return false;
              const std::string text = fold(*own->if_string());
              const bool found = at_start ? text.starts_with(fold(part))
                                          : text.find(fold(part)) != std::string::npos;
              return found != negated;
            }};
  }

  Random& random_;
  const json::Array& records_;
};

}  // namespace

TEST_CASE("random conditions select what a plain evaluation of the shown records selects") {
  TestClient client;
  const TestReply page = client.get("/service/tickets?pageSize=400&orderBy=id desc");
  REQUIRE(page.status == 200);
  const json::Array& records = *page.body.if_array();
  Random random(7, "conditions");
  Generator generator(random, records);
  std::int64_t lowest = records.back().int64_or("id", 0);
  for (int round = 0; round < 150; ++round) {
    const Expression expression = generator.expression(3);
    CAPTURE(expression.text);
    const TestReply reply =
        client.find("/service/tickets", fmt::format("id >= {} and ({})", lowest, expression.text),
                    "&fields=id&pageSize=1000");
    REQUIRE_MESSAGE(reply.status == 200, reply.text);
    std::set<std::int64_t> selected;
    for (const json::Value& one : *reply.body.if_array()) selected.insert(one.int64_or("id", 0));
    std::set<std::int64_t> expected;
    for (const json::Value& record : records) {
      if (expression.holds(record)) expected.insert(record.int64_or("id", 0));
    }
    CHECK(selected == expected);
  }
}
