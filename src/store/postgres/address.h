// Where the database is and how it is reached: a URL, taken apart by libpq, with what it does not
// say filled in.
#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/secret.h"

namespace patchbay::store::postgres {

class Address {
 public:
  // Error invalid_argument: it cannot be read, or libpq would read a part of the password as
  // something else. The message does not quote it.
  static Result<Address> parse(const Secret& url, std::chrono::seconds connect_timeout);

  // As libpq takes them: keyword and value.
  const std::vector<std::pair<std::string, Secret>>& settings() const { return settings_; }
  // `text` of an error without any of the secret ones, and with none of the others in quotes but
  // hosts, ports, the database and the user.
  std::string without_secrets(std::string text) const;

 private:
  std::vector<std::pair<std::string, Secret>> settings_;
  std::vector<Secret> secrets_;
  std::vector<std::string> untold_;  // in quotes, as libpq writes them
};

}  // namespace patchbay::store::postgres
