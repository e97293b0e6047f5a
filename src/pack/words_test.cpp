// The words of the format: each stands in the guide, and what does it stands where the table says.
#include "pack/words.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include <doctest/doctest.h>

namespace patchbay::pack {
namespace {

std::string guide() {
  std::ifstream stream(PATCHBAY_SOURCE_DIR "/docs/authoring-integrations.md");
  REQUIRE(stream.is_open());
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

template <class Meaning, std::size_t N>
void check_files(const Words<Meaning, N>& words) {
  std::set<std::string_view> texts;
  for (const auto& word : words) {
    CAPTURE(word.text);
    CHECK(texts.insert(word.text).second);
    CHECK_MESSAGE(std::filesystem::exists(std::string(PATCHBAY_SOURCE_DIR "/src/") +
                                          std::string(word.done_by)),
                  word.done_by);
  }
}

}  // namespace

TEST_CASE("the guide names every word of the format") {
  const std::string text = guide();
  for (const Vocabulary& vocabulary : vocabularies()) {
    CHECK_FALSE(vocabulary.words.empty());
    for (const std::string& word : vocabulary.words) {
      CHECK_MESSAGE(text.contains(word), vocabulary.key << ": " << word);
    }
  }
  CHECK_FALSE(text.contains("`put`)"));
}

TEST_CASE("what does a word stands where the table says") {
  check_files(kAuthStyles);
  check_files(kClientProofs);
  check_files(kCredentialTypes);
  check_files(kPaginationStyles);
  check_files(kVerbs);
  check_files(kEncodings);
  check_files(kAnswers);
  check_files(kFieldTypes);
  check_files(kFilterOperators);
  check_files(kPlaces);
  check_files(kConditionTests);
  check_files(kAggregates);
}

}  // namespace patchbay::pack
