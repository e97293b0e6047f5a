#include "search/vocabulary.h"

#include <algorithm>
#include <array>

#include "search/words.h"

namespace patchbay::search {
namespace {

constexpr std::size_t kMostNear = 4;
constexpr std::size_t kShortest = 4;  // below, every word is near some other
constexpr std::size_t kLong = 7;      // from here on, two letters may be wrong
constexpr float kOneOff = 0.8F;
constexpr float kTwoOff = 0.6F;
constexpr float kBeginsSo = 0.7F;

std::uint16_t pair_of(char one, char other) {
  return static_cast<std::uint16_t>((static_cast<unsigned char>(one) << 8U) |
                                    static_cast<unsigned char>(other));
}

// Its pairs of letters, with its begin.
template <class Take>
void each_pair(std::string_view word, Take take) {
  char before = ' ';
  for (const char byte : word) {
    take(pair_of(before, byte));
    before = byte;
  }
}

}  // namespace

std::size_t edit_distance(std::string_view one, std::string_view other, std::size_t limit) {
  if (one.size() > kMaxWord || other.size() > kMaxWord) return limit + 1;
  const std::size_t differ =
      one.size() > other.size() ? one.size() - other.size() : other.size() - one.size();
  if (differ > limit) return limit + 1;
  using Row = std::array<std::size_t, kMaxWord + 1>;
  Row before_last{};
  Row last{};
  Row row{};
  for (std::size_t col = 0; col <= other.size(); ++col) last[col] = col;
  for (std::size_t at = 1; at <= one.size(); ++at) {
    row[0] = at;
    std::size_t least = at;
    for (std::size_t col = 1; col <= other.size(); ++col) {
      const std::size_t differs = one[at - 1] == other[col - 1] ? 0 : 1;
      row[col] = std::min({last[col] + 1, row[col - 1] + 1, last[col - 1] + differs});
      if (at > 1 && col > 1 && one[at - 1] == other[col - 2] && one[at - 2] == other[col - 1]) {
        row[col] = std::min(row[col], before_last[col - 2] + 1);
      }
      least = std::min(least, row[col]);
    }
    if (least > limit) return limit + 1;
    before_last = last;
    last = row;
  }
  return std::min(last[other.size()], limit + 1);
}

Vocabulary::Vocabulary(std::vector<std::string> words) : words_(std::move(words)) {
  for (std::uint32_t word = 0; word < words_.size(); ++word) {
    each_pair(words_[word], [&](std::uint16_t pair) { pairs_.emplace_back(pair, word); });
  }
  std::ranges::sort(pairs_);
  const auto repeated = std::ranges::unique(pairs_);
  pairs_.erase(repeated.begin(), repeated.end());
  pairs_.shrink_to_fit();
}

std::optional<std::uint32_t> Vocabulary::find(std::string_view word) const {
  const auto found = std::ranges::lower_bound(words_, word);
  if (found == words_.end() || *found != word) return std::nullopt;
  return static_cast<std::uint32_t>(found - words_.begin());
}

std::vector<NearWord> Vocabulary::near(std::string_view word) const {
  std::vector<NearWord> found;
  if (word.size() < kShortest || word.size() > kMaxWord) return found;
  const std::size_t limit = word.size() < kLong ? 1 : 2;
  std::vector<std::uint8_t> shared(words_.size());
  std::size_t pairs = 0;
  each_pair(word, [&](std::uint16_t pair) {
    ++pairs;
    const auto with_pair =
        std::ranges::equal_range(pairs_, pair, {}, [](const auto& entry) { return entry.first; });
    for (const auto& [unused, other] : with_pair) ++shared[other];
  });
  // One wrong letter spoils two pairs of letters, two swapped ones three.
  const std::size_t least = pairs > 3 * limit ? pairs - (3 * limit) : 1;
  for (std::uint32_t other = 0; other < words_.size(); ++other) {
    if (shared[other] < least) continue;
    const std::size_t distance = edit_distance(word, words_[other], limit);
    if (distance > limit) continue;
    // Two wrong letters, and the first one of them: hardly the same word.
    if (distance == 2 && words_[other].front() != word.front()) continue;
    found.push_back({other, distance < 2 ? kOneOff : kTwoOff});
  }
  const auto same_begin = [&](const std::string& other) { return other.starts_with(word); };
  for (auto next = std::ranges::lower_bound(words_, word);
       next != words_.end() && same_begin(*next) && found.size() < 4 * kMostNear; ++next) {
    const auto other = static_cast<std::uint32_t>(next - words_.begin());
    if (std::ranges::find(found, other, &NearWord::word) == found.end()) {
      found.push_back({other, kBeginsSo});
    }
  }
  std::ranges::sort(found, [](const NearWord& one, const NearWord& other) {
    return one.weight != other.weight ? one.weight > other.weight : one.word < other.word;
  });
  if (found.size() > kMostNear) found.resize(kMostNear);
  return found;
}

}  // namespace patchbay::search
