// Shaping rules made ready, once per integration and loop; and shaping itself, on the loop or off.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "gateway/call.h"
#include "json/shape.h"

namespace patchbay::gateway {

class Plans {
 public:
  // Stays valid as long as someone holds it.
  std::shared_ptr<const json::ShapePlan> find(
      const std::shared_ptr<const integration::Integration>& integration, bool verbose);

 private:
  struct Entry {
    std::weak_ptr<const integration::Integration> integration;
    std::shared_ptr<const json::ShapePlan> usual;
    std::shared_ptr<const json::ShapePlan> verbose;
  };
  std::unordered_map<const integration::Integration*, Entry> entries_;
};

struct ShapedList {
  std::string text;  // "[…]"
  std::vector<json::ShapedRecord> records;
};

// Large bodies leave the loop for it, so that other calls go on meanwhile.
io::Task<Result<ShapedList>> shape_list_of(Call& call, const std::string& body);
io::Task<Result<std::string>> shape_record_of(Call& call, const std::string& body);

}  // namespace patchbay::gateway
