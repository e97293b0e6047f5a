#include "vault/vault.h"

#include <fstream>
#include <set>
#include <type_traits>
#include <utility>

#include <doctest/doctest.h>
#include <sys/mman.h>

namespace patchbay::vault {
namespace {

Secret key_of(char c) {
  return Secret(std::string(64, c));
}

std::shared_ptr<const Vault> vault_of(char c) {
  return Vault::open(key_of(c)).value();
}

TEST_CASE("A code of a digest is another for each digest and each pepper, in both its halves") {
  const auto vault = vault_of('a');
  const auto halves = [](const DigestCode& code) {
    return std::pair(std::string(code.begin(), code.begin() + 16),
                     std::string(code.begin() + 16, code.end()));
  };
  const Digest one{1};
  const auto code = halves(vault->code_of_digest(one));
  CHECK(code.first != code.second);
  CHECK(halves(vault_of('a')->code_of_digest(one)) == code);
  for (const auto& other :
       {halves(vault->code_of_digest({2})), halves(vault_of('b')->code_of_digest(one))}) {
    CHECK(other.first != code.first);
    CHECK(other.second != code.second);
  }
  // It outlives a master key.
  const Secret pepper(std::string(32, 'p'));
  CHECK(vault->with_pepper(pepper).value()->code_of_digest(one) ==
        vault_of('b')->with_pepper(pepper).value()->code_of_digest(one));
}

TEST_CASE("A token has its prefix and 43 characters, and no two are the same") {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const Token token = Token::generate(TokenKind::mcp_server);
    CHECK(token.reveal().size() == 47);
    CHECK(token.reveal().starts_with("pbm_"));
    CHECK(Token::parse(TokenKind::mcp_server, token.reveal()).has_value());
    seen.emplace(token.reveal());
  }
  CHECK(seen.size() == 1000);
  CHECK(Token::generate(TokenKind::api).reveal().starts_with("pba_"));
}

TEST_CASE("A code is of its text and its pepper, and outlives a master key") {
  const auto vault = vault_of('a');
  const std::string code = vault->code("text");
  CHECK(code.size() == 32);
  CHECK(vault->is_code(code, "text"));
  CHECK_FALSE(vault->is_code(code, "text "));
  CHECK_FALSE(vault->is_code("", "text"));
  CHECK_FALSE(vault->is_code(code.substr(1), "text"));
  CHECK_FALSE(vault_of('b')->is_code(code, "text"));
  const Secret pepper(std::string(32, 'p'));
  CHECK(vault->with_pepper(pepper).value()->is_code(
      vault_of('b')->with_pepper(pepper).value()->code("text"), "text"));
  // Not what a token of that text hashes to.
  const Token token = Token::generate(TokenKind::api);
  CHECK(vault->code(token.reveal()) != vault->hash(token).to_blob());
}

TEST_CASE("Only the exact form of a token is read") {
  const std::string good(Token::generate(TokenKind::api).reveal());
  CHECK(Token::parse(TokenKind::api, good));
  CHECK_FALSE(Token::parse(TokenKind::mcp_server, good));
  CHECK_FALSE(Token::parse(TokenKind::api, ""));
  CHECK_FALSE(Token::parse(TokenKind::api, "pba_"));
  CHECK_FALSE(Token::parse(TokenKind::api, good + "A"));
  CHECK_FALSE(Token::parse(TokenKind::api, " " + good));
  CHECK_FALSE(Token::parse(TokenKind::api, good.substr(0, good.size() - 1)));
  CHECK_FALSE(Token::parse(TokenKind::api, "PBA_" + good.substr(4)));
  const std::string zeros(42, 'A');
  CHECK(Token::parse(TokenKind::api, "pba_" + zeros + "A"));
  CHECK_FALSE(Token::parse(TokenKind::api, "pba_" + zeros + "B"));  // spare bits set
  for (const char c : {'+', '/', '=', '\0', '\n', '%', ' '}) {
    std::string bad = good;
    bad[10] = c;
    CHECK_FALSE(Token::parse(TokenKind::api, bad));
  }
}

TEST_CASE("A token's hash depends on the token and on the key") {
  const Token token = Token::generate(TokenKind::api);
  const TokenHash hash = vault_of('a')->hash(token);
  CHECK(hash == vault_of('a')->hash(token));
  CHECK_FALSE(hash == vault_of('b')->hash(token));
  CHECK_FALSE(hash == vault_of('a')->hash(Token::generate(TokenKind::api)));
  CHECK(TokenHash::from_blob(hash.to_blob()).value() == hash);
  CHECK_FALSE(TokenHash::from_blob("short"));
}

TEST_CASE("A pepper of its own keeps token hashes through a change of the master key") {
  const Secret pepper(std::string(32, 'p'));
  const Token token = Token::generate(TokenKind::api);
  const auto before = vault_of('a')->with_pepper(pepper).value();
  const auto after = vault_of('b')->with_pepper(pepper).value();
  CHECK(before->hash(token) == after->hash(token));
  CHECK_FALSE(vault_of('a')->with_pepper(Secret("short")));
}

TEST_CASE("What is sealed opens in its place and nowhere else") {
  const auto vault = vault_of('a');
  const SealedBytes sealed = vault->seal(Secret("private"), "acc_1");
  CHECK(sealed.bytes.find("private") == std::string::npos);
  CHECK(vault->unseal(sealed, "acc_1").value().reveal() == "private");
  CHECK_FALSE(vault->unseal(sealed, "acc_2"));
  CHECK_FALSE(vault_of('b')->unseal(sealed, "acc_1"));
  CHECK(sealed.bytes != vault->seal(Secret("private"), "acc_1").bytes);  // fresh nonce
  CHECK(vault->unseal(vault->seal(Secret(""), ""), "").value().empty());
}

TEST_CASE("One changed, missing or added byte anywhere keeps a sealed value shut") {
  const auto vault = vault_of('a');
  const SealedBytes sealed = vault->seal(Secret("private"), "acc_1");
  for (std::size_t i = 0; i < sealed.bytes.size(); ++i) {
    SealedBytes altered = sealed;
    altered.bytes[i] = static_cast<char>(altered.bytes[i] ^ 1);
    CHECK_FALSE(vault->unseal(altered, "acc_1"));
    CHECK_FALSE(vault->unseal({sealed.bytes.substr(0, i)}, "acc_1"));
  }
  CHECK_FALSE(vault->unseal({sealed.bytes + "x"}, "acc_1"));
}

TEST_CASE("After a rotation old values open with the previous key and are told apart") {
  const SealedBytes old = vault_of('a')->seal(Secret("private"), "acc_1");
  const std::vector<Secret> previous{key_of('c'), key_of('a')};
  const auto rotated = Vault::open(key_of('b'), previous).value();
  CHECK(rotated->unseal(old, "acc_1").value().reveal() == "private");
  CHECK_FALSE(rotated->seals_with_current(old, "acc_1"));
  const SealedBytes fresh = rotated->seal(rotated->unseal(old, "acc_1").value(), "acc_1");
  CHECK(rotated->seals_with_current(fresh, "acc_1"));
  CHECK(vault_of('b')->unseal(fresh, "acc_1").value().reveal() == "private");
}

TEST_CASE("Keys for other purposes are stable and unlike each other") {
  const auto vault = vault_of('a');
  CHECK(vault->derive("cursors").reveal() == vault_of('a')->derive("cursors").reveal());
  CHECK(vault->derive("cursors").reveal() != vault->derive("sessions").reveal());
  CHECK(vault->derive("cursors").reveal() != vault_of('b')->derive("cursors").reveal());
  CHECK(vault->derive("cursors").reveal().size() == 32);
}

TEST_CASE(
    "After a rotation the keys of other purposes are there as well, the current one's first") {
  const std::vector<Secret> previous{key_of('c'), key_of('a')};
  const auto all = Vault::open(key_of('b'), previous).value()->derive_all("cursors");
  REQUIRE(all.size() == 3);
  CHECK(all[0].reveal() == vault_of('b')->derive("cursors").reveal());
  CHECK(all[1].reveal() == vault_of('c')->derive("cursors").reveal());
  CHECK(all[2].reveal() == vault_of('a')->derive("cursors").reveal());
}

TEST_CASE("Keys lie in memory that is locked, as far as the system allows") {
  const auto locked = [] {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
      if (line.starts_with("VmLck:")) return std::stol(line.substr(6));
    }
    return 0L;
  };
  // What may lock a page here may lock a key. A limit can forbid it, and the sanitizers' runtimes
  // answer mlock without doing it.
  const auto page = std::vector<char>(4096);
  const long at_first = locked();
  const bool allowed = ::mlock(page.data(), page.size()) == 0 && locked() > at_first;
  const long before = locked();
  const auto vault = vault_of('a');
  if (allowed) CHECK(locked() > before);
  ::munlock(page.data(), page.size());
}

TEST_CASE("A master key is 32 bytes in base64 or hex, and a bad one is not repeated") {
  CHECK(Vault::open(Vault::generate_key()));
  CHECK(Vault::open(Secret("  " + std::string(64, 'A') + "\n")));
  for (const std::string bad : {"", "secret", "AAAA"}) CHECK_FALSE(Vault::open(Secret(bad)));
  const auto error = Vault::open(Secret("hunter2hunter2")).error();
  CHECK(error.code == ErrorCode::invalid_argument);
  CHECK(error.message.find("hunter2") == std::string::npos);
  const std::vector<Secret> previous{Secret("bad")};
  CHECK_FALSE(Vault::open(key_of('a'), previous));
}

// Nothing here can be printed or turned into text by accident.
template <class T>
concept Printable = requires(std::ostream& out, const T& value) { out << value; };
static_assert(!Printable<Token> && !Printable<TokenHash> && !Printable<SealedBytes>);
static_assert(!std::is_convertible_v<Token, std::string> &&
              !std::is_convertible_v<Token, std::string_view>);
static_assert(!std::is_convertible_v<std::string, SealedBytes>);

}  // namespace
}  // namespace patchbay::vault
