#include "gateway/reports/related.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <string>
#include <unordered_map>
#include <utility>

#include "base/text.h"
#include "dialect/filter.h"
#include "gateway/arguments/prepare.h"
#include "gateway/call/absorb.h"
#include "gateway/reports/list_reader.h"
#include "gateway/sending/fan_out.h"
#include "json/parse.h"

namespace patchbay::gateway::report {

using integration::ReportAmount;

namespace {

// Of ids in one condition, so that the request stays short whatever else is asked.
constexpr std::size_t kIdBytes = 2'500;
constexpr std::size_t kBytesBesideId = 4;  // a comma, encoded, and a blank
// Of lists that are asked for one record at a time.
constexpr std::size_t kMostOneByOne = 2'000;

// A call of the list that has the related records.
struct Inner {
  Inner(Call& whole, const catalog::Tool& list)
      : context(without_progress(whole.context)),
        call(whole.services, whole.loop, list, context),
        prepared{Arguments(list), {}, {}} {
    call.span = whole.span;
    call.waited = whole.waited;
  }
  Inner(const Inner&) = delete;
  Inner& operator=(const Inner&) = delete;

  static CallContext without_progress(CallContext context) {
    context.on_progress = nullptr;
    return context;
  }

  CallContext context;
  Call call;
  Prepared prepared;
};

class RelationReader {
 public:
  RelationReader(Call& call, const Plan& plan, const RelatedPlan& related, const RowTime& time,
                 std::int64_t most, std::vector<Row>& rows)
      : call_(call),
        related_(related),
        told_(plan.report->relations[related.relation]),
        time_(time),
        most_(most),
        rows_(rows) {
    for (std::size_t i = 0; i < rows.size(); ++i) places_.emplace(bare(rows[i].id), i);
    for (const auto& slot : related.slots) {
      const bool is_time = slot.evaluation.amount->kind == ReportAmount::Kind::time;
      for (auto& row : rows) {
        // Of none there are none; of no times there is no last.
        row.related[slot.at] = is_time ? std::nullopt : std::optional(Decimal("0"));
      }
    }
  }

  io::Task<Outcome<>> read() {
    std::vector<std::function<io::Task<>()>> jobs;
    if (told_.path.empty()) {
      for (const auto& part : in_parts()) {
        jobs.emplace_back([this, part] { return read_some(part); });
      }
    } else if (rows_.size() > kMostOneByOne) {
      co_return refuse(ErrorCode::too_large,
                       told_.name + " are read for one record at a time, and there are " +
                           std::to_string(rows_.size()) + " of them.",
                       "Narrow the call with its filters to 2,000 at most.");
    } else {
      for (std::size_t i = 0; i < rows_.size(); ++i) {
        jobs.emplace_back([this, i] { return read_of(i); });
      }
    }
    co_await fan_out(call_.services.runtime, std::move(jobs));
    if (failed_) {
      failed_->message = told_.name + ": " + failed_->message;
      co_return std::unexpected(std::move(*failed_));
    }
    if (related_.is_row) take_their_place();
    co_return Outcome<>();
  }

 private:
  // Some of the rows, one behind the other. Whoever reads for them touches no others, also off the
  // loop.
  struct Span {
    std::size_t begin = 0;
    std::size_t end = 0;
  };

  // Of which the ids fit a condition.
  std::vector<Span> in_parts() const {
    std::vector<Span> parts;
    std::size_t room = 0;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      const auto need = rows_[i].id.size() + kBytesBesideId;
      if (parts.empty() || room < need) {
        parts.push_back({i, i});
        room = kIdBytes;
      }
      room -= std::min(room, need);
      parts.back().end = i + 1;
    }
    return parts;
  }

  io::Task<> read_some(Span part) {
    json::Array ids;
    for (auto i = part.begin; i < part.end; ++i) {
      auto id = json::parse(rows_[i].id);
      if (id) ids.push_back(std::move(*id));
    }
    if (ids.empty()) co_return;
    const auto* field = related_.tool->resource->find_field(told_.on);
    const auto type = field != nullptr ? field->type : integration::FieldType::integer;
    auto condition = call_.filter_dialect()->write(
        {{told_.on, integration::FilterOperator::in, type, json::Value(std::move(ids))}});
    if (!condition) {
      fail(refuse(condition.error()).error());
      co_return;
    }
    co_await read_list({}, std::move(*condition), part);
  }

  io::Task<> read_of(std::size_t row) {
    auto id = json::parse(rows_[row].id);
    if (!id) co_return;
    json::Object arguments;
    arguments.append(told_.path, std::move(*id));
    co_await read_list(std::move(arguments), {}, {row, row + 1});
  }

  io::Task<> read_list(json::Object arguments, std::string condition, Span part) {
    if (failed_) co_return;  // what is missing is not made up for
    for (const auto& [name, value] : told_.with) arguments.append(name, value);
    for (const auto& [name, value] : related_.span) arguments.append(name, value);
    Inner inner(call_, *related_.tool);
    auto ready = co_await prepare(inner.call, std::move(arguments), inner.prepared);
    if (!ready) {
      absorb(call_, inner.call);
      fail(std::move(ready.error()));
      co_return;
    }
    ListReader reader(inner.call, inner.prepared, related_.columns.paths(), std::move(condition));
    std::vector<Row> children;
    const auto take_it = [&](const ReadRecord& record) { take(record, part, children); };
    auto read = inner.call.is_list() ? co_await reader.read_all(most_ - read_, take_it)
                                     : co_await reader.read_one(take_it);
    absorb(call_, inner.call);
    if (!read) {
      fail(std::move(read.error()));
      co_return;
    }
    read_ += *read;
    std::ranges::move(children, std::back_inserter(children_));
  }

  void take(const ReadRecord& record, Span part, std::vector<Row>& children) {
    auto place = part.begin;
    if (told_.path.empty()) {
      const auto found = places_.find(std::string(bare(record.cells[related_.on])));
      if (found == places_.end()) return;
      place = found->second;
    }
    if (place < part.begin || place >= part.end) return;
    Row child{.id = std::string(record.id),
              .cells = {},
              .child = {record.cells.begin(), record.cells.end()},
              .related = {}};
    if (!counts(child)) return;
    for (const auto& slot : related_.slots) gather(slot, child, rows_[place].related[slot.at]);
    if (!related_.is_row) return;
    child.parent = place;
    children.push_back(std::move(child));
  }

  // Once all are there: what is gathered for a record is of all that belong to it.
  void take_their_place() {
    for (auto& child : children_) {
      child.cells = rows_[child.parent].cells;
      child.related = rows_[child.parent].related;
    }
    rows_ = std::move(children_);
  }

  // Whether now lies between the record's two days, where there are such.
  bool counts(const Row& child) const {
    if (!related_.during) return true;
    const auto& [from, until] = *related_.during;
    const auto begin = time_in(child.child[from.at], from.is_day, time_.zone);
    const auto end = time_in(child.child[until.at], until.is_day, time_.zone);
    return (!begin || *begin <= time_.now) && (!end || *end > time_.now);
  }

  void gather(const RelatedPlan::Slot& slot, const Row& child, std::optional<Decimal>& into) const {
    const auto value = evaluate(slot.evaluation, child, time_);
    if (!value) return;
    if (slot.evaluation.amount->kind != ReportAmount::Kind::time) {
      if (into) into = Decimal::sum(*into, *value);
      return;
    }
    const int order = into ? Decimal::compare(*value, *into) : 0;
    if (!into || (slot.evaluation.amount->latest ? order > 0 : order < 0)) into = value;
  }

  void fail(ToolError error) {
    if (!failed_) failed_ = std::move(error);
  }

  Call& call_;
  const RelatedPlan& related_;
  const integration::ReportRelation& told_;
  const RowTime& time_;
  const std::int64_t most_;
  std::vector<Row>& rows_;
  std::unordered_map<std::string, std::size_t> places_;  // by id
  std::vector<Row> children_;
  std::int64_t read_ = 0;
  std::optional<ToolError> failed_;
};

}  // namespace

io::Task<Outcome<>> read_related(Call& call, const Plan& plan, const RowTime& time,
                                 std::int64_t most, std::vector<Row>& rows) {
  for (auto& row : rows) row.related.resize(plan.slots);
  // What is the row comes last: the others are gathered for the records as they are.
  for (const bool rows_last : {false, true}) {
    for (const auto& related : plan.related) {
      if (related.is_row != rows_last) continue;
      RelationReader reader(call, plan, related, time, most, rows);
      if (auto read = co_await reader.read(); !read) co_return read;
    }
  }
  co_return Outcome<>();
}

}  // namespace patchbay::gateway::report
