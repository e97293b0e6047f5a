#include "doctor/examine.h"

#include <algorithm>

#include <fmt/format.h>

#include "app/foundations.h"
#include "base/counted.h"
#include "base/iso8601.h"
#include "base/nearest.h"
#include "doctor/checks.h"

namespace patchbay::doctor {

std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::ok:
      return "ok";
    case Verdict::warning:
      return "warning";
    case Verdict::fault:
      return "fault";
  }
  return "";
}

Findings unread_configuration(std::span<const Error> errors) {
  Findings findings;
  for (const Error& error : errors) {
    findings.push_back({.check = "configuration",
                        .verdict = Verdict::fault,
                        .what = error.message,
                        .mend = error.hint.empty()
                                    ? "Mend that setting; `patchbay serve --help` lists them all."
                                    : error.hint});
  }
  return findings;
}

Findings unknown_settings(std::span<const std::string> variables) {
  // What all of them begin with makes none of them near.
  const std::size_t prefix = std::string_view("PATCHBAY_").size();
  std::vector<std::string> known;
  for (const app::Option& option : app::options()) {
    known.push_back(app::variable_of(option).substr(prefix));
  }
  Findings findings;
  for (const std::string& variable : variables) {
    const auto near = nearest(variable.substr(std::min(prefix, variable.size())), known, 1);
    findings.push_back(
        {.check = "configuration",
         .verdict = Verdict::warning,
         .what = fmt::format("The variable {} is no setting, and is not heard.", variable),
         .mend = near.empty()
                     ? "Take it away; `patchbay serve --help` lists all settings."
                     : fmt::format("If PATCHBAY_{} is meant, rename it; else take it away.",
                                   near.front())});
  }
  return findings;
}

Finding lifetime_of(std::string_view check, std::string_view whose, const io::Validity& validity,
                    WallTime now) {
  Finding finding{.check = std::string(check)};
  const std::string until = format_utc(validity.ends);
  if (validity.ends <= now) {
    finding.verdict = Verdict::fault;
    finding.what = fmt::format("The certificate of {} expired at {}.", whose, until);
    finding.mend = "Renew it.";
  } else if (validity.begins > now) {
    finding.verdict = Verdict::fault;
    finding.what = fmt::format("The certificate of {} is valid from {} only.", whose,
                               format_utc(validity.begins));
    finding.mend = "Look at this machine's clock first; else have one issued that is valid now.";
  } else if (validity.ends - now < kCertificateNotice) {
    finding.verdict = Verdict::warning;
    finding.what = fmt::format(
        "The certificate of {} ends in {}, at {}.", whose,
        counted(std::chrono::duration_cast<std::chrono::days>(validity.ends - now).count(), "day"),
        until);
    finding.mend = "Renew it, and see why that did not happen by itself.";
  } else {
    finding.what = fmt::format("The certificate of {} is valid until {}.", whose, until);
  }
  return finding;
}

void check_configuration(const app::Config& config, Findings& findings) {
  const std::size_t before = findings.size();
  for (const Error& error : app::configuration_faults(config)) {
    findings.push_back({.check = "configuration",
                        .verdict = Verdict::fault,
                        .what = error.message,
                        .mend = error.hint});
  }
  if (findings.size() == before) {
    findings.push_back({.check = "configuration", .what = "Every setting can be used."});
  }
  if (config.tls_certificate.empty()) return;
  const auto validity = io::certificate_validity(config.tls_certificate);
  if (!validity) return;  // told above
  findings.push_back(lifetime_of("certificate", "this server", *validity, SystemClock().now()));
}

Findings examine(const app::Config& config) {
  Findings findings;
  check_configuration(config, findings);
  check_folder(config, findings);
  check_limits(config, findings);
  check_port(config, findings);
  const auto origins = check_data(config, findings);
  check_database_clock(config, findings);
  check_upstreams(config, origins, findings);
  return findings;
}

}  // namespace patchbay::doctor
