// Near names among as many tools as the whole of the vendor's API makes (3,097 operations).
#include <benchmark/benchmark.h>

#include "base/nearest.h"

namespace patchbay {
namespace {

std::vector<std::string> tool_names(std::size_t count) {
  constexpr std::string_view kWords[] = {"ticket", "company", "agreement", "invoice", "member",
                                         "board",  "contact", "schedule",  "project", "note"};
  std::vector<std::string> names;
  names.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    std::string name = "list_all_connect_wise_psa_";
    name.append(kWords[i % 10]).append("_").append(kWords[i / 10 % 10]).append("_");
    name.append(kWords[i / 100 % 10]).append(std::to_string(i));
    names.push_back(std::move(name));
  }
  return names;
}

void nearest_tool(benchmark::State& state) {
  const std::vector<std::string> names = tool_names(3097);
  while (state.KeepRunning()) {
    benchmark::DoNotOptimize(nearest("list_connect_wise_psa_tickets", names, 5));
  }
}
BENCHMARK(nearest_tool)->Unit(benchmark::kMillisecond);

void nearest_to_hostile_name(benchmark::State& state) {
  const std::vector<std::string> names = tool_names(3097);
  const std::string wanted(100'000, 'x');
  while (state.KeepRunning()) benchmark::DoNotOptimize(nearest(wanted, names, 5, true));
}
BENCHMARK(nearest_to_hostile_name)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace patchbay
