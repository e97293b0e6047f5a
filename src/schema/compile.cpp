// Schema to plan. Everything that a hostile schema could make expensive is refused or bounded here
// (depth, size, patterns, references that never reach a value), so that check() need not fear it.
#include <algorithm>
#include <unordered_map>

#include "base/text.h"
#include "schema/plan.h"

namespace patchbay::schema {
namespace {

constexpr std::size_t kMaxDepth = 64;
constexpr std::size_t kMaxChecks = 50'000;
constexpr std::size_t kMaxPatternLength = 1'000;
constexpr std::int64_t kMaxPatternMemory = 1 << 20;  // RE2's program, in bytes

// Thrown nowhere: the first fault is kept and compilation runs to its end, doing nothing more.
class Compiler {
 public:
  explicit Compiler(const json::Value& root) : root_(root) {}

  Result<std::vector<Check>> run() {
    compile(root_, "", 0);
    if (fault_.empty()) refuse_endless_references();
    if (!fault_.empty()) return fail(ErrorCode::invalid_argument, fault_);
    return std::move(checks_);
  }

 private:
  void complain(const std::string& pointer, const std::string& what) {
    if (fault_.empty()) fault_ = "Schema at '" + pointer + "': " + what;
  }

  // The check of the schema at `pointer`; each place is compiled once, which closes cycles.
  CheckIndex compile(const json::Value& schema, const std::string& pointer, std::size_t depth) {
    if (const auto known = by_pointer_.find(pointer); known != by_pointer_.end()) {
      return known->second;
    }
    if (depth > kMaxDepth) complain(pointer, "nested deeper than 64 levels");
    if (checks_.size() >= kMaxChecks) complain(pointer, "more than 50,000 subschemas");
    if (!fault_.empty()) return 0;

    const auto index = static_cast<CheckIndex>(checks_.size());
    checks_.emplace_back();
    by_pointer_.emplace(pointer, index);
    Check check;
    if (const bool* flag = schema.if_bool()) {
      check.never = !*flag;
    } else if (const json::Object* object = schema.if_object()) {
      read_types(*object, pointer, check);
      read_values(*object, pointer, check);
      read_number(*object, pointer, check);
      read_string(*object, pointer, check);
      read_array(*object, pointer, depth, check);
      read_object(*object, pointer, depth, check);
      read_branches(*object, pointer, depth, check);
    } else {
      complain(pointer, "must be an object or a boolean, not " + std::string(schema.kind()));
    }
    checks_[index] = std::move(check);
    return index;
  }

  CheckIndex child(const json::Value& schema, const std::string& pointer, std::string_view key,
                   std::size_t depth) {
    return compile(schema, pointer + "/" + escape(key), depth + 1);
  }

  static std::string escape(std::string_view key) {
    std::string out;
    for (const char c : key) {
      if (c == '~') {
        out += "~0";
      } else if (c == '/') {
        out += "~1";
      } else {
        out += c;
      }
    }
    return out;
  }

  void read_types(const json::Object& object, const std::string& pointer, Check& check) {
    const json::Value* type = object.find("type");
    if (type == nullptr) return;
    Types types = 0;
    if (const std::string* name = type->if_string()) {
      types = type_named(*name, pointer);
    } else if (const json::Array* names = type->if_array(); names != nullptr && !names->empty()) {
      for (const json::Value& entry : *names) {
        const std::string* text = entry.if_string();
        types |= text != nullptr ? type_named(*text, pointer) : type_named("", pointer);
      }
    } else {
      complain(pointer + "/type", "must be a type's name or a list of them");
    }
    check.types = types;
  }

  Types type_named(std::string_view name, const std::string& pointer) {
    if (name == "null") return kNull;
    if (name == "boolean") return kBoolean;
    if (name == "integer") return kInteger;
    if (name == "number") return kInteger | kNumber;
    if (name == "string") return kString;
    if (name == "array") return kArray;
    if (name == "object") return kObject;
    complain(pointer + "/type", "unknown type '" + std::string(name) + "'");
    return 0;
  }

  void read_values(const json::Object& object, const std::string& pointer, Check& check) {
    auto rule = std::make_unique<ValueRule>();
    if (const json::Value* constant = object.find("const")) {
      rule->is_const = true;
      rule->values.push_back(*constant);
    } else if (const json::Value* values = object.find("enum")) {
      const json::Array* list = values->if_array();
      if (list == nullptr || list->empty()) {
        complain(pointer + "/enum", "must be a list with at least one value");
        return;
      }
      rule->values = *list;
    } else {
      return;
    }
    for (const json::Value& value : rule->values) rule->canonical.push_back(canonical(value));
    check.value = std::move(rule);
  }

  std::optional<Decimal> decimal(const json::Object& object, const std::string& pointer,
                                 std::string_view key, std::string* text = nullptr) {
    const json::Value* value = object.find(key);
    if (value == nullptr) return std::nullopt;
    const json::Number* number = value->if_number();
    if (number == nullptr) {
      complain(pointer + "/" + std::string(key), "must be a number");
      return std::nullopt;
    }
    if (text != nullptr) *text = number->token();
    return Decimal(number->token());
  }

  void read_number(const json::Object& object, const std::string& pointer, Check& check) {
    NumberRule rule;
    rule.minimum = decimal(object, pointer, "minimum", &rule.minimum_text);
    rule.maximum = decimal(object, pointer, "maximum", &rule.maximum_text);
    rule.exclusive_minimum =
        decimal(object, pointer, "exclusiveMinimum", rule.minimum ? nullptr : &rule.minimum_text);
    rule.exclusive_maximum =
        decimal(object, pointer, "exclusiveMaximum", rule.maximum ? nullptr : &rule.maximum_text);
    rule.multiple_of = decimal(object, pointer, "multipleOf", &rule.multiple_of_text);
    if (rule.multiple_of && (rule.multiple_of->is_zero() || rule.multiple_of->is_negative() ||
                             rule.multiple_of->digit_count() > Decimal::kMaxDivisorDigits)) {
      complain(pointer + "/multipleOf", "must be above zero and have at most 18 digits");
      return;
    }
    if (rule.minimum || rule.maximum || rule.exclusive_minimum || rule.exclusive_maximum ||
        rule.multiple_of) {
      check.number = std::make_unique<const NumberRule>(std::move(rule));
    }
  }

  std::optional<std::int64_t> count(const json::Object& object, const std::string& pointer,
                                    std::string_view key) {
    const json::Value* value = object.find(key);
    if (value == nullptr) return std::nullopt;
    const auto number = value->as_int64();
    if (!number || *number < 0) {
      complain(pointer + "/" + std::string(key), "must be a whole number from 0");
      return std::nullopt;
    }
    return number;
  }

  void read_string(const json::Object& object, const std::string& pointer, Check& check) {
    StringRule rule;
    rule.min_length = count(object, pointer, "minLength");
    rule.max_length = count(object, pointer, "maxLength");
    if (const json::Value* format = object.find("format"); format != nullptr) {
      if (const std::string* name = format->if_string()) rule.format = find_format(*name);
    }
    if (const json::Value* pattern = object.find("pattern")) {
      rule.pattern = compile_pattern(*pattern, pointer + "/pattern");
    }
    if (rule.min_length || rule.max_length || rule.pattern || rule.format != Format::none) {
      check.string = std::make_unique<const StringRule>(std::move(rule));
    }
  }

  std::unique_ptr<RE2> compile_pattern(const json::Value& pattern, const std::string& pointer) {
    const std::string* text = pattern.if_string();
    if (text == nullptr || text->size() > kMaxPatternLength) {
      complain(pointer, "must be a text of at most 1,000 bytes");
      return nullptr;
    }
    RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(kMaxPatternMemory);
    auto compiled = std::make_unique<RE2>(*text, options);
    if (!compiled->ok()) {
      complain(pointer, "no pattern that RE2 understands: " + compiled->error());
      return nullptr;
    }
    return compiled;
  }

  void read_array(const json::Object& object, const std::string& pointer, std::size_t depth,
                  Check& check) {
    ArrayRule rule;
    if (const json::Value* prefix = object.find("prefixItems")) {
      rule.prefix = read_list(*prefix, pointer + "/prefixItems", depth);
    }
    if (const json::Value* items = object.find("items")) {
      rule.items = child(*items, pointer, "items", depth);
    }
    rule.min_items = count(object, pointer, "minItems");
    rule.max_items = count(object, pointer, "maxItems");
    const json::Value* unique = object.find("uniqueItems");
    rule.unique = unique != nullptr && unique->if_bool() != nullptr && *unique->if_bool();
    if (!rule.prefix.empty() || rule.items != kNoCheck || rule.min_items || rule.max_items ||
        rule.unique) {
      check.array = std::make_unique<const ArrayRule>(std::move(rule));
    }
  }

  void read_object(const json::Object& object, const std::string& pointer, std::size_t depth,
                   Check& check) {
    ObjectRule rule;
    if (const json::Value* properties = object.find("properties")) {
      const json::Object* members = properties->if_object();
      if (members == nullptr) {
        complain(pointer + "/properties", "must be an object");
        return;
      }
      for (const auto& [name, schema] : *members) {
        rule.names.push_back(name);
        rule.properties.emplace_back(name, child(schema, pointer + "/properties", name, depth));
      }
      std::ranges::sort(rule.properties);
    }
    if (const json::Value* required = object.find("required")) {
      const json::Array* names = required->if_array();
      if (names == nullptr || !std::ranges::all_of(*names, &json::Value::is_string)) {
        complain(pointer + "/required", "must be a list of names");
        return;
      }
      for (const json::Value& name : *names) rule.required.push_back(*name.if_string());
    }
    // patternProperties is not part of this subset. With it, "additional" would be judged wrongly,
    // and refusing what the API takes is worse than letting it judge.
    if (const json::Value* additional = object.find("additionalProperties");
        additional != nullptr && !object.contains("patternProperties")) {
      if (const bool* flag = additional->if_bool()) {
        rule.closed = !*flag;
      } else {
        rule.additional = child(*additional, pointer, "additionalProperties", depth);
      }
    }
    rule.min_properties = count(object, pointer, "minProperties");
    rule.max_properties = count(object, pointer, "maxProperties");
    if (!rule.properties.empty() || !rule.required.empty() || rule.closed ||
        rule.additional != kNoCheck || rule.min_properties || rule.max_properties) {
      check.object = std::make_unique<const ObjectRule>(std::move(rule));
    }
  }

  std::vector<CheckIndex> read_list(const json::Value& list, const std::string& pointer,
                                    std::size_t depth) {
    std::vector<CheckIndex> out;
    const json::Array* schemas = list.if_array();
    if (schemas == nullptr || schemas->empty()) {
      complain(pointer, "must be a list with at least one schema");
      return out;
    }
    for (std::size_t i = 0; i < schemas->size(); ++i) {
      out.push_back(child((*schemas)[i], pointer, std::to_string(i), depth));
    }
    return out;
  }

  void read_branches(const json::Object& object, const std::string& pointer, std::size_t depth,
                     Check& check) {
    BranchRule rule;
    if (const json::Value* list = object.find("allOf")) {
      rule.all = read_list(*list, pointer + "/allOf", depth);
    }
    if (const json::Value* list = object.find("anyOf")) {
      rule.any = read_list(*list, pointer + "/anyOf", depth);
    }
    if (const json::Value* list = object.find("oneOf")) {
      rule.one = read_list(*list, pointer + "/oneOf", depth);
    }
    if (const json::Value* schema = object.find("not")) {
      rule.negated = child(*schema, pointer, "not", depth);
    }
    if (const json::Value* schema = object.find("if")) {
      rule.condition = child(*schema, pointer, "if", depth);
      if (const json::Value* then = object.find("then")) {
        rule.then = child(*then, pointer, "then", depth);
      }
      if (const json::Value* otherwise = object.find("else")) {
        rule.otherwise = child(*otherwise, pointer, "else", depth);
      }
    }
    if (const json::Value* reference = object.find("$ref")) {
      if (const auto target = follow(*reference, pointer + "/$ref", depth)) {
        rule.all.push_back(*target);
      }
    }
    if (!rule.all.empty() || !rule.any.empty() || !rule.one.empty() || rule.negated != kNoCheck ||
        rule.condition != kNoCheck) {
      check.branch = std::make_unique<const BranchRule>(std::move(rule));
    }
  }

  // Only within the document: nothing is ever fetched.
  std::optional<CheckIndex> follow(const json::Value& reference, const std::string& pointer,
                                   std::size_t depth) {
    const std::string* text = reference.if_string();
    if (text == nullptr || text->empty() || text->front() != '#' ||
        (text->size() > 1 && (*text)[1] != '/')) {
      complain(pointer, "only references within the document (\"#/$defs/name\") are followed");
      return std::nullopt;
    }
    const json::Value* at = &root_;
    std::string place;
    if (text->size() > 1) {
      for (const std::string_view part : split(std::string_view(*text).substr(2), '/')) {
        const std::string key = unescape(part);
        place += "/" + escape(key);
        const json::Value* next = nullptr;
        if (at->is_object()) {
          next = at->find(key);
        } else if (const json::Array* list = at->if_array()) {
          const auto index = parse_int64(key);
          if (index && *index >= 0 && static_cast<std::size_t>(*index) < list->size()) {
            next = &(*list)[static_cast<std::size_t>(*index)];
          }
        }
        if (next == nullptr) {
          complain(pointer, "there is nothing at '" + *text + "'");
          return std::nullopt;
        }
        at = next;
      }
    }
    return compile(*at, place, depth + 1);
  }

  static std::string unescape(std::string_view part) {
    std::string out;
    for (std::size_t i = 0; i < part.size(); ++i) {
      if (part[i] == '~' && i + 1 < part.size() && (part[i + 1] == '0' || part[i + 1] == '1')) {
        out += part[++i] == '0' ? '~' : '/';
      } else {
        out += part[i];
      }
    }
    return out;
  }

  // A schema that refers to itself without looking into the value ({"$ref": "#"}) would be followed
  // for ever. Depth-first over the edges that stay on the same value.
  void refuse_endless_references() {
    enum class State : std::uint8_t { fresh, open, done };
    std::vector<State> states(checks_.size(), State::fresh);
    for (CheckIndex start = 0; start < checks_.size(); ++start) {
      std::vector<std::pair<CheckIndex, std::size_t>> path;
      if (states[start] == State::fresh) path.emplace_back(start, 0);
      while (!path.empty()) {
        auto& [index, next] = path.back();
        states[index] = State::open;
        const std::vector<CheckIndex> edges = same_value_edges(checks_[index]);
        if (next == edges.size()) {
          states[index] = State::done;
          path.pop_back();
          continue;
        }
        const CheckIndex target = edges[next++];
        if (states[target] == State::open) {
          complain("", "a $ref leads back to itself without end");
          return;
        }
        if (states[target] == State::fresh) path.emplace_back(target, 0);
      }
    }
  }

  static std::vector<CheckIndex> same_value_edges(const Check& check) {
    std::vector<CheckIndex> edges;
    if (!check.branch) return edges;
    const BranchRule& rule = *check.branch;
    for (const auto* list : {&rule.all, &rule.any, &rule.one}) {
      edges.insert(edges.end(), list->begin(), list->end());
    }
    for (const CheckIndex index : {rule.negated, rule.condition, rule.then, rule.otherwise}) {
      if (index != kNoCheck) edges.push_back(index);
    }
    return edges;
  }

  const json::Value& root_;
  std::vector<Check> checks_;
  std::unordered_map<std::string, CheckIndex> by_pointer_;
  std::string fault_;
};

}  // namespace

Result<Validator> Validator::compile(const json::Value& schema) {
  auto checks = Compiler(schema).run();
  if (!checks) return std::unexpected(checks.error());
  auto plan = std::make_unique<Plan>();
  plan->checks = std::move(*checks);
  return Validator(std::move(plan));
}

Validator::Validator(std::unique_ptr<const Plan> plan) : plan_(std::move(plan)) {}
Validator::Validator(Validator&&) noexcept = default;
Validator& Validator::operator=(Validator&&) noexcept = default;
Validator::~Validator() = default;

}  // namespace patchbay::schema
