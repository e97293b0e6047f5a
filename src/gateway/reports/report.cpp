#include "gateway/reports/report.h"

#include <algorithm>
#include <array>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "base/text.h"
#include "gateway/answers/count.h"
#include "gateway/names/known_filters.h"
#include "gateway/reports/groups.h"
#include "gateway/reports/list_reader.h"
#include "gateway/reports/plan.h"
#include "gateway/reports/query.h"
#include "gateway/reports/related.h"
#include "gateway/reports/report_answer.h"
#include "gateway/sending/fan_out.h"
#include "gateway/sending/off_loop.h"

namespace patchbay::gateway {

namespace report {

namespace {

// Related records for each row that may be read.
constexpr std::int64_t kRelatedForEach = 10;

class Reading {
 public:
  Reading(Call& call, const Prepared& prepared, Plan plan)
      : call_(call),
        prepared_(prepared),
        plan_(std::move(plan)),
        time_{call.context.account->time_zone(), call.services.clock.now()},
        most_(plan_.report->most_rows),
        groups_(plan_, time_),
        reader_(call, prepared, plan_.columns.paths(), {}) {}

  io::Task<Outcome<std::string>> run() {
    if (auto counted = co_await count(); !counted) {
      co_return std::unexpected(std::move(counted.error()));
    }
    auto read = co_await read_rows();
    if (!read) co_return std::unexpected(as_whole(std::move(read.error())));
    if (came_ == 0) {
      auto known =
          co_await check_filters_name_something(call_, prepared_.arguments, prepared_.names);
      if (!known) co_return std::unexpected(std::move(known.error()));
    }
    tell_changes();
    co_return co_await off_loop(call_, kAlways, [this] {
      return write_report(call_, prepared_.arguments, plan_, groups_);
    });
  }

 private:
  // Groups of all pages are kept together: whoever works on them may have to wait for another, and
  // does so off the loop.
  static constexpr std::size_t kAlways = static_cast<std::size_t>(-1);

  io::Task<Outcome<>> count() {
    if (call_.method().count_path.empty()) co_return Outcome<>();
    auto counted = co_await count_of(call_, prepared_);
    if (!counted) co_return std::unexpected(std::move(counted.error()));
    counted_ = *counted;
    if (*counted_ > most_) co_return too_many(std::to_string(*counted_));
    co_return Outcome<>();
  }

  std::unexpected<ToolError> too_many(const std::string& rows) const {
    std::vector<std::string> filters;
    for (const auto& argument : call_.method().arguments) {
      const bool narrows = argument.place == integration::ArgumentPlace::filter &&
                           !prepared_.arguments.has(argument.name);
      if (narrows && filters.size() < 6) filters.push_back(argument.name);
    }
    return refuse(
        ErrorCode::too_large,
        "This report is of " + rows + " rows; at most " + std::to_string(most_) +
            " are read for one.",
        "Nothing was read. Narrow it" +
            (filters.empty() ? std::string() : ", for example with " + join(filters, ", ")) +
            ", or report on one span of time after the other.");
  }

  io::Task<Outcome<>> read_rows() {
    const auto size = reader_.page_size();
    pages_ = counted_ ? (*counted_ + size - 1) / size : 0;
    if (counted_ == 0) co_return Outcome<>();
    std::int64_t next = 1;
    if (reader_.has_numbers() && pages_ > 1) {
      if (auto read = co_await read_counted_pages(); !read) co_return read;
      next = pages_ + 1;
      // What is new stands behind what was there.
      if (last_page_came_ < size) co_return Outcome<>();
    }
    std::string token;
    for (;; ++next) {
      auto page = co_await read_page(next, token);
      if (!page) co_return std::unexpected(std::move(page.error()));
      token = page->next;
      const bool more = reader_.has_numbers() ? page->came >= size : !token.empty();
      if (!more) co_return Outcome<>();
      if (came_ >= most_) co_return too_many("more than " + std::to_string(came_));
    }
  }

  // Several at a time. With related records one after the other: these are read several at a time.
  io::Task<Outcome<>> read_counted_pages() {
    if (plan_.related.empty()) {
      std::vector<std::function<io::Task<>()>> jobs;
      for (std::int64_t number = 1; number <= pages_; ++number) {
        jobs.emplace_back([this, number] { return read_numbered(number); });
      }
      co_await fan_out(call_.services.runtime, std::move(jobs));
    } else {
      for (std::int64_t number = 1; number <= pages_; ++number) co_await read_numbered(number);
    }
    if (failed_) co_return std::unexpected(std::move(*failed_));
    co_return Outcome<>();
  }

  // Once one has failed no further one is read.
  io::Task<> read_numbered(std::int64_t number) {
    if (failed_) co_return;
    auto page = co_await read_page(number, {});
    if (!page) {
      if (!failed_) failed_ = std::move(page.error());
      co_return;
    }
    if (number == pages_) last_page_came_ = page->came;
  }

  io::Task<Outcome<ListReader::PageRead>> read_page(std::int64_t number, std::string token) {
    tell_place();
    std::vector<Row> rows;
    auto page = co_await reader_.read_page(number, token, [&rows](const ReadRecord& record) {
      rows.push_back({.id = std::string(record.id),
                      .cells = {record.cells.begin(), record.cells.end()},
                      .child = {},
                      .related = {}});
    });
    if (!page) co_return page;
    came_ += page->came;
    if (!plan_.related.empty() && !rows.empty()) {
      auto related = co_await read_related(call_, plan_, time_, most_ * kRelatedForEach, rows);
      if (!related) co_return std::unexpected(std::move(related.error()));
    }
    co_await off_loop(call_, kAlways, [&] {
      groups_.add(rows);
      std::vector<Row>().swap(rows);  // here, and not on the loop
      return true;
    });
    ++pages_read_;
    if (call_.context.on_progress) {
      call_.context.on_progress(pages_read_, std::max(pages_, pages_read_),
                                std::to_string(came_) + " rows read");
    }
    co_return page;
  }

  void tell_place() {
    auto* const waits = call_.context.waits;
    if (waits == nullptr) return;
    waits->place.name = call_.method().name;
    waits->place.step = 1;
    waits->place.steps = 1;
    waits->place.page = pages_read_ + 1;
    waits->place.most_pages = std::max(pages_, pages_read_ + 1);
  }

  // What was read is no report.
  ToolError as_whole(ToolError error) const {
    if (pages_read_ > 0 && error.code != ErrorCode::cancelled) {
      error.message = "Nothing is reported, since not all rows could be read (" +
                      std::to_string(came_) + (counted_ ? " of " + std::to_string(*counted_) : "") +
                      " were): " + error.message;
    }
    return error;
  }

  void tell_changes() {
    if (!counted_ || came_ == *counted_) return;
    call_.add_notice("The list changed while it was read: " + std::to_string(*counted_) +
                     " rows were counted and " + std::to_string(came_) + " read.");
  }

  Call& call_;
  const Prepared& prepared_;
  const Plan plan_;
  const RowTime time_;
  const std::int64_t most_;
  Groups groups_;
  ListReader reader_;
  std::optional<std::int64_t> counted_;
  std::int64_t pages_ = 0;  // as counted
  std::int64_t pages_read_ = 0;
  std::int64_t last_page_came_ = 0;
  std::int64_t came_ = 0;
  std::optional<ToolError> failed_;
};

io::Task<Outcome<std::string>> read_and_write(Call& call, const Prepared& prepared) {
  const auto report = integration::report_of(call.method());
  if (!report) co_return refuse(ErrorCode::unsupported, "This list gives no reports.");
  auto query = read_query(call, *report, prepared.arguments);
  if (!query) co_return std::unexpected(std::move(query.error()));
  auto plan = make_plan(call, *report, prepared.arguments, std::move(*query));
  if (!plan) co_return std::unexpected(std::move(plan.error()));
  if (!plan->notice.empty()) call.add_notice(plan->notice);
  Reading reading(call, prepared, std::move(*plan));
  co_return co_await reading.run();
}

}  // namespace

}  // namespace report

bool asks_report(const Call& call, const Arguments& arguments) {
  const auto given = [&](const std::string& name) {
    const auto* argument = arguments.has(name) ? call.find_argument(name) : nullptr;
    return argument != nullptr && argument->place == integration::ArgumentPlace::platform;
  };
  if (!integration::has_report(call.method())) return false;
  if (std::ranges::any_of(std::array{integration::kGroupBy, integration::kMeasures,
                                     integration::kWhere, integration::kHaving},
                          given)) {
    return true;
  }
  // What only a report has a use for.
  return std::ranges::any_of(call.method().arguments, [&](const integration::Argument& argument) {
    return !argument.listed && argument.place == integration::ArgumentPlace::platform &&
           argument.schema.find(integration::kSpanKeyword) != nullptr &&
           arguments.has(argument.name);
  });
}

io::Task<Outcome<std::string>> answer_report(Call& call, const Prepared& prepared) {
  return report::read_and_write(call, prepared);
}

}  // namespace patchbay::gateway
