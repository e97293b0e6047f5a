// Records fetched to resolve references, kept for a few minutes. One per event loop: no lock, and
// the price is that each loop asks for itself.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "gateway/call.h"
#include "io/event.h"
#include "json/value.h"

namespace patchbay::gateway {

// What a look-up asks the upstream.
struct LookupQuery {
  const catalog::Resource* resource = nullptr;
  std::string path;
  std::string query;  // further parameters, encoded
  std::string filter;
  std::vector<std::string> fields;  // beside the id; empty: all
  // Where there are more: whether to fetch them all, page by page, or to stop after the first.
  bool page_through = false;
};

struct Collection {
  std::vector<json::Value> records;  // as the upstream wrote them
  bool complete = true;              // false: there are more
};

class Lookups {
 public:
  // Asks once however many calls wait for the same answer. Errors are not remembered.
  io::Task<Step<std::shared_ptr<const Collection>>> get(Call& call, LookupQuery query);
  // Forgets what the upstream has contradicted.
  void drop(const std::vector<std::string>& keys);

 private:
  using Answer = Step<std::shared_ptr<const Collection>>;
  // A request on its way, and who waits for it.
  struct Flight {
    io::Event landed;
    Answer answer;
  };
  struct Entry {
    std::weak_ptr<const upstream::Account> account;  // new credentials, new look-ups
    MonotonicTime expires;
    std::shared_ptr<const Collection> collection;
    std::shared_ptr<Flight> flight;
  };
  static io::Task<Answer> fetch(Call& call, const LookupQuery& query);
  void make_room(MonotonicTime now);

  std::unordered_map<std::string, Entry> entries_;
};

}  // namespace patchbay::gateway
