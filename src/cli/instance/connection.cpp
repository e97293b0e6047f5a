#include "cli/instance/connection.h"

#include <cstdlib>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/nearest.h"
#include "base/text.h"
#include "cli/instance/profiles.h"

namespace patchbay::cli {
namespace {

std::string trimmed_variable(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(trim(value));
}

// By its spelling alone: a name that resolves to this machine today is another's tomorrow.
bool is_this_machine(std::string_view host) {
  return host == "localhost" || host == "::1" ||
         (host.starts_with("127.") && host.find_first_not_of("0123456789.") == host.npos);
}

Result<Connection> of_profile(const std::string& name) {
  auto profiles = read_profiles();
  if (!profiles) return std::unexpected(profiles.error());
  const auto found = profiles->by_name.find(name);
  if (found == profiles->by_name.end()) {
    std::vector<std::string> names;
    for (const auto& [each, profile] : profiles->by_name) names.push_back(each);
    return fail(ErrorCode::not_found, fmt::format("There is no profile '{}'.", name),
                names.empty() ? "Add it with `patchbay profile add`."
                              : "There is: " + join(nearest(name, names, 5, true)) + ".");
  }
  Profile& profile = found->second;
  auto url = read_instance_url(profile.url, profile.plain_http);
  if (!url) return std::unexpected(url.error());
  return Connection{.url = std::move(*url),
                    .token = std::move(profile.token),
                    .ca_file = profile.ca_file,
                    .named = fmt::format("the profile '{}'", name)};
}

Result<Connection> of_variables(const std::string& address) {
  const std::string token = trimmed_variable("PATCHBAY_API_TOKEN");
  if (token.empty()) {
    return fail(ErrorCode::invalid_argument,
                "PATCHBAY_URL is set, and PATCHBAY_API_TOKEN is not: tokens of profiles are not "
                "sent there.",
                "Set both, or name a profile with --profile.");
  }
  auto url = read_instance_url(address, false);
  if (!url) {
    return fail(url.error().code, "PATCHBAY_URL: " + url.error().message, url.error().hint);
  }
  return Connection{
      .url = std::move(*url), .token = Secret(token), .ca_file = "", .named = "PATCHBAY_URL"};
}

}  // namespace

Result<http::Url> read_instance_url(const std::string& text, bool plain_http) {
  auto url = http::parse_url(text);
  if (!url || !url->query.empty()) {
    return fail(ErrorCode::invalid_argument,
                "The address of an instance is like https://mcp.example.com.");
  }
  if (url->path.starts_with("/mcp/")) {
    return fail(ErrorCode::invalid_argument, "This is the URL of an MCP server.",
                "Give the address of the instance alone, like https://mcp.example.com.");
  }
  if (!url->origin.secure && !plain_http && !is_this_machine(url->origin.host)) {
    return fail(
        ErrorCode::invalid_argument,
        fmt::format("Over http to {} everybody on the way reads the API token.", url->origin.host),
        "Give an https address; in a network of your own a profile may be added with "
        "--plain-http.");
  }
  while (url->path.ends_with('/')) url->path.pop_back();
  return url;
}

Result<Connection> choose_connection(const std::string& profile) {
  if (!profile.empty()) return of_profile(profile);
  if (const std::string address = trimmed_variable("PATCHBAY_URL"); !address.empty()) {
    return of_variables(address);
  }
  if (const std::string named = trimmed_variable("PATCHBAY_PROFILE"); !named.empty()) {
    return of_profile(named);
  }
  const auto profiles = read_profiles();
  if (!profiles) return std::unexpected(profiles.error());
  if (!profiles->current.empty()) return of_profile(profiles->current);
  return fail(ErrorCode::invalid_argument, "Which instance?",
              profiles->by_name.empty()
                  ? "Add it once with `patchbay profile add NAME --url URL`, or set PATCHBAY_URL "
                    "and PATCHBAY_API_TOKEN."
                  : "Name it with --profile, or choose one with `patchbay profile use NAME`.");
}

}  // namespace patchbay::cli
