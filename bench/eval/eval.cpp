// How often a search over the tools finds what somebody asks for: the first, and among five. By our
// own search, and by the plain one of clients that search tools by themselves, for which the
// shipped pack's words have to be the right ones: it has a bar.
//
//   search_eval REQUESTS [FOLDER] [--failures]
//
// REQUESTS as bench/eval/requests.txt tells. FOLDER holds an imported pack; without it the pack in
// the binary alone is searched. --failures tells what was missed of the tuning half, and only
// there.
#include <algorithm>
#include <chrono>
#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "catalog/tool.h"
#include "pack/layers.h"
#include "pack/loader.h"
#include "plain_bm25.h"
#include "search/tool_search.h"

namespace {

using namespace patchbay;

constexpr std::size_t kAmong = 5;

// Of the half that is only measured.
struct Bar {
  double first = 0;
  double among = 0;
};
constexpr Bar kPlainBar{.first = 0.60, .among = 0.85};
constexpr Bar kWholeBar{.first = 0.65, .among = 0.90};  // of our own, over all of an API

struct Request {
  std::string says;
  std::vector<std::string> shipped;  // tools that answer it; empty: there is none
  std::vector<std::string> imported;
  std::vector<std::string> either;  // for one laid over the other
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
    Request request{std::string(trim(parts[0])), tools_in(parts[1]), tools_in(parts[2]), {}};
    if (!request.imported.empty()) {
      request.either = request.shipped;
      std::ranges::copy(request.imported, std::back_inserter(request.either));
    }
    requests.push_back(std::move(request));
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

using Find = std::function<std::vector<const catalog::Tool*>(std::string_view wanted)>;

struct Evaluated {
  std::string title;
  std::vector<std::string> Request::* wanted;
  bool tells_failures = false;
  Bar bar = {};
};

struct Measured {
  Half tuning;
  Half only_measured;
  double slowest_ms = 0;
  double all_ms = 0;
};

// What was missed, or came later than first.
void tell_failure(const Request& request, const std::vector<std::string>& wanted,
                  const std::vector<const catalog::Tool*>& found, bool is_missed) {
  std::cout << (is_missed ? "missed: " : "later:  ") << request.says << "\n  wanted "
            << join(wanted, " ") << "\n  found ";
  for (const catalog::Tool* tool : found) std::cout << ' ' << short_name(*tool);
  std::cout << '\n';
}

Measured measure(const std::vector<Request>& requests, const Find& find, const Evaluated& what) {
  using Clock = std::chrono::steady_clock;
  Measured measured;
  for (std::size_t at = 0; at < requests.size(); ++at) {
    const Request& request = requests[at];
    const auto& wanted = request.*what.wanted;
    if (wanted.empty()) continue;
    double took = 1e9;  // the best of three: what others do on the machine is not the search's
    std::vector<const catalog::Tool*> found;
    for (int turn = 0; turn < 3; ++turn) {
      const auto started = Clock::now();
      found = find(request.says);
      took =
          std::min(took, std::chrono::duration<double, std::milli>(Clock::now() - started).count());
    }
    measured.slowest_ms = std::max(measured.slowest_ms, took);
    measured.all_ms += took;
    const auto hit = std::ranges::find_if(found, [&](const catalog::Tool* tool) {
      return std::ranges::find(wanted, short_name(*tool)) != wanted.end();
    });
    const bool is_tuning = at % 2 == 0;
    Half& half = is_tuning ? measured.tuning : measured.only_measured;
    ++half.asked;
    half.first += !found.empty() && hit == found.begin() ? 1 : 0;
    half.among += hit != found.end() ? 1 : 0;
    if (what.tells_failures && is_tuning && (found.empty() || hit != found.begin())) {
      tell_failure(request, wanted, found, hit == found.end());
    }
  }
  return measured;
}

void tell(const Evaluated& what, std::size_t tools, const Measured& measured) {
  std::cout.setf(std::ios::fixed);
  std::cout.precision(3);
  std::cout << what.title << ": " << tools << " tools\n";
  for (const auto& [name, half] :
       {std::pair{"tuning  ", measured.tuning}, {"measured", measured.only_measured}}) {
    std::cout << "  " << name << "  " << half.asked << " requests  recall at 1 "
              << share(half.first, half.asked) << "  at 5 " << share(half.among, half.asked)
              << '\n';
  }
}

// A request that wants what is not there would be missed for ever, and nobody would see why.
int check_names(const std::vector<Request>& requests, const catalog::ToolCatalog& catalog) {
  int unknown = 0;
  for (const Request& request : requests) {
    for (const std::string& wanted : request.shipped) {
      if (std::ranges::any_of(catalog.tools(),
                              [&](const auto& tool) { return short_name(*tool) == wanted; })) {
        continue;
      }
      std::cerr << "There is no " << wanted << ": " << request.says << '\n';
      ++unknown;
    }
  }
  return unknown;
}

int judge(const Half& half, const Bar& bar) {
  if (share(half.first, half.asked) >= bar.first && share(half.among, half.asked) >= bar.among) {
    return 0;
  }
  std::cerr << "At least " << bar.first << " at 1 and " << bar.among << " at 5 are asked for.\n";
  return 1;
}

int evaluate_plain(const std::vector<Request>& requests,
                   const std::shared_ptr<const catalog::ToolCatalog>& catalog,
                   bool tells_failures) {
  const bench::PlainBm25 plain(catalog);
  const Evaluated what{"shipped pack by plain BM25 over name, title and description",
                       &Request::shipped, tells_failures};
  const Measured measured =
      measure(requests, [&](std::string_view wanted) { return plain.find(wanted, kAmong); }, what);
  tell(what, catalog->tools().size(), measured);
  return judge(measured.only_measured, kPlainBar);
}

int evaluate(const std::vector<Request>& requests, const pack::LoadOutcome& outcome,
             const Evaluated& what) {
  if (!outcome.integration) {
    std::cerr << what.title << ": the pack does not load\n";
    for (const auto& problem : outcome.problems) {
      std::cerr << "  " << problem.file << ':' << problem.line << ": " << problem.message << '\n';
    }
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
  const Measured measured = measure(
      requests, [&](std::string_view wanted) { return found_by.find(**toolset, wanted, kAmong); },
      what);
  tell(what, (*catalog)->tools().size(), measured);
  const auto asked = static_cast<double>(measured.tuning.asked + measured.only_measured.asked);
  std::cout << "  a search takes " << measured.all_ms / asked << " ms, the slowest "
            << measured.slowest_ms << " ms; the index was made in " << made.count()
            << " ms and takes about " << found_by.index().bytes() / 1024 << " KiB\n";
  if (what.wanted != &Request::shipped) return judge(measured.only_measured, what.bar);
  return check_names(requests, **catalog) + evaluate_plain(requests, *catalog, what.tells_failures);
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> given(argv + 1, argv + argc);
  std::vector<std::string> files;
  bool tells_failures = false;
  for (const std::string& word : given) {
    if (word == "--failures") {
      tells_failures = true;
    } else {
      files.push_back(word);
    }
  }
  if (files.empty() || files.size() > 2) {
    std::cerr << "search_eval REQUESTS [FOLDER] [--failures]\n";
    return 2;
  }
  const auto requests = read_requests(files[0]);
  int failed = evaluate(requests, pack::load_pack(pack::embedded_pack("connectwise_psa")),
                        {"shipped pack", &Request::shipped, tells_failures});
  if (files.size() == 2) {
    const auto imported = pack::read_pack(files[1]);
    if (!imported) return 1;
    failed += evaluate(requests, pack::load_pack(*imported),
                       {"imported", &Request::imported, tells_failures});
    auto layered = pack::lay_over(pack::parse_files(pack::embedded_pack("connectwise_psa")),
                                  pack::parse_files(*imported));
    failed += evaluate(
        requests, pack::load_parsed(std::move(layered)),
        {"imported, the shipped pack over it", &Request::either, tells_failures, kWholeBar});
  }
  return failed == 0 ? 0 : 1;
}
