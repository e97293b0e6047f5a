#include "search/index.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "base/text.h"
#include "search/words.h"

namespace patchbay::search {
namespace {

// BM25's own, and what a word counts in each of the fields.
constexpr float kSaturation = 1.2F;
constexpr float kLengthShare = 0.4F;
enum Field : std::uint8_t { subject, title, description, tags, arguments };
constexpr std::array<float, 5> kFieldWeights = {4.4F, 2.0F, 1.8F, 0.8F, 0.4F};

constexpr std::size_t kMostWordsOfField = 200;
constexpr std::size_t kMostQueryWords = 40;
constexpr std::size_t kLongestPhrase = 4;  // words of a synonym

constexpr float kSynonym = 0.85F;
constexpr float kVerb = 0.55F;       // verbs stand in every description
constexpr float kShareBonus = 1.4F;  // a name that was said whole, against one that was not at all
constexpr float kActionBonus = 0.85F;
constexpr float kCentral = 0.05F;
constexpr float kBeside = 0.8F;  // what stands behind "on", "of", "for": where, and of what

std::vector<std::string> stems_of(std::string_view text) {
  std::vector<std::string> out;
  for (const std::string& word : words_of(text, kMostWordsOfField)) {
    if (!is_filler(word)) out.push_back(stem(word));
  }
  return out;
}

// "audit trail" is also "audittrail".
std::vector<std::string> joined_stems(std::string_view text) {
  std::vector<std::string> out;
  const auto words = words_of(text, kMostWordsOfField);
  for (std::size_t at = 0; at + 1 < words.size(); ++at) {
    if (words[at].size() + words[at + 1].size() <= kMaxWord)
      out.push_back(stem(words[at] + words[at + 1]));
  }
  return out;
}

// Before what something is on, of or for, and not before what is wanted.
bool leads_aside(std::string_view word) {
  static constexpr auto kLeading = std::to_array<std::string_view>(
      {"against", "at", "by", "for", "from", "in", "into", "of", "on", "to", "under", "with"});
  return std::ranges::find(kLeading, word) != kLeading.end();
}

bool is_better(const Hit& one, const Hit& other) {
  return one.score != other.score ? one.score > other.score : one.entry < other.entry;
}

}  // namespace

// ---- making it ---------------------------------------------------------------------------------

class Index::Builder {
 public:
  explicit Builder(std::span<const Entry> entries) : entries_(entries), named_(entries.size()) {
    for (std::uint32_t at = 0; at < entries.size(); ++at) read(at);
    split_compounds();
    for (std::size_t field = 0; field < kFieldWeights.size(); ++field) {
      average_[field] = std::max(
          1.0F, average_[field] / static_cast<float>(std::max<std::size_t>(1, entries.size())));
    }
  }

  // Words that queries may have and no entry has.
  void know(std::string word) { counts_.try_emplace(std::move(word)); }

  void build(Index& into) {
    std::vector<std::string> words;
    words.reserve(counts_.size());
    for (const auto& [word, counted] : counts_) words.push_back(word);
    into.begins_.push_back(0);
    std::vector<float> name_sums(entries_.size());
    for (const auto& [word, counted] : counts_) {
      for (const auto& [at, counts] : counted) {
        if (named_[at].contains(word)) name_sums[at] += rarity(counted.size());
      }
    }
    for (const auto& [word, counted] : counts_) {
      const float rare = rarity(counted.size());
      for (const auto& [at, counts] : counted) {
        const float share = named_[at].contains(word) ? rare / name_sums[at] : 0.0F;
        into.postings_.push_back({at, rare * saturated(at, counts), share});
      }
      into.begins_.push_back(static_cast<std::uint32_t>(into.postings_.size()));
    }
    into.postings_.shrink_to_fit();
    into.vocabulary_ = Vocabulary(std::move(words));
  }

 private:
  using Counts = std::array<std::uint16_t, kFieldWeights.size()>;

  void read(std::uint32_t at) {
    const Entry& entry = entries_[at];
    count(at, subject, stems_of(entry.subject));
    count(at, subject, stems_of(entry.verb));
    for (const std::string_view text : {entry.subject, entry.verb}) {
      for (std::string& word : stems_of(text)) named_[at].insert(std::move(word));
      // Joined, for finding alone: their parts are the name.
      for (const std::string& word : joined_stems(text)) counts_[word][at][subject] = 1;
    }
    count(at, title, stems_of(entry.title));
    count(at, description, stems_of(entry.description));
    count(at, tags, stems_of(entry.tags));
    const auto given = stems_of(entry.arguments);
    const std::set<std::string> each(given.begin(), given.end());
    count(at, arguments, {each.begin(), each.end()});
  }
  void count(std::uint32_t at, Field field, const std::vector<std::string>& words) {
    for (const std::string& word : words) ++counts_[word][at][field];
    lengths_.resize(entries_.size());
    lengths_[at][field] = static_cast<std::uint16_t>(lengths_[at][field] + words.size());
    average_[field] += static_cast<float>(words.size());
  }
  // "purchaseorderstatuses" is also found by its parts, where these are words elsewhere.
  void split_compounds() {
    for (std::uint32_t at = 0; at < entries_.size(); ++at) {
      const std::vector<std::string> whole(named_[at].begin(), named_[at].end());
      for (const std::string& word : whole) {
        const auto parts = parts_of(word);
        if (parts.size() < 2) continue;
        named_[at].erase(word);
        for (const std::string& part : parts) {
          counts_[part][at][subject] = 1;
          named_[at].insert(part);
        }
        // "purchase orders" asks for what is also in "purchaseorderstatuses".
        for (std::size_t part = 0; part + 1 < parts.size(); ++part) {
          counts_[stem(parts[part] + parts[part + 1])][at][subject] = 1;
        }
      }
    }
  }
  std::vector<std::string> parts_of(const std::string& word) const {
    constexpr std::size_t kLeast = 4;  // letters of a part
    constexpr std::size_t kOften = 3;  // entries that have it
    const auto is_word = [&](const std::string& part) {
      const auto found = counts_.find(part);
      return found != counts_.end() && found->second.size() >= kOften;
    };
    for (std::size_t at = kLeast; at + kLeast <= word.size(); ++at) {
      const std::string begin = stem(word.substr(0, at));
      const std::string end = stem(word.substr(at));
      if (!is_word(begin)) continue;
      if (is_word(end)) return {begin, end};
      if (auto more = parts_of(word.substr(at)); more.size() > 1) {
        more.insert(more.begin(), begin);
        return more;
      }
    }
    return {word};
  }
  float rarity(std::size_t having) const {
    const auto all = static_cast<float>(entries_.size());
    const auto some = static_cast<float>(having);
    return std::log(1.0F + ((all - some + 0.5F) / (some + 0.5F)));
  }
  float saturated(std::uint32_t at, const Counts& counts) const {
    float weighted = 0;
    for (std::size_t field = 0; field < counts.size(); ++field) {
      const float length = static_cast<float>(lengths_[at][field]) / average_[field];
      weighted += kFieldWeights[field] * static_cast<float>(counts[field]) /
                  (1.0F - kLengthShare + (kLengthShare * length));
    }
    return weighted / (kSaturation + weighted);
  }

  std::span<const Entry> entries_;
  std::map<std::string, std::map<std::uint32_t, Counts>> counts_;
  std::vector<Counts> lengths_;
  std::vector<std::set<std::string>> named_;  // the words of each one's name
  std::array<float, kFieldWeights.size()> average_{};
};

Index::Index(std::span<const Entry> entries, std::span<const Synonym> synonyms)
    : size_(entries.size()) {
  Builder builder(entries);
  for (const std::string_view verb : verbs()) builder.know(stem(verb));
  for (const Synonym& synonym : synonyms) {
    for (std::string& word : stems_of(synonym.says)) builder.know(std::move(word));
  }
  builder.build(*this);
  for (const Entry& entry : entries) {
    const auto at = static_cast<std::uint32_t>(actions_.size());
    names_.emplace(to_lower(entry.name), at);
    for (const std::string_view other : entry.other_names) names_.emplace(to_lower(other), at);
    actions_.push_back(entry.action);
    weights_.push_back(entry.weight);
  }
  weigh_subjects(entries);
  for (const Synonym& synonym : synonyms) {
    Phrase meant;
    for (const std::string& word : stems_of(synonym.means)) {
      // What this index does not have, others may.
      if (const auto known = vocabulary_.find(word)) meant.push_back({*known, kSynonym});
    }
    const std::string says = join(stems_of(synonym.says), " ");
    if (!meant.empty() && !says.empty()) synonyms_[says].push_back(std::move(meant));
  }
}

// What many others stand below is asked for more often than what stands at an end: "tickets", of
// which there are notes, tasks and times.
void Index::weigh_subjects(std::span<const Entry> entries) {
  std::set<std::string> known;
  std::map<std::string, float> below;
  for (const Entry& entry : entries) {
    const std::string subject = join(stems_of(entry.subject), " ");
    if (!known.insert(subject).second) continue;
    for (std::size_t end = subject.find(' '); end != std::string::npos;
         end = subject.find(' ', end + 1)) {
      ++below[subject.substr(0, end)];
    }
  }
  for (std::size_t at = 0; at < entries.size(); ++at) {
    const auto found = below.find(join(stems_of(entries[at].subject), " "));
    if (found != below.end()) weights_[at] *= 1.0F + (kCentral * std::log(1.0F + found->second));
  }
}

std::size_t Index::bytes() const {
  std::size_t sum = postings_.size() * sizeof(Posting);
  for (std::uint32_t word = 0; word < vocabulary_.size(); ++word) {
    // A pair of letters each, and the text.
    sum += sizeof(std::string) + (9 * vocabulary_.text(word).size());
  }
  for (const auto& [name, at] : names_) sum += sizeof(std::string) + name.size() + 24;
  return sum;
}

// ---- reading what is wanted --------------------------------------------------------------------

std::vector<Index::Word> Index::read_words(std::string_view wanted) const {
  std::vector<Word> words;
  for (std::string& text : words_of(wanted, kMostQueryWords)) {
    Word word;
    word.stem = stem(text);
    if (const auto known = vocabulary_.find(word.stem)) {
      word.terms.push_back({*known, 1.0F});
    } else if (!is_filler(text)) {
      for (const NearWord& near : vocabulary_.near(word.stem)) {
        word.terms.push_back({near.word, near.weight});
      }
      if (!word.terms.empty()) {
        word.stem = vocabulary_.text(word.terms.front().word);
        if (is_verb(word.stem)) text = word.stem;
      }
    }
    word.text = std::move(text);
    words.push_back(std::move(word));
  }
  return words;
}

// How many of the first words are something that has synonyms; the longest such phrase wins.
std::size_t Index::read_synonym(std::span<const Word> words, Slot& slot) const {
  for (std::size_t length = std::min(words.size(), kLongestPhrase); length > 0; --length) {
    std::string says;
    std::size_t said = 0;
    for (const Word& word : words.first(length)) {
      if (is_filler(word.text)) continue;
      says += (says.empty() ? "" : " ") + word.stem;
      ++said;
    }
    if (said == 0 || is_filler(words[length - 1].text)) continue;
    const auto found = synonyms_.find(says);
    if (found == synonyms_.end()) continue;
    const float weight = words.front().terms.empty() ? 1.0F : words.front().terms.front().weight;
    for (Phrase phrase : found->second) {
      for (Term& term : phrase) term.weight *= weight;
      slot.phrases.push_back(std::move(phrase));
    }
    Phrase itself;
    for (const Word& word : words.first(length)) {
      if (!is_filler(word.text) && !word.terms.empty()) itself.push_back(word.terms.front());
    }
    if (!itself.empty()) slot.phrases.push_back(std::move(itself));
    return length;
  }
  return 0;
}

// "purchase orders" where names say "purchaseorders".
void Index::add_joined(std::span<const Word> words, Slot& slot) const {
  if (words.size() < 2 || words[0].text.size() + words[1].text.size() > kMaxWord) return;
  const auto known = vocabulary_.find(stem(words[0].text + words[1].text));
  if (known) slot.phrases.push_back({{*known, 2.0F}});
}

std::vector<Index::Slot> Index::read_slots(const std::vector<Word>& words) const {
  std::vector<Slot> slots;
  const bool all_fillers =
      std::ranges::all_of(words, [](const Word& word) { return is_filler(word.text); });
  bool beside = false;
  for (std::size_t at = 0; at < words.size();) {
    beside = beside || (!slots.empty() && leads_aside(words[at].text));
    const std::span<const Word> rest = std::span(words).subspan(at);
    Slot slot;
    std::size_t taken = read_synonym(rest, slot);
    if (taken == 0) {
      taken = 1;
      const Word& word = rest.front();
      if (is_filler(word.text) && !all_fillers) {
        ++at;
        continue;
      }
      for (const Term& term : word.terms) slot.phrases.push_back({term});
      if (is_verb(word.text)) slot.weight = kVerb;
    }
    if (beside) slot.weight *= kBeside;
    add_joined(rest, slot);
    if (!slot.phrases.empty()) slots.push_back(std::move(slot));
    at += taken;
  }
  return slots;
}

std::vector<std::uint32_t> Index::named_in(std::string_view wanted) const {
  std::vector<std::uint32_t> named;
  const std::string text = to_lower(wanted);
  std::string_view rest = text;
  const auto is_part = [](char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || byte == '_';
  };
  while (!rest.empty()) {
    const auto end =
        static_cast<std::size_t>(std::ranges::find_if_not(rest, is_part) - rest.begin());
    if (end > 0) {
      const auto found = names_.find(std::string(rest.substr(0, end)));
      if (found != names_.end() && std::ranges::find(named, found->second) == named.end()) {
        named.push_back(found->second);
      }
    }
    rest.remove_prefix(std::min(rest.size(), end + 1));
  }
  return named;
}

// ---- finding -----------------------------------------------------------------------------------

// What all entries have come to. Four arrays for a query, and no more.
class Index::Scores {
 public:
  explicit Scores(const Index& index)
      : index_(index), sum_(index.size_), best_(index.size_), phrase_(index.size_) {}

  void add(const Slot& slot) {
    for (const Phrase& phrase : slot.phrases) add_phrase(phrase);
    for (const std::uint32_t at : touched_) {
      sum_[at].score += slot.weight * best_[at].score;
      sum_[at].share += slot.weight * best_[at].share;
      best_[at] = {};
    }
    touched_.clear();
  }
  float text(std::uint32_t at) const { return sum_[at].score; }
  float share(std::uint32_t at) const { return std::min(1.0F, sum_[at].share); }

 private:
  struct Score {
    float score = 0;
    float share = 0;
  };
  void add_phrase(const Phrase& phrase) {
    in_phrase_.clear();
    // Of several words each counts its part: a phrase is not worth more for being longer.
    const float part = std::pow(static_cast<float>(phrase.size()), -0.45F);
    for (const Term& term : phrase) {
      for (const Posting& posting : index_.postings(term.word)) {
        Score& score = phrase_[posting.entry];
        if (score.score == 0) in_phrase_.push_back(posting.entry);
        score.score += term.weight * part * posting.score;
        score.share += std::min(1.0F, term.weight) * posting.share;
      }
    }
    for (const std::uint32_t at : in_phrase_) {
      Score& best = best_[at];
      if (best.score == 0) touched_.push_back(at);
      best.score = std::max(best.score, phrase_[at].score);
      best.share = std::max(best.share, phrase_[at].share);
      phrase_[at] = {};
    }
  }

  const Index& index_;
  std::vector<Score> sum_;
  std::vector<Score> best_;    // of a slot's phrases
  std::vector<Score> phrase_;  // that is being read
  std::vector<std::uint32_t> in_phrase_;
  std::vector<std::uint32_t> touched_;
};

std::vector<Hit> Index::find(std::string_view wanted, std::size_t at_most,
                             const Offered& offered) const {
  wanted = cut_utf8(wanted, kMostQueryBytes);
  std::vector<Hit> hits;
  if (at_most == 0) return hits;
  const std::vector<Word> words = read_words(wanted);
  std::vector<std::string> texts;
  texts.reserve(words.size());
  for (const Word& word : words) texts.push_back(word.text);
  const Wishes wishes = wishes_of(texts);
  Scores scores(*this);
  for (const Slot& slot : read_slots(words)) scores.add(slot);

  constexpr float kNamed = 1e6F;
  for (const std::uint32_t at : named_in(wanted)) {
    if (hits.size() < at_most && offered(at)) {
      hits.push_back({at, kNamed - static_cast<float>(hits.size())});
    }
  }
  const std::size_t named = hits.size();
  for (std::uint32_t at = 0; at < size_ && named < at_most; ++at) {
    if (scores.text(at) <= 0) continue;
    const float wished = wishes[static_cast<std::size_t>(actions_[at])];
    const Hit hit{at, scores.text(at) * weights_[at] * (1.0F + (kShareBonus * scores.share(at))) *
                          (1.0F + (kActionBonus * wished))};
    if (hits.size() == at_most && !is_better(hit, hits.back())) continue;
    const auto twice = std::ranges::any_of(std::span(hits).first(named),
                                           [&](const Hit& other) { return other.entry == at; });
    if (twice || !offered(at)) continue;
    if (hits.size() == at_most) hits.pop_back();
    hits.insert(std::ranges::lower_bound(hits, hit, is_better), hit);
  }
  return hits;
}

}  // namespace patchbay::search
