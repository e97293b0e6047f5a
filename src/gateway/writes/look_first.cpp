#include "gateway/writes/look_first.h"

#include "gateway/writes/duplicates.h"
#include "gateway/writes/looked_at.h"
#include "gateway/writes/overlaps.h"
#include "gateway/writes/totals.h"
#include "gateway/writes/warnings.h"

namespace patchbay::gateway {

io::Task<Outcome<>> look_first(Call& call, const Prepared& prepared) {
  // What cannot be is told before what is there already.
  if (auto looked = co_await look_at_touched(call, prepared); !looked) co_return looked;
  if (auto fresh = co_await refuse_duplicate(call, prepared); !fresh) co_return fresh;
  co_await tell_overlaps(call, prepared);
  co_await tell_what_stays(call, prepared);
  co_await tell_warnings(call, prepared);
  co_return Outcome<>();
}

}  // namespace patchbay::gateway
