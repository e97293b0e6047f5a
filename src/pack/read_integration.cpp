// integration.yaml: how to reach an API and sign in, how it pages, limits and fails, and the types
// that its resources share.
#include "pack/read_integration.h"

#include <algorithm>

#include <re2/re2.h>

#include "base/text.h"
#include "dialect/conventions.h"
#include "dialect/filter.h"
#include "dialect/update.h"
#include "integration/naming.h"
#include "pack/read_fields.h"
#include "pack/read_instructions.h"
#include "pack/read_pagination.h"

namespace patchbay::pack {
namespace {

bool is_pattern(const std::string& pattern) {
  RE2::Options options;
  options.set_log_errors(false);
  return RE2(pattern, options).ok();
}

void read_credential(const Node& node, Definition& definition) {
  MappingReader reader(node, "credential", definition.problems);
  CredentialField field;
  field.name = reader.required_text("name", "private_key");
  field.label = reader.text("label", integration::label_of(field.name));
  field.help = reader.text("help");
  field.type = reader.word("type", kCredentialTypes, std::string_view("text"));
  field.secret = reader.flag("secret", field.type == "password");
  field.default_value = reader.text("default");
  field.required = reader.flag("required", field.default_value.empty());
  field.pattern = reader.text("pattern");
  field.options = reader.texts("options");
  if (!field.name.empty() && !integration::is_snake_name(field.name)) {
    definition.problems.error(node.line, "credential '" + field.name + "' is no snake_case name",
                              "use a-z, 0-9 and _");
  }
  if (!is_pattern(field.pattern)) {
    definition.problems.error(node.line,
                              "credential '" + field.name + "': the pattern does not compile",
                              "use RE2 syntax (no look-ahead, no back-references)");
  }
  if (field.type != "select") {
    reader.refuse("options", "says nothing to a " + field.type,
                  "add `type: select`, or leave it out");
  }
  if (field.type == "select" && field.options.empty()) {
    definition.problems.error(node.line,
                              "credential '" + field.name + "' is a select without options",
                              "add `options: [...]`");
  }
  std::vector<CredentialField>& credentials = definition.integration.credentials;
  if (std::ranges::find(credentials, field.name, &CredentialField::name) != credentials.end()) {
    definition.problems.error(node.line, "credential '" + field.name + "' stands here twice",
                              "keep one of them");
  }
  credentials.push_back(std::move(field));
}

// Every "{name}" of a template must be a credential.
void check_template(const std::string& text, std::size_t line, const std::string& what,
                    Definition& definition) {
  const auto parsed = integration::TextTemplate::parse(text);
  if (!parsed) {
    definition.problems.error(line, what + ": " + parsed.error().message,
                              "write {credential} for what stands in its place");
    return;
  }
  std::vector<std::string> known;
  for (const CredentialField& field : definition.integration.credentials) {
    known.push_back(field.name);
  }
  for (const std::string& name : parsed->names()) {
    if (std::ranges::find(known, name) != known.end()) continue;
    definition.problems.error(line, what + ": '{" + name + "}' is no credential",
                              suggest(name, known));
  }
}

// What a style takes, and nothing beside it.
struct AuthKey {
  const char* key;
  std::string Auth::* value;
  AuthStyle style;
  AuthStyle other;
};

constexpr AuthKey kAuthKeys[] = {
    {"username", &Auth::username, AuthStyle::basic, AuthStyle::basic},
    {"password", &Auth::password, AuthStyle::basic, AuthStyle::basic},
    {"token", &Auth::token, AuthStyle::bearer, AuthStyle::header},
    {"header", &Auth::header, AuthStyle::header, AuthStyle::header},
};

void read_auth(const Node& node, Definition& definition) {
  MappingReader reader(node, "auth", definition.problems);
  Auth& auth = definition.integration.auth;
  const auto problems_before = definition.problems.size();
  auth.style = reader.word("style", kAuthStyles, AuthStyle::none);
  // Of a style that there is not, nobody knows what it takes.
  const bool known = definition.problems.size() == problems_before;
  const std::string style(word_of(kAuthStyles, auth.style));
  for (const AuthKey& key : kAuthKeys) {
    auth.*key.value = reader.text(key.key);
    check_template(auth.*key.value, node.line, "auth", definition);
    if (!known) continue;
    if (auth.style != key.style && auth.style != key.other) {
      reader.refuse(key.key, "says nothing to style: " + style, "leave it out");
    } else if (auth.*key.value == "") {
      definition.problems.error(node.line, "auth: style: " + style + " needs '" + key.key + "'",
                                std::string("add `") + key.key + ": \"{credential}\"`");
    }
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
  if (!is_pattern(limit.body_pattern)) {
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
  definition.inactive_fields = reader.texts("inactive_fields");
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
  for (const char* key : {"label_fields", "inactive_fields"}) {
    const Node* node = reader.find(key);
    if (node == nullptr) continue;
    for (const std::string& names : reader.texts(key)) {
      definition.later([&definition, key = std::string(key), names, line = node->line] {
        for (const std::string_view name : split(names, ' ')) {
          if (has_field(definition.integration, name)) continue;
          definition.problems.error(
              line, key + ": no record has a field '" + std::string(name) + "'", "leave it out");
        }
      });
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

void read_reference_type(const std::string& name, const Node& node, Definition& definition) {
  ReferenceType type;
  Field id;
  id.name = "id";
  id.type = FieldType::integer;
  Field label;
  label.name = "name";
  type.children = {id, label};
  if (node.is_scalar() && !node.is_null()) {
    type.reference.resource = node.text;
    type.reference.match = {"name"};
  } else {
    MappingReader reader(node, "reference '" + name + "'", definition.problems);
    type.reference.resource = reader.text("resource");
    type.reference.match = reader.texts("match");
    if (type.reference.match.empty()) type.reference.match = {"name"};
    type.reference.scopes = read_scopes(reader);
    if (const Node* fields = reader.find("fields"); fields != nullptr && fields->is_mapping()) {
      type.children.clear();
      for (const auto& entry : fields->entries) {
        type.children.push_back(read_field(entry.key, entry.value, definition, nullptr));
      }
    }
  }
  if (!type.reference.resource.empty()) {
    definition.later([&definition, resource = type.reference.resource, match = type.reference.match,
                      name, line = node.line] {
      const Resource* target = definition.integration.find_resource(resource);
      if (target == nullptr || target->find_method("list") == nullptr) {
        std::vector<std::string> known;
        for (const Resource& each : definition.integration.resources) known.push_back(each.name);
        definition.problems.error(
            line,
            "reference '" + name + "': there is no resource '" + resource + "' with a list method",
            suggest(resource, known));
        return;
      }
      for (const std::string& entry : match) {
        for (const std::string_view part : split(entry, ' ')) {
          if (target->find_field(part) != nullptr) continue;
          definition.problems.error(line,
                                    "reference '" + name + "': '" + resource + "' has no field '" +
                                        std::string(part) + "' to match",
                                    suggest(part, field_paths(target->fields)));
        }
      }
    });
  }
  definition.references.emplace(name, std::move(type));
}

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
  integration.label = reader.text("label", integration::label_of(integration.name));
  integration.description = reader.text("description");
  integration.version = reader.text("version", "1");
  integration.base_url = reader.required_text("base_url", "\"{site}/api\"");
  integration.allow_loopback_http = reader.flag("allow_loopback_http", false);
  for (const auto& [key, value] :
       {std::pair{"name", &integration.name}, {"tool_prefix", &integration.tool_prefix}}) {
    if (!value->empty() && !integration::is_snake_name(*value)) {
      definition.problems.error(root.line,
                                std::string(key) + " '" + *value + "' is no snake_case name",
                                "use a-z, 0-9 and single _");
    }
  }
  section(reader, "credentials", definition, [](const Node& node, Definition& into) {
    if (!node.is_sequence()) {
      into.problems.error(node.line, "credentials must be a list", "start each with `- name:`");
    }
    for (const Node& item : node.items) read_credential(item, into);
  });
  if (const Node* base = reader.find("base_url")) {
    check_template(integration.base_url, base->line, "base_url", definition);
  }
  section(reader, "auth", definition, read_auth);
  for (auto& [name, value] : reader.text_map("headers")) {
    check_template(value, reader.find("headers")->line, "header " + name, definition);
    integration.headers.emplace(name, value);
  }
  section(reader, "dialects", definition, [](const Node& node, Definition& into) {
    MappingReader dialects(node, "dialects", into.problems);
    Dialects& to = into.integration.dialects;
    into.names_filter_dialect = node.find("filter") != nullptr;
    to.filter = dialects.name("filter", dialect::filter_dialects());
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
  section(reader, "custom_fields", definition, read_custom_fields);
  check_pagination(root, definition);
  section(reader, "enums", definition, [](const Node& node, Definition& into) {
    MappingReader shape(node, "enums", into.problems);
    for (const auto& entry : node.entries) {
      shape.find(entry.key);
      into.enums.emplace(entry.key,
                         scalar_texts(entry.value, "enum '" + entry.key + "'", into.problems));
    }
  });
  section(reader, "references", definition, [](const Node& node, Definition& into) {
    MappingReader shape(node, "references", into.problems);
    for (const auto& entry : node.entries) {
      shape.find(entry.key);
      read_reference_type(entry.key, entry.value, into);
    }
  });
  read_expressions(reader, definition);
  if (const Node* order = reader.find("order")) definition.order_line = order->line;
  definition.order = reader.texts("order");
}

}  // namespace patchbay::pack
