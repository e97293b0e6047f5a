#include "doctor/examine.h"

#include <fmt/format.h>

#include "app/foundations.h"
#include "base/iso8601.h"
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

Findings unread_configuration(const Error& error) {
  return {{.check = "configuration",
           .verdict = Verdict::fault,
           .what = error.message,
           .mend = error.hint.empty() ? "Mend that setting; `patchbay serve --help` lists them all."
                                      : error.hint}};
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
        "The certificate of {} ends in {} day(s), at {}.", whose,
        std::chrono::duration_cast<std::chrono::days>(validity.ends - now).count(), until);
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
