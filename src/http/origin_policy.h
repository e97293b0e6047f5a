// Which web pages may speak to this server, and which names it is addressed by.
//
// Browsers send their page's origin along, and only they can be led to another's address by a name
// that changes its meaning (DNS rebinding); the name that they meant stands in Host. Both are
// parsed and compared as what they are: a text that starts like an allowed one is none.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "http/url.h"

namespace patchbay::http {

class OriginPolicy {
 public:
  // Loopback origins alone, and any host.
  OriginPolicy() = default;
  // `origins`: as parse_origin takes them, those of other schemes ("vscode-file://vscode-app") as
  // they are sent, or "*" for all. `hosts`: as parse_authority takes them; one without a port
  // allows every port; none allows every host. Loopback ones are always allowed. Errors:
  // invalid_argument, with the entry.
  static Result<OriginPolicy> make(std::span<const std::string> origins,
                                   std::span<const std::string> hosts);

  // Of an Origin header. What is no origin ("null" and the like) is not allowed.
  bool allows_origin(std::string_view origin) const;
  // Of a Host header.
  bool allows_host(std::string_view host) const;

 private:
  bool any_origin_ = false;
  std::vector<Origin> origins_;
  std::vector<std::string> other_schemes_;
  std::vector<Authority> hosts_;
};

}  // namespace patchbay::http
