// Forward proxies: through whom a client goes that may not go by itself. What is encrypted is
// tunnelled by CONNECT and stays closed to the proxy.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "http/url.h"

namespace patchbay::http {

struct Proxy {
  Origin origin;              // spoken to without TLS
  std::string authorization;  // "Basic …"; empty: none
  bool operator==(const Proxy&) const = default;
};

// Gives a variable of the environment; nothing where it is not set.
using Variables = std::function<std::optional<std::string>(const char* name)>;

// What the environment says for that origin: http_proxy or https_proxy, else all_proxy, in small or
// in capital letters, unless no_proxy names the host (exactly, as the end of its name, or with
// "*"). This machine is reached without. Null: straight there. Error invalid_argument: a proxy of a
// kind that is not spoken (SOCKS, or over TLS), or no address.
Result<std::shared_ptr<const Proxy>> choose_proxy(const Origin& origin, const Variables& variable);

}  // namespace patchbay::http
