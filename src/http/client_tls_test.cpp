// The client over TLS: whom it trusts, and what it says when it does not.
#include <cstdlib>
#include <filesystem>
#include <memory>

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "http/server.h"
#include "http/test_certificate.h"
#include "http/test_client.h"
#include "http/test_socket.h"

namespace patchbay::http {

TEST_CASE("TLS is spoken with those whose certificate holds, and nobody else") {
  TestAuthority authority;
  TestAuthority stranger;
  struct Case {
    std::string what;
    TestAuthority::Files files;
    std::string host;
    std::string reason;  // empty: it works
  };
  const Case kCases[] = {
      {"by name", authority.issue("DNS:localhost"), "localhost", ""},
      {"by address", authority.issue("IP:127.0.0.1"), "127.0.0.1", ""},
      {"expired", authority.issue("DNS:localhost", -5, -1), "localhost", "expired"},
      {"not yet valid", authority.issue("DNS:localhost", 1, 5), "localhost", "not yet valid"},
      {"of another host", authority.issue("DNS:example.com"), "localhost", "hostname mismatch"},
      {"of that host by its common name alone", authority.issue("", -1, 1, "localhost"),
       "localhost", "hostname mismatch"},
      {"of that host by its common name, beside an e-mail address",
       authority.issue("email:a@b.example", -1, 1, "localhost"), "localhost", "hostname mismatch"},
      {"of another address", authority.issue("IP:127.0.0.2"), "127.0.0.1", "IP address mismatch"},
      {"of an unknown authority", stranger.issue("DNS:localhost"), "localhost",
       "signature failure"},
  };
  for (const Case& test : kCases) {
    CAPTURE(test.what);
    Setup setup({.ca_file = authority.ca_file()});
    std::atomic<int> requests = 0;
    Server server(setup.runtime,
                  {.tls_certificate_file = test.files.certificate, .tls_key_file = test.files.key},
                  [&](Request& request) -> io::Task<Response> {
                    ++requests;
                    Response response = Response::text(200, request.secure ? "secure:" : "plain:");
                    response.tail = request.body;
                    co_return response;
                  });
    REQUIRE(server.start());
    for (std::size_t size : {0, 10, 700'000}) {
      ClientRequest request = request_to(server.port(), Method::post, std::string(size, 'x'));
      request.origin.secure = true;
      request.origin.host = test.host;
      Answer answer = setup.send(request);
      if (test.reason.empty()) {
        REQUIRE(answer);
        CHECK(answer->body == "secure:" + std::string(size, 'x'));
      } else {
        CHECK(code_of(answer) == ErrorCode::unavailable);
        CHECK_FALSE(answer.error().maybe_sent);
        CHECK(answer.error().error.message.find(test.reason) != std::string::npos);
        CHECK(requests == 0);
      }
    }
  }
}

TEST_CASE("a TLS server sees its clients go, and plain text is not taken for TLS") {
  TestAuthority authority;
  auto files = authority.issue("DNS:localhost");
  Setup setup({.ca_file = authority.ca_file()});
  std::atomic<bool> gone = false;
  Server server(setup.runtime,
                {.tls_certificate_file = files.certificate, .tls_key_file = files.key},
                [&](Request& request) -> io::Task<Response> {
                  io::CancelToken token = request.watch_disconnect();
                  while (!token.cancelled()) co_await io::sleep(milliseconds(5));
                  gone = true;
                  co_return Response::text(200, "");
                });
  REQUIRE(server.start());
  ClientRequest request = request_to(server.port());
  request.origin.secure = true;
  request.origin.host = "localhost";
  request.timeout = milliseconds(200);
  CHECK(code_of(setup.send(request)) == ErrorCode::timeout);
  for (int i = 0; i < 200 && !gone; ++i) std::this_thread::sleep_for(milliseconds(5));
  CHECK(gone);

  RawClient plain(server.port());
  plain.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  CHECK(plain.closed_by_peer());
}

// The system's authorities as they are said to be while it stands.
class SystemAuthorities {
 public:
  SystemAuthorities(const std::string& file, const std::string& folder) {
    ::setenv("SSL_CERT_FILE", file.c_str(), 1);
    ::setenv("SSL_CERT_DIR", folder.c_str(), 1);
  }
  ~SystemAuthorities() {
    ::unsetenv("SSL_CERT_FILE");
    ::unsetenv("SSL_CERT_DIR");
  }
};

// A folder as `openssl rehash` makes it, with one authority in it.
std::string folder_of(const std::string& ca_file, const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(ca_file.c_str(), "re"),
                                                             &std::fclose);
  const std::unique_ptr<X509, void (*)(X509*)> authority(
      PEM_read_X509(file.get(), nullptr, nullptr, nullptr), &X509_free);
  std::filesystem::copy_file(
      ca_file, folder / fmt::format("{:08x}.0", X509_subject_name_hash(authority.get())));
  return folder.string();
}

TEST_CASE("whom the system trusts is trusted, by its folder and by its file") {
  TestAuthority authority;
  const auto files = authority.issue("DNS:localhost");
  const std::filesystem::path below = std::filesystem::path(authority.ca_file()).parent_path();
  const std::string nowhere = (below / "nowhere").string();
  const std::string hashed = folder_of(authority.ca_file(), below / "hashed");
  const std::string former = folder_of(authority.former_ca_file(), below / "former");
  struct Case {
    std::string file;
    std::string folder;
    bool is_trusted;
  };
  for (const Case& test : {Case{authority.ca_file(), nowhere, true}, Case{nowhere, hashed, true},
                           Case{authority.ca_file(), hashed, true}, Case{nowhere, nowhere, false},
                           Case{authority.ca_file(), former, true}, Case{nowhere, former, false},
                           Case{files.key, nowhere, false}}) {
    CAPTURE(test.file);
    CAPTURE(test.folder);
    const SystemAuthorities system(test.file, test.folder);
    Setup setup;
    Server server(setup.runtime,
                  {.tls_certificate_file = files.certificate, .tls_key_file = files.key},
                  [](Request&) -> io::Task<Response> { co_return Response::text(200, "yes"); });
    REQUIRE(server.start());
    // What the first one read, the second one has.
    for (int i = 0; i < 2; ++i) {
      ClientRequest request = request_to(server.port());
      request.origin.secure = true;
      request.origin.host = "localhost";
      const Answer answer = setup.send(request);
      CHECK(answer.has_value() == test.is_trusted);
      if (answer) continue;
      const std::string& why = answer.error().error.message;
      const bool is_over = test.folder == former;
      CHECK_MESSAGE(why.contains(is_over ? "expired" : "unable to get local issuer certificate"),
                    why);
    }
  }
}

TEST_CASE("a CA file that cannot be read is told at the first request") {
  Setup setup({.ca_file = "/nonexistent/ca.pem"});
  ClientRequest request = request_to(1);
  request.origin.secure = true;
  Answer answer = setup.send(request);
  CHECK(code_of(answer) == ErrorCode::invalid_argument);
  CHECK(answer.error().error.message.find("/nonexistent/ca.pem") != std::string::npos);
}

}  // namespace patchbay::http
