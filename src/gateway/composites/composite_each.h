// With `each`: a list for each record of an earlier step, several at the same time. Where the
// answer gives records of these, it is a search: a list that fails leaves out that one alone, and
// how far it has looked is told. Else what is made of them would be wrong without one, which ends
// the step.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "gateway/composites/composite.h"
#include "gateway/composites/composite_reduce.h"

namespace patchbay::gateway {

class Lists {
 public:
  Lists(Composition& all, Part& part, json::Object arguments);

  // All of them, until one fails in a way that the others would as well.
  io::Task<Outcome<>> read();
  void give_to(Reducer& reducer);
  // Some were left out, or not read to their end.
  bool more() const;
  const std::string& notices() const { return notices_; }
  // How much of it was read; of a search, how far that has looked.
  std::string told() const;

 private:
  // The list of one of the values.
  struct Asked {
    json::Value value;
    Part part;
    json::Array records;
    bool more = false;  // it was not read to its end
    bool done = false;
    std::optional<ToolError> failed;
  };

  io::Task<> read_one(Asked& one);
  // Whether the failure of one is the step's.
  bool is_last_straw(const ToolError& error) const;
  // "ticketId 7, 8 and 4 others" of those.
  std::string named(const std::vector<const Asked*>& some) const;
  std::string narrowed_by() const;
  std::string told_of_source(std::size_t whole) const;

  Composition& all_;
  Part& part_;
  json::Object arguments_;
  std::vector<Asked> asked_;
  std::size_t seen_ = 0;
  std::string notices_;
  std::optional<ToolError> ended_by_;  // nothing more is asked
};

// Whether a search looks through what this step has listed, and tells itself how much of it that
// was.
bool is_looked_through(const Composition& all, const Part& part);

}  // namespace patchbay::gateway
