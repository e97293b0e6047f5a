// Where the database is and how it is reached: a URL, taken apart by libpq, with what it does not
// say filled in.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
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
  // What to warn of: the server of another host is not verified, which the URL says. Else empty.
  const std::string& unverified() const { return unverified_; }
  // `text` of an error without any of the secret ones, and with none of the others in quotes but
  // hosts, ports, the database and the user.
  std::string without_secrets(std::string text) const;

 private:
  // As the URL or the environment says, else empty.
  std::string said(std::string_view keyword, const char* variable) const;
  void add(std::string_view keyword, std::string_view value);
  void verify_other_hosts();

  std::vector<std::pair<std::string, Secret>> settings_;
  std::string unverified_;
  std::vector<Secret> secrets_;
  std::vector<std::string> untold_;  // in quotes, as libpq writes them
};

}  // namespace patchbay::store::postgres
