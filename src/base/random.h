// Randomness from the operating system (getrandom), for ids, tokens and nonces.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace patchbay {

void fill_random(std::span<std::byte> out);

// "<prefix>_" and 128 random bits in lower-case base32, sortable by nothing, guessable by nobody:
// "acc_4k2j…". For ids of records, not for secrets.
std::string random_id(std::string_view prefix);

}  // namespace patchbay
