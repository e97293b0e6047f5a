#include "http/client_look_up.h"

#include "io/event.h"
#include "io/resolve.h"

namespace patchbay::http {

std::string_view domain_of(std::string_view host) {
  const auto last = host.rfind('.');
  if (last == std::string_view::npos || last == 0) return host;
  const auto before = host.rfind('.', last - 1);
  return before == std::string_view::npos ? host : host.substr(before + 1);
}

io::Task<> look_up(io::Runtime& runtime, std::string host, std::shared_ptr<ClientPool> pool,
                   std::shared_ptr<LookUp> answer, std::shared_ptr<Shares::Share> place) {
  // However it ends: who waits for it goes on, and the next one begins another.
  struct End {
    const std::string& host;
    ClientPool& pool;
    LookUp& answer;
    Shares::Share& place;
    ~End() {
      answer.is_over = true;
      place.give_back();
      pool.look_ups().erase(host);
      for (auto& waiting : answer.waiting) waiting->set();
    }
  } const end{host, *pool, *answer, *place};
  answer->found = co_await runtime.run_blocking([host] { return io::resolve_blocking(host); });
}

}  // namespace patchbay::http
