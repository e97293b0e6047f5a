// How often a search over the tools finds what somebody asks for: the first, and among five.
//
//   search_eval REQUESTS [FOLDER] [--failures] [--tune TURNS]
//
// REQUESTS as bench/eval/requests.txt tells. FOLDER holds an imported pack; without it the pack in
// the binary alone is searched. --failures tells what was missed of the tuning half, and only
// there. --tune looks for better weights (search/weights.h) by the tuning half alone, and prints
// them.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <fstream>
#include <iostream>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "catalog/tool.h"
#include "pack/loader.h"
#include "search/tool_search.h"
#include "search/weights.h"

namespace {

using namespace patchbay;

constexpr std::size_t kAmong = 5;

struct Request {
  std::string says;
  std::vector<std::string> shipped;  // tools that answer it; empty: there is none
  std::vector<std::string> imported;
};

std::vector<std::string> tools_in(std::string_view text) {
  std::vector<std::string> tools;
  for (const std::string_view tool : split(trim(text), ' ')) {
    if (!tool.empty() && tool != "-") tools.emplace_back(tool);
  }
  return tools;
}

std::vector<Request> read_requests(const std::string& file) {
  std::vector<Request> requests;
  std::ifstream stream(file);
  for (std::string line; std::getline(stream, line);) {
    if (line.empty() || line.starts_with('#')) continue;
    const auto parts = split(line, '|');
    if (parts.size() != 3) continue;
    requests.push_back({std::string(trim(parts[0])), tools_in(parts[1]), tools_in(parts[2])});
  }
  return requests;
}

struct Half {
  std::size_t asked = 0;
  std::size_t first = 0;
  std::size_t among = 0;
};

double share(std::size_t part, std::size_t all) {
  return all == 0 ? 0 : static_cast<double>(part) / static_cast<double>(all);
}

std::string short_name(const catalog::Tool& tool) {
  return tool.resource->name + "." + tool.method->name;
}

struct Evaluated {
  std::string title;
  std::vector<std::string> Request::* wanted;
  bool tells_failures = false;
};

int evaluate(const std::vector<Request>& requests, const pack::LoadOutcome& outcome,
             const Evaluated& what) {
  if (!outcome.integration) {
    std::cerr << what.title << ": the pack does not load\n";
    return 1;
  }
  using Clock = std::chrono::steady_clock;
  const auto catalog = catalog::ToolCatalog::generate(outcome.integration);
  if (!catalog) return 1;
  const auto toolset = catalog::Toolset::select(*catalog, {});
  if (!toolset) return 1;
  const auto begin = Clock::now();
  const search::ToolSearch found_by(**catalog);
  const std::chrono::duration<double, std::milli> made = Clock::now() - begin;
  Half tuning;
  Half measured;
  double slowest = 0;
  double all = 0;
  for (std::size_t at = 0; at < requests.size(); ++at) {
    const Request& request = requests[at];
    const auto& wanted = request.*what.wanted;
    if (wanted.empty()) continue;
    double took = 1e9;  // the best of three: what others do on the machine is not the search's
    std::vector<const catalog::Tool*> found;
    for (int turn = 0; turn < 3; ++turn) {
      const auto started = Clock::now();
      found = found_by.find(**toolset, request.says, kAmong);
      took =
          std::min(took, std::chrono::duration<double, std::milli>(Clock::now() - started).count());
    }
    slowest = std::max(slowest, took);
    all += took;
    const auto hit = std::ranges::find_if(found, [&](const catalog::Tool* tool) {
      return std::ranges::find(wanted, short_name(*tool)) != wanted.end();
    });
    const bool is_tuning = at % 2 == 0;
    Half& half = is_tuning ? tuning : measured;
    ++half.asked;
    half.first += !found.empty() && hit == found.begin() ? 1 : 0;
    half.among += hit != found.end() ? 1 : 0;
    if (what.tells_failures && is_tuning && (found.empty() || hit != found.begin())) {
      std::cout << (hit == found.end() ? "missed: " : "later:  ") << request.says << "\n  wanted "
                << join(wanted, " ") << "\n  found ";
      for (const catalog::Tool* tool : found) std::cout << ' ' << short_name(*tool);
      std::cout << '\n';
    }
  }
  std::cout.setf(std::ios::fixed);
  std::cout.precision(3);
  std::cout << what.title << ": " << (*catalog)->tools().size() << " tools\n";
  for (const auto& [name, half] : {std::pair{"tuning  ", tuning}, {"measured", measured}}) {
    std::cout << "  " << name << "  " << half.asked << " requests  recall at 1 "
              << share(half.first, half.asked) << "  at 5 " << share(half.among, half.asked)
              << '\n';
  }
  std::cout << "  a search takes " << all / static_cast<double>(tuning.asked + measured.asked)
            << " ms, the slowest " << slowest << " ms; the index was made in " << made.count()
            << " ms and takes about " << found_by.index().bytes() / 1024 << " KiB\n";
  return 0;
}

// ---- weights -----------------------------------------------------------------------------------

struct Corpus {
  std::shared_ptr<const catalog::ToolCatalog> catalog;
  std::shared_ptr<const catalog::Toolset> toolset;
  std::vector<std::string> Request::* wanted;
};

// How well the tuning half is found: the mean of the reciprocal ranks, of which those beyond five
// count nothing.
double goodness(const std::vector<Request>& requests, const std::vector<Corpus>& corpora,
                const search::Weights& weights) {
  double sum = 0;
  double asked = 0;
  for (const Corpus& corpus : corpora) {
    const search::ToolSearch found_by(*corpus.catalog, weights);
    for (std::size_t at = 0; at < requests.size(); at += 2) {
      const auto& wanted = requests[at].*corpus.wanted;
      if (wanted.empty()) continue;
      ++asked;
      const auto found = found_by.find(*corpus.toolset, requests[at].says, 2 * kAmong);
      for (std::size_t rank = 0; rank < found.size(); ++rank) {
        if (std::ranges::find(wanted, short_name(*found[rank])) == wanted.end()) continue;
        sum += 0.5 / static_cast<double>(rank + 1) + (rank < kAmong ? 0.5 : 0.1);
        break;
      }
    }
  }
  return sum / std::max(1.0, asked);
}

// By name, each with its place.
std::vector<std::pair<std::string, float*>> knobs_of(search::Weights& weights) {
  std::vector<std::pair<std::string, float*>> knobs = {{"saturation", &weights.saturation},
                                                       {"length_share", &weights.length_share},
                                                       {"synonym", &weights.synonym},
                                                       {"kin", &weights.kin},
                                                       {"verb", &weights.verb},
                                                       {"beside", &weights.beside},
                                                       {"share", &weights.share},
                                                       {"action", &weights.action},
                                                       {"covered", &weights.covered}};
  for (std::size_t field = 0; field < weights.fields.size(); ++field) {
    knobs.emplace_back("fields[" + std::to_string(field) + "]", &weights.fields[field]);
  }
  return knobs;
}

void print(search::Weights weights, double good) {
  std::cout << "goodness " << good << ':';
  for (const auto& [name, value] : knobs_of(weights)) std::cout << ' ' << name << ' ' << *value;
  std::cout << std::endl;
}

// Takes what is better, one or two weights at a time. Far from where it began costs a little, so
// that nothing is bought by one request alone.
void tune(const std::vector<Request>& requests, const std::vector<Corpus>& corpora, int turns) {
  constexpr double kFar = 0.002;  // for each weight that is doubled or halved
  std::mt19937 random(1);         // the same each time
  std::normal_distribution<double> step(0, 0.35);
  search::Weights best;
  double best_good = goodness(requests, corpora, best);
  print(best, best_good);
  std::vector<float> begin;
  for (const auto& [name, value] : knobs_of(best)) begin.push_back(*value);
  for (int turn = 0; turn < turns; ++turn) {
    search::Weights next = best;
    auto knobs = knobs_of(next);
    const std::size_t many = 1 + (random() % 2);
    for (std::size_t i = 0; i < many; ++i) {
      *knobs[random() % knobs.size()].second *= static_cast<float>(std::exp(step(random)));
    }
    double good = goodness(requests, corpora, next);
    for (std::size_t i = 0; i < knobs.size(); ++i) {
      good -= kFar * std::abs(std::log2(*knobs[i].second / begin[i]));
    }
    if (good <= best_good) continue;
    best = next;
    best_good = good;
    print(best, best_good);
  }
}

int tune_all(const std::vector<Request>& requests, const std::vector<pack::LoadOutcome>& outcomes,
             int turns) {
  std::vector<Corpus> corpora;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    const auto catalog = catalog::ToolCatalog::generate(outcomes[i].integration);
    if (!catalog) return 1;
    const auto toolset = catalog::Toolset::select(*catalog, {});
    if (!toolset) return 1;
    corpora.push_back({*catalog, *toolset, i == 0 ? &Request::shipped : &Request::imported});
  }
  tune(requests, corpora, turns);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> given(argv + 1, argv + argc);
  std::vector<std::string> files;
  bool tells_failures = false;
  int turns = 0;
  for (std::size_t i = 0; i < given.size(); ++i) {
    if (given[i] == "--failures") {
      tells_failures = true;
    } else if (given[i] == "--tune" && i + 1 < given.size()) {
      turns = static_cast<int>(parse_int64(given[++i]).value_or(0));
    } else {
      files.push_back(given[i]);
    }
  }
  if (files.empty() || files.size() > 2) {
    std::cerr << "search_eval REQUESTS [FOLDER] [--failures] [--tune TURNS]\n";
    return 2;
  }
  const auto requests = read_requests(files[0]);
  std::vector<pack::LoadOutcome> outcomes;
  outcomes.push_back(pack::load_pack(pack::embedded_pack("connectwise_psa")));
  if (files.size() == 2) {
    const auto imported = pack::read_pack(files[1]);
    if (!imported) return 1;
    outcomes.push_back(pack::load_pack(*imported));
  }
  if (turns > 0) return tune_all(requests, outcomes, turns);
  int failed =
      evaluate(requests, outcomes.front(), {"shipped pack", &Request::shipped, tells_failures});
  if (outcomes.size() == 2) {
    failed += evaluate(requests, outcomes.back(), {"imported", &Request::imported, tells_failures});
  }
  return failed;
}
