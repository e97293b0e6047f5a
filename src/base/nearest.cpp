#include "base/nearest.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <tuple>

#include "base/text.h"

namespace patchbay {
namespace {

// Longer texts are compared by their first bytes only: as many as a machine word has bits.
constexpr std::size_t kMaxCompared = 64;

// Insertions, deletions, replacements and swaps of neighbours between one text and many, each many
// in as many steps as it has bytes: a column of the table is two words (H. Hyyrö, "A bit-vector
// algorithm for computing Levenshtein and Damerau edit distances", 2003). Whoever asks for a name
// of 64 letters among 3,000 of them waits a millisecond, not a hundred.
class EditDistance {
 public:
  // At most kMaxCompared bytes.
  explicit EditDistance(std::string_view text) : size_(text.size()) {
    for (std::size_t i = 0; i < text.size(); ++i) {
      places_[static_cast<unsigned char>(text[i])] |= std::uint64_t{1} << i;
    }
  }

  std::size_t to(std::string_view other) const {
    if (size_ == 0) return other.size();
    const std::uint64_t last = std::uint64_t{1} << (size_ - 1);
    std::uint64_t more = ~std::uint64_t{0};  // where the column grows by one downwards …
    std::uint64_t less = 0;                  // … and where it shrinks
    std::uint64_t same = 0;                  // where the diagonal costs nothing
    std::uint64_t places_before = 0;
    std::size_t distance = size_;
    for (const char c : other) {
      const std::uint64_t places = places_[static_cast<unsigned char>(c)];
      const std::uint64_t swapped = ((~same & places) << 1) & places_before;
      same = (((places & more) + more) ^ more) | places | less | swapped;
      std::uint64_t grows = less | ~(same | more);
      std::uint64_t shrinks = same & more;
      if ((grows & last) != 0) ++distance;
      if ((shrinks & last) != 0) --distance;
      grows = (grows << 1) | 1;
      shrinks <<= 1;
      more = shrinks | ~(same | grows);
      less = grows & same;
      places_before = places;
    }
    return distance;
  }

 private:
  std::size_t size_;
  std::array<std::uint64_t, 256> places_{};  // of each byte in the text, a bit each
};

struct Candidate {
  double score;  // lower is nearer
  bool far;
  std::size_t index;
};

Candidate judge(std::string_view wanted, const EditDistance& from_wanted, std::string_view name,
                std::size_t index, bool include_far) {
  const std::size_t longer = std::max(wanted.size(), name.size());
  const std::size_t gap = longer - std::min(wanted.size(), name.size());

  // One inside the other is what a person would call near, however long the rest is.
  const std::size_t inside = std::min(wanted.size(), name.size());
  if (inside >= 2) {
    const double rest = static_cast<double>(gap) / static_cast<double>(longer);
    if (name.starts_with(wanted) || wanted.starts_with(name)) return {rest, false, index};
    if (name.contains(wanted) || wanted.contains(name)) return {1 + rest, false, index};
  }

  const std::size_t tolerated = std::max<std::size_t>(2, longer * 2 / 5);
  if (gap > tolerated && !include_far) return {0, true, index};
  const std::size_t distance = from_wanted.to(name);
  const auto shared =
      static_cast<std::size_t>(std::ranges::mismatch(wanted, name).in1 - wanted.begin());
  const double bonus = 0.25 * static_cast<double>(std::min<std::size_t>(shared, 4));
  return {static_cast<double>(distance) - bonus, distance > tolerated || distance == longer, index};
}

}  // namespace

std::vector<std::string> nearest(std::string_view wanted, std::span<const std::string> names,
                                 std::size_t at_most, bool include_far) {
  const std::string goal = to_lower(wanted.substr(0, kMaxCompared));
  const EditDistance from_goal(goal);
  std::vector<Candidate> candidates;
  candidates.reserve(names.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string name = to_lower(std::string_view(names[i]).substr(0, kMaxCompared));
    const Candidate candidate = judge(goal, from_goal, name, i, include_far);
    if (!candidate.far || include_far) candidates.push_back(candidate);
  }
  // Of many names only the first few are wanted.
  const auto wanted_end =
      candidates.begin() + static_cast<std::ptrdiff_t>(std::min(at_most, candidates.size()));
  std::ranges::partial_sort(candidates, wanted_end, {}, [](const Candidate& candidate) {
    return std::tuple(candidate.far, candidate.score, candidate.index);
  });

  std::vector<std::string> out;
  for (const Candidate& candidate : candidates) {
    if (out.size() == at_most) break;
    out.push_back(names[candidate.index]);
  }
  return out;
}

}  // namespace patchbay
