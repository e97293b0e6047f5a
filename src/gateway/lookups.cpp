#include "gateway/lookups.h"

#include "base/text.h"
#include "gateway/stages.h"
#include "json/parse.h"

namespace patchbay::gateway {

namespace {

// Twenty pages of a thousand: 20 calls is what an account bears without being throttled.
constexpr std::int64_t kMaxPages = 20;
// Of one loop, all accounts together; a collection of 1,000 boards is about 100 KB.
constexpr std::size_t kMaxEntries = 1024;

}  // namespace

io::Task<Lookups::Answer> Lookups::get(Call& call, LookupQuery query) {
  std::string key = call.context.account->id() + '\n' + query.path + '?' + query.query + '\n' +
                    query.filter + '\n' + join(query.fields, ",") +
                    (query.page_through ? "\nall" : "");
  call.lookup_keys.push_back(key);
  while (true) {
    const auto now = call.services.clock.monotonic();
    auto& entry = entries_[key];
    const bool same_account = entry.account.lock() == call.context.account;
    if (same_account && entry.collection && now < entry.expires) co_return entry.collection;
    if (same_account && entry.flight) {
      const auto flight = entry.flight;
      co_await flight->landed.wait();
      // Whoever asked first may have given up; that is no answer for those who have not.
      const bool abandoned = !flight->answer && flight->answer.error().code == ErrorCode::cancelled;
      if (!abandoned || call.context.cancel.cancelled()) co_return flight->answer;
      continue;
    }
    const auto flight = std::make_shared<Flight>();
    entry = Entry{call.context.account, {}, nullptr, flight};
    flight->answer = co_await fetch(call, query);
    // The map may have changed while we waited, and so may the entry.
    if (const auto found = entries_.find(key);
        found != entries_.end() && found->second.flight == flight) {
      if (flight->answer) {
        found->second.flight = nullptr;
        found->second.collection = *flight->answer;
        found->second.expires =
            call.services.clock.monotonic() + call.services.options.reference_ttl;
      } else {
        entries_.erase(found);
      }
    }
    make_room(call.services.clock.monotonic());
    flight->landed.set();
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
  if (entries_.size() < kMaxEntries) return;
  std::erase_if(entries_, [&](const auto& item) {
    return !item.second.flight && (item.second.expires <= now || item.second.account.expired());
  });
  if (entries_.size() < kMaxEntries) return;
  std::erase_if(entries_, [](const auto& item) { return !item.second.flight; });
}

io::Task<Lookups::Answer> Lookups::fetch(Call& call, const LookupQuery& query) {
  const auto& pagination = call.integration().pagination;
  auto collection = std::make_shared<Collection>();
  std::string fields;
  if (!query.fields.empty()) {
    fields = pagination.id_field;
    for (const auto& field : query.fields) {
      if (field != pagination.id_field) fields += ',' + field;
    }
  }
  for (std::int64_t page = 1; page <= kMaxPages; ++page) {
    upstream::Request request;
    request.path = query.path;
    request.query = query.query;
    add_parameter(request.query, pagination.filter_parameter, query.filter);
    add_parameter(request.query, pagination.fields_parameter, fields);
    if (pagination.style == catalog::PaginationStyle::page) {
      add_parameter(request.query, pagination.order_parameter, pagination.id_field);
      add_parameter(request.query, pagination.size_parameter, std::to_string(pagination.max_size));
      if (page > 1) {
        add_parameter(request.query, pagination.page_parameter, std::to_string(page));
      }
    }
    auto answer = co_await send(call, std::move(request), false, query.resource);
    if (!answer) {
      auto& error = answer.error();
      error.message = "Looking up " + to_lower(query.resource->label) + " failed: " + error.message;
      co_return std::unexpected(std::move(error));
    }
    auto parsed = json::parse(answer->body);
    if (!parsed || !parsed->is_array()) {
      co_return stop(ErrorCode::upstream, "Looking up " + to_lower(query.resource->label) +
                                              " failed: the API's answer was no list.");
    }
    auto& records = *parsed->if_array();
    const auto count = static_cast<std::int64_t>(records.size());
    for (auto& record : records) collection->records.push_back(std::move(record));
    collection->complete =
        pagination.style != catalog::PaginationStyle::page || count < pagination.max_size;
    if (collection->complete || !query.page_through) break;
  }
  co_return collection;
}

}  // namespace patchbay::gateway
