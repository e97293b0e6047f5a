// Which instance a command speaks to, and with what token.
#pragma once

#include <string>

#include "base/error.h"
#include "base/secret.h"
#include "http/url.h"

namespace patchbay::cli {

struct Connection {
  http::Url url;  // its path is put before those of the API
  Secret token;
  std::string ca_file;
  std::string named;  // for messages: "the profile 'production'" or "PATCHBAY_URL"
};

// `profile`: --profile as it was given, or empty. In this order, and never mixed, so that no token
// goes where it does not belong: that profile; PATCHBAY_URL with PATCHBAY_API_TOKEN; the profile of
// PATCHBAY_PROFILE; the one that is in use. Errors: invalid_argument, not_found.
Result<Connection> choose_connection(const std::string& profile);

// An address of an instance: https, or http to this machine; with `plain_http` http to any.
// Error: invalid_argument.
Result<http::Url> read_instance_url(const std::string& text, bool plain_http);

}  // namespace patchbay::cli
