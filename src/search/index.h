// Ranked search over what has a name, a purpose and arguments. In memory, without a lock, and
// immutable: BM25 over weighted fields, with the share of a name that was said, what is to be done
// with it, synonyms, and spelling mended.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "search/vocabulary.h"
#include "search/wishes.h"

namespace patchbay::search {

// One that can be found. Read while the index is made, and not kept.
struct Entry {
  std::string_view name;                           // who says it, means it
  std::vector<std::string_view> other_names = {};  // the same
  std::string_view subject;                        // what it is about: "ticket notes"
  std::string_view verb;  // what it does, where that is none of the usual: "attach children"
  std::string_view title;
  std::string_view description;
  std::string_view tags;
  std::string_view arguments;
  Action action = Action::other;
  float weight = 1;  // against others that fit as well
};

struct Synonym {
  std::string_view says;
  std::string_view means;
};

struct Hit {
  std::uint32_t entry = 0;
  float score = 0;
};

class Index {
 public:
  Index(std::span<const Entry> entries, std::span<const Synonym> synonyms);

  // Whether one may be told; asked only of those that fit.
  using Offered = std::function<bool(std::uint32_t entry)>;
  // The best, best first; those that fit alike in the order of the entries. Whatever bytes
  // `wanted` has, only its first kMostQueryBytes are read. Under a millisecond for 3,000 entries.
  std::vector<Hit> find(std::string_view wanted, std::size_t at_most, const Offered& offered) const;

  static constexpr std::size_t kMostQueryBytes = 500;

  std::size_t bytes() const;  // about what it takes

 private:
  struct Posting {
    std::uint32_t entry;
    float score;  // of BM25
    float share;  // of the entry's name that this word is; 0: it does not stand there
  };
  struct Term {
    std::uint32_t word;
    float weight;
  };
  using Phrase = std::vector<Term>;
  // What one part of the query may mean; the best of them counts.
  struct Slot {
    std::vector<Phrase> phrases;
    float weight = 1;
  };
  struct Word {  // of a query
    std::string text;
    std::string stem;
    std::vector<Term> terms;  // empty: nothing knows it
  };
  class Scores;
  class Builder;

  void weigh_subjects(std::span<const Entry> entries);

  std::vector<Word> read_words(std::string_view wanted) const;
  std::vector<Slot> read_slots(const std::vector<Word>& words) const;
  std::size_t read_synonym(std::span<const Word> words, Slot& slot) const;
  void add_joined(std::span<const Word> words, Slot& slot) const;
  std::vector<std::uint32_t> named_in(std::string_view wanted) const;
  std::span<const Posting> postings(std::uint32_t word) const {
    return std::span(postings_).subspan(begins_[word], begins_[word + 1] - begins_[word]);
  }

  std::size_t size_ = 0;
  Vocabulary vocabulary_;
  std::vector<std::uint32_t> begins_;  // of each word's postings, and their end
  std::vector<Posting> postings_;
  std::vector<Action> actions_;
  std::vector<float> weights_;
  std::unordered_map<std::string, std::uint32_t> names_;              // in lower case
  std::map<std::string, std::vector<Phrase>, std::less<>> synonyms_;  // by stems, with blanks
};

}  // namespace patchbay::search
