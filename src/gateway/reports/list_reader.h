// A list read whole, a page of the largest size at a time, with no more fields than are needed.
// Pages are reduced as they come, in what shaping left of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "gateway/call/bound.h"
#include "gateway/call/call.h"
#include "gateway/call/tool_error.h"
#include "io/task.h"

namespace patchbay::gateway::report {

// A record that was read: its id, and a JSON token for each of the paths that were asked for, ""
// where it has none. Valid while they are looked at.
struct ReadRecord {
  std::string_view id;
  std::vector<std::string_view> cells;
};

class ListReader {
 public:
  // `call` is of a list or a get, and prepared. `also`: a further condition; "" for none. All of
  // these must live as long as the reader.
  ListReader(Call& call, const Prepared& prepared, const std::vector<std::string>& paths,
             std::string also);

  struct PageRead {
    std::int64_t came = 0;  // records, and what is none
    std::string next;       // what the API calls its next page, where pages have no numbers
  };
  // Where a page stands, from 1; `token` where pages have no numbers. `take` gets each record, on
  // the loop or off it. Errors: the API's, upstream (no list).
  io::Task<Outcome<PageRead>> read_page(std::int64_t number, const std::string& token,
                                        std::function<void(const ReadRecord&)> take);
  // All pages one after the other, `most` records at most. How many there were. Errors: also
  // too_large.
  io::Task<Outcome<std::int64_t>> read_all(std::int64_t most,
                                           std::function<void(const ReadRecord&)> take);

  // Of a get: its record, if there is one. How many that are.
  io::Task<Outcome<std::int64_t>> read_one(std::function<void(const ReadRecord&)> take);

  // Whether any page can be asked for by its number.
  bool has_numbers() const;
  std::int64_t page_size() const { return page_size_; }

 private:
  Outcome<upstream::Request> request_for(std::int64_t number, const std::string& token) const;

  Call& call_;
  const Prepared& prepared_;
  const std::vector<std::string>& paths_;
  std::string also_;
  std::string fields_;
  std::string order_;
  std::int64_t page_size_;
};

}  // namespace patchbay::gateway::report
