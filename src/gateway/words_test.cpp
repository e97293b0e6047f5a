// Every word of the format does something: each is tried through the gateway, and what is no word
// is refused. A word that is added without a trial fails here.
#include "pack/words.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "base/text.h"
#include "gateway/test_words.h"

namespace patchbay::gateway {
namespace {

std::vector<Trial> all_trials() {
  auto trials = trials_of_requests();
  std::ranges::move(trials_of_answers(), std::back_inserter(trials));
  return trials;
}

std::set<std::string> known_words() {
  std::set<std::string> out;
  for (const auto& [key, words] : pack::vocabularies()) {
    for (const auto& word : words) out.insert(std::string(key) + ": " + word);
  }
  return out;
}

Tools tools_of(const AcmePack& acme) {
  const auto loaded = pack::load_pack(acme.files());
  for (const auto& problem : loaded.problems) {
    MESSAGE(problem.file << ':' << problem.line << ": " << problem.message);
  }
  REQUIRE(loaded.integration != nullptr);
  auto tools = catalog::ToolCatalog::generate(loaded.integration);
  REQUIRE(tools.has_value());
  return *tools;
}

// What stands in the line that a problem names; "" if there is no such file or line.
std::string line_of(const std::vector<pack::PackFile>& files, const pack::Problem& problem) {
  const auto file = std::ranges::find(files, problem.file, &pack::PackFile::path);
  if (file == files.end() || problem.line == 0) return {};
  const auto lines = split(file->text, '\n');
  return problem.line <= lines.size() ? std::string(lines[problem.line - 1]) : std::string();
}

}  // namespace

TEST_CASE("every word of the format has an effect of its own") {
  const auto trials = all_trials();
  std::set<std::string> tried;
  for (const auto& trial : trials) {
    for (const auto& [word, effect] : trial.effects) {
      if (word == kLeftOut) continue;
      const auto name = std::string(trial.key) + ": " + word;
      CHECK_MESSAGE(tried.insert(name).second, name << " is tried twice");
    }
  }
  const auto known = known_words();
  for (const auto& name : known) {
    CHECK_MESSAGE(tried.contains(name), name << " has no trial in test_words_of_*.cpp");
  }
  for (const auto& name : tried) CHECK_MESSAGE(known.contains(name), name << " is no word");

  for (const auto& trial : trials) {
    std::set<std::string> seen;
    for (const auto& [word, expected] : trial.effects) {
      CAPTURE(trial.key);
      CAPTURE(word);
      CHECK(trial.effect(tools_of(trial.pack_with(word))) == expected);
      CHECK_MESSAGE(seen.insert(expected).second, "another word has the same effect");
    }
  }
}

TEST_CASE("what is no word is refused where it stands, with the words that there are") {
  for (const auto& trial : all_trials()) {
    CAPTURE(trial.key);
    const auto files = trial.pack_with("nonsense").files();
    const auto loaded = pack::load_pack(files);
    CHECK(loaded.integration == nullptr);
    CHECK_FALSE(loaded.problems.empty());
    std::string told;
    for (const auto& problem : loaded.problems) {
      // And nothing that only follows from it is told of another line.
      CHECK_MESSAGE(line_of(files, problem).contains("nonsense"),
                    problem.file << ':' << problem.line << ": " << problem.message);
      told += problem.message + "; " + problem.fix + '\n';
    }
    CHECK_MESSAGE(told.contains("nonsense"), told);
    for (const auto& [word, effect] : trial.effects) {
      CHECK_MESSAGE(told.contains(word), word << " is not offered: " << told);
    }
  }
}

TEST_CASE("words that are none are all told at once, whatever else they would need") {
  const AcmePack acme{.integration =
                          "dialects:\n"
                          "  filter: odata\n"
                          "  update: nonsense\n"
                          "auth:\n"
                          "  style: oauth2_password\n"};
  const auto files = acme.files();
  const auto loaded = pack::load_pack(files);
  CHECK(loaded.integration == nullptr);
  std::string told;
  for (const auto& problem : loaded.problems) {
    CHECK(problem.file == "acme/integration.yaml");
    told += std::string(trim(line_of(files, problem))) + " -> " + problem.fix + '\n';
  }
  CHECK(told ==
        "filter: odata -> use one of connectwise_conditions\n"
        "update: nonsense -> use one of json_patch, merge\n"
        "style: oauth2_password -> use one of none, basic, bearer, header, "
        "oauth2_client_credentials, oauth2_authorization_code\n");
}

}  // namespace patchbay::gateway
