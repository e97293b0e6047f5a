#include "telemetry/log.h"

#include <limits>

#include <doctest/doctest.h>
#include <unistd.h>

#include "json/parse.h"

namespace patchbay::telemetry {
namespace {

// What a log wrote into a pipe. The texts here fit its buffer.
struct Pipe {
  Pipe() { REQUIRE(::pipe(ends) == 0); }
  ~Pipe() {
    ::close(ends[0]);
    ::close(ends[1]);
  }
  std::string text() const {
    std::string out(65536, '\0');
    const ssize_t length = ::read(ends[0], out.data(), out.size());
    out.resize(length < 0 ? 0 : static_cast<std::size_t>(length));
    return out;
  }
  int ends[2];
};

TEST_CASE("a log line is one JSON object with its fields in order") {
  const Pipe pipe;
  const Log log(pipe.ends[1], Level::info);
  log.write(Level::warning, "a \"quoted\" message\nof two lines",
            {{"count", std::int64_t{7}}, {"ratio", 0.5}, {"on", true}, {"name", "Jürgen"}});
  const std::string line = pipe.text();
  REQUIRE(line.ends_with("}\n"));
  CHECK(line.find('\n') == line.size() - 1);
  const auto value = json::parse(line);
  REQUIRE(value);
  CHECK(value->string_or("level", "") == "warning");
  CHECK(value->string_or("message", "") == "a \"quoted\" message\nof two lines");
  CHECK(value->string_or("time", "").size() == 24);
  CHECK(line.ends_with(R"("count":7,"ratio":0.5,"on":true,"name":"Jürgen"})"
                       "\n"));
}

TEST_CASE("what is no text and what is no number still makes a line of JSON") {
  const Pipe pipe;
  const Log log(pipe.ends[1], Level::debug);
  log.write(Level::error, std::string_view("\xFF\x00\x1B[0m", 6),
            {{"bad", std::numeric_limits<double>::quiet_NaN()}});
  const auto value = json::parse(pipe.text());
  REQUIRE(value);
  CHECK(value->find("bad")->is_null());
}

TEST_CASE("lines under the least level are dropped") {
  const Pipe pipe;
  const Log log(pipe.ends[1], Level::warning);
  CHECK_FALSE(log.enabled(Level::info));
  log.write(Level::info, "not this");
  log.write(Level::error, "but this");
  const std::string text = pipe.text();
  CHECK_FALSE(text.contains("not this"));
  CHECK(text.contains("but this"));
}

TEST_CASE("a log whose file is gone does no harm") {
  const Log log(-1, Level::debug);
  log.write(Level::error, "into the void");
}

TEST_CASE("a path loses what follows /mcp/ and keeps the rest") {
  CHECK(redact_path("/mcp/pbm_abc") == "/mcp/[redacted]");
  CHECK(redact_path("/approve/apl_apr_1.99.tok_1.abc") == "/approve/[redacted]");
  CHECK(redact_path("/approval/apr_1/approve") == "/approval/apr_1/approve");
  CHECK(redact_path("/connect/cnl_acc_1.99.0.tok_1.abc") == "/connect/[redacted]");
  CHECK(redact_path("/x?next=cnl_acc_1.99.0.tok_1.a-b_c&y") == "/x?next=[redacted]&y");
  CHECK(redact_path("/integrated-account/acc_1/connect-link") ==
        "/integrated-account/acc_1/connect-link");
  CHECK(redact_path("/x?next=apl_apr_1.99.tok_1.a-b_c&y") == "/x?next=[redacted]&y");
  CHECK(redact_path("/mcp/anything-at-all/sse") == "/mcp/[redacted]/sse");
  CHECK(redact_path("/mcp/abc?x=1") == "/mcp/[redacted]?x=1");
  CHECK(redact_path("/.well-known/oauth-protected-resource/mcp/abc") ==
        "/.well-known/oauth-protected-resource/mcp/[redacted]");
  CHECK(redact_path("/.well-known/openid-configuration/mcp/abc/more") ==
        "/.well-known/openid-configuration/mcp/[redacted]/more");
  CHECK(redact_path("https://host/mcp/one/mcp/two") ==
        "https://host/mcp/[redacted]/mcp/[redacted]");
}

TEST_CASE("tokens go wherever they stand") {
  CHECK(redact_path("/x/pbm_a-B_9/y") == "/x/[redacted]/y");
  CHECK(redact_path("/x?token=pba_abc&y=1") == "/x?token=[redacted]&y=1");
  CHECK(redact_path("/pbm_one/pba_two") == "/[redacted]/[redacted]");
  CHECK(redact_path("/pbs_one/pbl_two") == "/[redacted]/[redacted]");
  CHECK(redact_path("PBM_ABC") == "[redacted]");
}

TEST_CASE("encoding hides no token") {
  CHECK(redact_path("/mcp%2Fpbm_abc") == "/mcp%2F[redacted]");
  CHECK(redact_path("%2fMCP%2fabc%2Fsse") == "%2fMCP%2f[redacted]");
  CHECK(redact_path("/%6Dcp/abc/x") == "/%6Dcp/[redacted]/x");
  CHECK(redact_path("/x/%70bm_abc") == "/x/[redacted]");
  CHECK(redact_path("/x/pbm%5Fabc%2Dd/y") == "/x/[redacted]/y");
  CHECK(redact_path("/x?u=%252Fmcp%252Fabc") == "/x?u=%252Fmcp%252F[redacted]");
  CHECK(redact_path("/mcp//abc") == "/mcp//[redacted]");
  CHECK(redact_path("/mcp/./abc") == "/mcp/./[redacted]");
  CHECK(redact_path("/mcp/a%3Fb%23c") == "/mcp/[redacted]");
}

TEST_CASE("paths without secrets stay as they are") {
  for (const std::string_view path :
       {"", "/", "/mcp", "/mcp/", "/healthz", "/integrated-account/acc_1/mcp", "/a%20b/%zz/%",
        "/mcpx/abc", "/xpb_abc"}) {
    CHECK(redact_path(path) == path);
  }
}

}  // namespace
}  // namespace patchbay::telemetry
