// What MSP tickets are about. A topic is one combination of type, subtype and item on a board, with
// the texts that people write about it; boards get their setup from their topics.
//
// In texts, {host} {user} {site} {app} {n} {ip} are filled in.
#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace patchbay::sandbox {

struct Topic {
  std::string_view board;
  std::string_view type;
  std::string_view sub_type;
  std::string_view item;  // may be empty
  std::vector<std::string_view> summaries;
  std::string_view description;            // how the client put it
  std::vector<std::string_view> findings;  // internal analysis, in the order of the work
  std::string_view resolution;
};

std::vector<Topic> desk_topics();            // Service Desk, Triage, Onboarding & Offboarding, …
std::vector<Topic> infrastructure_topics();  // networks, servers, cloud, security, alerts, field
const std::vector<Topic>& all_topics();

// Short and long notes of time entries.
std::span<const std::string_view> thin_time_notes();  // under 50 characters
std::span<const std::string_view> good_time_notes();  // longer

}  // namespace patchbay::sandbox
