// Looking up the name of a host: for all requests of a loop that want it, and only when one
// connects.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "base/shares.h"
#include "http/client_pool.h"
#include "io/runtime.h"
#include "io/task.h"

namespace patchbay::http {

// Name look-ups of one domain at a time.
inline constexpr std::size_t kMostLookUpsOfDomain = 4;

// "b.example" of "a.b.example": names below one are made up by whoever has it.
std::string_view domain_of(std::string_view host);

// Outlives whoever asked for it: a look-up cannot be cancelled. `place`: its share of them.
io::Task<> look_up(io::Runtime& runtime, std::string host, std::shared_ptr<ClientPool> pool,
                   std::shared_ptr<LookUp> answer, std::shared_ptr<Shares::Share> place);

}  // namespace patchbay::http
