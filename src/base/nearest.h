// What somebody meant by a name that nothing has.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace patchbay {

// The up to `at_most` names nearest to `wanted`, nearest first, by edit distance without regard to
// case, with a bonus for a shared start or substring. Far-off names are left out unless
// `include_far`, which fills the list up.
std::vector<std::string> nearest(std::string_view wanted, std::span<const std::string> names,
                                 std::size_t at_most, bool include_far = false);

}  // namespace patchbay
