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

  settings = settings_of(
      "postgres://one/name?sslmode=verify-full&sslrootcert=/etc/ca.pem&target_session_attrs=any"
      "&connect_timeout=9&application_name=mine");
  CHECK(settings["sslmode"] == "verify-full");
  CHECK(settings["sslrootcert"] == "/etc/ca.pem");
  CHECK(settings["target_session_attrs"] == "any");
  CHECK(settings["connect_timeout"] == "9");
  CHECK(settings["application_name"] == "mine");
}

std::string warning_of(const char* url) {
  return Address::parse(Secret(url), std::chrono::seconds(5)).value().unverified();
}

TEST_CASE(
    "The server of another host is verified, unless the URL says otherwise, which is warned of") {
  for (const char* url : {"postgresql://u@db.test/d", "postgresql://u@127.0.0.1,10.0.0.9/d",
                          "postgresql://u@[2001:db8::1]/d", "postgresql://u@/d?host=db.test",
                          "postgresql://u@localhost/d?hostaddr=10.0.0.9",
                          "postgresql://u@db.test/d?hostaddr=127.0.0.1",
                          "postgresql://u@db.test/d?sslmode=", "postgresql://u@127.test/d"}) {
    CAPTURE(url);
    auto settings = settings_of(url);
    CHECK(settings["sslmode"] == "verify-full");
    CHECK_FALSE(settings["sslrootcert"].empty());
    CHECK(warning_of(url).empty());
  }
  for (const char* url : {"postgresql://u@127.0.0.1/d", "postgresql://u@localhost,[::1]/d",
                          "postgresql:///d", "postgresql://u@%2Frun%2Fpostgresql/d"}) {
    CAPTURE(url);
    CHECK_FALSE(settings_of(url).contains("sslmode"));
    CHECK(warning_of(url).empty());
  }
  for (const char* mode : {"disable", "allow", "prefer", "require"}) {
    const std::string url = "postgresql://u@db.test/d?sslmode=" + std::string(mode);
    CHECK(settings_of(url.c_str())["sslmode"] == mode);
    CHECK(warning_of(url.c_str()).contains("verify-full"));
  }
  CHECK(warning_of("postgresql://u@db.test/d?sslmode=verify-ca").empty());
  CHECK(settings_of("postgresql://u@db.test/d?sslrootcert=/etc/ca.pem")["sslrootcert"] ==
        "/etc/ca.pem");
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

// Whatever libpq would make of it.
TEST_CASE("A password that ends early by a raw character of URLs is refused without a word of it") {
  for (const char* url : {"postgresql://u:hunter2/x@127.0.0.1/d",
                          "postgresql://u:1234/hunter2@127.0.0.1/d",
                          "postgresql://u:hunter2@er2hunter2@127.0.0.1/d",
                          "postgresql://u:@hunter2@127.0.0.1/d",
                          "postgresql://u:hunter2/@127.0.0.1",
                          "postgresql://u:/hunter2@127.0.0.1",
                          "postgresql://u:hunter2/d",
                          "postgresql://u:1,hunter2!/d",
                          "postgresql://u:1?hunter2/x@127.0.0.1/d",
                          "postgresql://u:1?user=hunter2/@127.0.0.1",
                          "postgresql://u:1#/hunter2@127.0.0.1",
                          "postgresql://127.0.0.1/d?password=x@hunter2",
                          "postgresql://u:p@h:hunter2/d",
                          "postgresql://u:p@h:99999/hunter2",
                          "postgresql://u:p@h%40hunter2/d",
                          "postgresql://u:p@/d?host=x%40hunter2",
                          "postgresql://u:p@/d?host=/run%40hunter2",
                          "postgresql://u:p@h/d?port=hunter2",
                          "postgresql://u:p@h:1,i:hunter2/d",
                          "postgresql://u:p@[hunter2/d",
                          "postgresql://u:hunter2\n@h/d",
                          "postgres://u:p@h/d?hostaddr=hunter2!"}) {
    INFO(url);
    const auto refused = Address::parse(Secret(url), std::chrono::seconds(5));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::invalid_argument);
    CHECK(refused.error().hint.contains("%2F"));
    CHECK_FALSE((refused.error().message + refused.error().hint).contains("hunter2"));
  }
  CHECK(settings_of("postgresql://u:a:b?c#d@h/d")["password"] == "a:b?c#d");
  CHECK(settings_of("postgresql://u@%2Frun%2Fpostgresql/d")["host"] == "/run/postgresql");
  CHECK(settings_of("postgresql://[::1]:5432/d")["host"] == "::1");
}

TEST_CASE("Secrets are taken out of what libpq says") {
  const auto address = Address::parse(Secret("postgresql://u:hunter2@h/d?sslpassword=other"),
                                      std::chrono::seconds(5));
  REQUIRE(address);
  CHECK(address->without_secrets("a hunter2, hunter2 and other") == "a ***, *** and ***");
  const auto misspelt =
      Address::parse(Secret("postgresql://u@h:5432/d?sslmode=hunter2"), std::chrono::seconds(5));
  REQUIRE(misspelt);
  CHECK(misspelt->without_secrets("invalid \"hunter2\" of \"h\"") == "invalid \"***\" of \"h\"");
}

}  // namespace
}  // namespace patchbay::store::postgres
