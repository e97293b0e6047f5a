// Addresses that an integration makes of an account's credentials.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/secret.h"
#include "http/url.h"
#include "integration/model.h"

namespace patchbay::upstream {

// A template as an address: https unless the integration allows this machine, without a query, and
// without slashes at its end. What has no scheme after filling gets https. Error invalid_argument,
// which holds no credential.
Result<http::Url> fill_address(std::string_view text, const integration::Integration& integration,
                               const std::map<std::string, Secret>& values);

// "https://host:443".
std::string text_of(const http::Origin& origin);

}  // namespace patchbay::upstream
