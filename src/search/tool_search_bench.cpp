// Searching as many tools as the whole of the vendor's API makes.
#include <memory>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "pack/loader.h"
#include "search/tool_search.h"

namespace patchbay::search {
namespace {

// 3,100 tools of 620 resources, whose words repeat as those of an API do.
std::shared_ptr<const catalog::ToolCatalog> many_tools() {
  constexpr std::string_view kWords[] = {"ticket", "company", "agreement", "invoice", "member",
                                         "board",  "contact", "schedule",  "project", "note"};
  std::vector<pack::PackFile> files = {
      {"x/integration.yaml", "name: x\nbase_url: https://x.example\n"}};
  for (std::size_t i = 0; i < 620; ++i) {
    std::string name(kWords[i % 10]);
    name.append("_").append(kWords[i / 10 % 10]).append("_").append(kWords[i / 100 % 10]);
    name.append("_s").append(std::to_string(i)).append("s");
    const std::string about = " of a " + std::string(kWords[i % 10]) + ", as people say it.\n";
    files.push_back(
        {"x/resources/" + name + ".yaml",
         "resource: " + name + "\npath: /r" + std::to_string(i) +
             "\nfields: {id: integer, name: string, status: string, owner: string}\n"
             "methods:\n  list: Lists records" +
             about + "  get: One record" + about + "  create: {description: Makes a record" +
             about.substr(0, about.find(',')) +
             ", body: [name, status, owner]}\n  update: {description: Changes a record" +
             about.substr(0, about.find(',')) +
             ", body: [name, status, owner]}\n  delete: Deletes a record" + about});
  }
  return catalog::ToolCatalog::generate(pack::load_pack(files).integration).value();
}

void search_tools(benchmark::State& state) {
  const auto catalog = many_tools();
  const auto toolset = catalog::Toolset::select(catalog, {}).value();
  const ToolSearch search(*catalog);
  constexpr std::string_view kQueries[] = {"log thirty minutes on the ticket of the company",
                                           "which invocies does the agremeent have",
                                           "list_all_x_ticket_ticket_ticket_s0s", "note"};
  std::size_t at = 0;
  while (state.KeepRunning()) {
    benchmark::DoNotOptimize(search.find(*toolset, kQueries[at++ % std::size(kQueries)], 20));
  }
  state.SetLabel(std::to_string(catalog->tools().size()) + " tools");
}
BENCHMARK(search_tools)->Unit(benchmark::kMicrosecond);

void make_index(benchmark::State& state) {
  const auto catalog = many_tools();
  while (state.KeepRunning()) {
    const ToolSearch search(*catalog);
    benchmark::DoNotOptimize(&search);
  }
}
BENCHMARK(make_index)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace patchbay::search
