#include "gateway/answers/cursor.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <span>
#include <utility>
#include <vector>

#include <sodium.h>

#include "base/encoding.h"
#include "base/random.h"
#include "json/parse.h"
#include "json/write.h"

namespace patchbay::gateway {

namespace {

constexpr char kVersion = 1;
constexpr std::size_t kNonceBytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kTagBytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr std::size_t kMaxCursorBytes = 8192;
// A model's session may rest over a weekend; nobody goes on after that.
constexpr std::chrono::hours kLifetime{72};

const unsigned char* bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string associated_data(std::string_view scope_id) {
  return std::string(1, kVersion) + std::string(scope_id);
}

void append_canonical(std::string& text, const json::Value& value);

// Members in the order of their names, but for those that `is_left_out`.
template <class IsLeftOut>
void append_canonical(std::string& text, const json::Object& object, IsLeftOut is_left_out) {
  // Most objects are small: these are sorted without asking for memory.
  std::array<const json::Member*, 16> few{};
  std::vector<const json::Member*> many;
  std::span<const json::Member*> members(few.data(), std::min(few.size(), object.size()));
  if (object.size() > few.size()) {
    many.resize(object.size());
    members = many;
  }
  std::size_t count = 0;
  for (const auto& member : object) {
    if (!is_left_out(member.first)) members[count++] = &member;
  }
  members = members.first(count);
  std::ranges::sort(members, {}, [](const auto* member) -> const auto& { return member->first; });
  text.push_back('{');
  for (const json::Member* member : members) {
    if (member != members.front()) text.push_back(',');
    json::append_string(text, member->first);
    text.push_back(':');
    append_canonical(text, member->second);
  }
  text.push_back('}');
}

// Members in the order of their names, at every depth.
void append_canonical(std::string& text, const json::Value& value) {
  if (const auto* object = value.if_object()) {
    append_canonical(text, *object, [](const auto&) { return false; });
    return;
  }
  const auto* array = value.if_array();
  if (array == nullptr) return json::append(text, value);
  text.push_back('[');
  bool first = true;
  for (const auto& item : *array) {
    if (!std::exchange(first, false)) text.push_back(',');
    append_canonical(text, item);
  }
  text.push_back(']');
}

std::unexpected<Error> not_ours() {
  return fail(ErrorCode::invalid_argument,
              "next_cursor was not issued by this server, or was changed on its way",
              "Pass next_cursor exactly as the previous result gave it, or leave it out to begin "
              "again.");
}

std::optional<ListPosition> read_place(const json::Value& content) {
  if (const auto* position = content.find("p")) {
    const auto* values = position->if_array();
    if (values == nullptr) return std::nullopt;
    return KeysetPosition{std::string(content.string_or("o", "")), *values};
  }
  PagePosition place{.page = content.int64_or("n", 0),
                     .size = content.int64_or("s", 0),
                     .skip = content.int64_or("k", -1),
                     .token = std::string(content.string_or("u", "")),
                     .after_first = std::string(content.string_or("f", ""))};
  if (place.page < 1 || place.size < 1 || place.skip < 0) return std::nullopt;
  return place;
}

}  // namespace

QueryDigest digest_query(std::string_view tool, std::string_view account_id,
                         const json::Object& arguments) {
  constexpr std::size_t kUsual = 512;
  std::string text;
  text.reserve(kUsual);
  text.append(tool).append(1, '\0').append(account_id).append(1, '\0');
  append_canonical(text, arguments, [](const std::string& name) {
    return name == "limit" || name == "next_cursor";
  });
  QueryDigest digest;
  crypto_generichash(digest.data(), digest.size(), bytes(text), text.size(), nullptr, 0);
  return digest;
}

std::string CursorSealer::seal(const ListPosition& place, const QueryDigest& query,
                               std::string_view scope_id, WallTime now) const {
  assert(keys_.front().reveal().size() == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);
  json::Object content;
  content.append("q", to_hex({reinterpret_cast<const char*>(query.data()), query.size()}));
  content.append(
      "e", std::chrono::floor<std::chrono::seconds>(now + kLifetime).time_since_epoch().count());
  if (const auto* keyset = std::get_if<KeysetPosition>(&place)) {
    content.append("p", keyset->position);
    content.append("o", keyset->order);
  } else {
    const auto& page = std::get<PagePosition>(place);
    content.append("n", page.page);
    content.append("s", page.size);
    content.append("k", page.skip);
    if (!page.token.empty()) content.append("u", page.token);
    if (!page.after_first.empty()) content.append("f", page.after_first);
  }
  const std::string plain = json::to_string(content);
  const std::string bound_to = associated_data(scope_id);

  std::string out(1 + kNonceBytes + plain.size() + kTagBytes, '\0');
  out[0] = kVersion;
  fill_random(std::as_writable_bytes(std::span(out.data() + 1, kNonceBytes)));
  auto* const target = reinterpret_cast<unsigned char*>(out.data());
  crypto_aead_xchacha20poly1305_ietf_encrypt(target + 1 + kNonceBytes, nullptr, bytes(plain),
                                             plain.size(), bytes(bound_to), bound_to.size(),
                                             nullptr, target + 1, bytes(keys_.front().reveal()));
  return to_base64url(out);
}

Result<ListPosition> CursorSealer::open(std::string_view cursor, const QueryDigest& query,
                                        std::string_view scope_id, WallTime now) const {
  if (cursor.size() > kMaxCursorBytes) return not_ours();
  const auto sealed = from_base64url(cursor);
  if (!sealed || sealed->size() < 1 + kNonceBytes + kTagBytes || sealed->front() != kVersion) {
    return not_ours();
  }
  const std::string bound_to = associated_data(scope_id);
  std::string plain(sealed->size() - 1 - kNonceBytes - kTagBytes, '\0');
  const auto* source = bytes(*sealed);
  const bool opened = std::ranges::any_of(keys_, [&](const Secret& key) {
    return crypto_aead_xchacha20poly1305_ietf_decrypt(
               reinterpret_cast<unsigned char*>(plain.data()), nullptr, nullptr,
               source + 1 + kNonceBytes, sealed->size() - 1 - kNonceBytes, bytes(bound_to),
               bound_to.size(), source + 1, bytes(key.reveal())) == 0;
  });
  if (!opened) return not_ours();
  // Ours from here on; what does not fit was written by another version.
  const auto content = json::parse(plain);
  if (!content) return not_ours();
  const auto digest = to_hex({reinterpret_cast<const char*>(query.data()), query.size()});
  if (content->string_or("q", "") != digest) {
    return fail(ErrorCode::invalid_argument, "next_cursor belongs to another query",
                "Repeat the call that gave it with exactly the same arguments; only limit and "
                "next_cursor may differ. Leave next_cursor out to begin a new listing.");
  }
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  if (content->int64_or("e", 0) < seconds) {
    return fail(ErrorCode::invalid_argument, "next_cursor has expired",
                "Leave next_cursor out to begin the listing again.");
  }
  auto place = read_place(*content);
  if (!place) return not_ours();
  return std::move(*place);
}

}  // namespace patchbay::gateway
