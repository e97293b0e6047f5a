#include "base/nearest.h"

#include <algorithm>
#include <numeric>
#include <tuple>

#include "base/text.h"

namespace patchbay {
namespace {

// Longer texts are compared by their first bytes only, so that a hostile name costs no more than a
// long one: 3,000 names at 80 by 80 steps are about 20 ms at worst, and typically under 2.
constexpr std::size_t kMaxCompared = 80;

// Insertions, deletions, replacements and swaps of neighbours.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), above(b.size() + 1), row(b.size() + 1);
  std::iota(above.begin(), above.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, replaced});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
    before.swap(above);
    above.swap(row);
  }
  return above[b.size()];
}

struct Candidate {
  double score;  // lower is nearer
  bool far;
  std::size_t index;
};

Candidate judge(std::string_view wanted, std::string_view name, std::size_t index,
                bool include_far) {
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
  const std::size_t distance = edit_distance(wanted, name);
  const auto shared =
      static_cast<std::size_t>(std::ranges::mismatch(wanted, name).in1 - wanted.begin());
  const double bonus = 0.25 * static_cast<double>(std::min<std::size_t>(shared, 4));
  return {static_cast<double>(distance) - bonus, distance > tolerated || distance == longer, index};
}

}  // namespace

std::vector<std::string> nearest(std::string_view wanted, std::span<const std::string> names,
                                 std::size_t at_most, bool include_far) {
  const std::string goal = to_lower(wanted.substr(0, kMaxCompared));
  std::vector<Candidate> candidates;
  candidates.reserve(names.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string name = to_lower(std::string_view(names[i]).substr(0, kMaxCompared));
    const Candidate candidate = judge(goal, name, i, include_far);
    if (!candidate.far || include_far) candidates.push_back(candidate);
  }
  std::ranges::sort(candidates, {}, [](const Candidate& candidate) {
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
