#include "cli/instance/credentials.h"

#include <cstdlib>
#include <vector>

#include <fmt/format.h>

#include "base/nearest.h"
#include "base/text.h"
#include "cli/terminal/display_text.h"
#include "cli/terminal/prompt.h"
#include "cli/terminal/terminal.h"
#include "json/parse.h"

namespace patchbay::cli {
namespace {

Result<Secret> text_of(const CredentialSource& source) {
  if (source.variable.empty()) return read_input(source.file);
  if (!source.file.empty()) {
    return fail(ErrorCode::invalid_argument, "Credentials are given in two ways.",
                "Give --credentials-file or --credentials-env.");
  }
  const char* const text = std::getenv(source.variable.c_str());
  if (text == nullptr || *text == '\0') {
    return fail(ErrorCode::invalid_argument,
                fmt::format("The variable {} is not set, or empty.", source.variable),
                "Put the credentials there, as a JSON object of texts, and export it.");
  }
  return Secret(text);
}

Result<json::Object> from_outside(const CredentialSource& source) {
  const auto text = text_of(source);
  if (!text) return std::unexpected(text.error());
  auto value = json::parse(text->reveal());
  json::Object* const object = value ? value->if_object() : nullptr;
  bool texts = object != nullptr && !object->empty();
  if (texts) {
    for (const auto& [name, each] : *object) texts = texts && each.is_string();
  }
  // What is in it is not quoted: it is secret.
  if (!texts) {
    return fail(ErrorCode::invalid_argument, "The credentials are no JSON object of texts.",
                R"(Like {"site": "api-na.example.com", "public_key": "…"}.)");
  }
  return std::move(*object);
}

Result<json::Value> find_integration(const ApiClient& client, const std::string& name) {
  auto found = client.get(path_to({"integration", name}));
  if (found || found.error().code != ErrorCode::not_found) return found;
  const auto all = client.get("/integration");
  std::vector<std::string> names;
  if (const json::Value* const list = all ? all->find("result") : nullptr; list != nullptr) {
    if (const json::Array* const records = list->if_array()) {
      for (const json::Value& each : *records) names.emplace_back(each.string_or("name", ""));
    }
  }
  return fail(ErrorCode::not_found, fmt::format("There is no integration '{}'.", name),
              names.empty() ? "" : "There is: " + join(nearest(name, names, 10, true)) + ".");
}

std::string question(const json::Value& field, bool required) {
  std::string text = one_line(field.string_or("label", field.string_or("name", "")));
  std::string more;
  if (const json::Value* const options = field.find("options"); options != nullptr) {
    if (const json::Array* const list = options->if_array(); list != nullptr && !list->empty()) {
      std::vector<std::string> words;
      for (const json::Value& each : *list) {
        if (const std::string* const word = each.if_string()) words.push_back(one_line(*word));
      }
      more = join(words, "|");
    }
  }
  if (const auto usual = field.string_or("default", ""); !usual.empty()) {
    more += fmt::format("{}[{}]", more.empty() ? "" : " ", one_line(usual));
  }
  if (!required) more += more.empty() ? "may be empty" : ", may be empty";
  if (!more.empty()) text += fmt::format(" ({})", more);
  return text + ":";
}

Result<std::string> ask_field(const json::Value& field, bool required) {
  if (const auto help = field.string_or("help", ""); !help.empty()) remark(faint(one_line(help)));
  while (true) {
    std::string given;
    if (field.bool_or("secret", false)) {
      const auto secret = ask_hidden(question(field, required));
      if (!secret) return std::unexpected(secret.error());
      given = secret->reveal();
    } else {
      auto text = ask(question(field, required), field.string_or("default", ""));
      if (!text) return text;
      given = std::move(*text);
    }
    if (!given.empty() || !required) return given;
  }
}

}  // namespace

void add_credential_options(Command& command, CredentialSource& source, std::string_view whose) {
  command
      .option("--credentials-file", source.file,
              fmt::format("{} as a JSON object of texts; - is standard input. Best with mode 0600",
                          whose))
      .filled()
      .placeholder("FILE");
  command
      .option("--credentials-env", source.variable, "The same, in this variable of the environment")
      .filled()
      .placeholder("NAME");
}

Result<json::Object> read_credentials(const ApiClient& client, const std::string& integration,
                                      const CredentialSource& source, CredentialFields asked) {
  if (source.is_given()) return from_outside(source);
  const auto definition = find_integration(client, integration);
  if (!definition) return std::unexpected(definition.error());
  const json::Value* const fields = definition->find("credentials");
  if (fields == nullptr || !fields->is_array()) {
    return fail(ErrorCode::upstream, "The integration does not say what credentials it takes.");
  }
  const auto is_asked = [&](const json::Value& field) {
    return asked != CredentialFields::personal || field.bool_or("personal", false);
  };
  if (!can_ask()) {
    std::vector<std::string> names;
    for (const json::Value& field : *fields->if_array()) {
      if (!is_asked(field)) continue;
      names.emplace_back(field.string_or("name", ""));
    }
    return fail(
        ErrorCode::invalid_argument, "Nobody is here to ask for the credentials.",
        fmt::format("Give them as JSON with --credentials-file (- is standard input) or in a "
                    "variable that --credentials-env names: {}.",
                    join(names)));
  }
  json::Object credentials;
  for (const json::Value& field : *fields->if_array()) {
    if (!is_asked(field)) continue;
    auto given =
        ask_field(field, asked != CredentialFields::some && field.bool_or("required", false));
    if (!given) return std::unexpected(given.error());
    if (given->empty()) continue;
    credentials[field.string_or("name", "")] = json::Value(std::move(*given));
  }
  return credentials;
}

}  // namespace patchbay::cli
