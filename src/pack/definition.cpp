#include "pack/definition.h"

#include <iterator>
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
  if (is_known_sound) return;
  late_checks_.push_back({problems.file(), std::move(check)});
}

Definition Definition::part(ProblemList& problem_list) const {
  Definition copy(problem_list, is_known_sound);
  copy.folder = folder;
  copy.names_filter_dialect = names_filter_dialect;
  copy.integration = integration;
  copy.references = references;
  copy.enums = enums;
  copy.expressions = expressions;
  copy.out_of_use = out_of_use;
  copy.personal_fields = personal_fields;
  return copy;
}

void Definition::add(Definition part) {
  const auto move_to = [](auto& from, auto& to) {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
  };
  move_to(part.integration.resources, integration.resources);
  move_to(part.instead_of, instead_of);
  method_lines.merge(part.method_lines);
  unreadable_file = unreadable_file || part.unreadable_file;
  for (Problem& problem : part.problems.take()) problems.add(std::move(problem));
}

void Definition::run_late_checks() {
  for (const LateCheck& late : late_checks_) {
    problems.begin_file(late.file);
    late.check();
  }
  late_checks_.clear();
}

std::string_view below_pack(std::string_view path) {
  const auto slash = path.find('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

bool is_time(const Field& field) {
  return field.type == FieldType::date_time || field.type == FieldType::date;
}

}  // namespace patchbay::pack
