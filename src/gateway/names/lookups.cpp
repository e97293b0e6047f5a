#include "gateway/names/lookups.h"

#include <exception>
#include <iterator>

#include "base/text.h"
#include "gateway/sending/ask.h"
#include "gateway/sending/off_loop.h"
#include "gateway/sending/pages.h"
#include "gateway/sending/read_answer.h"
#include "io/deadline.h"
#include "io/runtime.h"

namespace patchbay::gateway {

namespace {

// Twenty pages of a thousand: 20 calls is what an account bears without being throttled.
constexpr std::int64_t kMaxPages = 20;
// Of one loop, all accounts together; a collection of 1,000 boards is about 100 KB.
constexpr std::size_t kMaxEntries = 1024;
constexpr std::size_t kMaxBytes = 32 * 1024 * 1024;
// A parsed record takes several times the room of its text.
constexpr std::size_t kBytesPerTextByte = 4;
constexpr std::chrono::seconds kAskAgainAfter{3};
constexpr std::size_t kMaxAskedAgain = 1024;

}  // namespace

std::shared_ptr<Collection> make_collection(const Call& call) {
  const auto end = [&runtime = call.services.runtime,
                    most = call.services.options.get().offload_bytes](Collection* one) {
    std::unique_ptr<Collection> owned(one);
    if (owned->bytes > most) let_go(runtime, std::move(owned));
  };
  return {new Collection, end};
}

bool Lookups::may_ask_again(const std::string& what, MonotonicTime now) {
  if (asked_again_.size() >= kMaxAskedAgain) {
    std::erase_if(asked_again_, [&](const auto& item) { return item.second <= now; });
    if (asked_again_.size() >= kMaxAskedAgain) return false;
  }
  auto& next = asked_again_[what];
  if (now < next) return false;
  next = now + kAskAgainAfter;
  return true;
}

// Until the flight has landed, or this call has no more use for it.
io::Task<> Lookups::await_landing(const Call& call, std::shared_ptr<Flight> flight) {
  const Waits::One waiting(call.context.waits, Waits::For::api);
  const auto woken = std::make_shared<io::Event>();
  flight->waiting.push_back(woken);
  io::CancelToken::Registration cancelled;
  if (!call.change_sent) cancelled = call.context.cancel.on_cancel([woken] { woken->set(); });
  io::Deadline deadline(io::Loop::current(), [woken] { woken->set(); });
  deadline.expires_after(call.services.options.get().upstream_timeout);
  co_await woken->wait();
}

io::Task<Lookups::Answer> Lookups::get(Call& call, LookupQuery query, Freshness freshness) {
  std::string key = call.connection() + '\n' + query.path + '?' + query.query + '\n' +
                    query.filter + '\n' + join(query.fields, ",") +
                    (query.page_through ? "\nall" : "");
  key.append(call.within());
  call.lookup_keys.push_back(key);
  while (true) {
    const auto now = call.services.clock.monotonic();
    auto& entry = entries_[key];
    const auto contradictions = call.services.contradictions.of(*call.context.account);
    const bool usable =
        entry.account.lock() == call.context.account && entry.contradictions == contradictions;
    const auto new_enough = [&](MonotonicTime asked) {
      return freshness == Freshness::remembered || asked >= call.began;
    };
    if (usable && entry.collection && now < entry.expires && new_enough(entry.collection->asked)) {
      co_return entry.collection;
    }
    if (usable && entry.flight && new_enough(entry.flight->asked)) {
      const auto flight = entry.flight;
      co_await await_landing(call, flight);
      if (call.given_up()) {
        co_return refuse(ErrorCode::cancelled, "The call was cancelled.");
      }
      if (!flight->landed) {
        co_return refuse(ErrorCode::timeout, "The API did not answer in time.",
                         "Try again later, or give ids in place of names.");
      }
      // Whoever asked first may have given up; that is no answer for those who have not.
      const bool abandoned = !flight->answer && flight->answer.error().code == ErrorCode::cancelled;
      if (!abandoned) co_return flight->answer;
      continue;
    }
    const auto flight = std::make_shared<Flight>();
    flight->asked = now;
    entry = Entry{call.context.account, {}, nullptr, flight, contradictions};
    // Whatever happens to the one who asks, those who wait must hear of it.
    try {
      flight->answer = co_await fetch(call, query);
    } catch (const std::exception&) {
      flight->answer = refuse(ErrorCode::internal, "A look-up failed.");
    }
    // The map may have changed while we waited, and so may the entry.
    if (const auto found = entries_.find(key);
        found != entries_.end() && found->second.flight == flight) {
      if (flight->answer) {
        found->second.flight = nullptr;
        found->second.collection = *flight->answer;
        found->second.expires =
            call.services.clock.monotonic() + call.services.options.get().reference_ttl;
      } else {
        entries_.erase(found);
      }
    }
    make_room(call.services.clock.monotonic());
    flight->landed = true;
    for (const auto& woken : flight->waiting) woken->set();
    co_return flight->answer;
  }
}

void Lookups::drop(const std::vector<std::string>& keys) {
  for (const auto& key : keys) {
    const auto found = entries_.find(key);
    if (found != entries_.end() && !found->second.flight) entries_.erase(found);
  }
}

void Lookups::make_room(MonotonicTime now) {
  const auto fits = [&] {
    std::size_t bytes = 0;
    for (const auto& [key, entry] : entries_)
      bytes += entry.collection ? entry.collection->bytes : 0;
    return entries_.size() < kMaxEntries && bytes <= kMaxBytes;
  };
  if (fits()) return;
  std::erase_if(entries_, [&](const auto& item) {
    return !item.second.flight && (item.second.expires <= now || item.second.account.expired());
  });
  if (fits()) return;
  std::erase_if(entries_, [](const auto& item) { return !item.second.flight; });
}

io::Task<Lookups::Answer> Lookups::fetch(Call& call, const LookupQuery& query) {
  const auto& pagination = call.integration().pagination;
  const auto collection = make_collection(call);
  collection->asked = call.services.clock.monotonic();
  std::string fields;
  if (!query.fields.empty()) {
    fields = pagination.id_field;
    for (const auto& field : query.fields) {
      if (field != pagination.id_field) fields += ',' + field;
    }
  }
  const auto& list = *query.resource->find_method("list");
  const auto failed = [&](ToolError error) {
    error.message = "Looking up " + to_lower(query.resource->label) + " failed: " + error.message;
    return std::unexpected(std::move(error));
  };
  PageAt at;
  for (std::int64_t pages = 1; pages <= kMaxPages; ++pages) {
    upstream::Request request;
    request.path = query.path;
    request.query = query.query;
    add_parameter(request.query, pagination.filter_parameter, query.filter);
    add_parameter(request.query, pagination.fields_parameter, fields);
    const bool by_number = pagination.style == integration::PaginationStyle::page ||
                           pagination.style == integration::PaginationStyle::offset;
    if (by_number) {
      add_parameter(request.query, pagination.order_parameter, pagination.id_field);
    }
    if (!list.is_whole) add_page_parameters(request, pagination, at, pagination.max_size);
    auto answer = co_await look_up(call, *query.resource, std::move(request));
    if (!answer) co_return failed(std::move(answer.error()));
    collection->bytes += answer->body.size() * kBytesPerTextByte;
    auto read = co_await read_records(call, list, *answer);
    if (!read) co_return failed(std::move(read.error()));
    auto next = co_await off_loop(call, answer->body.size(), [&] {
      auto& all = collection->records;
      all.insert(all.end(), std::make_move_iterator(read->records.begin()),
                 std::make_move_iterator(read->records.end()));
      read->records = {};
      if (list.is_whole) return Outcome<NextPage>(NextPage{NextPage::Is::none, {}});
      return next_page(pagination, *answer, call.context.account->base_url().path, query.path, at,
                       pagination.max_size, read->came);
    });
    if (!next) co_return failed(std::move(next.error()));
    collection->complete = next->is == NextPage::Is::none;
    if (collection->complete || !query.page_through) break;
    at = {at.number + 1, std::move(next->token)};
  }
  co_return collection;
}

}  // namespace patchbay::gateway
