// One account's connection to its upstream: where it is, how to sign in, and what its limits are.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "base/secret.h"
#include "http/client.h"
#include "http/url.h"
#include "integration/model.h"
#include "io/task.h"
#include "upstream/access_token.h"
#include "upstream/grants.h"
#include "upstream/member.h"
#include "upstream/oauth_client.h"
#include "upstream/rate_limit.h"
#include "upstream/throttle.h"

namespace patchbay::io {
class Runtime;
}  // namespace patchbay::io

namespace patchbay::upstream {

struct Request {
  integration::Verb verb = integration::Verb::get;
  std::string path;        // below the base URL, encoded: "/service/tickets"
  bool from_root = false;  // the path is the whole one: a redirect gave it
  std::string query;       // encoded, may be empty
  std::string body;  // JSON, unless a Content-Type among the headers says otherwise; empty: none
  bool any_media_type = false;                 // the answer is a file: of whatever type
  std::map<std::string, std::string> headers;  // on top of the integration's
  std::chrono::milliseconds timeout{60'000};
  io::CancelToken cancel;
};

struct Answer {
  int status = 0;
  http::Headers headers;
  std::string body;  // padded for json::shape_*
  RateLimit rate_limit;
};

// An integrated account, ready to call. Immutable but for its throttle, which is synchronised by
// itself: shared by all loops. A change of credentials makes a new one.
class Account {
 public:
  // `before`: the same account with the same credentials, by another definition of its integration,
  // which this one goes on from; null: there is none.
  // Errors: invalid_argument (a credential is missing or does not fit its pattern, or the base URL
  // that they make is not allowed).
  static Result<std::shared_ptr<const Account>> open(
      std::string id, std::shared_ptr<const integration::Integration> integration,
      const std::map<std::string, Secret>& credentials, const TimeZone& time_zone,
      const Account* before = nullptr);

  // The same account by a member's own keys, for the MCP server of that id: they stand in the place
  // of all that is personal. Address, time zone and throttle stay the account's, which is one
  // customer of one API whoever signs in. Error invalid_argument: one of them is missing, is not
  // personal, or does not fit.
  // `before` as of open().
  Result<std::shared_ptr<const Account>> of_member(std::string_view server_id,
                                                   const std::map<std::string, Secret>& own,
                                                   const Account* before = nullptr) const;
  // The same with no keys at all: whatever is sent for it is refused, for that reason, and nothing
  // leaves. For a server whose own cannot be used: those of the account are not its to use.
  std::shared_ptr<const Account> signed_out(std::string_view server_id, std::string why) const;

  const std::string& id() const { return id_; }
  // What is learnt by whose keys is kept under it: the id, and the server's of a member's own.
  const std::string& connection() const { return connection_; }
  bool is_of_member() const { return connection_.size() != id_.size(); }
  // "": it is signed in.
  const std::string& why_signed_out() const { return why_signed_out_; }
  const integration::Integration& integration() const { return *integration_; }
  const TimeZone& time_zone() const { return time_zone_; }
  const http::Url& base_url() const { return base_url_; }
  // Where requests and credentials go: "https://host:443".
  std::string origin() const;
  // The same with the places where tokens are had, if they are others: what credentials are entered
  // for, and what they are not sent beyond.
  std::string bound_to() const;
  // How its tokens are had; null: it signs in without any.
  const OauthClient* oauth() const { return oauth_.get(); }
  // Whose account it is there: another where the address is, or any credential that is no secret.
  // 16 hexadecimal digits that tell nothing else.
  const std::string& fingerprint() const { return fingerprint_; }
  Throttle& throttle() const { return *throttle_; }
  // Whether it is that connection, or one that goes on from it by another definition: the same
  // credentials, sent to the same place.
  bool is_same_connection(const Account& other) const { return line_ == other.line_; }
  // What was entered in another form than is meant and put right, a sentence each. For whoever
  // entered it.
  const std::vector<std::string>& put_right() const { return put_right_; }

  // The text with every secret credential in it replaced. For what an upstream says before it goes
  // on: some echo what they were sent.
  std::string without_secrets(std::string text) const;

 private:
  friend class Sender;
  Account() : time_zone_(TimeZone::utc()) {}
  // Constant after open().
  std::string id_;
  std::string connection_;
  std::string why_signed_out_;
  std::map<std::string, Secret> shared_;  // credentials as given, without those that are personal
  std::shared_ptr<const integration::Integration> integration_;
  TimeZone time_zone_;
  http::Url base_url_;
  std::string fingerprint_;
  std::vector<std::string> put_right_;
  std::string authorization_name_ = "Authorization";
  Secret authorization_;  // header value; empty: none, or that of a token
  std::shared_ptr<const OauthClient> oauth_;
  std::shared_ptr<AccessToken> access_;    // synchronised by itself; with oauth_
  std::map<std::string, Secret> headers_;  // after templates
  std::vector<Secret> secrets_;            // what without_secrets looks for
  RateLimitReader rate_limit_reader_;
  std::shared_ptr<Throttle> throttle_ = std::make_shared<Throttle>();
  // Nothing in itself: accounts that go on from each other have one together.
  std::shared_ptr<const char> line_ = std::make_shared<const char>();
};

// Which addresses upstreams may have beyond public ones. An integration that allows loopback (the
// sandbox) reaches it in any case.
struct SenderOptions {
  bool allow_private_addresses = false;  // on-premises upstreams in RFC 1918 networks
  // Of accounts that people sign in; null: none of them can be used.
  GrantKeeper* grants = nullptr;
  io::Runtime* runtime = nullptr;  // where the keeper's work is done; goes with it
  const Clock* clock = nullptr;    // null: the machine's
};

http::Method method_of(integration::Verb verb);

// Sends for accounts. One object serves all loops.
class Sender {
 public:
  explicit Sender(http::Client& client, SenderOptions options = {});
  // From the next request on. Thread-safe.
  void allow_private_addresses(bool allow) { allow_private_addresses_.store(allow); }
  // An HTTP answer of any status is an Answer; ClientError is for those that did not come.
  io::Task<std::expected<Answer, http::ClientError>> send(const Account& account, Request request);
  // The integration's probe. Errors: unauthenticated, permission_denied, unavailable, upstream,
  // rate_limited; the message has the upstream's own words, the hint says what to check.
  io::Task<Result<>> probe(const Account& account);
  // The member that `named` (an id or a login) is of; where that is empty, whose keys the account's
  // are. Errors: not_found (there is none, or the API does not say), those of the probe.
  io::Task<Result<Member>> find_member(const Account& account, std::string named);
  // What a person's yes is worth: the tokens for the code that the authorization server gave them.
  // Errors: unauthenticated (it refuses the code or the client), unavailable, upstream.
  io::Task<Result<Tokens>> redeem(const Account& account, AuthorizationCode code);

 private:
  io::Task<Result<std::string>> sign_in(const Account& account);
  io::Task<std::expected<http::ClientResponse, http::ClientError>> send_signed(
      const Account& account, http::ClientRequest request);
  io::Task<Result<Tokens>> fetch(const Account& account);
  io::Task<Result<Tokens>> renew_grant(const Account& account);
  io::Task<Result<Tokens>> refresh(const Account& account, HeldGrant held);
  io::Task<Result<>> keep(const Account& account, HeldGrant grant);
  io::Task<std::expected<Tokens, TokenRefusal>> ask_for_tokens(const Account& account,
                                                               http::ClientRequest request);
  void allow_addresses(const Account& account, http::ClientRequest& request) const;

  http::Client& client_;
  std::atomic<bool> allow_private_addresses_;
  GrantKeeper* const grants_;
  io::Runtime* const runtime_;
  const Clock& clock_;
};

}  // namespace patchbay::upstream
