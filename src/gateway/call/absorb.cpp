#include "gateway/call/absorb.h"

#include <algorithm>

namespace patchbay::gateway {

void absorb(Call& whole, const Call& inner) {
  if (inner.rate_limit) whole.rate_limit = inner.rate_limit;
  const bool answered = inner.upstream_status >= 200 && inner.upstream_status < 300;
  if (answered || whole.upstream_status == 0) whole.upstream_status = inner.upstream_status;
  whole.upstream_bytes += inner.upstream_bytes;
  whole.credentials_refused = whole.credentials_refused || inner.credentials_refused;
  whole.waited = std::max(whole.waited, inner.waited);
}

}  // namespace patchbay::gateway
