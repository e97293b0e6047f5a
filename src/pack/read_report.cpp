#include "pack/read_report.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/decimal.h"
#include "base/text.h"
#include "catalog/argument_schema.h"
#include "integration/report.h"

namespace patchbay::pack {
namespace {

using integration::Report;
using integration::ReportAmount;
using integration::ReportDimension;
using integration::ReportRelation;
using integration::ReportTerm;

constexpr std::int64_t kMostRows = 1'000'000;

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  for (const auto word : split(text, ' ')) {
    if (!word.empty()) words.push_back(word);
  }
  return words;
}

// A cost may come as a text. A boolean is 1 or 0, so that its average is how often it is so.
bool is_number(const Field& field) {
  return field.type == FieldType::number || field.type == FieldType::integer ||
         field.type == FieldType::string || field.type == FieldType::boolean;
}

class ReportReader {
 public:
  ReportReader(Definition& definition, Resource& resource, Report& report)
      : definition_(definition), resource_(resource), report_(report) {}

  void read(MappingReader& reader) {
    // First what others name.
    each(reader, "relations", [this](const Node::Entry& entry) { read_relation(entry); });
    each(reader, "dimensions",
         [this](const Node::Entry& entry) { add_dimension(entry, resource_, std::nullopt); });
    each(reader, "amounts", [this](const Node::Entry& entry) { read_own_amount(entry); });
    add_times();
    check_names(reader.line());
  }

 private:
  using Place = std::optional<std::size_t>;

  void problem(std::size_t line, std::string message, std::string fix) {
    definition_.problems.error(line, std::move(message), std::move(fix));
  }

  template <class Read>
  void each(MappingReader& reader, const char* key, const Read& one) {
    const Node* node = reader.find(key);
    if (node == nullptr) return;
    MappingReader shape(*node, reader.what() + ": " + key, definition_.problems);
    shape.has_own_names();
    for (const auto& entry : node->entries) {
      one(entry);
    }
  }

  const Field* find_field(const Resource& resource, std::string_view path, std::size_t line) {
    const Field* found = resource.find_field(path);
    if (found != nullptr && found->returned) return found;
    problem(line, resource.name + " have no field '" + std::string(path) + "'",
            suggest(path, field_paths(resource.fields)));
    return nullptr;
  }

  // ---- dimensions ------------------------------------------------------------------------------

  void add_dimension(const Node::Entry& entry, const Resource& of, Place relation) {
    const auto text =
        scalar_text(entry.value, "dimension '" + entry.key + "'", definition_.problems);
    if (!text) return;
    const auto words = words_of(*text);
    ReportDimension dimension{.name = entry.key, .relation = relation};
    const bool is_record = words.size() == 2 && words.front() == "record";
    if (words.size() != 1 && !is_record) {
      problem(entry.line, "dimension '" + entry.key + "': cannot read '" + *text + "'",
              "write FIELD, or record FIELD with the field that records are called by");
      return;
    }
    dimension.field = words.back();
    const Field* field = find_field(of, dimension.field, entry.line);
    if (field == nullptr) return;
    if (is_record) {
      dimension.kind = ReportDimension::Kind::record;
    } else if (field->type == FieldType::reference) {
      dimension.kind = ReportDimension::Kind::reference;
    } else if (field->type == FieldType::date_time) {
      dimension.kind = ReportDimension::Kind::time;
    } else if (field->type == FieldType::date) {
      dimension.kind = ReportDimension::Kind::day;
    } else if (field->type == FieldType::object || field->type == FieldType::array) {
      problem(entry.line, "dimension '" + entry.key + "': '" + dimension.field + "' is no value",
              "name one of its members");
    }
    report_.dimensions.push_back(std::move(dimension));
  }

  // What groups are told by in time has a first and a last.
  void add_times() {
    for (const auto& dimension : report_.dimensions) {
      const bool time = dimension.kind == ReportDimension::Kind::time ||
                        dimension.kind == ReportDimension::Kind::day;
      if (!time || dimension.relation) continue;
      report_.amounts.push_back(
          {.name = dimension.name, .kind = ReportAmount::Kind::time, .from = {dimension.field}});
    }
  }

  // ---- amounts ---------------------------------------------------------------------------------

  // An amount of a relation, by the name that others give it.
  bool is_related(std::string_view name, bool time) const {
    return std::ranges::any_of(report_.amounts, [&](const ReportAmount& amount) {
      return amount.relation && amount.name == name &&
             (amount.kind == ReportAmount::Kind::time) == time;
    });
  }

  // A field of these records that fits; of the list's own also an amount of a relation.
  void check_operand(std::string_view name, bool time, const Resource& of, Place relation,
                     const Node::Entry& entry) {
    if (!relation && is_related(name, time)) return;
    if (!time && is_number_token(name)) return;
    const Field* field = find_field(of, name, entry.line);
    if (field == nullptr || (time ? is_time(*field) : is_number(*field))) return;
    problem(entry.line,
            "amount '" + entry.key + "': '" + std::string(name) + "' is no " +
                (time ? "time" : "number"),
            "name a field of that type");
  }

  void read_own_amount(const Node::Entry& entry) { add_amount(entry, resource_, std::nullopt); }

  void add_amount(const Node::Entry& entry, const Resource& of, Place relation) {
    const auto text = scalar_text(entry.value, "amount '" + entry.key + "'", definition_.problems);
    if (!text) return;
    ReportAmount amount{.name = entry.key, .relation = relation};
    auto words = words_of(*text);
    read_only(words, of, relation, entry, amount);
    const bool lasts = words.size() > 1 && (words.front() == "hours" || words.front() == "days");
    if (lasts ? read_duration(words, amount) : read_terms(words, amount)) {
      for (const auto& name : amount.from) check_operand(name, true, of, relation, entry);
      for (const auto& name : amount.to) check_operand(name, true, of, relation, entry);
      for (const auto& term : amount.terms) {
        for (const auto& name : term.factors) check_operand(name, false, of, relation, entry);
      }
      report_.amounts.push_back(std::move(amount));
      return;
    }
    problem(entry.line, "amount '" + entry.key + "': cannot read '" + *text + "'",
            "write FIELD, sums and products of fields, or hours FIELD to FIELD");
  }

  // "extPrice if billCustomer Billable": what stands behind goes, and is kept. Of a relation.
  void read_only(std::vector<std::string_view>& words, const Resource& of, Place relation,
                 const Node::Entry& entry, ReportAmount& amount) {
    if (!relation || words.size() < 4 || words[words.size() - 3] != "if") return;
    amount.only = {std::string(words[words.size() - 2]), std::string(words.back())};
    find_field(of, amount.only->first, entry.line);
    words.resize(words.size() - 3);
  }

  // "days latest A B to C or now if positive"
  static bool read_duration(const std::vector<std::string_view>& words, ReportAmount& amount) {
    amount.kind = words.front() == "hours" ? ReportAmount::Kind::hours : ReportAmount::Kind::days;
    std::size_t at = 1;
    const auto is = [&](std::string_view word) { return at < words.size() && words[at] == word; };
    if (is("latest")) ++at;
    while (at < words.size() && !is("to")) amount.from.emplace_back(words[at++]);
    if (!is("to") || amount.from.empty()) return false;
    for (++at; at < words.size() && !is("if"); ++at) {
      if (is("or")) continue;
      if (is("now")) {
        amount.to_now = true;
      } else {
        amount.to.emplace_back(words[at]);
      }
    }
    if (is("if")) {
      amount.if_positive = true;
      ++at;
      if (!is("positive")) return false;
      ++at;
    }
    return at == words.size() && (amount.to_now || !amount.to.empty());
  }

  // "quantity * unitPrice - discount"
  static bool read_terms(const std::vector<std::string_view>& words, ReportAmount& amount) {
    if (words.size() % 2 == 0) return false;
    for (std::size_t i = 0; i < words.size(); i += 2) {
      const auto sign = i > 0 ? words[i - 1] : std::string_view("+");
      if (sign != "+" && sign != "-" && sign != "*") return false;
      if (words[i] == "+" || words[i] == "-" || words[i] == "*") return false;
      if (sign != "*") amount.terms.push_back({sign == "-", {}});
      amount.terms.back().factors.emplace_back(words[i]);
    }
    return std::ranges::all_of(amount.terms, [](const ReportTerm& term) {
      return term.factors.size() <= kMostFactors &&
             std::ranges::count_if(term.factors, is_number_token) <= 1;
    });
  }

  // ---- relations -------------------------------------------------------------------------------

  // "latest timeEnd", "first dateStart ahead"
  void add_related_time(const Node::Entry& entry, const Resource& of, std::size_t relation) {
    const auto text = scalar_text(entry.value, "time '" + entry.key + "'", definition_.problems);
    if (!text) return;
    const auto words = words_of(*text);
    const bool sound = (words.size() == 2 || words.size() == 3) &&
                       (words[0] == "latest" || words[0] == "first") &&
                       (words.size() == 2 || words[2] == "ahead" || words[2] == "past");
    if (!sound) {
      problem(entry.line, "time '" + entry.key + "': cannot read '" + *text + "'",
              "write latest FIELD or first FIELD, and behind it ahead or past where that is meant");
      return;
    }
    ReportAmount amount{.name = entry.key,
                        .kind = ReportAmount::Kind::time,
                        .from = {std::string(words[1])},
                        .relation = relation,
                        .latest = words[0] == "latest"};
    if (words.size() == 3) {
      amount.when = words[2] == "ahead" ? ReportAmount::When::ahead : ReportAmount::When::past;
    }
    check_operand(amount.from.front(), true, of, relation, entry);
    report_.amounts.push_back(std::move(amount));
  }

  void read_relation(const Node::Entry& entry) {
    const std::string what = "relation '" + entry.key + "'";
    MappingReader reader(entry.value, what, definition_.problems);
    ReportRelation relation{.name = entry.key};
    if (reader.find("get") != nullptr) relation.method = "get";
    relation.resource = relation.method == "get" ? reader.text("get")
                                                 : reader.required_text("list", "time_entries");
    const Resource* of = definition_.integration.find_resource(relation.resource);
    const Method* list = of != nullptr ? of->find_method(relation.method) : nullptr;
    if (list == nullptr) {
      problem(entry.line,
              what + ": there is no " + relation.method + " of '" + relation.resource + "'",
              "name a resource that has one");
      for (const char* key :
           {"with", "on", "path", "during", "span", "count", "amounts", "times", "dimensions"}) {
        reader.find(key);
      }
      return;
    }
    relation.on = reader.text("on");
    relation.path = reader.text("path");
    const bool by_field = relation.method == "get" && !relation.on.empty();
    if (relation.on.empty() == relation.path.empty() || by_field) {
      problem(entry.line, what + " says not what it belongs to",
              "give `on` (its field with the record's id) or `path` (its list's argument)");
    }
    if (!relation.on.empty()) find_field(*of, relation.on, entry.line);
    if (!relation.path.empty()) check_argument(*list, relation.path, entry.line, what);
    if (const Node* with = reader.find("with")) {
      for (const auto& given : with->entries) {
        check_argument(*list, given.key, given.line, what);
        relation.with.emplace_back(given.key, yaml::to_json(given.value));
      }
    }
    if (const auto days = reader.texts("during"); !days.empty()) {
      if (days.size() != 2) problem(entry.line, what + ": during has two fields", "[from, until]");
      for (const auto& day : days) find_field(*of, day, entry.line);
      if (days.size() == 2) relation.during = {days[0], days[1]};
    }
    for (auto& [own, of_list] : reader.text_map("span")) {
      check_argument(*list, of_list, entry.line, what);
      const auto taken = std::ranges::find(list->arguments, of_list, &Argument::name);
      if (taken != list->arguments.end() && taken->type != FieldType::date_time &&
          taken->type != FieldType::date) {
        problem(entry.line, what + ": span: '" + of_list + "' is no time", "name one that is");
      }
      relation.span.emplace_back(std::move(own), std::move(of_list));
    }
    const std::size_t place = report_.relations.size();
    report_.relations.push_back(std::move(relation));
    if (const auto count = reader.text("count"); !count.empty()) {
      report_.amounts.push_back(
          {.name = count, .kind = ReportAmount::Kind::count, .relation = place});
    }
    each(reader, "amounts", [&](const Node::Entry& each) { add_amount(each, *of, place); });
    each(reader, "times", [&](const Node::Entry& each) { add_related_time(each, *of, place); });
    each(reader, "dimensions", [&](const Node::Entry& each) { add_dimension(each, *of, place); });
  }

  void check_argument(const Method& list, const std::string& name, std::size_t line,
                      const std::string& what) {
    std::vector<std::string> known;
    for (const auto& argument : list.arguments) known.push_back(argument.name);
    if (std::ranges::find(known, name) != known.end()) return;
    problem(line, what + ": its list takes no '" + name + "'", suggest(name, known));
  }

  void check_names(std::size_t line) {
    const auto twice = [&](const auto& all) {
      for (std::size_t i = 0; i < all.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
          if (!equal_ignoring_case(all[i].name, all[j].name)) continue;
          problem(line, "'" + all[i].name + "' stands twice", "give one of them another name");
        }
      }
    };
    twice(report_.dimensions);
    twice(report_.amounts);
  }

  Definition& definition_;
  Resource& resource_;
  Report& report_;
};

// ---- arguments
// -----------------------------------------------------------------------------------

bool takes(const Method& list, std::string_view name) {
  return std::ranges::find(list.arguments, name, &Argument::name) != list.arguments.end();
}

// What groups there are beside those that are called like a filter, which goes without saying.
std::string groups_of(const Report& report, const Method& list) {
  std::vector<std::string> names;
  bool as_filters = false;
  for (const auto& dimension : report.dimensions) {
    const bool time = dimension.kind == ReportDimension::Kind::time ||
                      dimension.kind == ReportDimension::Kind::day;
    const bool named = takes(list, dimension.name);
    as_filters = as_filters || named;
    if (!named) names.push_back(dimension.name + (time ? ":month" : ""));
  }
  const std::string others = join(names, ", ");
  if (!as_filters) return "Report by " + others;
  return "Report by filters' names" + (others.empty() ? "" : ", " + others);
}

// They stand in the listing of many tools: what they do is told once, in a server's instructions.
void add_arguments(const Report& report, std::size_t line, Method& list, Definition& definition) {
  const auto add = [&](const std::string& name, FieldType type, const std::string& description) {
    if (takes(list, name)) {
      definition.problems.error(line, "the list has an argument '" + name + "' itself",
                                "give that another name");
      return false;
    }
    Argument argument;
    argument.name = argument.target = name;
    argument.place = ArgumentPlace::platform;
    argument.type = type;
    // Shown as a text, which costs half; a list is taken as well (catalog's accepted_schema).
    argument.schema = catalog::argument_schema(FieldType::string, {}, description, false);
    list.arguments.push_back(std::move(argument));
    return true;
  };
  add(integration::kGroupBy, FieldType::array, groups_of(report, list));
  integration::keep_report(report, list.arguments.back());
  std::vector<std::string> amounts;
  for (const auto& amount : report.amounts) {
    if (amount.kind != ReportAmount::Kind::time || amount.relation) amounts.push_back(amount.name);
  }
  add(integration::kMeasures, FieldType::array,
      amounts.empty() ? "count" : "Of " + join(amounts, ", "));
  if (!report.amounts.empty()) add(integration::kWhere, FieldType::string, "");
  add(integration::kHaving, FieldType::string, "");
  std::set<std::string> spans;  // which several relations may share
  for (const auto& relation : report.relations) {
    for (const auto& entry : relation.span) {
      if (!spans.insert(entry.first).second) continue;
      if (!add(entry.first, FieldType::date_time, "")) continue;
      list.arguments.back().listed = false;
      list.arguments.back().schema[integration::kSpanKeyword] = json::Value(true);
    }
  }
}

}  // namespace

void read_report(const Node& root, const std::string& file_name, Definition& definition) {
  MappingReader reader(root, "report", definition.problems);
  const std::string name = reader.required_text("resource", file_name);
  auto& resources = definition.integration.resources;
  const auto resource = std::ranges::find(resources, name, &Resource::name);
  const auto list = resource != resources.end()
                        ? std::ranges::find(resource->methods, "list", &Method::name)
                        : std::vector<Method>::iterator{};
  if (resource == resources.end() || list == resource->methods.end()) {
    definition.problems.error(root.line, "there is no list of '" + name + "'",
                              "name a resource that has one");
    for (const char* key : {"most_rows", "relations", "dimensions", "amounts"}) reader.find(key);
    return;
  }
  if (name != file_name) {
    definition.problems.error(root.line,
                              "the report of '" + name + "' stands in " + file_name + ".yaml",
                              "name the file " + name + ".yaml");
  }
  Report report{.most_rows = reader.integer("most_rows", integration::kMostReportRows)};
  ReportReader(definition, *resource, report).read(reader);
  if (report.most_rows < 1 || report.most_rows > kMostRows) {
    definition.problems.error(root.line, "most_rows must be 1 to 1000000",
                              "leave it out to read 50,000 rows at most");
  }
  if (report.dimensions.empty()) {
    definition.problems.error(root.line, "the report has no dimensions", "add `dimensions:`");
  }
  add_arguments(report, root.line, *list, definition);
}

}  // namespace patchbay::pack
