// Which instances a person works with, and the API token of each: a file of theirs alone,
// $XDG_CONFIG_HOME/patchbay/profiles.json (or ~/.config/patchbay/profiles.json), mode 0600.
//
//   {"current": "production",
//    "profiles": {"production": {"url": "https://mcp.example.com", "token": "pba_…"}}}
//
// It is read only if nobody else can, written beside itself and put in its place whole, and no link
// is followed to it.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "base/error.h"
#include "base/secret.h"

namespace patchbay::cli {

struct Profile {
  std::string url;
  Secret token;
  bool plain_http = false;  // the person said so: without TLS, to another machine
  std::string ca_file;      // certificates (PEM) to trust beside the system's; empty: none
};

struct Profiles {
  std::string current;  // empty: none is chosen
  std::map<std::string, Profile> by_name;
};

// Errors: invalid_argument (there is no home, or what is in the file is none of ours),
// permission_denied (others can read it). No file: no profiles.
Result<Profiles> read_profiles();
// Reads, has them changed, and writes, while no other process does. Errors: those of reading and of
// `change`, unavailable (it cannot be written).
Result<> change_profiles(const std::function<Result<>(Profiles&)>& change);

// Where the file is.
Result<std::string> profiles_file();

}  // namespace patchbay::cli
