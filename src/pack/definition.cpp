#include "pack/definition.h"

#include <array>
#include <utility>

namespace patchbay::pack {
namespace {

constexpr std::array<std::pair<std::string_view, FieldType>, 9> kBasicTypes = {{
    {"string", FieldType::string},
    {"integer", FieldType::integer},
    {"number", FieldType::number},
    {"boolean", FieldType::boolean},
    {"date_time", FieldType::date_time},
    {"date", FieldType::date},
    {"reference", FieldType::reference},
    {"object", FieldType::object},
    {"array", FieldType::array},
}};

}  // namespace

TypeUse Definition::resolve_type(std::string_view name, std::size_t line, const std::string& what) {
  for (const auto& [basic, type] : kBasicTypes) {
    if (name == basic) return {type, {}, nullptr};
  }
  if (const auto found = references.find(std::string(name)); found != references.end()) {
    return {FieldType::reference, {}, &found->second};
  }
  if (const auto found = enums.find(std::string(name)); found != enums.end()) {
    return {FieldType::string, found->second, nullptr};
  }
  std::vector<std::string> known;
  for (const auto& [basic, type] : kBasicTypes) known.emplace_back(basic);
  for (const auto& entry : references) known.push_back(entry.first);
  for (const auto& entry : enums) known.push_back(entry.first);
  faults.error(line, what + ": unknown type '" + std::string(name) + "'", suggest(name, known));
  return {};
}

void Definition::later(std::function<void()> check) {
  late_checks_.push_back({faults.file(), std::move(check)});
}

void Definition::run_late_checks() {
  for (const LateCheck& late : late_checks_) {
    faults.begin_file(late.file);
    late.check();
  }
  late_checks_.clear();
}

}  // namespace patchbay::pack
