#include "pack/read_sign_in.h"

#include <algorithm>

#include <re2/re2.h>

#include "integration/naming.h"
#include "pack/credential_template.h"
#include "pack/read_oauth.h"

namespace patchbay::pack {
namespace {

// Of a rewrite; "" if there is none.
std::string fault_of(const std::string& pattern, const std::string& replacement) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  const re2::RE2 compiled(pattern, options);
  if (!compiled.ok()) return "the pattern '" + pattern + "' does not compile";
  std::string why;
  return compiled.CheckRewriteString(replacement, &why) ? std::string() : why;
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
  field.personal = reader.flag("personal", false);
  field.options = reader.texts("options");
  if (!field.name.empty() && !integration::is_snake_name(field.name)) {
    definition.problems.error(node.line, "credential '" + field.name + "' is no snake_case name",
                              "use a-z, 0-9 and _");
  }
  if (!definition.is_known_sound && !is_pattern(field.pattern)) {
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
  for (auto& [pattern, replacement] : reader.text_map("rewrite")) {
    const auto fault = definition.is_known_sound ? "" : fault_of(pattern, replacement);
    if (!fault.empty()) {
      definition.problems.error(reader.find("rewrite")->line,
                                "credential '" + field.name + "': " + fault,
                                "use RE2 syntax; \\1 stands for what the first group found");
    }
    field.rewrites.push_back({pattern, replacement});
  }
  std::vector<CredentialField>& credentials = definition.integration.credentials;
  if (std::ranges::find(credentials, field.name, &CredentialField::name) != credentials.end()) {
    definition.problems.error(node.line, "credential '" + field.name + "' stands here twice",
                              "keep one of them");
  }
  credentials.push_back(std::move(field));
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
  read_oauth(reader, known, definition);
  for (const AuthKey& key : kAuthKeys) {
    auth.*key.value = reader.text(key.key);
    check_template(auth.*key.value, node.line, "auth", definition);
    if (!known) continue;
    if (auth.style != key.style && auth.style != key.other) {
      reader.refuse(key.key, "says nothing to style: " + style, "leave it out");
    } else if ((auth.*key.value).empty()) {
      definition.problems.error(node.line, "auth: style: " + style + " needs '" + key.key + "'",
                                std::string("add `") + key.key + ": \"{credential}\"`");
    }
  }
}

}  // namespace

void read_sign_in(MappingReader& reader, Definition& definition) {
  if (const Node* node = reader.find("credentials")) {
    if (!node->is_sequence()) {
      definition.problems.error(node->line, "credentials must be a list",
                                "start each with `- name:`");
    }
    for (const Node& item : node->items) read_credential(item, definition);
  }
  if (const Node* base = reader.find("base_url")) {
    check_template(definition.integration.base_url, base->line, "base_url", definition);
  }
  if (const Node* auth = reader.find("auth")) read_auth(*auth, definition);
  for (auto& [name, value] : reader.text_map("headers")) {
    check_template(value, reader.find("headers")->line, "header " + name, definition);
    definition.integration.headers.emplace(name, value);
  }
}

}  // namespace patchbay::pack
