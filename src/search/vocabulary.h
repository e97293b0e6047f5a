// The words that a search knows, and what a misspelt one was meant to be.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace patchbay::search {

struct NearWord {
  std::uint32_t word = 0;
  float weight = 0;  // how much of what the word itself would count
};

class Vocabulary {
 public:
  Vocabulary() = default;
  // Sorted, each once.
  explicit Vocabulary(std::vector<std::string> words);

  std::size_t size() const { return words_.size(); }
  const std::string& text(std::uint32_t word) const { return words_[word]; }
  std::optional<std::uint32_t> find(std::string_view word) const;
  // Best first, at most four: words with nearly these letters, and those that begin so.
  std::vector<NearWord> near(std::string_view word) const;

 private:
  std::vector<std::string> words_;
  std::vector<std::pair<std::uint16_t, std::uint32_t>> pairs_;  // of letters, to words; sorted
};

// Letters to change, to add, to leave out or to swap with the next; more than `limit`: limit + 1.
std::size_t edit_distance(std::string_view one, std::string_view other, std::size_t limit);

}  // namespace patchbay::search
