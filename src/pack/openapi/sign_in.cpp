#include "pack/openapi/sign_in.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "base/text.h"
#include "pack/openapi/words.h"

namespace patchbay::openapi {
namespace {

json::Object credential(std::string_view name, std::string_view label, std::string_view help) {
  return {{"name", name}, {"label", label}, {"help", help}};
}

json::Object secret(std::string_view name, std::string_view label, std::string_view help) {
  json::Object out = credential(name, label, help);
  out.append("type", "password");
  return out;
}

// "https://{region}.example.com/v2" with the variables at their defaults; "" where it is no
// address as a whole.
std::string server_address(const Document& document) {
  const json::Value& root = document.root();
  if (document.is_swagger()) {
    const auto host = root.string_or("host", "");
    if (host.empty()) return {};
    const json::Value* schemes = root.find("schemes");
    const bool plain_only = schemes != nullptr && *schemes == json::Value(json::Array{"http"});
    return (plain_only ? "http://" : "https://") + std::string(host) +
           std::string(root.string_or("basePath", ""));
  }
  const json::Value* servers = root.find("servers");
  const auto* list = servers != nullptr ? servers->if_array() : nullptr;
  if (list == nullptr || list->empty()) return {};
  std::string url(list->front().string_or("url", ""));
  const json::Value* variables = list->front().find("variables");
  if (const auto* all = variables != nullptr ? variables->if_object() : nullptr) {
    for (const auto& [name, variable] : *all) {
      const std::string place = "{" + name + "}";
      const auto at = url.find(place);
      if (at != std::string::npos) {
        url.replace(at, place.size(), variable.string_or("default", ""));
      }
    }
  }
  const bool whole = url.starts_with("https://") || url.starts_with("http://");
  return whole && !url.contains('{') && url.size() < 500 ? url : std::string();
}

bool is_printable(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
}

void write_address(const Document& document, json::Object& out, json::Array& credentials) {
  std::string address = server_address(document);
  while (address.ends_with('/')) address.pop_back();
  out.append("base_url", "{base_url}");
  out.append("allow_loopback_http", true);
  json::Object field = credential("base_url", "Base address", "What the API's paths are below.");
  field.append("pattern", "(https?://)?[!-~]{1,400}");
  if (!address.empty() && is_printable(address)) field.append("default", address);
  credentials.emplace_back(std::move(field));
}

const json::Object* schemes_of(const Document& document) {
  return document.is_swagger() ? document.object_at("securityDefinitions")
                               : document.object_at("components", "securitySchemes");
}

// A scheme as the sign-in that Patchbay has for it; nothing where it has none.
std::optional<json::Object> sign_in_of(const json::Value& scheme, json::Array& credentials) {
  const auto type = scheme.string_or("type", "");
  const std::string http = to_lower(scheme.string_or("scheme", ""));
  if (type == "basic" || (type == "http" && http == "basic")) {
    credentials.emplace_back(credential("username", "User name", "Of the API's account."));
    credentials.emplace_back(secret("password", "Password", "Of the API's account."));
    return json::Object{{"style", "basic"}, {"username", "{username}"}, {"password", "{password}"}};
  }
  const bool bearer = type == "http" && http == "bearer";
  if (bearer || type == "oauth2" || type == "openIdConnect") {
    credentials.emplace_back(secret("token", "Access token", "Sent as a bearer token."));
    return json::Object{{"style", "bearer"}, {"token", "{token}"}};
  }
  const auto header = scheme.string_or("name", "");
  if (type == "apiKey" && scheme.string_or("in", "") == "header" && !header.empty() &&
      header.size() < 100 && is_printable(header)) {
    const std::string_view help = equal_ignoring_case(header, "authorization")
                                      ? "The header's whole value, such as: Bearer TOKEN."
                                      : "Sent in a header with every request.";
    credentials.emplace_back(secret("api_key", "API key", help));
    return json::Object{{"style", "header"}, {"header", header}, {"token", "{api_key}"}};
  }
  return std::nullopt;
}

// Those that the document asks for everywhere come first.
std::vector<std::string> scheme_order(const Document& document, const json::Object& schemes) {
  std::vector<std::string> order;
  const json::Value* everywhere = document.root().find("security");
  if (const auto* list = everywhere != nullptr ? everywhere->if_array() : nullptr) {
    for (const json::Value& each : *list) {
      const auto* names = each.if_object();
      if (names != nullptr && names->size() == 1) order.push_back(names->begin()->first);
    }
  }
  for (const auto& [name, scheme] : schemes) order.push_back(name);
  return order;
}

void write_auth(const Document& document, Faults& faults, json::Object& out,
                json::Array& credentials) {
  const json::Object* schemes = schemes_of(document);
  if (schemes == nullptr || schemes->empty()) {
    faults.warning("", "the document does not say how one signs in",
                   "add `credentials` and `auth` to integration.yaml, if the API wants them");
    return;
  }
  for (const std::string& name : scheme_order(document, *schemes)) {
    const json::Value* scheme = schemes->find(name);
    if (scheme != nullptr) scheme = document.follow(*scheme);
    if (scheme == nullptr) continue;
    if (auto auth = sign_in_of(*scheme, credentials)) {
      out.append("auth", std::move(*auth));
      return;
    }
  }
  faults.warning(document.is_swagger() ? "/securityDefinitions" : "/components/securitySchemes",
                 "none of the ways to sign in is one that accounts have",
                 "add `credentials` and `auth` to integration.yaml");
}

void write_headers(const Conventions& conventions, json::Object& out, json::Array& credentials) {
  json::Object headers;
  std::map<std::string, std::string> sorted;
  for (const std::string& name : conventions.headers) sorted.emplace(snake_name(name), name);
  for (const auto& [word, name] : sorted) {
    if (word.empty() || !is_printable(name)) continue;
    const std::string own = "header_" + word.substr(0, 60);
    credentials.emplace_back(
        credential(own, capitalised(spoken(word)), "Sent in the header " + name + "."));
    headers.append(name, "{" + own + "}");
  }
  if (!headers.empty()) out.append("headers", std::move(headers));
}

}  // namespace

void write_sign_in(const Document& document, const Conventions& conventions, Faults& faults,
                   json::Object& out) {
  json::Array credentials;
  write_address(document, out, credentials);
  write_auth(document, faults, out, credentials);
  write_headers(conventions, out, credentials);
  out.append("credentials", std::move(credentials));
}

}  // namespace patchbay::openapi
