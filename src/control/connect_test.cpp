#include "control/connect.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/encoding.h"
#include "base/text.h"
#include "control/grants.h"
#include "control/open_vault.h"
#include "control/store_faults.h"
#include "control/test_world.h"

namespace patchbay::control {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using testing::World;

using Entered = std::map<std::string, std::optional<Secret>>;

constexpr std::string_view kCallback = "https://patchbay.example/oauth/callback";

// The desk of the other tests, whose accounts people sign in.
std::shared_ptr<const catalog::ToolCatalog> signed_in_catalog() {
  const auto made = testing::fake_integration();
  made->credentials[1].personal = false;
  made->members = {};
  made->auth = {};
  made->auth.style = integration::AuthStyle::oauth2_authorization_code;
  made->auth.oauth.authorize_url = "https://{site}/authorize";
  made->auth.oauth.token_url = "https://{site}/token";
  made->auth.oauth.client_id = "patchbay";
  made->auth.oauth.client_secret = "{key}";
  return catalog::ToolCatalog::generate(made).value();
}

upstream::Tokens tokens(std::string refresh = "refresh-1") {
  return {.access = Secret("access-1"),
          .refresh = Secret(std::move(refresh)),
          .lifetime = seconds(600)};
}

// An account that somebody may sign in, and what its authorization server was asked.
struct Desk {
  Desk() {
    world.control->set_catalog(signed_in_catalog());
    account = world.connect(world.root);
    world.redeem = [this](const upstream::Account&, upstream::AuthorizationCode code) {
      redeemed.push_back(std::move(code));
      return tokens();
    };
  }

  Connections& connections() { return world.control->connections(); }
  std::string link(const Principal& principal, seconds lifetime = Connections::kUsualLink) {
    return connections().make_link(principal, account.id, lifetime).value().token;
  }
  std::string link() { return link(world.root); }
  bool opens(std::string_view token) {
    const auto offer = connections().at_link(token);
    const auto begun = connections().begin(token, std::string(kCallback));
    CHECK(offer.has_value() == begun.has_value());
    if (!offer) CHECK(offer.error().code == ErrorCode::not_found);
    return offer.has_value();
  }
  // What a parameter of the address says where a browser is sent.
  static std::string parameter(const std::string& address, std::string_view name) {
    const auto query = std::string_view(address).substr(address.find('?') + 1);
    for (const std::string_view pair : split(query, '&')) {
      const auto equals = pair.find('=');
      if (pair.substr(0, equals) == name) return std::string(pair.substr(equals + 1));
    }
    return {};
  }
  Result<Connections::Connected> finish(const ConnectBegun& begun, std::string code = "c0de") {
    return connections().finish({.state = parameter(begun.address, "state"),
                                 .code = std::move(code),
                                 .error = "",
                                 .cookie = begun.cookie,
                                 .redirect_uri = std::string(kCallback)});
  }
  Result<Connections::Connected> connect(std::string_view token) {
    return finish(connections().begin(token, std::string(kCallback)).value());
  }
  std::optional<upstream::HeldGrant> grant() {
    return Grants(world.repository->grants(), *world.vault).read(account.id).value();
  }
  store::AccountRow row() { return world.control->account(world.root, account.id).value(); }

  World world;
  store::AccountRow account;
  std::vector<upstream::AuthorizationCode> redeemed;
};

TEST_CASE("An account waits for somebody to sign it in, who is told what for, and then works") {
  Desk desk;
  CHECK(desk.account.status == "needs_reauth");
  CHECK(desk.world.probes == 0);
  const std::string link = desk.link();
  const auto offer = desk.connections().at_link(link).value();
  CHECK(offer.account_name == "Acme");
  CHECK(offer.integration_label == "Desk");
  CHECK(offer.goes_to == "desk.example.com");
  CHECK(offer.until == desk.world.clock.now() + Connections::kUsualLink);
  CHECK_FALSE(desk.grant());

  const auto begun = desk.connections().begin(link, std::string(kCallback)).value();
  CHECK(begun.address.starts_with("https://desk.example.com"));
  CHECK(Desk::parameter(begun.address, "code_challenge_method") == "S256");
  CHECK(Desk::parameter(begun.address, "redirect_uri") == percent_encode(kCallback));
  const auto done = desk.finish(begun).value();
  CHECK(done.account.status == "active");
  CHECK(done.made_by == desk.world.root.token_id);
  CHECK(done.remark.empty());
  CHECK(desk.world.probes == 1);
  REQUIRE(desk.redeemed.size() == 1);
  CHECK(desk.redeemed[0].code.reveal() == "c0de");
  CHECK(desk.redeemed[0].redirect_uri == kCallback);
  // RFC 7636: 43 characters at least, and not what the browser was seen to carry.
  CHECK(desk.redeemed[0].verifier.reveal().size() >= 43);
  CHECK_FALSE(begun.address.contains(desk.redeemed[0].verifier.reveal()));
  const auto held = desk.grant();
  REQUIRE(held);
  CHECK(held->access.reveal() == "access-1");
  CHECK(held->refresh.reveal() == "refresh-1");
  CHECK(held->expires_at == desk.world.clock.now() + seconds(600));
  CHECK(held->bound_to.contains("desk.example.com"));
}

TEST_CASE("A link is good for one connecting, for its time and as long as its token is") {
  Desk desk;
  const std::string used = desk.link();
  const std::string beside = desk.link();
  CHECK(desk.opens(used));
  CHECK(desk.opens(used));  // a look uses nothing up
  REQUIRE(desk.connect(used));
  CHECK_FALSE(desk.opens(used));
  CHECK_FALSE(desk.opens(beside));
  desk.world.clock.advance(seconds(1));

  const std::string brief = desk.link(desk.world.root, Connections::kLeastLink);
  CHECK(desk.opens(brief));
  CHECK(desk.connections().may_be_link(brief));
  desk.world.clock.advance(Connections::kLeastLink);
  CHECK_FALSE(desk.opens(brief));
  CHECK_FALSE(desk.connections().may_be_link(brief));
  for (const seconds wrong : {Connections::kLeastLink - seconds(1),
                              Connections::kLongestLink + seconds(1), seconds(-1)}) {
    CHECK(desk.connections().make_link(desk.world.root, desk.account.id, wrong).error().code ==
          ErrorCode::invalid_argument);
  }

  const auto other =
      desk.world.control->create_api_token(desk.world.root, "", "t", std::nullopt).value();
  const std::string of_other = desk.link(desk.world.authenticate(other.token.reveal()).value());
  CHECK(desk.opens(of_other));
  REQUIRE(desk.world.control->update_api_token(
      desk.world.root, other.row.id, {.name = {}, .scope = TokenScope{.scope = Scope::read}}));
  CHECK_FALSE(desk.opens(of_other));
  REQUIRE(desk.world.control->update_api_token(
      desk.world.root, other.row.id, {.name = {}, .scope = TokenScope{.scope = Scope::admin}}));
  CHECK(desk.opens(of_other));
  REQUIRE(desk.world.control->delete_api_token(desk.world.root, other.row.id));
  CHECK_FALSE(desk.opens(of_other));

  const std::string gone = desk.link();
  REQUIRE(desk.world.control->delete_account(desk.world.root, desk.account.id));
  CHECK_FALSE(desk.opens(gone));
}

TEST_CASE("A link that anything was changed of is none") {
  Desk desk;
  const std::string link = desk.link();
  CHECK(desk.opens(link));
  for (std::size_t i = 0; i < link.size(); ++i) {
    std::string altered = link;
    altered[i] = altered[i] == '5' ? '6' : '5';
    // The last character of the code has bits to spare.
    if (i + 1 < link.size()) CHECK_FALSE(desk.connections().may_be_link(altered));
  }
  for (const std::string_view wrong : {"", "cnl_", "cnl_a.b.c.d.e", "apl_a.1.2.3.4"}) {
    CHECK_FALSE(desk.opens(wrong));
  }
  CHECK_FALSE(desk.opens(std::string(10'000, 'c')));
  // Another instance's key makes other links.
  World elsewhere(":memory:", testing::kStart, 'b');
  CHECK_FALSE(elsewhere.control->connections().may_be_link(link));
}

TEST_CASE("Who may not see an account makes no link for it, and others sign in otherwise") {
  Desk desk;
  const Principal stranger = desk.world.tenant("Stranger");
  CHECK(desk.connections()
            .make_link(stranger, desk.account.id, Connections::kUsualLink)
            .error()
            .code == ErrorCode::not_found);
  World plain;
  const auto account = plain.connect(plain.root);
  CHECK(plain.control->connections()
            .make_link(plain.root, account.id, Connections::kUsualLink)
            .error()
            .code == ErrorCode::invalid_argument);
}

TEST_CASE("Only the browser that began ends it, in time, and who says no connects nothing") {
  Desk desk;
  const auto mine = desk.connections().begin(desk.link(), std::string(kCallback)).value();
  const auto other = desk.connections().begin(desk.link(), std::string(kCallback)).value();
  const auto refused = [&](const std::string& state, const std::string& cookie) {
    const auto done = desk.connections().finish({.state = state,
                                                 .code = "c0de",
                                                 .error = "",
                                                 .cookie = cookie,
                                                 .redirect_uri = std::string(kCallback)});
    return !done && done.error().code == ErrorCode::not_found;
  };
  const std::string state = Desk::parameter(mine.address, "state");
  CHECK(refused(state, ""));
  CHECK(refused(state, other.cookie));
  CHECK(refused("", mine.cookie));
  CHECK(refused("made-up", mine.cookie));
  CHECK(refused(state, mine.cookie.substr(1)));
  CHECK(desk.redeemed.empty());

  const auto no = desk.connections().finish({.state = state,
                                             .code = "",
                                             .error = "access_denied",
                                             .cookie = mine.cookie,
                                             .redirect_uri = std::string(kCallback)});
  CHECK(no.error().code == ErrorCode::permission_denied);
  CHECK(no.error().message.contains("access_denied"));
  CHECK(desk.redeemed.empty());
  CHECK_FALSE(desk.grant());
  desk.world.clock.advance(Connections::kForSigningIn);
  CHECK(refused(state, mine.cookie));
}

TEST_CASE("What was connected but does not work yet is told, and so is a sign-in without renewal") {
  Desk desk;
  desk.world.redeem = [](const upstream::Account&, const upstream::AuthorizationCode&) {
    return tokens("");
  };
  desk.world.probe = [](const upstream::Account&) -> Result<> {
    return fail(ErrorCode::permission_denied, "This user may not read tickets.");
  };
  const auto done = desk.connect(desk.link()).value();
  CHECK(done.account.status != "active");
  CHECK(done.remark.contains("may not read tickets"));
  CHECK(done.remark.contains("no refresh token"));
}

TEST_CASE("Whoever is told that connecting failed has connected nothing") {
  Desk desk;
  const auto maker =
      desk.world.control->create_api_token(desk.world.root, "", "t", std::nullopt).value();
  const std::string link = desk.link(desk.world.authenticate(maker.token.reveal()).value());
  desk.world.redeem = [&](const upstream::Account&, const upstream::AuthorizationCode&) {
    CHECK(desk.world.control->delete_api_token(desk.world.root, maker.row.id));
    return tokens();
  };
  CHECK_FALSE(desk.connect(link));
  CHECK_FALSE(desk.grant());
  CHECK(desk.row().status == "needs_reauth");
}

TEST_CASE("What somebody agreed to goes with the credentials that it was for") {
  Desk desk;
  REQUIRE(desk.connect(desk.link()));
  REQUIRE(desk.grant());
  const auto changed = desk.world.control->update_account(
      desk.world.root, desk.account.id,
      {.credentials = Entered{{"site", Secret("other.example.com")}, {"key", Secret("another")}}});
  REQUIRE(changed);
  CHECK(changed->status == "needs_reauth");
  CHECK_FALSE(desk.grant());

  // Changed between somebody's yes and its tokens: they are bound to where it was said.
  desk.world.redeem = [&](const upstream::Account& account, const upstream::AuthorizationCode&) {
    CHECK(account.bound_to().contains("other.example.com"));
    CHECK(desk.world.control->update_account(
        desk.world.root, desk.account.id,
        {.credentials = Entered{{"site", Secret("third.example.com")}, {"key", Secret("again")}}}));
    return tokens();
  };
  static_cast<void>(desk.connect(desk.link()));
  if (const auto held = desk.grant()) {
    CHECK(held->bound_to.contains("other.example.com"));
    const auto live = desk.world.control->fresh_connection(desk.row()).value();
    CHECK(held->bound_to != live->bound_to());
  }
}

TEST_CASE("A new master key seals grants again, and one that does not open is told") {
  testing::Folder folder;
  World world(folder.database());
  const std::vector<Secret> previous{Secret(std::string(64, 'a'))};
  const Secret current(std::string(64, 'b'));
  // As a start of the program has it: rows stay as signed whatever the key.
  for (const auto& row : testing::all<store::ApiTokenRow>(*world.repository)) {
    REQUIRE(world.repository->delete_api_token(row.id));
  }
  world.vault = open_vault(*world.repository, previous[0]).value();
  world.begin();
  world.control->set_catalog(signed_in_catalog());
  const auto account = world.connect(instance_itself());
  const auto other = world.connect(instance_itself(), "Other");
  Grants grants(world.repository->grants(), *world.vault);
  const upstream::HeldGrant given{.bound_to = "https://desk.example.com:443",
                                  .access = Secret("access-1"),
                                  .refresh = Secret("refresh-1"),
                                  .expires_at = world.clock.now() + hours(1)};
  REQUIRE(grants.put(account.id, given, world.clock.now()));
  const auto sealed = world.repository->grants().grant(account.id).value()->tokens;
  CHECK(Grants::opens(*world.vault, account.id, sealed));
  CHECK_FALSE(Grants::opens(*world.vault, other.id, sealed));
  CHECK_FALSE(sealed.bytes.contains("access-1"));
  CHECK(store_faults(*world.repository, world.vault).value().count == 0);

  world.vault = open_vault(*world.repository, current, previous).value();
  world.begin();
  world.control->set_catalog(signed_in_catalog());
  world.look_at_all();
  const auto alone = open_vault(*world.repository, current).value();
  const auto found = Grants(world.repository->grants(), *alone).read(account.id).value();
  REQUIRE(found);
  CHECK(found->refresh.reveal() == "refresh-1");

  // Another account's, put in this one's place.
  REQUIRE(world.repository->grants().put(
      {.account_id = other.id,
       .tokens = world.repository->grants().grant(account.id).value()->tokens}));
  const auto faults = store_faults(*world.repository, world.vault).value();
  REQUIRE(faults.count == 1);
  CHECK(faults.told[0].contains("The sign-in of the integrated account " + other.id));
  CHECK(Grants(world.repository->grants(), *world.vault).read(other.id).error().code ==
        ErrorCode::unauthenticated);
}

}  // namespace
}  // namespace patchbay::control
