#include "base/secret.h"

#include <set>
#include <type_traits>

#include <doctest/doctest.h>

#include "base/error.h"
#include "base/random.h"

namespace patchbay {
namespace {

static_assert(!std::is_convertible_v<Secret, std::string_view>);
static_assert(!std::is_convertible_v<std::string, Secret>);

TEST_CASE("a secret gives its bytes only where they are asked for, and none after a move") {
  Secret secret(std::string("open sesame"));
  CHECK(secret.reveal() == "open sesame");
  Secret copy = secret;
  CHECK(copy.reveal() == "open sesame");
  const char* const where = secret.reveal().data();
  Secret moved = std::move(secret);
  CHECK(moved.reveal() == "open sesame");
  // Short strings are moved by copying: what stays behind is wiped.
  CHECK(secret.empty());                                        // NOLINT(bugprone-use-after-move)
  CHECK(std::string_view(where, 11) == std::string(11, '\0'));  // NOLINT(bugprone-use-after-move)
  copy = moved;
  copy = std::move(moved);
  CHECK(copy.reveal() == "open sesame");
  Secret& same = copy;
  copy = same;
  CHECK(copy.reveal() == "open sesame");
}

TEST_CASE("equal is equal, in constant time") {
  CHECK(equal_in_constant_time("", ""));
  CHECK(equal_in_constant_time("abc", "abc"));
  CHECK_FALSE(equal_in_constant_time("abc", "abd"));
  CHECK_FALSE(equal_in_constant_time("abc", "ab"));
}

TEST_CASE("ids carry their prefix and do not repeat") {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const std::string id = random_id("acc");
    CHECK(id.size() == 30);
    CHECK(id.starts_with("acc_"));
    CHECK(id.find_first_not_of("abcdefghijklmnopqrstuvwxyz234567_") == std::string::npos);
    seen.insert(id);
  }
  CHECK(seen.size() == 1000);
}

TEST_CASE("error codes have names") {
  CHECK(to_string(ErrorCode::invalid_argument) == "invalid_argument");
  CHECK(to_string(ErrorCode::internal) == "internal");
  const Result<int> failed = fail(ErrorCode::not_found, "No board 7.", "List boards first.");
  CHECK(failed.error().hint == "List boards first.");
}

}  // namespace
}  // namespace patchbay
