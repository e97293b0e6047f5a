// Figures of a composite: sums over what its steps have found.
#include <algorithm>
#include <utility>

#include "base/text.h"
#include "pack/composite_reader.h"

namespace patchbay::pack {
namespace {

// What an operand means: an earlier figure, a value over a step's records, or a field of its
// record.
bool read_operand(std::string_view text, Figure::Term& term, CompositeReader& reader,
                  std::size_t line, const std::string& what) {
  const auto dot = text.find('.');
  if (dot == std::string_view::npos) {
    term.path = text;
    return std::ranges::find(reader.composite.figures, term.path, &Figure::name) !=
           reader.composite.figures.end();
  }
  term.step = text.substr(0, dot);
  term.path = text.substr(dot + 1);
  std::ranges::replace(term.path, '.', '/');
  const auto step = std::ranges::find(reader.composite.steps, term.step, &CompositeStep::name);
  if (step == reader.composite.steps.end()) return false;
  if (!step->reduce) {
    if (step->method != "get") return false;  // no single record, and no value over them
    reader.check_field_later(term.path, step->resource, line, what);
    return true;
  }
  return std::ranges::find(step->reduce->values, term.path, &Aggregate::name) !=
         step->reduce->values.end();
}

}  // namespace

void CompositeReader::read_figure(const Node::Entry& entry) {
  const std::string what = "figure '" + entry.key + "'";
  const auto text = scalar_text(entry.value, what, definition.problems);
  if (!text) return;
  Figure figure;
  figure.name = entry.key;
  bool wants_operand = true;
  Figure::Term term;
  for (const auto word : split(trim(*text), ' ')) {
    if (word.empty()) continue;
    bool understood = false;
    if (wants_operand) {
      understood = read_operand(word, term, *this, entry.line, what);
      figure.terms.push_back(std::exchange(term, {}));
    } else {
      understood = word == "+" || word == "-";
      term.negative = word == "-";
    }
    if (!understood) {
      problem(entry.line, what + ": cannot read '" + std::string(word) + "'",
              "write step.value + step.field - figure, of steps and figures above it");
      return;
    }
    wants_operand = !wants_operand;
  }
  if (wants_operand) problem(entry.line, what + " ends too early", "add what follows");
  composite.figures.push_back(std::move(figure));
}

}  // namespace patchbay::pack
