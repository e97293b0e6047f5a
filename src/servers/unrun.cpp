#include "servers/unrun.h"

#include "audit/journal.h"
#include "base/text.h"

namespace patchbay::servers {
namespace {

// Longer than any tool's: what is asked for may be any text.
constexpr std::size_t kMostOfAName = 200;

}  // namespace

void UnrunCall::note(const audit::Caller& by, audit::Kind kind, const audit::Ending& ending) const {
  const auto journal = gateway_.journal();
  if (!journal) return;
  journal->note({.by = by,
                 .ending = ending,
                 .kind = kind,
                 .at = clock_.now(),
                 .tool = cut_utf8(tool_, kMostOfAName),
                 .request_id = conversation_.request_id});
}

}  // namespace patchbay::servers
