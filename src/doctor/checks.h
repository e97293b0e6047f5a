// The single examinations. Each adds what it found.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "app/config.h"
#include "base/clock.h"
#include "doctor/examine.h"
#include "io/certificate.h"

namespace patchbay::doctor {

void check_configuration(const app::Config& config, Findings& findings);
void check_folder(const app::Config& config, Findings& findings);
void check_limits(const app::Config& config, Findings& findings);
void check_port(const app::Config& config, Findings& findings);
// Key and store. Returns the origins of the accounts, each once, as far as they could be read.
std::vector<std::string> check_data(const app::Config& config, Findings& findings);
// Whether each origin is reached, whether its certificate lasts, and how far its clock is from
// ours.
void check_upstreams(const app::Config& config, const std::vector<std::string>& origins,
                     Findings& findings);

// The clock of the database's machine, where that is another one.
void check_database_clock(const app::Config& config, Findings& findings);
// How far our clock is from another one, told to a second: expiries go by it, and an API may refuse
// a signature that is older.
Finding skew_from(std::string_view whose, WallTime theirs, WallTime ours);

// Certificates that end before this are to be renewed.
inline constexpr std::chrono::days kCertificateNotice{21};
// "certificate of …": a finding, by how long it lasts.
Finding lifetime_of(std::string_view check, std::string_view whose, const io::Validity& validity,
                    WallTime now);

}  // namespace patchbay::doctor
