// What the machine, a unit or a container allows the process, and how it keeps within that.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "app/config.h"

namespace patchbay::app {

// Raises the number of files that may be open to what whoever started the process allows at most
// (the hard limit): many systems begin with 1,024, for programs of another time. Once for the
// process.
void open_as_many_files_as_allowed();

// The least limit of memory that control groups set the process, in bytes; nothing where there is
// none. Of both versions (https://docs.kernel.org/admin-guide/cgroup-v2.html, and
// cgroup-v1/memory): each group of the path may have one. `process` and `groups` are
// /proc/self/cgroup and /sys/fs/cgroup.
std::optional<std::uint64_t> memory_limit(const std::filesystem::path& process,
                                          const std::filesystem::path& groups);

// The default of max-bytes-in-flight under a limit of memory: what is left of it beside
// `server_memory` and the process itself, between the least that the setting takes and `at_most`.
std::size_t bytes_in_flight_within(std::uint64_t limit, std::size_t server_memory,
                                   std::size_t at_most);

// A configuration's defaults, made to fit the limits that this process has. Before anything is read
// into it: what an operator says stands.
void fit_to_machine(Config& config);

}  // namespace patchbay::app
