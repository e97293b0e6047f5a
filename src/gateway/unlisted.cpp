#include "gateway/unlisted.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/blanks.h"
#include "base/text.h"
#include "catalog/argument_schema.h"
#include "gateway/arguments/unknown.h"
#include "json/parse.h"

namespace patchbay::gateway {

namespace {

using integration::Argument;
using integration::ArgumentPlace;
using integration::Field;
using integration::FieldType;
using integration::FilterOperator;

// Who gives more than that has not read what the tool takes; it is told so by the usual doors.
constexpr std::size_t kMostGiven = 64;
constexpr std::size_t kMostValues = 100;

struct Suffix {
  std::string_view text;
  FilterOperator op;
};

constexpr auto kOfTimes = std::to_array<Suffix>({{"After", FilterOperator::greater_or_equal},
                                                 {"Since", FilterOperator::greater_or_equal},
                                                 {"Before", FilterOperator::less}});
constexpr auto kOfNumbers = std::to_array<Suffix>({{"AtLeast", FilterOperator::greater_or_equal},
                                                   {"Min", FilterOperator::greater_or_equal},
                                                   {"AtMost", FilterOperator::less_or_equal},
                                                   {"Max", FilterOperator::less_or_equal},
                                                   {"MoreThan", FilterOperator::greater},
                                                   {"Over", FilterOperator::greater},
                                                   {"Above", FilterOperator::greater},
                                                   {"LessThan", FilterOperator::less},
                                                   {"Under", FilterOperator::less},
                                                   {"Below", FilterOperator::less}});
constexpr auto kOfTexts = std::to_array<Suffix>({{"Contains", FilterOperator::contains}});
constexpr std::string_view kOpposite = "Not";

bool is_time(FieldType type) {
  return type == FieldType::date_time || type == FieldType::date;
}

bool is_number(FieldType type) {
  return type == FieldType::integer || type == FieldType::number;
}

bool is_text(FieldType type) {
  return type == FieldType::string;
}

bool is_any(FieldType) {
  return true;
}

bool compares_values(const Argument& argument) {
  return argument.place == ArgumentPlace::filter &&
         (argument.filter_operator == FilterOperator::equal ||
          argument.filter_operator == FilterOperator::contains) &&
         !is_time(argument.type) && argument.type != FieldType::boolean;
}

// created_after, as much of the world writes it.
std::string in_camel_case(std::string_view name) {
  std::string out;
  bool is_next_large = false;
  for (const char c : name) {
    if (c == '_' || c == '-' || c == ' ') {
      is_next_large = !out.empty();
    } else if (is_next_large && c >= 'a' && c <= 'z') {
      out += static_cast<char>(c - 'a' + 'A');
      is_next_large = false;
    } else {
      out += c;
      is_next_large = false;
    }
  }
  return out;
}

std::optional<std::string_view> without(std::string_view name, std::string_view suffix) {
  if (name.size() <= suffix.size() || !name.ends_with(suffix)) return std::nullopt;
  return name.substr(0, name.size() - suffix.size());
}

// A list, or a text that is one in JSON, as clients send it that take a text for granted.
std::optional<json::Value> list_in(const json::Value& value) {
  if (value.is_array()) return value;
  const auto* text = value.if_string();
  if (text == nullptr || !trim_blanks(*text).starts_with('[')) return std::nullopt;
  auto parsed = json::parse(*text);
  if (!parsed || !parsed->is_array()) return std::nullopt;
  const bool is_flat = std::ranges::all_of(*parsed->if_array(), [](const json::Value& entry) {
    return entry.is_string() || entry.is_number();
  });
  return is_flat ? std::optional(std::move(*parsed)) : std::nullopt;
}

class Widening {
 public:
  Widening(const catalog::Tool& tool, const reach::Reach* reach, json::Object& given)
      : tool_(tool), reach_(reach), given_(given) {}

  // Whether the listed tool takes all of it as it stands.
  bool is_needless() const {
    return std::ranges::all_of(given_, [this](const auto& entry) {
      const auto& [name, value] = entry;
      const auto* argument = find(name);
      if (argument == nullptr) return false;
      return argument->place != ArgumentPlace::filter || !may_be_list(*argument, value);
    });
  }

  std::unique_ptr<const WiderTool> make() {
    json::Object said;
    for (auto& [name, value] : given_) take(name, std::move(value), said);
    given_ = std::move(said);
    if (lists_.empty() && further_.empty()) return nullptr;
    auto wider = std::make_unique<WiderTool>(WiderTool{*tool_.method, {}});
    for (auto& argument : wider->method.arguments) {
      if (std::ranges::find(lists_, argument.name) != lists_.end()) take_lists(argument);
    }
    for (auto& argument : further_) wider->method.arguments.push_back(std::move(argument));
    auto validator = catalog::ToolValidator::compile(wider->method);
    if (!validator) return nullptr;
    wider->tool.name = tool_.name;
    wider->tool.short_name = tool_.short_name;
    wider->tool.title = tool_.title;
    wider->tool.tags = tool_.tags;
    wider->tool.integration = tool_.integration;
    wider->tool.resource = tool_.resource;
    wider->tool.method = &wider->method;
    wider->tool.shape_plans = tool_.shape_plans;
    wider->tool.validator = std::move(*validator);
    wider->tool.argument_names = tool_.argument_names;
    wider->tool.steps = tool_.steps;
    wider->tool.list = tool_.list;
    wider->tool.nested = tool_.nested;
    return wider;
  }

 private:
  const Argument* find(std::string_view name) const {
    const auto& all = tool_.method->arguments;
    const auto found = std::ranges::find(all, name, &Argument::name);
    return found == all.end() ? nullptr : &*found;
  }

  static bool may_be_list(const Argument& argument, const json::Value& value) {
    const auto* text = value.if_string();
    return (value.is_array() || (text != nullptr && text->starts_with('['))) &&
           argument.schema.string_or("type", "") != "array";
  }

  // One by its name in any case, by another name, in the plural, or by what it compares.
  const Argument* meant_by(std::string_view name) const {
    const auto called = [&](std::string_view text) {
      const auto& all = tool_.method->arguments;
      const auto found = std::ranges::find_if(all, [&](const Argument& argument) {
        const auto is = [&](const std::string& each) { return equal_ignoring_case(each, text); };
        return is(argument.name) || std::ranges::any_of(argument.aliases, is);
      });
      return found == all.end() ? nullptr : &*found;
    };
    if (const auto* argument = called(name)) return argument;
    for (const std::string_view suffix : {"Id", "Name", "Ids", "Names"}) {
      const auto base = without(name, suffix);
      const auto* argument = base ? called(*base) : nullptr;
      if (argument != nullptr && argument->reference && compares_values(*argument)) return argument;
    }
    for (const auto& [plural, one] : {std::pair<std::string_view, std::string_view>{"ies", "y"},
                                      {"uses", "us"},
                                      {"es", ""},
                                      {"s", ""}}) {
      const auto base = without(name, plural);
      const auto* argument = base ? called(std::string(*base) + std::string(one)) : nullptr;
      if (argument != nullptr && compares_values(*argument)) return argument;
    }
    return nullptr;
  }

  bool is_held(const Argument& argument) const {
    return reach_ != nullptr &&
           reach_->limit_of(*tool_.resource, *tool_.method, argument) != nullptr;
  }

  void take(const std::string& name, json::Value value, json::Object& said) {
    const auto* argument = find(name);
    const std::string in_camel = in_camel_case(name);
    if (argument == nullptr) argument = meant_by(in_camel);
    if (argument != nullptr) {
      // One name for one thing: who gives both is told by the usual doors.
      const bool is_free = argument->name == name ||
                           (!given_.contains(argument->name) && !said.contains(argument->name));
      if (is_free) return take_listed(*argument, std::move(value), said);
    } else if (is_told_otherwise(name)) {
      // Somebody has thought of it, and of what does its job.
    } else if (auto further = opposite_of(in_camel, value)) {
      further->name = name;
      add(std::move(*further), name, std::move(value), said);
      return;
    } else if (reach_ == nullptr) {
      if (auto of_field = filter_of(in_camel, value)) {
        of_field->name = name;
        add(std::move(*of_field), name, std::move(value), said);
        return;
      }
    }
    said.append(name, std::move(value));
  }

  bool is_told_otherwise(const std::string& name) const {
    const auto is = [&](const std::string& each) { return equal_ignoring_case(each, name); };
    return is_clients_own(name) ||
           std::ranges::any_of(tool_.method->instead_of,
                               [&](const auto& told) { return is(told.first); }) ||
           std::ranges::any_of(tool_.method->arguments, [&](const Argument& argument) {
             return std::ranges::any_of(argument.mistaken_for, is);
           });
  }

  void take_listed(const Argument& argument, json::Value value, json::Object& said) {
    const bool may =
        compares_values(argument) && may_be_list(argument, value) && !is_held(argument);
    auto list = may ? list_in(value) : std::nullopt;
    if (list && list->if_array()->size() == 1) {
      value = json::Value(list->if_array()->front());
    } else if (list && !list->if_array()->empty()) {
      lists_.push_back(argument.name);
      value = std::move(*list);
    }
    said.append(argument.name, std::move(value));
  }

  void add(Argument argument, const std::string& name, json::Value value, json::Object& said) {
    auto list = may_be_list(argument, value) ? list_in(value) : std::nullopt;
    const bool turned = argument.filter_operator == FilterOperator::not_equal ||
                        argument.filter_operator == FilterOperator::not_contains;
    // None of several, also where it is one: a list says so of what has no value as well.
    if (turned && !list) list = json::Array{value};
    if (list && list->if_array()->size() == 1 && !turned) {
      value = json::Value(list->if_array()->front());
    } else if (list && !list->if_array()->empty()) {
      take_lists(argument);
      value = std::move(*list);
    }
    further_.push_back(std::move(argument));
    said.append(name, std::move(value));
  }

  static void take_lists(Argument& argument) {
    json::Value items = catalog::accepted_schema(argument);
    json::Value list;
    list["type"] = json::Value("array");
    list["items"] = std::move(items);
    list["maxItems"] = json::Value(static_cast<std::int64_t>(kMostValues));
    argument.schema = std::move(list);
  }

  static bool turn_round(Argument& argument) {
    if (argument.filter_operator == FilterOperator::equal) {
      argument.filter_operator = FilterOperator::not_equal;
    } else if (argument.filter_operator == FilterOperator::contains) {
      argument.filter_operator = FilterOperator::not_contains;
    } else {
      return false;
    }
    return true;
  }

  std::optional<Argument> opposite_of(std::string_view name, const json::Value& value) const {
    const auto base = without(name, kOpposite);
    if (!base) return std::nullopt;
    std::optional<Argument> out;
    if (const auto* argument = meant_by(*base)) {
      if (!compares_values(*argument) || is_held(*argument)) return std::nullopt;
      out = *argument;
      out->required = false;
      out->aliases.clear();
      out->mistaken_for.clear();
    } else if (reach_ == nullptr) {
      out = filter_of(*base, value);
    }
    if (!out || !turn_round(*out)) return std::nullopt;
    return out;
  }

  // The field of that name, if the API compares by it: as it is, or as people leave parts of such
  // names out ("closed" for "closedDate", "responded" for "dateResponded").
  const Field* field_called(std::string_view name, bool (*wanted_type)(FieldType)) const {
    const auto usable = [&](const std::string& path) -> const Field* {
      const auto* field = tool_.resource->find_field(path);
      const bool is_plain = field != nullptr && field->filterable &&
                            field->type != FieldType::object && field->type != FieldType::array &&
                            wanted_type(field->type);
      return is_plain ? field : nullptr;
    };
    const std::string plain(name);
    if (plain.empty() || plain.contains('/')) return nullptr;
    if (const auto* field = usable(plain)) return field;
    std::string large = plain;
    large.front() = large.front() >= 'a' && large.front() <= 'z'
                        ? static_cast<char>(large.front() - 'a' + 'A')
                        : large.front();
    for (const auto& [path, wanted] : {std::pair{plain + "Flag", FieldType::boolean},
                                       {plain + "Date", FieldType::date_time},
                                       {"date" + large, FieldType::date_time},
                                       {"is" + large, FieldType::boolean}}) {
      const auto* field = usable(path);
      const bool fits =
          field != nullptr && (field->type == wanted || (is_time(field->type) && is_time(wanted)));
      if (fits) return field;
    }
    return nullptr;
  }

  std::optional<Argument> filter_of(std::string_view name, const json::Value& value) const {
    const auto ranged = [&](const auto& suffixes,
                            bool (*fits)(FieldType)) -> std::optional<Argument> {
      for (const Suffix& suffix : suffixes) {
        const auto base = without(name, suffix.text);
        const Field* field = base ? field_called(*base, fits) : nullptr;
        if (field != nullptr) return plain_filter(*field, suffix.op);
      }
      return std::nullopt;
    };
    if (auto of_time = ranged(kOfTimes, is_time)) return of_time;
    if (auto of_number = ranged(kOfNumbers, is_number)) return of_number;
    if (auto of_text = ranged(kOfTexts, is_text)) {
      return of_text;
    }
    const Field* field = field_called(name, is_any);
    for (const std::string_view suffix : {"Id", "Name", "Ids", "Names", "s"}) {
      const auto base = field == nullptr ? without(name, suffix) : std::nullopt;
      if (!base) continue;
      field = field_called(*base, is_any);
      // "hoursId" is nothing.
      if (field != nullptr && suffix != "s" && field->type != FieldType::reference) field = nullptr;
      if (field != nullptr && (is_time(field->type) || field->type == FieldType::boolean)) {
        field = nullptr;
      }
    }
    if (field == nullptr || is_time(field->type) || is_compared_otherwise(*field)) {
      return std::nullopt;
    }
    if (field->type == FieldType::reference) return reference_filter(*field, value);
    return plain_filter(*field, FilterOperator::equal);
  }

  // By a listed argument, which whoever names the field is told of: it may look for a part of it.
  bool is_compared_otherwise(const Field& field) const {
    return std::ranges::any_of(tool_.method->arguments, [&](const Argument& argument) {
      const bool is_bound = argument.filter_operator == FilterOperator::greater ||
                            argument.filter_operator == FilterOperator::greater_or_equal ||
                            argument.filter_operator == FilterOperator::less ||
                            argument.filter_operator == FilterOperator::less_or_equal;
      return argument.place == ArgumentPlace::filter && argument.field() == field.name && !is_bound;
    });
  }

  Argument plain_filter(const Field& field, FilterOperator op) const {
    Argument argument;
    argument.place = ArgumentPlace::filter;
    argument.target = field.name;
    argument.filter_operator = op;
    argument.type = field.type;
    argument.empty_is_value = field.empty_is_value;
    argument.zero_is_value = true;
    argument.schema = catalog::argument_schema(field.type, field.values, "", false);
    argument.personal = integration::is_personal(tool_.resource->fields, field.name)
                            ? integration::Personal::all
                            : integration::Personal::nothing;
    return argument;
  }

  // By name or id where records of that kind are looked up, else by what its records are called.
  std::optional<Argument> reference_filter(const Field& field, const json::Value& value) const {
    Argument argument = plain_filter(field, FilterOperator::equal);
    argument.personal = integration::Personal::texts;
    argument.zero_is_value = false;
    if (field.lookup) {
      argument.reference = field.lookup;
      argument.schema = catalog::argument_schema(field.type, {}, "", true);
      return argument;
    }
    const auto* text = value.if_string();
    const bool by_name = text != nullptr && !parse_int64(trim_blanks(*text));
    const Field* found = nullptr;
    for (const Field& child : field.children) {
      if (!child.filterable) continue;
      if (!by_name) {
        if (child.name == "id") found = &child;
      } else if (child.type == FieldType::string && (found == nullptr || child.name == "name")) {
        found = &child;
      }
    }
    if (found == nullptr) return std::nullopt;
    argument.target = field.name + '/' + found->name;
    argument.type = found->type;
    argument.schema = catalog::argument_schema(found->type, {}, "", false);
    return argument;
  }

  const catalog::Tool& tool_;
  const reach::Reach* reach_;
  json::Object& given_;
  std::vector<std::string> lists_;  // listed arguments that are given several values
  std::vector<Argument> further_;
};

}  // namespace

std::unique_ptr<const WiderTool> with_unlisted_filters(const catalog::Tool& tool,
                                                       const reach::Reach* reach,
                                                       json::Object& given) {
  if (tool.method->kind != integration::MethodKind::list || given.size() > kMostGiven ||
      tool.integration->dialects.filter.empty()) {
    return nullptr;
  }
  Widening widening(tool, reach, given);
  return widening.is_needless() ? nullptr : widening.make();
}

}  // namespace patchbay::gateway
