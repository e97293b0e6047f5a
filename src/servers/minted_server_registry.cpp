#include "servers/minted_server_registry.h"

#include <utility>

#include "servers/approval_words.h"

namespace patchbay::servers {
namespace {

// Who guesses tokens keeps few threads busy.
constexpr std::size_t kMostReading = 256;

class Place {
 public:
  explicit Place(std::atomic<std::size_t>& count) : count_(count), before_(count_++) {}
  ~Place() { --count_; }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  bool taken() const { return before_ < kMostReading; }

 private:
  std::atomic<std::size_t>& count_;
  const std::size_t before_;
};

}  // namespace

MintedServerRegistry::MintedServerRegistry(io::Runtime& runtime, control::ControlPlane& control,
                                           const control::SnapshotHolder& snapshot,
                                           gateway::Gateway& gateway,
                                           std::shared_ptr<const vault::Vault> vault,
                                           CredentialsRefused credentials_refused)
    : runtime_(runtime),
      control_(control),
      snapshot_(snapshot),
      vault_(std::move(vault)),
      parts_{.current = CurrentServers(snapshot, control.clock()),
             .runtime = runtime,
             .control = control,
             .gateway = gateway,
             .approvals = control.approvals(),
             .credentials_refused = std::move(credentials_refused),
             .running = RunningCalls(runtime)} {}

std::optional<mcp::ServerRegistry::Found> MintedServerRegistry::find(
    const mcp::Credentials& given) const {
  const std::optional<vault::Token> token =
      vault::Token::parse(vault::TokenKind::mcp_server, given.token);
  if (!token) return std::nullopt;
  Admission admission{.server = vault_->hash(*token), .address = IpAddress::parse(given.address)};
  std::shared_ptr<const control::McpServer> server = parts_.current.find(admission.server);
  if (server == nullptr) return std::nullopt;
  if (!server->allows(admission.address)) return Found{.server = nullptr, .elsewhere = server->id};
  Found found;
  if (server->require_api_token_auth) {
    const auto second = vault::Token::parse(vault::TokenKind::api, given.api_token);
    if (second) {
      admission.api_token = vault_->hash(*second);
      admission.api_token_use = parts_.current.admits(*admission.api_token, *server);
      admission.api_token_id = parts_.current.api_token_id(*admission.api_token);
    }
    found.lacks_api_token = admission.api_token_use == nullptr;
  }
  found.paused = server->paused;
  if (!found.lacks_api_token) server->use->let_in();
  found.server = std::make_shared<MintedServer>(parts_, admission, std::move(server));
  return found;
}

control::Sent MintedServerRegistry::send_approved(const vault::TokenHash& hash,
                                                  std::shared_ptr<const control::McpServer> server,
                                                  const control::Approval& approval) const {
  control::Sent sent;
  const MintedServer minted(parts_, Admission{.server = hash, .approved = true}, std::move(server));
  mcp::Conversation conversation;
  conversation.server_id = approval.row.server_id;
  conversation.request_id = approval.row.id;
  const bool ran = runtime_.run(runtime_.loop(next_loop_++ % runtime_.size()), [&]() -> io::Task<> {
    sent = co_await minted.send_approved(approval, conversation);
  });
  if (!ran) {
    const Error stopped{ErrorCode::unavailable, "The server was stopped while it was being sent.",
                        "Look whether it was done before you ask for it again."};
    sent = {.state = control::Sent::State::unknown,
            .text = tell_error(stopped, conversation.request_id).text,
            .shown_now = {}};
  }
  return sent;
}

std::optional<io::Task<bool>> MintedServerRegistry::look_up(std::string_view text,
                                                            std::string_view api_token) const {
  const std::optional<vault::Token> token = vault::Token::parse(vault::TokenKind::mcp_server, text);
  if (!token) return std::nullopt;
  Wanted wanted{.server = vault_->hash(*token), .api_token = {}};
  if (const auto second = vault::Token::parse(vault::TokenKind::api, api_token)) {
    wanted.api_token = vault_->hash(*second);
  }
  const auto& snapshot = snapshot_.get(io::Loop::current().index());
  const bool server_there = snapshot->find_server(wanted.server) != nullptr;
  const bool server_unread = !server_there && control_.may_be_stored(wanted.server);
  const bool second_unread = (server_there || server_unread) && wanted.api_token &&
                             snapshot->find_api_token(*wanted.api_token) == nullptr &&
                             control_.may_be_stored(*wanted.api_token);
  const bool doubtful = snapshot_.trust.state() != control::Trust::Is::good;
  if (!doubtful && !server_unread && !second_unread) return std::nullopt;
  return read(wanted);
}

io::Task<bool> MintedServerRegistry::read(Wanted wanted) const {
  const Place place(reading_);
  if (!place.taken()) co_return false;
  auto work = [this, wanted]() -> bool {
    if (!control_.make_sure() || !control_.read_mcp_server(wanted.server)) return false;
    const auto server = snapshot_.current()->find_server(wanted.server);
    // Nobody's second factor is of interest where the first one is nobody's.
    if (server == nullptr || !server->require_api_token_auth || !wanted.api_token) return true;
    return control_.read_api_token(*wanted.api_token).has_value();
  };
  const bool was_read = co_await runtime_.run_blocking(std::move(work));
  // In doubt again by now, nothing is found: that must not be told as a wrong URL.
  co_return was_read&& snapshot_.trust.state() == control::Trust::Is::good;
}

}  // namespace patchbay::servers
