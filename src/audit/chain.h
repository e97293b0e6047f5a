// How events hang together, so that a removed or altered one shows.
//
// Each environment has a chain of links, and the instance itself has one. An event's beginning is a
// link, and so is its end where that is recorded later; a link is a keyed code over the link before
// it, its number and what is recorded:
//
//   link = code("event", chain, number, the link before, the event's columns)
//
// Nobody makes one without the key of the instance (vault.h, code), which outlives a rotation of
// the master key. The chain's row says where it begins (retention takes away the oldest links) and
// where it ends, with a code of its own: so a tail that was cut off shows as well. That a chain was
// begun is an event of the instance's chain, so that no chain goes as a whole.
//
// Calls that lie together (calls.h) are one link over all of them: what is altered in such a row,
// or taken out of it, shows as that row's.
//
// Not bound: the columns of a key, which tell nobody what happened. Not found out: a whole database
// that is put back as it once was; whoever notes a head elsewhere can find that out too (verify.h).
//
// One chain for each environment and not for each process: an environment's events can be kept as
// long as it says, and looked over, without any other's; and what two nodes did stands in one
// order. Rejected: a chain for each process, of which one that is removed as a whole leaves no gap.
#pragma once

#include <string>
#include <string_view>

#include "store/event_rows.h"
#include "vault/vault.h"

namespace patchbay::audit {

// Whether the event's end is a link of its own, or is to be.
bool ends_apart(const store::EventRow& row);

// Of the event as it began; with its end, where that is no link of its own.
std::string link_of_beginning(const vault::Vault& vault, const store::EventRow& row,
                              std::string_view before);
// Of the end, with ended_number.
std::string link_of_end(const vault::Vault& vault, const store::EventRow& row,
                        std::string_view before);

// Of calls that lie together.
std::string link_of_calls(const vault::Vault& vault, const store::CallsRow& row,
                          std::string_view before);

void sign(const vault::Vault& vault, store::ChainRow& chain);
bool is_as_signed(const vault::Vault& vault, const store::ChainRow& chain);

}  // namespace patchbay::audit
