// Absent, null and empty: the one rule, for every argument of every tool. Many clients send null,
// "", 0, [] or {} for each property that the model left out, and some models do; so none of them is
// a wish by itself. docs/decisions/0010-absent-null-and-empty.md says why it is as it is.
//
//  - null is absent, also as a member of an object and as an entry of a list.
//  - An empty list and an empty object are absent.
//  - A text is blank where it shows nothing: base/blanks.h.
//  - Of a call that reads, a blank text is absent, and so is 0 where a record is named by its id.
//  - Of a call that writes, a blank text and 0 are refused by the argument's name, and so is 0 in
//    place of another number of a call that reads: what they mean cannot be known.
//  - Where the field's definition says that "" or 0 is a value of its own (`empty: true`,
//    `zero: true`), it is one.
//  - What must be given and is absent, is missing.
//  - A field is emptied by its name in `clear`, which no client fills in by itself (clear.h).
//  - Texts that clients put in place of nothing ("null", "undefined") are no idempotency keys.
//
// In the protocol itself the same holds: mcp/wire/absent.h.
#pragma once

#include <string>

#include "gateway/call/call.h"
#include "integration/model.h"
#include "json/value.h"

namespace patchbay::gateway {

// Takes null members and null entries out, at any depth.
void drop_nulls(json::Value& value);

struct Presence {
  bool absent = false;
  std::string refused = {};  // why it is neither a value nor absent; empty: it is one of them
  std::string told = {};     // what the caller should know of its absence; mostly nothing
};

// What of an argument's value is left by the rule. Takes absent entries out of a list.
Presence presence_of(const Call& call, const integration::Argument& argument, json::Value& value);

}  // namespace patchbay::gateway
