#include "webhooks/signature.h"

#include <array>
#include <string>

#include <doctest/doctest.h>

#include "base/encoding.h"

namespace patchbay::webhooks {
namespace {

TEST_CASE("A signature is the one of the convention's own example") {
  // From the test vectors of the reference libraries (standardwebhooks/libraries).
  const std::array secrets{Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")};
  CHECK(signature(secrets, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, R"({"test": 2432232314})") ==
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST_CASE("While two secrets count, each signs, and the new one first") {
  const std::array secrets{new_secret(), new_secret()};
  const std::string both = signature(secrets, "msg_1", 7, "{}");
  const std::string first = signature(std::span(secrets).first(1), "msg_1", 7, "{}");
  const std::string second = signature(std::span(secrets).last(1), "msg_1", 7, "{}");
  CHECK(first != second);
  CHECK(both == first + " " + second);
}

TEST_CASE("Whatever is altered has another signature") {
  const std::array secrets{new_secret()};
  const std::string right = signature(secrets, "msg_1", 7, "{}");
  CHECK(signature(secrets, "msg_2", 7, "{}") != right);
  CHECK(signature(secrets, "msg_1", 8, "{}") != right);
  CHECK(signature(secrets, "msg_1", 7, "{ }") != right);
}

TEST_CASE("A secret is as the convention wants it, and no two are alike") {
  const Secret one = new_secret();
  CHECK(one.reveal().starts_with(kSecretPrefix));
  const auto key = from_base64(one.reveal().substr(kSecretPrefix.size()));
  REQUIRE(key);
  CHECK(key->size() == 32);
  CHECK(new_secret().reveal() != one.reveal());
}

TEST_CASE("What is no secret signs nothing") {
  const std::array secrets{Secret("whsec_not base64!"), Secret("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")};
  CHECK(signature(secrets, "msg_1", 7, "{}").empty());
}

}  // namespace
}  // namespace patchbay::webhooks
