// Callbacks: whom a change concerns, what they are told, and that it arrives and can be verified.
#include <thread>

#include <doctest/doctest.h>
#include <sodium.h>

#include "base/mutex.h"
#include "http/client.h"
#include "http/url.h"
#include "sandbox/followers/callbacks.h"
#include "sandbox/sandbox.h"
#include "sandbox/test_client.h"

using namespace patchbay;
using namespace patchbay::sandbox;
using namespace patchbay::sandbox::testing;

namespace {

std::string follow(TestClient& client, const std::string& type, const std::string& level,
                   std::int64_t object, const std::string& more = {}) {
  const TestReply made =
      client.post("/system/callbacks", R"({"url":"http://127.0.0.1:9/hook","type":")" + type +
                                           R"(","level":")" + level + R"(","objectId":)" +
                                           std::to_string(object) + more + "}");
  CAPTURE(made.text);
  REQUIRE(made.status == 201);
  client.engine.take_deliveries();
  return "/system/callbacks/" + std::to_string(made.body.int64_or("id", 0));
}

constexpr const char* kSummary = R"([{"op":"replace","path":"summary","value":"Changed"}])";

// As a receiver does it, with nothing of the sandbox's.
std::string signature_of(std::string_view key, std::string_view body) {
  const auto bytes = [](std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
  };
  unsigned char hashed[32];
  crypto_hash_sha256(hashed, bytes(key), key.size());
  unsigned char mac[32];
  crypto_auth_hmacsha256_state state;
  crypto_auth_hmacsha256_init(&state, hashed, sizeof hashed);
  crypto_auth_hmacsha256_update(&state, bytes(body), body.size());
  crypto_auth_hmacsha256_final(&state, mac);
  return to_base64(std::string_view(reinterpret_cast<const char*>(mac), sizeof mac));
}

struct Received {
  std::string path;
  std::string query;
  std::string signature;
  std::string body;
};

// A sandbox, and a receiver that remembers what it gets; it refuses as often as it is told to.
class World {
 public:
  World()
      : runtime_({.loops = 2, .blocking_threads = 1}),
        sandbox_(runtime_, clock_, {}),
        receiver_(runtime_, {}, [this](http::Request& request) { return take(request); }),
        client_(runtime_, {}) {
    runtime_.start();
    REQUIRE(sandbox_.start());
    REQUIRE(receiver_.start());
  }
  ~World() {
    sandbox_.stop(std::chrono::milliseconds(200));
    receiver_.stop(std::chrono::milliseconds(200));
    runtime_.stop();
  }

  http::ClientResponse send(http::Method method, std::string target, std::string body = {},
                            bool signed_in = true) {
    http::ClientRequest request;
    request.method = method;
    request.origin = {.secure = false, .host = "127.0.0.1", .port = sandbox_.port()};
    request.target = std::move(target);
    if (signed_in) {
      request.headers.add("Authorization",
                          "Basic " + to_base64("patchbay+demo-public-key:demo-private-key"));
      request.headers.add("clientId", "test");
    }
    request.body = std::move(body);
    request.allow_loopback = true;
    std::optional<std::expected<http::ClientResponse, http::ClientError>> result;
    runtime_.run(runtime_.loop(1), [&]() -> io::Task<> {
      result.emplace(co_await client_.send(std::move(request)));
    });
    REQUIRE(*result);
    return std::move(**result);
  }
  http::ClientResponse api(http::Method method, const std::string& path, std::string body = {}) {
    return send(method, "/v4_6_release/apis/3.0" + path, std::move(body));
  }

  void follow_tickets(const std::string& target, std::uint16_t port) {
    const auto made =
        api(http::Method::post, "/system/callbacks",
            R"({"type":"ticket","level":"owner","objectId":1,"url":"http://127.0.0.1:)" +
                std::to_string(port) + target + "\"}");
    REQUIRE(made.status == 201);
  }
  std::uint16_t receiver_port() const { return receiver_.port(); }
  void refuse(int times) { refusals_ = times; }

  std::vector<Received> wait_for(std::size_t wanted) {
    const MutexLock lock(mutex_);
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (received_.size() < wanted && arrived_.wait_until(mutex_, until)) {
    }
    return received_;
  }
  json::Value told() { return *json::parse(send(http::Method::get, "/_sandbox/callbacks").body); }

 private:
  io::Task<http::Response> take(http::Request& request) {
    const MutexLock lock(mutex_);
    received_.push_back({std::string(request.path), std::string(request.query),
                         std::string(request.headers.find("x-content-signature").value_or("")),
                         request.body});
    arrived_.notify_all();
    const bool refused = refusals_-- > 0;
    co_return http::Response::json(refused ? 503 : 200, "{}");
  }

  SystemClock clock_;
  io::Runtime runtime_;
  Sandbox sandbox_;
  http::Server receiver_;
  http::Client client_;
  Mutex mutex_;
  Condition arrived_;
  std::vector<Received> received_ PATCHBAY_GUARDED_BY(mutex_);
  std::atomic<int> refusals_ = 0;
};

}  // namespace

TEST_CASE("a callback at level owner for object 1 follows every record of its type") {
  TestClient client;
  follow(client, "ticket", "owner", 1);
  CHECK(client.patch("/service/tickets/5012", kSummary).status == 200);
  CHECK(
      client.patch("/company/companies/250", R"([{"op":"replace","path":"city","value":"Salem"}])")
          .status == 200);
  const auto deliveries = client.engine.take_deliveries();
  REQUIRE(deliveries.size() == 1);
  CHECK(deliveries[0].url == "http://127.0.0.1:9/hook?id=5012&action=updated");
  const auto body = json::parse(deliveries[0].body);
  REQUIRE(body);
  CHECK(body->string_or("Action", "") == "updated");
  CHECK(body->string_or("Type", "") == "ticket");
  CHECK(body->int64_or("ID", 0) == 5012);
  CHECK(body->string_or("CompanyId", "") == "patchbay");
  CHECK(body->string_or("FromUrl", "") == "psa.test:8080");
  CHECK_FALSE(body->string_or("MemberId", "").empty());
  const auto entity = json::parse(body->string_or("Entity", ""));
  REQUIRE(entity);
  CHECK(entity->string_or("summary", "") == "Changed");
}

TEST_CASE("levels narrow by board, status, company, owner or the record itself") {
  TestClient client;
  const TestReply ticket = client.get("/service/tickets/5012");
  const std::int64_t board = ticket.body.find("board")->int64_or("id", 0);
  const std::int64_t company = ticket.body.find("company")->int64_or("id", 0);
  follow(client, "ticket", "board", board);
  follow(client, "ticket", "Company", company);
  follow(client, "ticket", "ticket", 5012);
  follow(client, "ticket", "board", board + 1);
  follow(client, "ticket", "ticket", 40592);
  follow(client, "ticket", "nonsense", 1);
  client.patch("/service/tickets/5012", kSummary);
  CHECK(client.engine.take_deliveries().size() == 3);
}

TEST_CASE("who watches a board is told when a ticket leaves it") {
  TestClient client;
  const TestReply ticket = client.get("/service/tickets/5012");
  follow(client, "ticket", "board", ticket.body.find("board")->int64_or("id", 0));
  client.patch("/service/tickets/5012",
               R"([{"op":"replace","path":"board","value":{"name":"Emergency Escalations"}}])");
  CHECK(client.engine.take_deliveries().size() == 1);
  client.patch("/service/tickets/5012", kSummary);
  CHECK(client.engine.take_deliveries().empty());
}

TEST_CASE("creation, deletion and notes are told, each with its action") {
  TestClient client;
  follow(client, "ticket", "owner", 1);
  const TestReply made =
      client.post("/service/tickets", R"({"summary":"New","company":{"id":250}})");
  const std::string path = "/service/tickets/" + std::to_string(made.body.int64_or("id", 0));
  client.post(path + "/notes", R"({"text":"Hm","internalAnalysisFlag":true})");
  client.remove(path);
  const auto deliveries = client.engine.take_deliveries();
  REQUIRE(deliveries.size() == 3);
  CHECK(deliveries[0].url.ends_with("&action=added"));
  CHECK(deliveries[1].url.ends_with("&action=updated"));
  CHECK(deliveries[2].url.ends_with("&action=deleted"));
  CHECK(deliveries[2].body.find(R"("Entity":null)") != std::string::npos);
}

TEST_CASE("inactive callbacks, own changes of self-suppressed ones and skipCallback stay silent") {
  TestClient client;
  const std::string path = follow(client, "ticket", "owner", 1);
  client.patch(path, R"([{"op":"replace","path":"inactiveFlag","value":true}])");
  follow(client, "ticket", "ticket", 5012, R"(,"isSelfSuppressedFlag":true)");
  client.patch("/service/tickets/5012", kSummary);
  CHECK(client.engine.take_deliveries().empty());
  client.patch(path, R"([{"op":"replace","path":"inactiveFlag","value":false}])");
  client.patch("/service/tickets/5012", R"([{"op":"replace","path":"summary","value":"Quiet"},
      {"op":"replace","path":"skipCallback","value":true}])");
  CHECK(client.engine.take_deliveries().empty());
  client.patch("/service/tickets/5012", kSummary);
  CHECK(client.engine.take_deliveries().size() == 1);
}

TEST_CASE("what was refused is told to nobody") {
  TestClient client;
  follow(client, "ticket", "owner", 1);
  CHECK(client.post("/service/tickets", R"({"summary":"No company"})").status == 400);
  CHECK(client.engine.take_deliveries().empty());
}

TEST_CASE("receivers stand on this machine; other addresses are kept and never called") {
  for (const char* url : {"http://127.0.0.1:9/x", "https://localhost/x", "http://[::1]:80/x",
                          "http://127.9.8.7/", "http://LOCALHOST:1/"}) {
    CAPTURE(url);
    CHECK(is_loopback_url(url));
  }
  for (const char* url :
       {"https://hooks.example.com/psa", "http://10.0.0.1/", "http://127.0.0.1.example.com/",
        "http://localhost.example.com/", "http://127.1/", "http://0.0.0.0/",
        "http://user@127.0.0.1/", "ftp://127.0.0.1/", "", "http://[::]/"}) {
    CAPTURE(url);
    CHECK_FALSE(is_loopback_url(url));
  }
  TestClient client;
  REQUIRE(client
              .post("/system/callbacks", R"({"url":"https://hooks.example.com/psa",
      "type":"ticket","level":"owner","objectId":1})")
              .status == 201);
  client.patch("/service/tickets/5012", kSummary);
  CHECK(client.engine.take_deliveries().empty());
}

TEST_CASE("a receiver gets a POST that the key at key_url verifies") {
  World world;
  world.follow_tickets("/hook?tenant=7", world.receiver_port());
  CHECK(world.api(http::Method::patch, "/service/tickets/5012", kSummary).status == 200);
  const auto received = world.wait_for(1);
  REQUIRE(received.size() == 1);
  CHECK(received[0].path == "/hook");
  CHECK(received[0].query == "tenant=7&id=5012&action=updated");
  const auto body = json::parse(received[0].body);
  REQUIRE(body);
  const std::string key_url(body->find("Metadata")->string_or("key_url", ""));
  CAPTURE(key_url);
  const auto url = http::parse_url(key_url);
  REQUIRE(url);
  const auto answer = world.send(http::Method::get, url->path, {}, false);
  CHECK(answer.status == 200);
  const auto key = json::parse(answer.body);
  REQUIRE(key);
  CHECK(received[0].signature == signature_of(key->string_or("signing_key", ""), received[0].body));
  CHECK(received[0].signature != signature_of("another key", received[0].body));
  CHECK(world.send(http::Method::get, url->path + "x", {}, false).status == 404);
}

TEST_CASE("a delivery that fails is tried again, and changes arrive in their order") {
  World world;
  world.follow_tickets("/hook", world.receiver_port());
  world.refuse(1);
  for (const char* summary : {"First", "Second", "Third"}) {
    world.api(http::Method::patch, "/service/tickets/5012",
              R"([{"op":"replace","path":"summary","value":")" + std::string(summary) + "\"}]");
  }
  const auto received = world.wait_for(4);
  REQUIRE(received.size() == 4);
  CHECK(received[0].body == received[1].body);  // refused, then taken
  CHECK(received[1].body.find("First") != std::string::npos);
  CHECK(received[2].body.find("Second") != std::string::npos);
  CHECK(received[3].body.find("Third") != std::string::npos);
}

TEST_CASE("a receiver that is not there holds up neither the API nor the end") {
  World world;
  world.follow_tickets("/hook", 9);  // nobody listens
  for (int i = 0; i < 20; ++i) {
    CHECK(world.api(http::Method::patch, "/service/tickets/5012", kSummary).status == 200);
  }
  for (int i = 0; i < 400 && world.told().find("deliveries")->if_array()->empty(); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(25));
  }
  const json::Value told = world.told();
  const json::Array& deliveries = *told.find("deliveries")->if_array();
  REQUIRE_FALSE(deliveries.empty());
  CHECK(deliveries.back().string_or("outcome", "") == "failed");
  CHECK(deliveries.back().int64_or("attempts", 0) == 3);
}
