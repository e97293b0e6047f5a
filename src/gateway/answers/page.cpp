#include "gateway/answers/page.h"

#include <algorithm>
#include <cstdint>
#include <deque>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "dialect/filter.h"
#include "gateway/answers/envelope.h"
#include "gateway/answers/expansions.h"
#include "gateway/answers/page_plan.h"
#include "gateway/answers/shape.h"
#include "gateway/answers/size.h"
#include "gateway/names/known_filters.h"
#include "gateway/sending/ask.h"
#include "gateway/sending/off_loop.h"
#include "gateway/sending/pages.h"
#include "gateway/sending/read_answer.h"
#include "json/raw.h"
#include "json/write.h"

namespace patchbay::gateway {

using integration::PaginationStyle;

namespace {

class Page {
 public:
  Page(Call& call, const Prepared& prepared, PagePlan plan)
      : call_(call), prepared_(prepared), plan_(std::move(plan)) {}

  io::Task<Outcome<>> read() {
    const auto& pagination = call_.integration().pagination;
    // One more than is given tells whether there is more.
    const auto size = plan_.keyset ? std::min(plan_.limit + 1, pagination.max_size) : plan_.at.size;
    auto request = make_request(plan_.after, {plan_.at.page, plan_.at.token}, size, plan_.fields);
    if (!request) co_return std::unexpected(std::move(request.error()));
    auto answer = co_await read_upstream(call_, prepared_.arguments, std::move(*request));
    if (!answer) co_return std::unexpected(std::move(answer.error()));
    answer_ = std::move(*answer);
    if (auto shaped = co_await shape(); !shaped) co_return shaped;
    auto moved = co_await off_loop(call_, answer_.body.size(), [this] { return check_progress(); });
    if (!moved) co_return moved;
    if (auto more = co_await find_more(size); !more) co_return more;
    const bool nothing_at_all = records_.records.empty() && !plan_.after && plan_.at.page == 1;
    if (nothing_at_all) {
      auto known =
          co_await check_filters_name_something(call_, prepared_.arguments, prepared_.names);
      if (!known) co_return known;
    }
    co_return co_await complete_records();
  }

  std::size_t bytes() const {
    std::size_t sum = 0;
    for (const auto& text : texts_) sum += text.size();
    return sum;
  }

  // The result, in at most `cap` bytes.
  std::string write(std::size_t cap) {
    auto kept = static_cast<std::int64_t>(texts_.size());
    std::vector<std::size_t> size_of = {list_end(kept).size()};  // of the first n records
    for (const auto& text : texts_) {
      size_of.push_back(size_of.back() + text.size() +
                        (size_of.size() > 1 ? kBetweenRecords.size() : 0));
    }
    bool cut = false;
    std::string out = head(kept, false);
    while (size_of[static_cast<std::size_t>(kept)] + out.size() > cap && kept > 1) {
      cut = true;
      // Downwards until the records fit beside a head of about this size, then look again.
      do {
        --kept;
      } while (kept > 1 && size_of[static_cast<std::size_t>(kept)] + out.size() > cap);
      out = head(kept, true);
    }
    if (kept == 1 && size_of[1] + out.size() > cap) {
      call_.add_notice("The record was too large; its longest texts are cut.");
      out = head(1, cut);
      const auto taken = out.size() + list_end(1).size();
      fitted_ = fit_record(std::string(texts_.front()), cap > taken ? cap - taken : 0).text;
      texts_.front() = fitted_;
    }
    out.reserve(size_of[static_cast<std::size_t>(kept)] + out.size());
    for (std::int64_t i = 0; i < kept; ++i) {
      if (i > 0) out += kBetweenRecords;
      out += texts_[static_cast<std::size_t>(i)];
    }
    out += list_end(kept);
    return out;
  }

 private:
  // For `size` records beyond `after`, or of the page `at`.
  Outcome<upstream::Request> make_request(const std::optional<KeysetPosition>& after,
                                          const PageAt& at, std::int64_t size,
                                          const std::string& fields) const {
    const auto& pagination = call_.integration().pagination;
    upstream::Request request;
    request.path = prepared_.bound.path;
    request.query = prepared_.bound.query;
    std::string filter = prepared_.bound.filter;
    if (after) {
      auto beyond = call_.filter_dialect()->beyond(plan_.order, after->position);
      if (!beyond) return refuse(beyond.error());
      filter = call_.filter_dialect()->both(filter, *beyond);
    }
    add_parameter(request.query, pagination.filter_parameter, filter);
    add_parameter(request.query, pagination.order_parameter, plan_.order_text);
    add_parameter(request.query, pagination.fields_parameter, fields);
    if (!call_.method().is_whole) {
      add_page_parameters(request, pagination, plan_.keyset ? PageAt{} : at, size);
    }
    if (std::ssize(request.query) > call_.integration().max_query_bytes) {
      return refuse(ErrorCode::invalid_argument, "The filters are too long for one request.",
                    "Ask in several calls, each with part of the values.");
    }
    return request;
  }

  io::Task<Outcome<>> shape() {
    auto shaped = co_await shape_list_of(call_, prepared_.arguments, answer_, &call_.method());
    if (!shaped) {
      co_return refuse(
          ErrorCode::upstream, "The API's answer was no list.",
          "Try again once; if it stays so, whoever runs this server must look into it.");
    }
    records_ = std::move(*shaped);
    const auto count = static_cast<std::int64_t>(records_.records.size());
    first_ = plan_.keyset ? 0 : std::min(plan_.at.skip, count);
    take_ = std::min(count - first_, plan_.limit);
    co_return Outcome<>();
  }

  // An API that takes no notice of what asks for the next page would give the same without end.
  Outcome<> check_progress() const {
    const bool again = plan_.after ? has_the_last() : begins_as_the_page_before();
    if (!again) return {};
    return refuse(ErrorCode::upstream,
                  "This list cannot be continued: the API answered with records that were given "
                  "before.",
                  "Leave next_cursor out and ask for more at once, with limit up to " +
                      std::to_string(call_.integration().pagination.max_size) + '.');
  }

  // Whether the record from which to go on is here again. Only records that hold its id's text at
  // all are read.
  bool has_the_last() const {
    const auto& last = plan_.after->position.back();
    const auto text = json::to_string(last);
    for (std::size_t i = 0; i < records_.records.size(); ++i) {
      if (record_at(i).contains(text) && position_at(i).back() == last) return true;
    }
    return false;
  }

  bool begins_as_the_page_before() const {
    return !plan_.at.after_first.empty() && first_id() == plan_.at.after_first;
  }

  // As JSON; "" where there is none.
  std::string first_id() const {
    if (records_.records.empty()) return {};
    return std::string(
        json::shaped_value_at(record_at(0), call_.integration().pagination.id_field));
  }

  // Whether there is more than is given, and what the upstream calls it.
  io::Task<Outcome<>> find_more(std::int64_t size) {
    more_ = take_ < std::ssize(records_.records) - first_;
    // What came and is no record filled the page as well.
    const auto count = records_.came;
    const auto& pagination = call_.integration().pagination;
    if (plan_.keyset) {
      if (!more_ && count >= size && take_ > 0) {
        auto last =
            co_await off_loop(call_, answer_.body.size(), [this] { return position_after(take_); });
        auto more = co_await has_record(KeysetPosition{plan_.order_text, std::move(last)}, {});
        if (!more) co_return std::unexpected(std::move(more.error()));
        more_ = *more;
      }
      co_return Outcome<>();
    }
    if (call_.method().is_whole) co_return Outcome<>();
    const PageAt at{plan_.at.page, plan_.at.token};
    auto next = co_await off_loop(call_, answer_.body.size(), [&] {
      return next_page(pagination, answer_, call_.context.account->base_url().path,
                       prepared_.bound.path, at, size, count);
    });
    if (!next) co_return std::unexpected(std::move(next.error()));
    next_token_ = std::move(next->token);
    if (more_) co_return Outcome<>();
    more_ = next->is == NextPage::Is::there;
    if (next->is == NextPage::Is::untold && take_ > 0) {
      auto more = co_await has_record(std::nullopt, {at.number * size + 1, {}});
      if (!more) co_return std::unexpected(std::move(more.error()));
      more_ = *more;
    }
    co_return Outcome<>();
  }

  // Whether the API has a record there. For full pages, where nothing else tells.
  io::Task<Outcome<bool>> has_record(std::optional<KeysetPosition> after, PageAt at) {
    auto request = make_request(after, at, 1, call_.integration().pagination.id_field);
    if (!request) co_return std::unexpected(std::move(request.error()));
    auto answer = co_await read_upstream(call_, prepared_.arguments, std::move(*request));
    if (!answer) co_return std::unexpected(std::move(answer.error()));
    auto records = co_await read_records(call_, call_.method(), *answer);
    if (!records) co_return false;
    const LetGo ending(call_, records->bytes, records->records);
    co_return records->came > 0;
  }

  // What is given, with what was asked to be included.
  io::Task<Outcome<>> complete_records() {
    for (auto i = first_; i < first_ + take_; ++i) {
      texts_.push_back(record_at(static_cast<std::size_t>(i)));
    }
    const auto expansions = active_expansions(call_, prepared_.arguments);
    if (expansions.empty()) co_return Outcome<>();
    tell_smaller_page();
    std::vector<std::string> expanded(texts_.begin(), texts_.end());
    auto done = co_await expand(call_, prepared_.arguments, expansions, expanded);
    if (!done) co_return done;
    for (std::size_t i = 0; i < texts_.size(); ++i) {
      changed_.push_back(std::move(expanded[i]));
      texts_[i] = changed_.back();
    }
    co_return Outcome<>();
  }

  void tell_smaller_page() {
    const auto* limit = prepared_.arguments.find("limit");
    const bool smaller =
        more_ && limit != nullptr && limit->as_int64().value_or(0) > kMaxExpandedRecords;
    if (!smaller) return;
    call_.add_notice("With what is included a page has " + std::to_string(kMaxExpandedRecords) +
                     " records at most: go on with next_cursor before adding them up.");
  }

  std::string_view record_at(std::size_t index) const {
    const auto& record = records_.records[index];
    return std::string_view(records_.text).substr(record.begin, record.end - record.begin);
  }

  // Of the last of `kept` records.
  dialect::Position position_after(std::int64_t kept) const {
    return position_at(static_cast<std::size_t>(first_ + kept - 1));
  }
  // The values of the order's keys; null for what the record does not have. Out of its shaped form,
  // and where that has lost one, as it came.
  dialect::Position position_at(std::size_t index) const {
    const auto& record = records_.records[index];
    const auto source =
        records_.source.substr(record.source_begin, record.source_end - record.source_begin);
    dialect::Position position;
    for (const auto& key : plan_.order) {
      auto raw = json::shaped_value_at(record_at(index), key.field);
      if (raw.empty()) raw = json::raw_value_at(source, '/' + key.field);
      if (raw.empty()) {
        raw =
            json::raw_value_at(source, '/' + call_.integration().shape.info_name + '/' + key.field);
      }
      auto value = parse_part(raw);
      position.push_back(value ? std::move(*value) : json::Value());
    }
    return position;
  }

  // "" if there is nothing beyond, or no way to say where.
  std::string cursor_after(std::int64_t kept) {
    const bool rest = kept < static_cast<std::int64_t>(texts_.size());
    if (!rest && !more_) return {};
    ListPosition place;
    if (plan_.keyset) {
      KeysetPosition keyset{plan_.order_text, position_after(kept)};
      if (!call_.filter_dialect()->beyond(plan_.order, keyset.position)) {
        unspeakable_ = true;
        return {};
      }
      place = std::move(keyset);
    } else {
      PagePosition page = plan_.at;
      page.skip = first_ + kept;
      const bool page_is_over = page.skip >= static_cast<std::int64_t>(records_.records.size());
      if (page_is_over && call_.integration().pagination.style != PaginationStyle::none) {
        page = {.page = page.page + 1,
                .size = page.size,
                .token = next_token_,
                .after_first = first_id()};
      }
      place = std::move(page);
    }
    return call_.services.cursors.seal(place, plan_.digest, call_.context.scope_id,
                                       call_.services.clock.now());
  }

  // What stands before the records in the result.
  std::string head(std::int64_t kept, bool cut) {
    unspeakable_ = false;
    Envelope envelope{.next_cursor = cursor_after(kept), .result_count = kept};
    std::string& notice = envelope.notice;
    notice = call_.notice;
    const auto say = [&](std::string_view text) {
      notice += (notice.empty() ? "" : " ");
      notice += text;
    };
    if (cut) {
      say("Cut at " + std::to_string(kept) + " of " + std::to_string(texts_.size()) +
          " records to stay within the size limit; next_cursor goes on from there. Ask for fewer "
          "fields to see more at once.");
    }
    const auto style = call_.integration().pagination.style;
    const bool by_token = style == PaginationStyle::cursor || style == PaginationStyle::link_header;
    if (!envelope.next_cursor.empty() && !plan_.keyset && !by_token) {
      say("This list is paged by number: records that come or go meanwhile may be missed or seen "
          "twice.");
    }
    if (unspeakable_) {
      say("There are more, but this order cannot be continued from here; order by id instead.");
    }
    return list_head(envelope.members(), kept);
  }

  Call& call_;
  const Prepared& prepared_;
  PagePlan plan_;
  upstream::Answer answer_;
  ShapedList records_;
  std::int64_t first_ = 0;               // of records_, the first that was not given before
  std::int64_t take_ = 0;                // how many from there on are given
  bool more_ = false;                    // there are records beyond them
  std::string next_token_;               // the upstream's word for its next page, if it has one
  std::deque<std::string> changed_;      // records whose text is no longer the shaped one
  std::vector<std::string_view> texts_;  // what is given, in records_ or changed_
  std::string fitted_;                   // the first of them, if it was too large alone
  bool unspeakable_ = false;
};

}  // namespace

io::Task<Outcome<ReadPage>> read_page(Call& call, const Prepared& prepared) {
  const bool expanded = !active_expansions(call, prepared.arguments).empty();
  auto plan = plan_page(call, prepared.arguments,
                        expanded ? kMaxExpandedRecords : call.integration().pagination.max_size);
  if (!plan) co_return std::unexpected(std::move(plan.error()));
  const auto page = std::make_shared<Page>(call, prepared, std::move(*plan));
  if (auto read = co_await page->read(); !read) co_return std::unexpected(std::move(read.error()));
  co_return ReadPage{page->bytes(), [page](std::size_t room) { return page->write(room); }};
}

io::Task<Outcome<std::string>> read_list(Call& call, const Prepared& prepared) {
  auto page = co_await read_page(call, prepared);
  if (!page) co_return std::unexpected(std::move(page.error()));
  co_return co_await off_loop(
      call, page->bytes, [&call, &page] { return page->write(call.context.max_result_bytes); });
}

}  // namespace patchbay::gateway
