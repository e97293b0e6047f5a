#include "json/shape.h"

#include "json/shaper.h"

namespace patchbay::json {

namespace {

// Finds the structure, makes room behind `out` and lets `run` shape into it.
template <class Run>
Result<> shape(std::string_view source, const ShapePlan& plan, std::string& out, Run run) {
  // The walk tells the end by a zero. Every std::string has one; what is cut out of a text may not.
  std::string ended;
  if (source.data()[source.size()] != '\0') {
    ended.reserve(source.size() + kPadding);
    ended = source;
    source = ended;
  }
  static thread_local Structure structure;
  if (Result<> found = structure.find(source); !found) return found;
  const std::size_t before = out.size();
  Result<> result;
  out.resize_and_overwrite(before + source.size() + RunWriter::kStep, [&](char* data, std::size_t) {
    Shaper shaper(source, structure, plan, data + before);
    if (run(shaper)) return before + shaper.written();
    result = std::unexpected(shaper.error());
    return before;
  });
  structure.give_back();
  return result;
}

}  // namespace

Result<> shape_record(std::string_view padded_source, const ShapePlan& plan, std::string& out) {
  return shape(padded_source, plan, out, [](Shaper& shaper) { return shaper.run_record(); });
}

Result<std::vector<ShapedRecord>> shape_list(std::string_view padded_source, const ShapePlan& plan,
                                             std::string& out, std::size_t* nulls) {
  const std::size_t before = out.size();
  std::vector<ShapedRecord> records;
  const Result<> shaped = shape(padded_source, plan, out, [&](Shaper& shaper) {
    const bool done = shaper.run_list(&records);
    if (nulls != nullptr) *nulls = shaper.nulls();
    return done;
  });
  if (!shaped) return std::unexpected(shaped.error());
  for (ShapedRecord& record : records) {
    record.begin += static_cast<std::uint32_t>(before);
    record.end += static_cast<std::uint32_t>(before);
  }
  return records;
}

}  // namespace patchbay::json
