// Records fetched to resolve references, kept for a few minutes. One per event loop: no lock, and
// the price is that each loop asks for itself.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "gateway/call/call.h"
#include "gateway/call/tool_error.h"
#include "io/event.h"
#include "json/value.h"

namespace patchbay::gateway {

inline constexpr std::size_t kMaxCandidates = 10;  // names that a message shows

// What a look-up asks the upstream.
struct LookupQuery {
  const integration::Resource* resource = nullptr;
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
  MonotonicTime asked;               // what was changed upstream since then is not in it
  std::size_t bytes = 0;             // about, in memory
};

// An empty one, to be filled. What is large ends off the loop, whoever lets it go last.
std::shared_ptr<Collection> make_collection(const Call& call);

// Which answer will do.
enum class Freshness : std::uint8_t {
  remembered,  // one of the last minutes
  own,         // only one that was asked for since the call began
};

class Lookups {
 public:
  // Asks once however many calls wait for the same answer. Errors are not remembered.
  io::Task<Outcome<std::shared_ptr<const Collection>>> get(
      Call& call, LookupQuery query, Freshness freshness = Freshness::remembered);
  // Whether that may be asked again although an answer is remembered: not every time that a caller
  // repeats a name which does not exist.
  bool may_ask_again(const std::string& what, MonotonicTime now);
  // Forgets what the upstream has contradicted.
  void drop(const std::vector<std::string>& keys);

 private:
  using Answer = Outcome<std::shared_ptr<const Collection>>;
  // A request on its way, and who waits for it.
  struct Flight {
    MonotonicTime asked;
    bool landed = false;
    std::vector<std::shared_ptr<io::Event>> waiting;
    Answer answer;
  };
  struct Entry {
    std::weak_ptr<const upstream::Account> account;  // new credentials, new look-ups
    MonotonicTime expires;
    std::shared_ptr<const Collection> collection;
    std::shared_ptr<Flight> flight;
    std::uint64_t contradictions = 0;  // of the account, when it was asked
  };
  static io::Task<Answer> fetch(Call& call, const LookupQuery& query);
  static io::Task<> await_landing(const Call& call, std::shared_ptr<Flight> flight);
  void make_room(MonotonicTime now);

  std::unordered_map<std::string, Entry> entries_;
  std::unordered_map<std::string, MonotonicTime> asked_again_;
};

}  // namespace patchbay::gateway
