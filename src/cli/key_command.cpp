#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/terminal/private_file.h"
#include "cli/terminal/terminal.h"
#include "json/value.h"
#include "vault/vault.h"

namespace patchbay::cli {

int new_key(const std::string& file, bool json) {
  const Secret key = vault::Vault::generate_key();
  const std::string line = std::string(key.reveal()) + "\n";
  if (file.empty()) {
    if (json) {
      print_json(json::Object{{"key", key.reveal()}});
    } else {
      fmt::print("{}", line);
    }
    return 0;
  }
  auto made = PrivateFile::create(file);
  if (!made) return report(made.error());
  if (auto kept = made->write(line); !kept) return report(kept.error());
  if (json) {
    print_json(json::Object{{"file", file}});
    return 0;
  }
  fmt::print(
      "Wrote a new master key to {}. Keep a copy apart from the database: without it, no "
      "stored credential can be read again.\n",
      file);
  return 0;
}

}  // namespace patchbay::cli
