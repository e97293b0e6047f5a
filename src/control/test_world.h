// A control plane with everything around it, for the tests of this room and of those above: a small
// integration made in code, a store in memory or in a file, a clock that stands still, and a probe
// that answers as told.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "base/mutex.h"
#include "base/random.h"
#include "control/control_plane.h"
#include "store/each_row.h"
#include "store/sqlite/open_sqlite.h"

namespace patchbay::control::testing {

inline integration::Verb verb_of(integration::MethodKind kind) {
  using enum integration::MethodKind;
  switch (kind) {
    case list:
    case get:
      return integration::Verb::get;
    case update:
      return integration::Verb::patch;
    case delete_:
      return integration::Verb::delete_;
    default:
      return integration::Verb::post;
  }
}

inline integration::Method fake_method(std::string name, integration::MethodKind kind,
                                       std::vector<std::string> tags = {}) {
  integration::Method method;
  method.description = "Does " + name + " with one of the records of this resource.";
  method.name = std::move(name);
  method.kind = kind;
  method.verb = verb_of(kind);
  method.path = integration::PathTemplate::parse("/" + method.name).value();
  method.tags = std::move(tags);
  return method;
}

inline integration::Resource fake_resource(std::string name, std::vector<std::string> tags) {
  using integration::MethodKind;
  integration::Resource resource;
  resource.singular = name.substr(0, name.size() - 1);
  resource.label = name;
  resource.name = std::move(name);
  resource.tags = std::move(tags);
  resource.methods = {fake_method("list", MethodKind::list), fake_method("get", MethodKind::get),
                      fake_method("create", MethodKind::create),
                      fake_method("update", MethodKind::update),
                      fake_method("delete", MethodKind::delete_, {"destructive"})};
  return resource;
}

inline std::shared_ptr<integration::Integration> fake_integration() {
  auto integration = std::make_shared<integration::Integration>();
  integration->name = "desk";
  integration->tool_prefix = "desk";
  integration->label = "Desk";
  integration->version = "1";
  integration->base_url = "https://{site}/api";
  const auto credential = [](std::string name, bool secret) {
    integration::CredentialField field;
    field.label = name;
    field.name = std::move(name);
    field.secret = secret;
    return field;
  };
  integration->credentials = {credential("site", false), credential("key", true)};
  integration->credentials[1].personal = true;
  integration->members = {.resource = "people", .login = "login", .name = {"name"}};
  integration->credentials[0].rewrites = {{"/.*$", ""}};  // as pasted out of a browser
  integration->auth.style = integration::AuthStyle::bearer;
  integration->auth.token = "{key}";
  integration->resources = {fake_resource("invoices", {"billing"}),
                            fake_resource("tickets", {"support", "tickets"})};
  integration->resources[1].methods.push_back(
      fake_method("merge", integration::MethodKind::custom));
  return integration;
}

inline std::shared_ptr<const catalog::ToolCatalog> fake_catalog() {
  return catalog::ToolCatalog::generate(fake_integration()).value();
}

inline constexpr WallTime kStart{std::chrono::milliseconds(1'790'000'000'000)};

// Every row of a kind.
template <class Row>
std::vector<Row> all(store::Repository& repository) {
  std::vector<Row> rows;
  CHECK(store::each_row<Row>(repository, [&](const Row& row) -> Result<> {
    rows.push_back(row);
    return {};
  }));
  return rows;
}

// A folder for a database that outlives a control plane: gone with it.
class Folder {
 public:
  Folder() { std::filesystem::create_directory(path_); }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string database() const { return (path_ / "patchbay.db").string(); }

 private:
  const std::filesystem::path path_ =
      std::filesystem::temp_directory_path() / random_id("patchbay-control");
};

class World {
 public:
  explicit World(const std::string& path = ":memory:", WallTime start = kStart, char key = 'a')
      : clock(start),
        vault(vault::Vault::open(Secret(std::string(64, key))).value()),
        repository(store::open_sqlite(path).value()) {
    problems = start_again();
    if (auto token = control->bootstrap().value()) {
      root_token = std::string(token->reveal());
      root = authenticate(root_token).value();
    }
  }

  // A control plane over the present store and keys.
  void begin() {
    holder.set(std::make_shared<const Snapshot>());
    reported.clear();
    control = std::make_unique<ControlPlane>(
        *repository, vault, clock, holder,
        [this](std::shared_ptr<const upstream::Account> account) {
          ++probes;
          return probe(*account);
        },
        ControlOptions{
            .notes = notes,
            .memory = memory,
            .find_member = [this](
                               std::shared_ptr<const upstream::Account> account,
                               const std::string& named) { return find_member(*account, named); },
            .redeem =
                [this](std::shared_ptr<const upstream::Account> account,
                       upstream::AuthorizationCode code) {
                  return redeem(*account, std::move(code));
                },
            .report =
                [this](std::string problem) {
                  const MutexLock lock(reporting);
                  reported.push_back(std::move(problem));
                },
            .limit_hit =
                [this](std::string_view who, auto what) {
                  limits.push_back(std::string(who) + ": " + std::string(what));
                }});
  }
  // The same from nothing in memory, as a start of the program does it. What an operator is told.
  std::vector<std::string> start_again() {
    begin();
    control->set_catalog(fake_catalog());
    return look_at_all();
  }
  std::vector<std::string> look_at_all() {
    std::vector<std::string> told = control->load().value();
    CHECK(control->look_over());
    const MutexLock lock(reporting);
    told.insert(told.end(), reported.begin(), reported.end());
    return told;
  }

  NewAccount new_account(std::string name = "Acme") const {
    return {.integration = "desk",
            .name = std::move(name),
            .credentials = {{"site", Secret("desk.example.com")}, {"key", Secret("hunter2")}}};
  }
  store::AccountRow connect(const Principal& principal, std::string name = "Acme") {
    return control->create_account(principal, new_account(std::move(name))).value();
  }
  Minted<store::McpServerRow> mint(const Principal& principal, std::string_view account_id,
                                   const json::Value& config = json::Object{},
                                   std::optional<WallTime> expires_at = std::nullopt) {
    return control
        ->create_mcp_server(principal, account_id,
                            {.name = "Server",
                             .config = config.is_object() ? *config.if_object() : json::Object{},
                             .expires_at = expires_at})
        .value();
  }
  // A principal of a new environment.
  Principal tenant(const std::string& name) {
    const auto environment = control->create_environment(root, name).value();
    const auto token = control->create_api_token(root, environment.id, name, std::nullopt).value();
    return authenticate(token.token.reveal()).value();
  }

  // What a call would find.
  std::shared_ptr<const McpServer> find(const vault::Token& token) const {
    const vault::TokenHash hash = vault->hash(token);
    if (holder.current()->find_server(hash) == nullptr) CHECK(control->read_mcp_server(hash));
    return holder.current()->find_server(hash);
  }
  // Who comes in with it; reads what is not in memory, as the door does.
  Result<Principal> authenticate(std::string_view text) const {
    if (const auto token = vault::Token::parse(vault::TokenKind::api, text)) {
      CHECK(control->read_api_token(vault->hash(*token)));
    }
    return control->authenticate(text);
  }

  ManualClock clock;
  std::shared_ptr<const vault::Vault> vault;
  std::unique_ptr<store::Repository> repository;
  SnapshotHolder holder{2};
  std::function<Result<>(const upstream::Account&)> probe = [](const upstream::Account&) {
    return Result<>();
  };
  std::function<Result<upstream::Member>(const upstream::Account&, const std::string&)>
      find_member = [](const upstream::Account&, const std::string&) {
        return fail(ErrorCode::not_found, "nobody");
      };
  std::function<Result<upstream::Tokens>(const upstream::Account&, upstream::AuthorizationCode)>
      redeem = [](const upstream::Account&, const upstream::AuthorizationCode&) {
        return fail(ErrorCode::unauthenticated, "nobody said yes");
      };
  std::atomic<int> probes = 0;
  std::shared_ptr<store::RevocationNotes> notes;  // for begin()
  std::size_t memory = ControlOptions().memory;   // the same
  Mutex reporting;
  std::vector<std::string> reported;
  std::vector<std::string> limits;  // that were told of
  std::unique_ptr<ControlPlane> control;
  std::vector<std::string> problems;
  std::string root_token;
  Principal root;
};

}  // namespace patchbay::control::testing
