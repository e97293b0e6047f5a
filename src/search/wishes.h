// What is to be done with what is asked for: English verbs, and how questions begin.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace patchbay::search {

// What a tool does. `other`: something of its own, that its words say.
enum class Action : std::uint8_t { list, get, count, create, update, delete_, other };
inline constexpr std::size_t kActions = 7;

// How much each action is what was wished for, 0 to 1.
using Wishes = std::array<float, kActions>;

// `words` as words_of gives them, in their order.
Wishes wishes_of(std::span<const std::string> words);

// Whether the word says what to do, and little of what it is done with.
bool is_verb(std::string_view word);
// All of them: for mending their spelling.
std::vector<std::string_view> verbs();

}  // namespace patchbay::search
