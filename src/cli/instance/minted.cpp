#include "cli/instance/minted.h"

#include <fmt/format.h>

#include "cli/instance/find.h"
#include "cli/terminal/display_text.h"
#include "cli/terminal/terminal.h"

namespace patchbay::cli {
namespace {

// Everything but the secret, where that went to a file.
json::Value without_secrets(const json::Value& record) {
  json::Value rest = record;
  if (json::Object* const members = rest.if_object()) {
    // The URL of a webhook is no secret of ours.
    const bool is_webhook = members->erase("secret");
    members->erase("token");
    if (!is_webhook) members->erase("url");
  }
  return rest;
}

int write(SecretFile& file, std::string_view secret, const json::Value& record,
          const Remote& remote) {
  if (auto written = file.write(secret); !written) {
    report(written.error());
    remark(fmt::format("What it was for is there, and its secret is lost: {}.", id_of(record)));
    return 1;
  }
  if (remote.json) print_json(without_secrets(record));
  return 0;
}

}  // namespace

Result<SecretFile> SecretFile::open(const std::string& path) {
  SecretFile file;
  if (path.empty()) return file;
  auto made = PrivateFile::create(path);
  if (!made) return std::unexpected(made.error());
  file.file_.emplace(std::move(*made));
  return file;
}

void SecretFile::discard() {
  if (file_) file_->remove();
}

Result<> SecretFile::write(std::string_view secret) {
  return file_->write(std::string(secret) + "\n");
}

int print_minted_server(const json::Value& server, SecretFile file, const std::string& path,
                        const Remote& remote) {
  print_notices(server);
  const std::string url(server.string_or("url", ""));
  if (file.is_file()) {
    const int failed = write(file, url, server, remote);
    if (failed != 0 || remote.json) return failed;
    fmt::print("Wrote the URL of {} to {}.\n", id_of(server), path);
    remark(
        fmt::format("It is a password. Try it: patchbay tools list --url-file {}\n"
                    "A client starts it as: patchbay stdio --url-file {}",
                    path, path));
    return 0;
  }
  if (remote.json) {
    print_json(server);
    return 0;
  }
  remark(fmt::format("{} ({}), {} tools. Its URL is a password, and is shown this once:",
                     member_text(server, "name"), id_of(server),
                     member_text(server, "tool_count")));
  fmt::print("{}\n", one_line(url));
  const std::string_view name = server.string_or("client_name", "patchbay");
  remark(fmt::format(
      "Next, with it in PATCHBAY_MCP_URL:\n"
      "  patchbay tools list\n"
      "  Claude Code, in .mcp.json: {{\"mcpServers\": {{\"{0}\": {{\"type\": \"http\", \"url\": "
      "\"${{PATCHBAY_MCP_URL}}\"}}}}}}\n"
      "  on a machine of your own alone: claude mcp add --transport http {0} "
      "\"$PATCHBAY_MCP_URL\"",
      one_line(name)));
  return 0;
}

int print_minted_token(const json::Value& token, SecretFile file, const std::string& path,
                       const Remote& remote) {
  print_notices(token);
  const std::string secret(token.string_or("token", ""));
  if (file.is_file()) {
    const int failed = write(file, secret, token, remote);
    if (failed != 0 || remote.json) return failed;
    fmt::print("Wrote the API token {} to {}.\n", id_of(token), path);
    return 0;
  }
  if (remote.json) {
    print_json(token);
    return 0;
  }
  remark(fmt::format("{} ({}), of scope {}. The token is shown this once:",
                     member_text(token, "name"), id_of(token), member_text(token, "scope")));
  fmt::print("{}\n", one_line(secret));
  return 0;
}

int print_minted_webhook(const json::Value& webhook, SecretFile file, const std::string& path,
                         const Remote& remote) {
  const std::string secret(webhook.string_or("secret", ""));
  if (file.is_file()) {
    const int failed = write(file, secret, webhook, remote);
    if (failed != 0 || remote.json) return failed;
    fmt::print("Wrote the secret of {} to {}.\n", id_of(webhook), path);
    return 0;
  }
  if (remote.json) {
    print_json(webhook);
    return 0;
  }
  remark(fmt::format("{}, to {}. Its secret verifies what it is sent, and is shown this once:",
                     id_of(webhook), one_line(member_text(webhook, "url"))));
  fmt::print("{}\n", one_line(secret));
  remark(fmt::format("Try it: patchbay webhook test {}", id_of(webhook)));
  return 0;
}

}  // namespace patchbay::cli
