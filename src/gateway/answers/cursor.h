// Cursors: where a listing goes on. Opaque to callers, and worthless elsewhere.
//
// A caller carries the cursor for us, so that no node keeps state about it and any node can take it
// up. It is sealed, not only signed: it holds values of records (the last summary, say), and what a
// caller can read it will sooner or later write itself.
//
// Layout: base64url of
//   1 byte    version (1)
//   24 bytes  nonce
//   n bytes   XChaCha20-Poly1305 of the content, tag of 16 bytes at its end;
//             associated data: the version byte and the scope (the MCP server's id), so that a
//             cursor of one server does not open on another
// Content, JSON: {"q": digest of the query, "e": expiry in epoch seconds, and one of
//   "p": [values of the order's keys], "o": "the order"      keyset: what lies beyond
//   "n": page number, "s": its size, "k": records to skip,   in the upstream's own pages; with
//   "u": its word for the page, if it has one,
//   "f": the id of the first record of the page before}
// The digest covers the tool, the account and all arguments but limit and next_cursor (16 bytes of
// BLAKE2b over canonical JSON). Rejected: the whole query inside the cursor (a list of 100 ids
// would make a cursor of 2 KB that a model must copy), and a server-side table (state, and none of
// the nodes may forget it).
// Size: about 150 characters for an id, 1,500 at most (a text key of 1,000 bytes).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "base/secret.h"
#include "dialect/filter.h"
#include "json/value.h"

namespace patchbay::gateway {

using QueryDigest = std::array<std::uint8_t, 16>;

// Members of `arguments` count in any order; numbers by their tokens.
QueryDigest digest_query(std::string_view tool, std::string_view account_id,
                         const json::Object& arguments);

struct KeysetPosition {
  std::string order;           // as it was sent; a changed default order voids the cursor
  dialect::Position position;  // of the last record that was given
  bool operator==(const KeysetPosition&) const = default;
};

struct PagePosition {
  std::int64_t page = 1;  // from 1
  std::int64_t size = 25;
  std::int64_t skip = 0;    // records of that page that were given already
  std::string token;        // the upstream's word for the page; "": it goes by its number
  std::string after_first;  // the first record's id, as JSON, of the page before; "": none was
  bool operator==(const PagePosition&) const = default;
};

using ListPosition = std::variant<KeysetPosition, PagePosition>;

class CursorSealer {
 public:
  // `keys`: 32 bytes each, one at least. The first seals; the others still open.
  explicit CursorSealer(std::vector<Secret> keys) : keys_(std::move(keys)) {}

  std::string seal(const ListPosition& place, const QueryDigest& query, std::string_view scope_id,
                   WallTime now) const;
  // Errors: invalid_argument; one message for what was altered, belongs to another server or is no
  // cursor at all, others for another query and for expiry.
  Result<ListPosition> open(std::string_view cursor, const QueryDigest& query,
                            std::string_view scope_id, WallTime now) const;

 private:
  std::vector<Secret> keys_;
};

}  // namespace patchbay::gateway
