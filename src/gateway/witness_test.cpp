// What a person who tries a tool is shown of its request, over the sandbox.
#include "gateway/call/witness.h"

#include <string>

#include "gateway/test_world.h"

namespace patchbay::gateway {

namespace {

constexpr const char* kTickets = "list_all_connect_wise_psa_tickets";
constexpr const char* kTicket = "get_single_connect_wise_psa_ticket_by_id";
constexpr const char* kUpdate = "update_a_connect_wise_psa_ticket_by_id";

struct Watched {
  World world;
  Witness witness;
  Answered call(const char* tool, const char* arguments) {
    witness = {};
    world.harness.context.on_progress = Witness::Tap{&witness};
    auto outcome = world.call(tool, arguments);
    world.harness.context.on_progress = nullptr;
    return outcome;
  }
  std::string base() const {
    return "http://127.0.0.1:" + std::to_string(world.psa.port()) + "/v4_6_release/apis/3.0";
  }
};

}  // namespace

TEST_CASE("witness: of a read the request itself is seen, and not the look-ups before it") {
  Watched watched;
  const auto outcome = watched.call(kTickets, R"({"board":"Server Team","limit":3})");
  REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
  const Witness& seen = watched.witness;
  REQUIRE(seen.sent);
  CHECK(seen.sent->method == "GET");
  CHECK(seen.sent->url.starts_with(watched.base() + "/service/tickets?"));
  CHECK(seen.sent->url.contains("pageSize="));
  CHECK(seen.sent->body.is_null());
  CHECK(seen.status == 200);
  CHECK(seen.raw_bytes == seen.raw.size());
  CHECK(json::parse(seen.raw)->is_array());
  // Links and nulls are what shaping takes away.
  CHECK(seen.raw.contains("_href"));
  CHECK_FALSE(outcome.result.text.contains("_href"));
}

TEST_CASE("witness: of a write the one that changes something is seen, with what it sends") {
  Watched watched;
  const auto outcome = watched.call(kUpdate, R"({"id":5012,"priority":"High"})");
  REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
  const Witness& seen = watched.witness;
  REQUIRE(seen.sent);
  CHECK(seen.sent->method == "PATCH");
  CHECK(seen.sent->url == watched.base() + "/service/tickets/5012");
  CHECK(seen.sent->body.if_array()->front().string_or("path", "") == "priority");
  CHECK(json::parse(seen.raw)->int64_or("id", 0) == 5012);
}

TEST_CASE("witness: what is not sent is not seen, and a refusal is seen as it came") {
  Watched watched;
  CHECK(watched.call(kUpdate, R"({"id":5012,"board":"No such board"})").result.is_error);
  CHECK_FALSE(watched.witness.sent);
  CHECK(watched.witness.raw.empty());
  watched.call(kUpdate, R"({"id":5012,"priority":"High","dry_run":true})");
  CHECK_FALSE(watched.witness.sent);
  CHECK(watched.call(kTicket, R"({"id":999999})").result.is_error);
  REQUIRE(watched.witness.sent);
  CHECK(watched.witness.status == 404);
  CHECK(watched.witness.raw.contains("code"));
}

TEST_CASE("witness: a secret that an API repeats is masked, also where the answer is cut") {
  io::Runtime runtime{{.loops = 1}};
  runtime.start();
  const std::string secret = kDemoCredentials.at("private_key");
  std::string filling(Witness::kMostBytes - 20, 'x');
  StubUpstream upstream(runtime, [&](const StubUpstream::Seen&) {
    return http::Response::json(
        200, R"({"id":7,"summary":")" + secret + filling + secret + filling + "\"}");
  });
  {
    Harness harness(runtime, upstream.port());
    Witness witness;
    harness.context.on_progress = Witness::Tap{&witness};
    harness.call(kTicket, R"({"id":7})");
    CHECK(witness.raw_bytes > 2 * filling.size());
    CHECK(witness.raw.size() <= Witness::kMostBytes);
    CHECK(witness.raw.contains("[secret]"));
    CHECK_FALSE(witness.raw.contains(secret));
    CHECK_FALSE(witness.raw.contains(secret.substr(0, 6)));
  }
  runtime.stop();
}

}  // namespace patchbay::gateway
