#include "search/wishes.h"

#include <algorithm>

#include "search/words.h"

namespace patchbay::search {
namespace {

struct Verb {
  std::string_view word;
  Action action;
  bool only_first = false;  // a noun or an adjective elsewhere: "open tickets", "the schedule"
};

constexpr auto kVerbs = std::to_array<Verb>({
    {"list", Action::list},
    {"show", Action::list},
    {"find", Action::list},
    {"search", Action::list},
    {"see", Action::list},
    {"display", Action::list},
    {"browse", Action::list},
    {"check", Action::list, true},
    {"view", Action::list, true},
    {"look", Action::list, true},
    {"read", Action::list, true},
    {"get", Action::get},
    {"fetch", Action::get},
    {"pull", Action::get, true},
    {"retrieve", Action::get},
    {"count", Action::count, true},
    {"create", Action::create},
    {"add", Action::create},
    {"make", Action::create},
    {"new", Action::create},
    {"log", Action::create, true},
    {"enter", Action::create, true},
    {"open", Action::create, true},
    {"raise", Action::create, true},
    {"record", Action::create, true},
    {"register", Action::create, true},
    {"book", Action::create, true},
    {"schedule", Action::create, true},
    {"write", Action::create, true},
    {"post", Action::create, true},
    {"attach", Action::create},
    {"upload", Action::create},
    {"start", Action::create, true},
    {"onboard", Action::create, true},
    {"insert", Action::create},
    {"order", Action::create, true},
    {"bill", Action::create, true},
    {"claim", Action::create, true},
    {"set", Action::update, true},
    {"update", Action::update},
    {"change", Action::update, true},
    {"edit", Action::update},
    {"modify", Action::update},
    {"correct", Action::update, true},
    {"fix", Action::update, true},
    {"mark", Action::update, true},
    {"move", Action::update, true},
    {"rename", Action::update},
    {"assign", Action::update, true},
    {"reassign", Action::update},
    {"close", Action::update, true},
    {"reopen", Action::update},
    {"extend", Action::update, true},
    {"push", Action::update, true},
    {"reschedule", Action::update},
    {"adjust", Action::update, true},
    {"increase", Action::update, true},
    {"tick", Action::update, true},
    {"complete", Action::update, true},
    {"delete", Action::delete_},
    {"remove", Action::delete_},
    {"drop", Action::delete_, true},
    {"erase", Action::delete_},
    {"cancel", Action::delete_, true},
    {"void", Action::delete_, true},
});

const Verb* verb_of(std::string_view word) {
  const std::string wanted = stem(word);
  const auto* const found =
      std::ranges::find_if(kVerbs, [&](const Verb& verb) { return stem(verb.word) == wanted; });
  return found == kVerbs.end() ? nullptr : found;
}

bool is_number(std::string_view word) {
  return std::ranges::all_of(word, [](char byte) { return byte >= '0' && byte <= '9'; });
}

// "open an RMA", where "open tickets" are no wish to open one.
bool takes_an_object(std::span<const std::string> after) {
  return !after.empty() && (after[0] == "a" || after[0] == "an" || after[0] == "new");
}

// What stands before what is asked for: "could you please".
bool is_courtesy(std::string_view word) {
  static constexpr auto kCourtesies =
      std::to_array<std::string_view>({"can", "could", "i", "let", "me", "need", "please", "s",
                                       "to", "us", "want", "we", "would", "you"});
  return std::ranges::find(kCourtesies, word) != kCourtesies.end();
}

bool asks(std::string_view word) {
  static constexpr auto kAsking = std::to_array<std::string_view>(
      {"any", "are", "does", "how", "is", "what", "when", "where", "which", "who", "whose"});
  return std::ranges::find(kAsking, word) != kAsking.end();
}

float& wish(Wishes& wishes, Action action) {
  return wishes[static_cast<std::size_t>(action)];
}

Wishes for_reading(std::span<const std::string> words) {
  Wishes wishes{};
  wish(wishes, Action::list) = 1.0F;
  wish(wishes, Action::get) = 0.45F;
  wish(wishes, Action::count) = 0.2F;
  wish(wishes, Action::other) = 0.3F;
  for (std::size_t at = 0; at + 1 < words.size(); ++at) {
    if (words[at] == "how" && words[at + 1] == "many") wish(wishes, Action::count) = 0.9F;
  }
  if (std::ranges::any_of(words, is_number)) wish(wishes, Action::get) = 1.1F;
  return wishes;
}

}  // namespace

bool is_verb(std::string_view word) {
  return verb_of(word) != nullptr;
}

std::vector<std::string_view> verbs() {
  std::vector<std::string_view> words;
  words.reserve(kVerbs.size());
  for (const Verb& verb : kVerbs) words.push_back(verb.word);
  return words;
}

Wishes wishes_of(std::span<const std::string> words) {
  bool first = true;
  bool is_question = false;
  bool begins_with_own = false;  // a word that may be a verb of one tool's own: "approve"
  for (std::size_t at = 0; at < words.size(); ++at) {
    const std::string& word = words[at];
    if (first && is_courtesy(word)) continue;
    if (first && asks(word)) is_question = true;
    const Verb* const verb = is_question ? nullptr : verb_of(word);
    if (first && verb == nullptr && !is_question && !is_filler(word)) begins_with_own = true;
    const bool counts =
        verb != nullptr && (first || !verb->only_first || takes_an_object(words.subspan(at + 1)));
    first = false;
    if (!counts) continue;
    Wishes wishes{};
    switch (verb->action) {
      case Action::list:
        return for_reading(words);
      case Action::get:
        wishes = for_reading(words);
        wish(wishes, Action::get) = std::max(wish(wishes, Action::get), 0.95F);
        return wishes;
      case Action::count:
        wish(wishes, Action::list) = 0.6F;
        break;
      case Action::delete_:  // "cancel the visit" may also be a status
        wish(wishes, Action::update) = 0.35F;
        break;
      case Action::create:
      case Action::update:
      case Action::other:
        break;
    }
    const bool sets_up = word == "set" && std::ranges::find(words, "up") != words.end();
    wish(wishes, sets_up ? Action::create : verb->action) = 1.0F;
    wish(wishes, Action::other) = 0.4F;
    return wishes;
  }
  Wishes wishes = for_reading(words);
  if (begins_with_own) wish(wishes, Action::other) = 0.9F;
  return wishes;
}

}  // namespace patchbay::search
