// What time, restarts, other keys and other integrations do to what is served.
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <thread>

#include <doctest/doctest.h>

#include "control/authority.h"
#include "control/open_vault.h"
#include "control/test_world.h"

namespace patchbay::control {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::World;

class TemporaryFile {
 public:
  TemporaryFile() {
    std::string pattern = (std::filesystem::temp_directory_path() / "patchbay-XXXXXX").string();
    REQUIRE(mkdtemp(pattern.data()) != nullptr);
    folder_ = pattern;
  }
  ~TemporaryFile() { std::filesystem::remove_all(folder_); }
  std::string path() const { return folder_ / "patchbay.db"; }

 private:
  std::filesystem::path folder_;
};

TEST_CASE("A server goes at its expiry: from calls, lists and the store") {
  World world;
  const auto account = world.connect(world.root);
  const auto forever = world.mint(world.root, account.id);
  const auto later = world.mint(world.root, account.id, {}, world.clock.now() + seconds(200));
  const auto soon = world.mint(world.root, account.id, {}, world.clock.now() + seconds(100));
  CHECK(world.control->expire() == soon.row.expires_at);

  world.clock.advance(seconds(100));
  // The timer has not fired yet, and it is gone already for whoever asks.
  CHECK(world.control->mcp_server(world.root, account.id, soon.row.id).error().code ==
        ErrorCode::not_found);
  CHECK(world.control->mcp_servers(world.root, account.id)->size() == 2);
  CHECK(world.control->rotate_mcp_server(world.root, account.id, soon.row.id).error().code ==
        ErrorCode::not_found);

  CHECK(world.control->expire() == later.row.expires_at);
  CHECK_FALSE(world.find(soon.token));
  CHECK(world.find(later.token));
  CHECK(testing::all<store::McpServerRow>(*world.repository).size() == 2);

  world.clock.advance(seconds(100));
  CHECK_FALSE(world.control->expire());
  CHECK(world.find(forever.token));
}

TEST_CASE("What expired while the process was down is never served again") {
  const TemporaryFile file;
  std::optional<vault::Token> token;
  {
    World world(file.path());
    const auto account = world.connect(world.root);
    token = world.mint(world.root, account.id, {}, world.clock.now() + seconds(60)).token;
    CHECK(world.find(*token));
  }
  World world(file.path(), testing::kStart + seconds(61));
  CHECK_FALSE(world.find(*token));
  CHECK(testing::all<store::McpServerRow>(*world.repository).empty());
}

TEST_CASE("The timer is told when another expiry may be the nearest, and not by its own work") {
  World world;
  const auto account = world.connect(world.root);
  int told = 0;
  world.control->on_expiry_changed([&] { ++told; });
  world.mint(world.root, account.id);
  CHECK(told == 0);
  const auto minted = world.mint(world.root, account.id, {}, world.clock.now() + seconds(100));
  CHECK(told == 1);
  REQUIRE(world.control->update_mcp_server(world.root, account.id, minted.row.id,
                                           {.expires_at = Clear{}}));
  CHECK(told == 2);
  world.mint(world.root, account.id, {}, world.clock.now() + seconds(100));
  CHECK(told == 3);
  world.clock.advance(seconds(100));
  CHECK_FALSE(world.control->expire());
  CHECK(told == 3);
}

TEST_CASE("Everything is as it was after a restart") {
  const TemporaryFile file;
  std::string root_token;
  std::string account_id;
  std::optional<Minted<store::McpServerRow>> minted;
  {
    World world(file.path());
    root_token = world.root_token;
    account_id = world.connect(world.root).id;
    json::Value config;
    config["methods"].push_back("read");
    minted = world.mint(world.root, account_id, config);
  }
  World world(file.path());
  CHECK(world.problems.empty());
  CHECK(world.root_token.empty());  // no second bootstrap
  const auto principal = world.authenticate(root_token);
  REQUIRE(principal);
  const auto row = world.control->mcp_server(*principal, account_id, minted->row.id).value();
  CHECK(row.config == minted->row.config);
  const auto server = world.find(minted->token);
  REQUIRE(server);
  CHECK(server->toolset->tools().size() == 4);
  CHECK(server->account->base_url().origin.host == "desk.example.com");
}

TEST_CASE("Without its integration an account is reported, kept, and served again with it") {
  const TemporaryFile file;
  std::optional<Minted<store::McpServerRow>> minted;
  {
    World world(file.path());
    minted = world.mint(world.root, world.connect(world.root).id);
  }
  World world(file.path());
  world.begin();  // no catalog
  const auto problems = world.look_at_all();
  REQUIRE_FALSE(problems.empty());
  CHECK(problems[0].find("desk") != std::string::npos);
  CHECK_FALSE(world.find(minted->token));
  CHECK(testing::all<store::McpServerRow>(*world.repository).size() == 1);
  CHECK(world.control->set_catalog(testing::fake_catalog()).empty());
  CHECK(world.find(minted->token));
}

TEST_CASE("A new version of an integration is served at once; what it lacks stays as it was") {
  World world;
  const auto account = world.connect(world.root);
  const auto all = world.mint(world.root, account.id);
  json::Value config;
  config["tags"].push_back("billing");
  const auto billing = world.mint(world.root, account.id, config);
  const auto old_billing = world.find(billing.token)->toolset;

  auto changed = testing::fake_integration();
  std::erase_if(changed->resources, [](const auto& r) { return r.name == "invoices"; });
  const auto problems = world.control->set_catalog(catalog::ToolCatalog::generate(changed).value());
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].find(billing.row.id) != std::string::npos);
  CHECK(world.find(all.token)->toolset->tools().size() == 6);
  CHECK(world.find(billing.token)->toolset == old_billing);
  CHECK(world.find(billing.token)->toolset->tools().size() == 5);
}

// It may have got another name, under which nobody would be asked.
TEST_CASE("Where a rule's tool is gone, every write waits for a yes") {
  World world;
  const auto account = world.connect(world.root);
  json::Value config;
  config["require_approval"].push_back("create_a_desk_invoice");
  const auto minted = world.mint(world.root, account.id, config);
  const auto writes_wait = [&] {
    const auto server = world.find(minted.token);
    return std::ranges::all_of(server->toolset->tools(), [&](const catalog::Tool* tool) {
      return !tool->method->writes() ||
             approval_need(*server->approvals, *tool) == ApprovalNeed::always;
    });
  };
  CHECK_FALSE(writes_wait());
  auto changed = testing::fake_integration();
  std::erase_if(changed->resources, [](const auto& r) { return r.name == "invoices"; });
  world.control->set_catalog(catalog::ToolCatalog::generate(changed).value());
  CHECK(writes_wait());
}

TEST_CASE("An integration whose form the credentials do not fit goes on as the old one") {
  World world;
  const auto account = world.connect(world.root);
  const auto minted = world.mint(world.root, account.id);
  const auto before = world.find(minted.token);
  auto changed = testing::fake_integration();
  integration::CredentialField field;
  field.name = field.label = "region";
  changed->credentials.push_back(field);
  const auto problems = world.control->set_catalog(catalog::ToolCatalog::generate(changed).value());
  REQUIRE(problems.size() == 1);
  CHECK(world.find(minted.token) == before);
}

TEST_CASE("The same filter shares one toolset, whatever the order of its words") {
  World world;
  const auto account = world.connect(world.root);
  const auto other = world.connect(world.root);
  const auto config = [](std::string_view first, std::string_view second) {
    json::Value value;
    value["methods"].push_back(first);
    value["methods"].push_back(second);
    return value;
  };
  const auto one = world.find(world.mint(world.root, account.id, config("read", "write")).token);
  const auto two = world.find(world.mint(world.root, other.id, config("write", "read")).token);
  CHECK(one->toolset == two->toolset);
  CHECK(one->toolset != world.find(world.mint(world.root, other.id).token)->toolset);
}

TEST_CASE("A new master key takes over: tokens work on, credentials are sealed again") {
  const TemporaryFile file;
  const Secret old_key(std::string(64, 'a'));
  const Secret new_key(std::string(64, 'b'));
  std::string root_token;
  std::optional<Minted<store::McpServerRow>> minted;
  const auto start = [&](World& world, const Secret& key, std::span<const Secret> previous) {
    world.vault = open_vault(*world.repository, key, previous).value();
    return world.start_again();
  };
  {
    World world(file.path());
    for (const auto& row : testing::all<store::ApiTokenRow>(*world.repository)) {
      REQUIRE(world.repository->delete_api_token(row.id));
    }
    CHECK(start(world, old_key, {}).empty());
    const auto made =
        world.control->create_api_token(instance_itself(), "", "Root", std::nullopt).value();
    root_token = std::string(made.token.reveal());
    const auto root = world.authenticate(root_token).value();
    minted = world.mint(root, world.connect(root).id);
  }
  {
    World world(file.path());
    CHECK(open_vault(*world.repository, new_key).error().code == ErrorCode::invalid_argument);
    CHECK(start(world, new_key, std::span(&old_key, 1)).empty());
    CHECK(world.authenticate(root_token));
    CHECK(world.find(minted->token));
  }
  World world(file.path(), testing::kStart, 'b');
  CHECK(start(world, new_key, {}).empty());  // the old key is needed no more
  CHECK(world.authenticate(root_token));
  CHECK(world.find(minted->token));
  CHECK(open_vault(*world.repository, old_key).error().code == ErrorCode::invalid_argument);
}

TEST_CASE("Of ten thousand servers a start reads none, and a call its own") {
  constexpr int kServers = 10'000;
  World world;
  const auto account = world.connect(world.root);
  store::McpServerRow row = world.mint(world.root, account.id).row;
  std::vector<vault::Token> tokens;
  for (int i = 1; i < kServers; ++i) {
    tokens.push_back(vault::Token::generate(vault::TokenKind::mcp_server));
    row.id = "mcp_" + std::to_string(i);
    row.hash = world.vault->hash(tokens.back());
    sign(*world.vault, row);
    REQUIRE(world.repository->insert(row));
  }
  world.begin();
  world.control->set_catalog(testing::fake_catalog());
  REQUIRE(world.control->load()->empty());
  CHECK(world.holder.current()->find_server(row.hash) == nullptr);
  CHECK(world.find(tokens[5000])->id == "mcp_5001");
  CHECK(world.holder.current()->find_server(row.hash) == nullptr);

  std::size_t listed = 0;
  Page page;
  while (true) {
    const auto rows = world.control->mcp_servers(world.root, account.id, page).value();
    listed += rows.size();
    if (rows.size() < page.limit) break;
    page.after = {rows.back().created_at, rows.back().id};
  }
  CHECK(listed == kServers);
}

TEST_CASE("Only what calls can see makes a new snapshot") {
  World world;
  const auto account = world.connect(world.root);
  const auto minted = world.mint(world.root, account.id);
  const auto before = world.holder.current();
  const auto environment = world.control->create_environment(world.root, "Other").value();
  REQUIRE(world.control->update_environment(world.root, environment.id, {.name = "Another"}));
  REQUIRE(world.control->update_account(world.root, account.id, {.name = "Renamed"}));
  REQUIRE_FALSE(world.control->create_mcp_server(world.root, account.id, {.name = ""}));
  CHECK(world.control->expire() == std::nullopt);
  CHECK(world.holder.current() == before);
  REQUIRE(world.control->update_mcp_server(world.root, account.id, minted.row.id, {.name = "New"}));
  CHECK(world.holder.current() != before);
}

TEST_CASE("Readers on every loop see whole snapshots while servers come and go") {
  World world;
  const auto account = world.connect(world.root);
  const auto steady = world.mint(world.root, account.id);
  std::atomic<bool> stop = false;
  std::atomic<int> missed = 0;
  std::vector<std::thread> readers;
  for (std::size_t loop = 0; loop < 2; ++loop) {
    readers.emplace_back([&, loop] {
      while (!stop) {
        const auto snapshot = world.holder.get(loop);
        const auto server = snapshot->find_server(steady.row.hash);
        if (!server || server->toolset->tools().empty()) ++missed;
        if (!world.authenticate(world.root_token)) ++missed;
      }
    });
  }
  std::vector<std::thread> writers;
  for (int writer = 0; writer < 2; ++writer) {
    writers.emplace_back([&] {
      for (int i = 0; i < 40; ++i) {
        const auto minted =
            world.mint(world.root, account.id, {}, world.clock.now() + seconds(100 + i));
        (void)world.control->mcp_servers(world.root, account.id);
        (void)world.control->rotate_mcp_server(world.root, account.id, minted.row.id);
        world.control->mark_needs_reauth(account.id, "x");
        (void)world.control->probe_account(world.root, account.id);
        (void)world.control->expire();
        (void)world.control->delete_mcp_server(world.root, account.id, minted.row.id);
      }
    });
  }
  for (auto& writer : writers) writer.join();
  world.control->set_catalog(testing::fake_catalog());
  stop = true;
  for (auto& reader : readers) reader.join();
  CHECK(missed == 0);
  CHECK(world.control->mcp_servers(world.root, account.id)->size() == 1);
}

TEST_CASE("A database that fails says so, and nothing half-made is served") {
  // A repository of which every change fails.
  World world;
  const auto account = world.connect(world.root);
  const auto minted = world.mint(world.root, account.id);
  REQUIRE(world.repository->delete_account(account.id));  // behind the control plane's back
  const auto refused = world.control->create_mcp_server(world.root, account.id, {.name = "x"});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::not_found);
  CHECK(world.control->rotate_mcp_server(world.root, account.id, minted.row.id).error().code ==
        ErrorCode::not_found);
  CHECK(world.find(minted.token));  // still as it was
}

}  // namespace
}  // namespace patchbay::control
