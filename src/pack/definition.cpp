#include "pack/definition.h"

#include <utility>

namespace patchbay::pack {
TypeUse Definition::resolve_type(std::string_view name, std::size_t line, const std::string& what) {
  for (const auto& basic : kFieldTypes) {
    if (name == basic.text) return {basic.means, {}, nullptr};
  }
  if (const auto found = references.find(name); found != references.end()) {
    return {FieldType::reference, {}, &found->second};
  }
  if (const auto found = enums.find(name); found != enums.end()) {
    return {FieldType::string, found->second, nullptr};
  }
  std::vector<std::string> known = texts_of(kFieldTypes);
  for (const auto& entry : references) known.push_back(entry.first);
  for (const auto& entry : enums) known.push_back(entry.first);
  problems.error(line, what + ": unknown type '" + std::string(name) + "'", suggest(name, known));
  return {};
}

void Definition::later(std::function<void()> check) {
  late_checks_.push_back({problems.file(), std::move(check)});
}

void Definition::run_late_checks() {
  for (const LateCheck& late : late_checks_) {
    problems.begin_file(late.file);
    late.check();
  }
  late_checks_.clear();
}

}  // namespace patchbay::pack
