#include <algorithm>

#include <fmt/format.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/terminal/display_text.h"
#include "cli/terminal/terminal.h"
#include "doctor/examine.h"

namespace patchbay::cli {
namespace {

using doctor::Finding;
using doctor::Verdict;

std::string shown(Verdict verdict) {
  std::string word = fmt::format("{:<8}", to_string(verdict));
  switch (verdict) {
    case Verdict::ok:
      return green(word);
    case Verdict::warning:
      return yellow(word);
    case Verdict::fault:
      return red(word);
  }
  return word;
}

void print(const doctor::Findings& findings, std::int64_t faults, std::int64_t warnings) {
  for (const Finding& finding : findings) {
    fmt::print("{} {:<14} {}\n", shown(finding.verdict), finding.check, many_lines(finding.what));
    if (!finding.mend.empty()) fmt::print("{:<23} {}\n", "", faint(many_lines(finding.mend)));
  }
  fmt::print("{} fault{}, {} warning{}.\n", faults, faults == 1 ? "" : "s", warnings,
             warnings == 1 ? "" : "s");
}

void print_as_json(const doctor::Findings& findings, std::int64_t faults, std::int64_t warnings) {
  json::Array checks;
  for (const Finding& finding : findings) {
    checks.emplace_back(json::Object{{"check", finding.check},
                                     {"verdict", to_string(finding.verdict)},
                                     {"what", finding.what},
                                     {"mend", finding.mend}});
  }
  print_json(
      json::Object{{"faults", faults}, {"warnings", warnings}, {"checks", std::move(checks)}});
}

}  // namespace

int examine(const DoctorRequest& request) {
  std::vector<Error> unread;
  const auto config = read_config(request.config_file, request.flags, &unread);
  doctor::Findings findings = doctor::unknown_settings(app::unknown_variables(environ));
  const doctor::Findings others =
      config ? doctor::examine(*config) : doctor::unread_configuration(unread);
  findings.insert(findings.end(), others.begin(), others.end());
  const auto faults = std::ranges::count(findings, Verdict::fault, &Finding::verdict);
  const auto warnings = std::ranges::count(findings, Verdict::warning, &Finding::verdict);
  if (request.json) {
    print_as_json(findings, faults, warnings);
  } else {
    print(findings, faults, warnings);
  }
  return faults == 0 ? 0 : 1;
}

}  // namespace patchbay::cli
