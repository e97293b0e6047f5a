// The first token: told before it is made, and told again until a token was used.
#include <filesystem>

#include <doctest/doctest.h>

#include "base/random.h"
#include "control/test_world.h"
#include "store/sqlite/open_sqlite.h"

namespace patchbay::control {
namespace {

// One start after the other on the same data.
class Starts {
 public:
  Starts() {
    std::filesystem::create_directory(folder_);
    repository = store::open_sqlite((folder_ / "patchbay.db").string()).value();
    restart();
  }
  ~Starts() {
    control.reset();
    repository.reset();
    std::filesystem::remove_all(folder_);
  }
  Starts(const Starts&) = delete;
  Starts& operator=(const Starts&) = delete;

  void restart() {
    control.reset();
    holder.set(std::make_shared<const Snapshot>());
    control = std::make_unique<ControlPlane>(*repository, vault, clock, holder, nullptr,
                                             ControlOptions{});
    REQUIRE(control->load());
  }
  // What the owner was told; empty: nothing.
  std::string start() {
    restart();
    std::string told;
    const auto token = control->bootstrap([&](const vault::Token& given) -> Result<> {
      // Nothing opens before it is told.
      if (can_tell) told = given.reveal();
      return can_tell ? Result<>() : fail(ErrorCode::unavailable, "No room.");
    });
    CHECK(token.has_value() == can_tell);
    return told;
  }

  Result<Principal> authenticate(std::string_view text) const {
    if (const auto token = vault::Token::parse(vault::TokenKind::api, text)) {
      CHECK(control->read_api_token(vault->hash(*token)));
    }
    return control->authenticate(text);
  }

  ManualClock clock{testing::kStart};
  std::shared_ptr<const vault::Vault> vault =
      vault::Vault::open(Secret(std::string(64, 'a'))).value();
  std::unique_ptr<store::Repository> repository;
  SnapshotHolder holder{1};
  std::unique_ptr<ControlPlane> control;
  bool can_tell = true;

 private:
  std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / random_id("patchbay-first");
};

TEST_CASE("What cannot be told opens nothing, and the next start tells it") {
  Starts starts;
  starts.can_tell = false;
  CHECK(starts.start().empty());
  CHECK(testing::all<store::ApiTokenRow>(*starts.repository).empty());
  starts.can_tell = true;
  const std::string told = starts.start();
  REQUIRE_FALSE(told.empty());
  CHECK(testing::all<store::ApiTokenRow>(*starts.repository).size() == 1);
  CHECK(starts.authenticate(told));
}

TEST_CASE("The same token is told at each start until a token was used, and never after") {
  Starts starts;
  const std::string told = starts.start();
  CHECK(starts.start() == told);
  CHECK(starts.start() == told);
  CHECK(testing::all<store::ApiTokenRow>(*starts.repository).size() == 1);
  // A wrong one is no use.
  CHECK_FALSE(starts.authenticate("pba_" + std::string(43, 'A')));
  CHECK(starts.start() == told);
  REQUIRE(starts.authenticate(told));
  CHECK(starts.start().empty());
  CHECK(starts.authenticate(told));
  CHECK(starts.repository->secret("first_token").value()->bytes.empty());
}

TEST_CASE("An instance that lost its tokens is given none by a start, but by who has the data") {
  Starts starts;
  const std::string told = starts.start();
  REQUIRE(starts.authenticate(told));
  for (const auto& row : testing::all<store::ApiTokenRow>(*starts.repository)) {
    REQUIRE(starts.repository->delete_api_token(row.id));
  }
  CHECK(starts.start().empty());
  CHECK(testing::all<store::ApiTokenRow>(*starts.repository).empty());
  const auto made =
      starts.control->create_api_token(instance_itself(), "", "Found the way back", std::nullopt);
  REQUIRE(made);
  CHECK(starts.authenticate(made->token.reveal()));
}

}  // namespace
}  // namespace patchbay::control
