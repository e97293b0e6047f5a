// An API token for who has the key and the data, and no token that opens.
#pragma once

#include <string>

#include "app/config.h"
#include "base/clock.h"
#include "base/error.h"
#include "json/value.h"
#include "telemetry/log.h"
#include "vault/token.h"

namespace patchbay::app {

struct NewToken {
  std::string name;
  std::string environment_id;  // empty: the whole instance
};

struct MadeToken {
  json::Value record;  // as the admin API shows it: without the secret
  vault::Token token;
};

// Errors: conflict (a server runs on the folder, which knows of no token that it did not make), and
// those of opening the data.
Result<MadeToken> new_token(const Config& config, const NewToken& wanted, const Clock& clock,
                            const telemetry::Log& log);

}  // namespace patchbay::app
