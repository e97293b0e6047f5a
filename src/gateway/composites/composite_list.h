// Lists of a step, read through page by page.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "gateway/composites/composite.h"

namespace patchbay::gateway {

// What becomes of the records, and what all lists of the step share.
struct Intake {
  std::function<void(json::Value)> take;  // called where a page is gone over, maybe off the loop
  std::size_t* seen;                      // records of them all
  std::string* notices;
};

// Reads one list through, as far as there is room for its records. Whether it has more.
io::Task<Outcome<bool>> read_through(Composition& all, Part& part, const json::Object& arguments,
                                     Intake intake);

void add_sentence(std::string& notice, std::string_view sentence);
// That a list has more than so many records.
std::string told_of_more(std::size_t read);

}  // namespace patchbay::gateway
