#include "cli/problems.h"

#include <string>

#include <fmt/format.h>

#include "cli/terminal/display_text.h"
#include "cli/terminal/terminal.h"

namespace patchbay::cli {

json::Value problems_as_json(const std::vector<pack::Problem>& problems) {
  json::Array list;
  for (const pack::Problem& problem : problems) {
    list.emplace_back(json::Object{{"file", problem.file},
                                   {"line", static_cast<std::int64_t>(problem.line)},
                                   {"severity", problem.warning ? "warning" : "error"},
                                   {"message", problem.message},
                                   {"fix", problem.fix}});
  }
  return list;
}

void print_problems(const std::vector<pack::Problem>& problems) {
  for (const pack::Problem& problem : problems) {
    const std::string place =
        problem.line == 0 ? problem.file : fmt::format("{}:{}", problem.file, problem.line);
    fmt::print("{}: {}: {}\n", one_line(place), problem.warning ? "warning" : bold("error"),
               one_line(problem.message));
    if (!problem.fix.empty()) fmt::print("    {}\n", one_line(problem.fix));
  }
}

}  // namespace patchbay::cli
