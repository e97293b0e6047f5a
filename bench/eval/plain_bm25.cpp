#include "plain_bm25.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace patchbay::bench {

namespace {

constexpr double kSaturation = 1.2;  // k1 and b: what libraries take unless they are told otherwise
constexpr double kLength = 0.75;

// Runs of letters and digits of ASCII, in lower case.
std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words(1);
  for (const char c : text) {
    const char low = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    if ((low >= 'a' && low <= 'z') || (low >= '0' && low <= '9')) {
      words.back() += low;
    } else if (!words.back().empty()) {
      words.emplace_back();
    }
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

}  // namespace

PlainBm25::PlainBm25(std::shared_ptr<const catalog::ToolCatalog> catalog)
    : catalog_(std::move(catalog)) {
  const auto& tools = catalog_->tools();
  std::vector<std::map<std::string, double>> counts;
  std::vector<double> lengths;
  double all = 0;
  for (const auto& tool : tools) {
    const auto words = words_of(tool->name + ' ' + tool->title + ' ' + tool->description);
    auto& count = counts.emplace_back();
    for (const std::string& word : words) ++count[word];
    all += lengths.emplace_back(static_cast<double>(words.size()));
  }
  const double average = all / static_cast<double>(tools.size());
  for (std::size_t at = 0; at < tools.size(); ++at) {
    for (const auto& [word, times] : counts[at]) {
      const double length = 1 - kLength + kLength * lengths[at] / average;
      postings_[word].push_back({at, times * (kSaturation + 1) / (times + kSaturation * length)});
    }
  }
  for (auto& [word, found] : postings_) {
    const auto in = static_cast<double>(found.size());
    const double rarity = std::log(1 + (static_cast<double>(tools.size()) - in + 0.5) / (in + 0.5));
    for (Posting& posting : found) posting.score *= rarity;
  }
}

std::vector<const catalog::Tool*> PlainBm25::find(std::string_view wanted,
                                                  std::size_t at_most) const {
  const auto& tools = catalog_->tools();
  std::vector<double> scores(tools.size());
  const auto said = words_of(wanted);
  for (const std::string& word : std::set<std::string>(said.begin(), said.end())) {
    const auto found = postings_.find(word);
    if (found == postings_.end()) continue;
    for (const Posting& posting : found->second) scores[posting.tool] += posting.score;
  }
  std::vector<std::size_t> order;
  for (std::size_t at = 0; at < tools.size(); ++at) {
    if (scores[at] > 0) order.push_back(at);
  }
  // Of those that fit alike, what is listed first.
  std::ranges::sort(order, [&](std::size_t one, std::size_t other) {
    return scores[one] != scores[other] ? scores[one] > scores[other] : one < other;
  });
  order.resize(std::min(order.size(), at_most));
  std::vector<const catalog::Tool*> best;
  for (const std::size_t at : order) best.push_back(tools[at].get());
  return best;
}

}  // namespace patchbay::bench
