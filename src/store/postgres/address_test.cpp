#include "store/postgres/address.h"

#include <map>

#include <doctest/doctest.h>

namespace patchbay::store::postgres {
namespace {

std::map<std::string, std::string> settings_of(const char* url) {
  const auto address = Address::parse(Secret(url), std::chrono::seconds(5));
  REQUIRE(address);
  std::map<std::string, std::string> settings;
  for (const auto& [keyword, value] : address->settings()) settings[keyword] = value.reveal();
  return settings;
}

TEST_CASE("A URL says how the database is reached; what it does not say is filled in") {
  auto settings = settings_of("postgresql://me:p%40ss@one:5432,two:5433/name");
  CHECK(settings["host"] == "one,two");
  CHECK(settings["port"] == "5432,5433");
  CHECK(settings["user"] == "me");
  CHECK(settings["password"] == "p@ss");
  CHECK(settings["dbname"] == "name");
  CHECK(settings["target_session_attrs"] == "read-write");
  CHECK(settings["connect_timeout"] == "5");
  CHECK_FALSE(settings.contains("sslmode"));

  settings = settings_of(
      "postgres://one/name?sslmode=verify-full&sslrootcert=/etc/ca.pem&target_session_attrs=any"
      "&connect_timeout=9&application_name=mine");
  CHECK(settings["sslmode"] == "verify-full");
  CHECK(settings["sslrootcert"] == "/etc/ca.pem");
  CHECK(settings["target_session_attrs"] == "any");
  CHECK(settings["connect_timeout"] == "9");
  CHECK(settings["application_name"] == "mine");
}

TEST_CASE("What is no URL of a PostgreSQL is refused without a word of it") {
  for (const char* url : {"", "mysql://u:hunter2@h/d", "host=h password=hunter2",
                          "postgresql://u:hunter2@h/d?sslmod=x", "postgresql://u:hunter2%@h/d"}) {
    const auto refused = Address::parse(Secret(url), std::chrono::seconds(5));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::invalid_argument);
    CHECK_FALSE(refused.error().message.contains("hunter2"));
  }
}

TEST_CASE("Secrets are taken out of what libpq says") {
  const auto address = Address::parse(Secret("postgresql://u:hunter2@h/d?sslpassword=other"),
                                      std::chrono::seconds(5));
  REQUIRE(address);
  CHECK(address->without_secrets("a hunter2, hunter2 and other") == "a ***, *** and ***");
}

}  // namespace
}  // namespace patchbay::store::postgres
