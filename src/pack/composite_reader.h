// What the parts of one composite share while it is read. Seen by this room only.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "pack/definition.h"

namespace patchbay::pack {

struct CompositeReader {
  Definition& definition;
  Method& method;
  Composite& composite;
  std::set<std::string> used;  // arguments that a step takes

  void problem(std::size_t line, std::string message, std::string fix) {
    definition.problems.error(line, std::move(message), std::move(fix));
  }

  // "$board", "$ticket.company.id", {days_ago: 7} or {days_ago: $days}, or a constant.
  StepValue read_value(const Node& node, const std::string& what);
  // Of a test of several.
  StepValue read_values(const Node& node, const std::string& what);
  // What records must be like: field: value, or field: {shorter_than, from, before, or_missing}.
  std::vector<Condition> read_conditions(const Node& node, const std::string& what,
                                         const std::string& resource);
  // `shown`: the answer has a part of it, and something must be made of the list for that.
  Reduction read_reduction(const Node& node, const std::string& what, const std::string& resource,
                           bool shown);
  void read_figure(const Node::Entry& entry);
  // {holidayListId: calendars.holidayList.id}
  void read_each(const Node& node, const std::string& what, CompositeStep& step);
  void read_work_time(const Node& node);
  // Once all resources are known: whether `resource` has it in its answers.
  void check_field_later(const std::string& field, const std::string& resource, std::size_t line,
                         const std::string& what);

 private:
  void read_tests(const Node& node, const std::string& name, const std::string& resource,
                  Condition condition, std::vector<Condition>& conditions);
  // {one_of: statuses, named: $status, otherwise: $board.defaultStatus.id}
  StepValue read_choice(const Node& node, const std::string& what);
  StepValue read_placeholder(std::string_view text, std::size_t line, const std::string& what);
  Aggregate read_aggregate(const std::string& name, const Node& node, const std::string& what,
                           const std::string& resource);
};

}  // namespace patchbay::pack
