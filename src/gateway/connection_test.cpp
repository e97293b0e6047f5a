// What people enter to connect the shipped integration, as they find it: in the address bar, in an
// e-mail, in another tool's settings.
#include <map>
#include <string>

#include <doctest/doctest.h>

#include "gateway/test_world.h"

namespace patchbay::gateway {
namespace {

Result<std::shared_ptr<const upstream::Account>> open_with(const std::string& name,
                                                           const std::string& value) {
  std::map<std::string, Secret> credentials;
  for (const auto& [field, given] : kDemoCredentials) credentials.emplace(field, Secret(given));
  credentials.insert_or_assign(name, Secret(value));
  const auto& tools = shipped_tools();
  return upstream::Account::open(
      "acc_test", std::shared_ptr<const integration::Integration>(tools, &tools->integration()),
      credentials, TimeZone::utc());
}

std::string reached(const std::string& site) {
  const auto account = open_with("site", site);
  if (!account) return "! " + account.error().message;
  const auto& url = (*account)->base_url();
  CHECK(url.path == "/v4_6_release/apis/3.0");
  const auto usual = url.origin.port == (url.origin.secure ? 443 : 80);
  return (url.origin.secure ? "" : "http ") + url.origin.host +
         (usual ? "" : ":" + std::to_string(url.origin.port));
}

}  // namespace

TEST_CASE("a site is taken in any form that people paste") {
  const std::string na = "api-na.myconnectwise.net";
  for (const std::string site :
       {"api-na.myconnectwise.net", "na.myconnectwise.net", "NA.myconnectwise.net",
        "https://na.myconnectwise.net", "https://na.myconnectwise.net/",
        "http://na.myconnectwise.net", "HTTPS://na.myconnectwise.net/",
        "https://na.myconnectwise.net/v4_6_release/services/system_io/customerportal/portal.html",
        "https://api-na.myconnectwise.net/v4_6_release/apis/3.0/",
        "https://na.myconnectwise.net/v2025_1/ConnectWise.aspx?locale=en_US&routeTo=ServiceFV",
        "na.myconnectwise.net/v4_6_release", "  na.myconnectwise.net  ", "na.myconnectwise.net:443",
        "www.na.myconnectwise.net", "https://na.myconnectwise.net#/tickets"}) {
    CAPTURE(site);
    auto host = reached(site);
    for (char& c : host) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    CHECK(host == na);
  }
  for (const std::string region : {"eu", "au", "aus", "za"}) {
    CHECK(reached("https://" + region + ".myconnectwise.net/login/") ==
          "api-" + region + ".myconnectwise.net");
    CHECK(reached("api-" + region + ".myconnectwise.net") ==
          "api-" + region + ".myconnectwise.net");
  }
  CHECK(reached("staging.connectwisedev.com") == "api-staging.connectwisedev.com");
  CHECK(reached("https://api-staging.connectwisedev.com/") == "api-staging.connectwisedev.com");
}

TEST_CASE("a site is taken in any spelling of what surrounds it") {
  for (const std::string site :
       {"HTTP://na.myconnectwise.net",
        "Http://na.myconnectwise.net/",
        "HTTPS://na.myconnectwise.net",
        "HttpS://API-NA.myconnectwise.net/v4_6_release",
        "https:/na.myconnectwise.net",
        "https:///na.myconnectwise.net",
        "//na.myconnectwise.net/",
        "/na.myconnectwise.net",
        "HTTPS://NA.MYCONNECTWISE.NET:443/",
        "http://na.myconnectwise.net:443",
        "\"na.myconnectwise.net\"",
        "'https://na.myconnectwise.net'",
        "<https://na.myconnectwise.net>",
        "<https://na.myconnectwise.net/login>",
        "(na.myconnectwise.net)",
        "na.myconnectwise.net,",
        "na.myconnectwise.net;",
        "na.myconnectwise.net.",
        "https://na.myconnectwise.net./",
        "https://na.myconnectwise.net?",
        "https://na.myconnectwise.net/?company=acme",
        "https://na.myconnectwise.net//",
        "na.myconnectwise.net#",
        "na.myconnectwise.net/ ",
        "https://www.na.myconnectwise.net/",
        "WWW.NA.myconnectwise.net",
        "Api-Na.MyConnectWise.Net",
        "https://api-na.myconnectwise.net/v4_6_release/apis/3.0/service/tickets?pageSize=1",
        "HTTPS://na.myconnectwise.net/v2026_4/",
        " \"HTTPS://na.myconnectwise.net/\" "}) {
    CAPTURE(site);
    auto host = reached(site);
    for (char& c : host) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    CHECK(host == "api-na.myconnectwise.net");
  }
  CHECK(reached("HTTPS://psa.example.com:8443/x") == "psa.example.com:8443");
  CHECK(reached("HTTP://127.0.0.1:8081") == "http 127.0.0.1:8081");
  for (const std::string none : {"https://", "HTTP://", "/", "https:///", "na myconnectwise net",
                                 "HTTP://psa.example.com", "\"\""}) {
    CAPTURE(none);
    CHECK(reached(none).starts_with("! "));
  }
}

TEST_CASE("a server of one's own is reached where it is, and no other host is made up") {
  CHECK(reached("psa.example.com") == "psa.example.com");
  CHECK(reached("https://psa.example.com/v4_6_release/apis/3.0") == "psa.example.com");
  CHECK(reached("https://psa.example.com:8443/") == "psa.example.com:8443");
  CHECK(reached("na.psa.example.com") == "na.psa.example.com");
  CHECK(reached("na.myconnectwise.net.example.com") == "na.myconnectwise.net.example.com");
  CHECK(reached("http://127.0.0.1:8081/") == "http 127.0.0.1:8081");
  CHECK(reached("http://psa.example.com").starts_with("! "));
  CHECK(reached("https://user:pass@na.myconnectwise.net/").starts_with("! "));
  CHECK(reached("ftp://na.myconnectwise.net").starts_with("! "));
}

TEST_CASE("what was put right is told, and what was right is not") {
  const auto told = [](const std::string& name, const std::string& value) {
    const auto account = open_with(name, value);
    REQUIRE_MESSAGE(account.has_value(), account.error().message);
    return (*account)->put_right().empty() ? std::string() : (*account)->put_right().front();
  };
  CHECK(told("site", "https://na.myconnectwise.net/x") ==
        "Site (site) was put right: it is api-na.myconnectwise.net.");
  CHECK(told("site", "api-eu.myconnectwise.net").empty());
  CHECK(told("site", "https://psa.example.com").empty());
  CHECK(told("site", "http://127.0.0.1:8081").empty());
  const std::string id = "00000000-0000-4000-8000-00000000d3a0";
  CHECK(told("client_id", '{' + id + '}') ==
        "Client ID (client_id) was put right: it is " + id + '.');
  CHECK(told("client_id", id).empty());
}

TEST_CASE("a 404 of the probe points at the sign-in as well as at the address") {
  io::Runtime runtime{{.loops = 1}};
  runtime.start();
  StubUpstream upstream(runtime, [](const StubUpstream::Seen&) {
    return http::Response::json(404, R"({"code":"NotFound","message":"Not here"})");
  });
  Harness harness(runtime, upstream.port());
  Result<> outcome;
  runtime.run(runtime.loop(0), [&]() -> io::Task<> {
    outcome = co_await harness.sender().probe(*harness.context.account);
  });
  runtime.stop();
  REQUIRE(!outcome.has_value());
  CHECK(outcome.error().message.ends_with("It says: NotFound: Not here"));
  CHECK(outcome.error().hint.contains("company ID"));
  CHECK(outcome.error().hint.contains("keys"));
}

}  // namespace patchbay::gateway
