// A composite under way: the calls of its steps, and what each found.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gateway/answers/page.h"
#include "gateway/call/bound.h"
#include "gateway/call/call.h"
#include "gateway/call/tool_error.h"
#include "gateway/composites/composite_reduce.h"
#include "io/task.h"

namespace patchbay::gateway {

// What became of a list that a step sums up.
struct Summary {
  json::Array records;
  json::Array kept;  // for other parts of the answer
  bool gives_records = false;
  json::Object total;
  std::vector<std::pair<std::string, json::Array>> groups;
  std::size_t read = 0;
  std::size_t matching = 0;
  bool more = false;  // than were read
  std::string notice;
};

// One step.
struct Part {
  const integration::CompositeStep* step = nullptr;
  const catalog::Tool* tool = nullptr;  // null: out of the server's scope

  CallContext context;
  // The last one; a page that was read needs both to be written.
  std::unique_ptr<Call> call;
  std::unique_ptr<Prepared> prepared;
  // As they were sent, of the first call; of one for each, without what differs.
  json::Object arguments;
  std::size_t pages = 0;
  std::int64_t page_number = 0;  // of a list that is read through, and how many there may be
  std::int64_t most_pages = 0;

  bool begun = false;
  bool ended = false;
  bool unasked = false;  // no argument that asks for it was given
  std::optional<ToolError> failed;

  // What it found, one of them.
  std::string record;  // a get's text …
  json::Value parsed;  // … and the same as a tree, for other steps and for figures
  ReadPage page;
  std::optional<Summary> summary;
  std::size_t bytes = 0;  // of what these two were made of: whether to work on them off the loop
};

struct Composition {
  Composition(Call& composite, const Prepared& asked);

  Call& call;
  const Prepared& prepared;  // of the composite itself
  std::vector<Part> parts;   // in the order of the steps; they do not move

  const integration::Composite& definition() const { return *call.method().composite; }
  const Part* find(std::string_view step) const;
};

// Says where the composite is, for whoever asks what it waits for.
void tell_place(const Composition& all);

// composite_step.cpp: refuses a span that ends before it begins.
Outcome<> check_span(const Composition& all);

// composite_step.cpp: the conditions whose values are known, over records of the tool's resource.
std::vector<Test> known_tests(const Composition& all, const catalog::Tool& tool,
                              const std::vector<integration::Condition>& conditions);

// composite_step.cpp: what a step or the answer is given; nothing: it is not there.
std::optional<json::Value> value_of(const Composition& all, const integration::StepValue& value);
// Whether one of these arguments is given, and no switch that is off; true of none.
bool is_asked_for(const Composition& all, const std::vector<std::string>& given);

// composite_step.cpp: makes the calls of one step. What it needs of earlier steps must be there.
io::Task<> run_step(Composition& all, Part& part);

// composite_step.cpp: one page of the step's list, as part.page.
io::Task<Outcome<>> take_page(Composition& all, Part& part, json::Object arguments);
// composite_list.cpp: the step's list read through and summed up; with `each` several lists.
io::Task<Outcome<>> reduce_list(Composition& all, Part& part, json::Object arguments);
// Whether every further request would be refused as well.
bool ends_the_call(const ToolError& error);

// composite_step.cpp: prepares the call of one step, without sending it: its arguments are known
// and checked, and its names are looked up.
io::Task<Outcome<>> begin_step(Composition& all, Part& part);
// composite_step.cpp: which step it was, and the composite's own names for what the step was given.
ToolError in_step(const Composition& all, const Part& part, ToolError error);

// Runs the steps that read, those that do not wait for each other at the same time. Returns the
// first failure that the answer cannot do without.
io::Task<std::optional<ToolError>> read_steps(Composition& all);

// What the steps of a composite found, as one text within the size cap. Errors: a step's, where the
// answer cannot do without it; invalid_argument (a span that ends before it begins).
io::Task<Outcome<std::string>> answer_composite(Call& call, const Prepared& prepared);

// composite_answer.cpp: what the steps found, within the size cap.
std::string write_answer(Composition& all);

}  // namespace patchbay::gateway
