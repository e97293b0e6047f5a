// The commands behind the command line. Each takes what was asked for as plain data, talks to the
// person at the terminal, and returns the exit code.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "app/config.h"
#include "app/demo_options.h"
#include "base/error.h"
#include "sandbox/sandbox.h"

namespace patchbay::cli {

struct ServeRequest {
  std::string config_file;                   // empty: PATCHBAY_CONFIG, or none
  std::map<std::string, std::string> flags;  // option name → text
};
int serve(const ServeRequest& request);
// What `serve` goes by: file, environment and flags. Errors name the place; faults that are more
// than one are told in one error, or each in `faults` where that is given.
Result<app::Config> read_config(const std::string& config_file,
                                const std::map<std::string, std::string>& flags,
                                std::vector<Error>* faults = nullptr);

struct DemoRequest {
  app::DemoOptions options;
  bool json = false;
};
int demo(const DemoRequest& request);

struct SandboxRequest {
  sandbox::SandboxOptions options;
  bool json = false;
};
int run_sandbox(const SandboxRequest& request);

struct StdioRequest {
  std::string url;  // empty: in the file, or PATCHBAY_MCP_URL
  std::string url_file;
  std::vector<std::string> headers;  // "Name: value"
  std::string ca_file;
};
int stdio(const StdioRequest& request);

// `lint` also reports what is merely worth mending.
int check_integration(const std::string& folder, bool lint, bool json);

struct ImportCommand {
  std::string config_file;                   // as of `serve`
  std::map<std::string, std::string> flags;  // of it: where its integrations are
  std::string file;                          // "-": standard input
  std::string name;
  bool upload = false;  // into a running instance
  std::string profile;  // which
  bool dry_run = false;
  bool json = false;
};
// What the second changes, each a folder or a document. 1: something breaks.
int compare_definitions(const std::string& before, const std::string& after, bool json);
// Makes an integration of an OpenAPI or Swagger document, and puts it where a server reads it.
int import_integration(const ImportCommand& command);

struct NewTokenRequest {
  std::string config_file;                   // as of `serve`
  std::map<std::string, std::string> flags;  // those of it that say where the data and the key are
  std::string name = "Made at the command line";
  std::optional<std::string> environment_id;  // none: the whole instance
  std::string file;                           // empty: standard output
  bool json = false;
};
// Makes an API token, for who has the key and the data, while no server runs on them.
int new_token(const NewTokenRequest& request);

struct StoreRequest {
  std::string config_file;                   // as of `serve`
  std::map<std::string, std::string> flags;  // those of it that say where the data and the key are
  bool json = false;
};
// Lists the rows that are not as they were written.
int check_store(const StoreRequest& request);
// Signs the rows of a version that signed none, and lists them.
int sign_store(const StoreRequest& request);

struct DoctorRequest {
  std::string config_file;                   // as of `serve`
  std::map<std::string, std::string> flags;  // of it too
  bool json = false;
};
// Says what keeps an instance from running, and how to mend it. 1: something does.
int examine(const DoctorRequest& request);

// Writes the database to a new file, or reads it from one into a new database.
struct TransferRequest {
  std::string config_file;  // as of `serve`
  std::map<std::string, std::string> flags;
  std::string file;
  std::string from;  // of a migration: data folders or addresses of databases
  std::string to;
  bool json = false;
};
int backup_store(const TransferRequest& request);
int restore_store(const TransferRequest& request);
int migrate_store(const TransferRequest& request);

struct AuditRequest {
  std::string config_file;  // as of `serve`
  std::map<std::string, std::string> flags;
  bool json = false;
  std::vector<std::string> heads;  // that were noted
  std::string format = "jsonl";
  std::string environment_id;  // empty: all
};
// Names the events that are not as they were recorded, or not there any more.
int verify_audit(const AuditRequest& request);
// Prints the events, a line each.
int export_audit(const AuditRequest& request);

// Writes a fresh master key to a new file, or to standard output if `file` is empty.
int new_key(const std::string& file, bool json);

int version(bool json);

}  // namespace patchbay::cli
