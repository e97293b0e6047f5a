// integration.yaml: how to reach an API and sign in, how it pages, limits and fails, and the types
// that its resources share.
#include "pack/read_integration.h"

#include <algorithm>

#include "base/text.h"
#include "dialect/conventions.h"
#include "dialect/filter.h"
#include "dialect/update.h"
#include "integration/naming.h"
#include "pack/read_instructions.h"
#include "pack/read_members.h"
#include "pack/read_ownership.h"
#include "pack/read_pagination.h"
#include "pack/read_personal.h"
#include "pack/read_rules.h"
#include "pack/read_sign_in.h"
#include "pack/read_types.h"

namespace patchbay::pack {
namespace {

// Raw expressions are parsed before they are sent: by the dialect, if it knows them.
void read_expressions(MappingReader& reader, Definition& definition) {
  const auto* dialect = dialect::find_filter_dialect(definition.integration.dialects.filter);
  if (!definition.names_filter_dialect) {
    reader.refuse("expressions", "are read by no filter dialect",
                  "add `dialects: {filter: …}`, or leave them out");
  }
  for (auto& [name, description] : reader.text_map("expressions")) {
    if (dialect != nullptr && name != "conditions" && !dialect->expression_of(name)) {
      definition.problems.error(reader.find("expressions")->line,
                                "expressions: the filter dialect knows no '" + name + "'",
                                "describe it as a parameter of its lists");
    }
    definition.expressions.emplace(name, Expression{description});
  }
}

void read_rate_limit(const Node& node, Definition& definition) {
  MappingReader reader(node, "rate_limit", definition.problems);
  RateLimitHeaders& limit = definition.integration.rate_limit;
  limit.limit = reader.text("limit");
  limit.remaining = reader.text("remaining");
  limit.reset = reader.text("reset");
  limit.retry_after = reader.text("retry_after", limit.retry_after);
  limit.body_pattern = reader.text("body_pattern");
  if (!definition.is_known_sound && !is_pattern(limit.body_pattern)) {
    definition.problems.error(node.line, "rate_limit: body_pattern does not compile",
                              "use RE2 syntax with one group: the seconds");
  }
}

void read_errors(const Node& node, Definition& definition) {
  MappingReader reader(node, "errors", definition.problems);
  ErrorShape& errors = definition.integration.errors;
  errors.code = reader.text("code", errors.code);
  errors.message = reader.text("message", errors.message);
  errors.field_errors = reader.text("field_errors", errors.field_errors);
  errors.field = reader.text("field", errors.field);
  errors.field_message = reader.text("field_message", errors.field_message);
}

void read_probe(const Node& node, Definition& definition) {
  MappingReader reader(node, "probe", definition.problems);
  Probe& probe = definition.integration.probe;
  probe.verb = reader.word("verb", kVerbs, Verb::get);
  reader.required_text("path", "/system/info");
  const integration::PathTemplate path = reader.path("path");
  probe.path = path.text();
  if (!path.names().empty()) {
    definition.problems.error(reader.find("path")->line, "probe: its path names a record",
                              "choose a call that works for every account");
  }
  for (const auto& [status, hint] : reader.text_map("hints")) {
    const auto number = parse_int64(status);
    if (number && *number >= 300 && *number <= 599) {
      probe.hints.emplace(static_cast<int>(*number), hint);
      continue;
    }
    definition.problems.error(reader.find("hints")->line,
                              "probe: '" + status + "' is no status that refuses",
                              "write the status of HTTP, as in {404: …}");
  }
}

void read_shape(const Node& node, Definition& definition) {
  MappingReader reader(node, "shape", definition.problems);
  json::ShapeRules& shape = definition.integration.shape;
  shape.noise_names = reader.texts("noise_names");
  shape.noise_suffixes = reader.texts("noise_suffixes");
  shape.info_name = reader.text("info_name");
  shape.info_kept = reader.texts("info_kept");
  shape.reference_kept = reader.texts("reference_kept");
  for (const char* key : {"info_kept", "reference_kept"}) {
    const Node* given = reader.find(key);
    if (given == nullptr || !shape.info_name.empty()) continue;
    definition.problems.error(given->line, std::string("shape: '") + key + "' without 'info_name'",
                              "name the member that holds facts about its record");
  }
}

bool has_field(const Integration& integration, std::string_view name) {
  return std::ranges::any_of(integration.resources, [&](const Resource& resource) {
    return resource.find_field(name) != nullptr ||
           std::ranges::any_of(resource.fields, [&](const Field& field) {
             return find_field_in(field.children, name) != nullptr;
           });
  });
}

// What is true of records of whatever resource.
void read_records(MappingReader& reader, Definition& definition) {
  Integration& integration = definition.integration;
  definition.out_of_use = reader.texts("out_of_use");
  if (reader.find("label_fields") != nullptr) {
    integration.label_fields = reader.texts("label_fields");
    if (integration.label_fields.empty()) {
      definition.problems.error(reader.find("label_fields")->line, "label_fields names no field",
                                "write [name]");
    }
  }
  integration.max_query_bytes = reader.integer("max_query_bytes", integration.max_query_bytes);
  if (integration.max_query_bytes < 1'000 || integration.max_query_bytes > 1'000'000) {
    definition.problems.error(reader.find("max_query_bytes")->line,
                              "max_query_bytes must be 1000 to 1000000",
                              "write how long a query the API's server takes");
  }
  for (const char* key : {"label_fields", "out_of_use"}) {
    const Node* node = reader.find(key);
    if (node == nullptr) continue;
    for (const std::string& names : reader.texts(key)) {
      definition.later([&definition, key = std::string(key), names, line = node->line] {
        for (const std::string_view name : split(names, ' ')) {
          if (name == kNot || has_field(definition.integration, name)) continue;
          definition.problems.error(
              line, key + ": no record has a field '" + std::string(name) + "'", "leave it out");
        }
      });
    }
  }
}

// What one side of a synonym names, without blanks around.
std::vector<std::string> phrases_of(std::string_view text) {
  std::vector<std::string> phrases;
  for (const std::string_view part : split(text, ',')) phrases.emplace_back(trim(part));
  return phrases;
}

// "customer, client: company": each of the words before is what stands behind, or each of several.
void read_synonyms(MappingReader& reader, Definition& definition) {
  constexpr std::size_t kMostSynonyms = 1'000;
  constexpr std::size_t kLongest = 60;
  auto& synonyms = definition.integration.synonyms;
  for (const auto& [key, value] : reader.text_map("synonyms")) {
    const std::size_t line = reader.find("synonyms")->line;
    const auto says = phrases_of(key);
    const auto means = phrases_of(value);
    const auto is_none = [](const std::string& phrase) {
      return phrase.empty() || phrase.size() > kLongest;
    };
    if (std::ranges::any_of(says, is_none) || std::ranges::any_of(means, is_none)) {
      definition.problems.error(line, "synonyms: an entry has no word, or an overlong one",
                                "write words or phrases of at most 60 bytes, separated by commas");
      continue;
    }
    if (says.size() * means.size() > kMostSynonyms - synonyms.size()) {
      definition.problems.error(line, "synonyms: there are more than 1000",
                                "leave some out; each of the words before the colon counts");
      return;
    }
    for (const std::string& said : says) {
      for (const std::string& meant : means) synonyms.push_back({said, meant});
    }
  }
}

void read_custom_fields(const Node& node, Definition& definition) {
  MappingReader reader(node, "custom_fields", definition.problems);
  CustomFields& custom = definition.integration.custom_fields;
  custom.field = reader.required_text("field", "customFields");
  custom.caption = reader.text("caption", custom.caption);
  custom.value = reader.text("value", custom.value);
  custom.type = reader.text("type", custom.type);
  custom.filter_parameter = reader.text("filter");
  if (!definition.names_filter_dialect) {
    reader.refuse("filter", "is written by no filter dialect",
                  "add `dialects: {filter: …}`, or leave it out");
  }
  for (const auto& [name, type] : reader.text_map("types")) {
    const TypeUse use =
        definition.resolve_type(type, node.line, "custom field type '" + name + "'");
    const bool plain = use.type != FieldType::reference && use.type != FieldType::object &&
                       use.type != FieldType::array;
    if (!plain) {
      definition.problems.error(node.line, "custom field type '" + name + "' is no plain value",
                                "use string, integer, number, boolean, date or date_time");
    }
    custom.types.emplace(name, use.type);
  }
}

// Runs `read` on the value of `key` if the file has one.
template <class Read>
void section(MappingReader& reader, std::string_view key, Definition& definition, Read read) {
  if (const Node* node = reader.find(key)) read(*node, definition);
}

}  // namespace

void read_integration(const Node& root, Definition& definition) {
  MappingReader reader(root, "integration", definition.problems);
  Integration& integration = definition.integration;
  integration.name = reader.required_text("name", "connectwise_psa");
  integration.tool_prefix = reader.text("tool_prefix", integration.name);
  integration.server_name = reader.text("server_name");
  integration.label = reader.text("label", integration::label_of(integration.name));
  integration.description = reader.text("description");
  integration.version = reader.text("version", "1");
  integration.base_url = reader.required_text("base_url", "\"{site}/api\"");
  integration.allow_loopback_http = reader.flag("allow_loopback_http", false);
  for (const auto& [key, value] : {std::pair{"name", &integration.name},
                                   {"tool_prefix", &integration.tool_prefix},
                                   {"server_name", &integration.server_name}}) {
    if (!value->empty() && !integration::is_snake_name(*value)) {
      definition.problems.error(root.line,
                                std::string(key) + " '" + *value + "' is no snake_case name",
                                "use a-z, 0-9 and single _");
    }
  }
  read_sign_in(reader, definition);
  section(reader, "dialects", definition, [](const Node& node, Definition& into) {
    MappingReader dialects(node, "dialects", into.problems);
    Dialects& to = into.integration.dialects;
    into.names_filter_dialect = node.find("filter") != nullptr;
    to.filter = dialects.name("filter", dialect::filter_dialects());
    to.wildcards = dialects.word("wildcards", kWildcards, to.wildcards);
    if (!into.names_filter_dialect) {
      dialects.refuse("wildcards", "are read by no filter dialect",
                      "add `filter: …`, or leave it out");
    }
    to.update = dialects.name("update", dialect::update_dialects(), to.update);
    to.errors = dialects.name("errors", dialect::error_conventions());
  });
  section(reader, "pagination", definition, read_pagination);
  section(reader, "rate_limit", definition, read_rate_limit);
  section(reader, "errors", definition, read_errors);
  section(reader, "probe", definition, read_probe);
  section(reader, "shape", definition, read_shape);
  read_records(reader, definition);
  section(reader, "instructions", definition, read_instructions);
  read_synonyms(reader, definition);
  section(reader, "custom_fields", definition, read_custom_fields);
  section(reader, "owners", definition, read_owners);
  section(reader, "members", definition, read_members);
  check_personal(root, definition);
  read_personal_fields(reader, definition);
  read_instead_of(reader, "", "", definition);
  check_pagination(root, definition);
  read_types(reader, definition);
  read_expressions(reader, definition);
  if (const Node* order = reader.find("order")) definition.order_line = order->line;
  definition.order = reader.texts("order");
}

}  // namespace patchbay::pack
