// The files of certificates that a configuration names, opened.
#pragma once

#include <optional>

#include "app/config.h"
#include "app/faults.h"
#include "io/tls.h"

namespace patchbay::app {

struct TlsFiles {
  std::optional<io::TlsContext> server;    // nothing: plain HTTP, or a fault
  std::optional<io::TlsContext> upstream;  // the system's CAs, and those of the file
};

TlsFiles open_tls_files(const Config& config, Faults& faults);
// What opening them would tell. The system's CAs, of which there is nothing to tell, are not read:
// that is a fifth of a start, and whoever trusts by them reads them.
void check_tls_files(const Config& config, Faults& faults);

}  // namespace patchbay::app
