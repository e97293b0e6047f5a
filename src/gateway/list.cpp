#include <algorithm>

#include "base/text.h"
#include "dialect/field_path.h"
#include "gateway/expansions.h"
#include "gateway/match.h"
#include "gateway/shape_plans.h"
#include "gateway/size.h"
#include "gateway/stages.h"
#include "json/parse.h"
#include "json/write.h"

namespace patchbay::gateway {

using integration::PaginationStyle;

namespace {

constexpr std::int64_t kDefaultLimit = 25;
// IIS refuses request lines beyond 16 KiB; path and headers need their share.
constexpr std::size_t kMaxQueryBytes = 14'000;

// How this page is asked for.
struct Plan {
  std::int64_t limit = kDefaultLimit;
  std::vector<dialect::OrderKey> order;
  std::string order_text;
  bool keyset = false;
  std::optional<KeysetPlace> after;  // by keyset: what was given last
  PagePlace at;                      // by page number
  std::string fields;
  QueryDigest digest{};
};

Step<std::vector<dialect::OrderKey>> choose_order(const Call& call) {
  const auto* dialect = call.filter_dialect();
  const auto& pagination = call.integration().pagination;
  std::vector<dialect::OrderKey> order;
  if (dialect == nullptr || pagination.order_parameter.empty()) return order;
  const auto* given = call.arguments.find("orderBy");
  const auto* text = given != nullptr ? given->if_string() : nullptr;
  auto parsed =
      dialect->parse_order(text != nullptr ? *text : call.method().default_order, call.resource());
  if (!parsed) {
    if (text == nullptr) return order;  // a fault of the definition; the API's own order will do
    ToolError error{parsed.error().code,
                    "orderBy: " + parsed.error().message,
                    parsed.error().hint,
                    {},
                    0,
                    {},
                    {}};
    error.field_errors.push_back({"orderBy", parsed.error().message});
    return std::unexpected(std::move(error));
  }
  order = std::move(*parsed);
  // The id makes the order total. Newest first unless told otherwise.
  const auto id = dialect::find_path(call.resource().fields, pagination.id_field);
  if (!id || !usable(*id, dialect::FieldUse::sort)) return order;
  const auto is_id = [&](const dialect::OrderKey& key) { return key.field == id->path; };
  const auto has_id = std::ranges::find_if(order, is_id);
  if (has_id != order.end()) {
    order.erase(has_id + 1, order.end());  // nothing after a unique key matters
  } else {
    order.push_back({id->path, id->field->type, order.empty() || order.back().descending});
  }
  return order;
}

// Whether what lies beyond a record can be said in the API's filter language.
bool can_continue_by_value(const Call& call, const std::vector<dialect::OrderKey>& order) {
  const auto& pagination = call.integration().pagination;
  if (order.empty() || pagination.filter_parameter.empty() ||
      pagination.style == PaginationStyle::none ||
      !equal_ignoring_case(order.back().field, pagination.id_field)) {
    return false;
  }
  return std::ranges::all_of(order, [&](const dialect::OrderKey& key) {
    const auto found = dialect::find_path(call.resource().fields, key.field);
    return found && usable(*found, dialect::FieldUse::filter);
  });
}

Step<Plan> make_plan(const Call& call, bool expanded) {
  Plan plan;
  const auto& pagination = call.integration().pagination;
  if (const auto* limit = call.arguments.find("limit")) {
    plan.limit = limit->as_int64().value_or(kDefaultLimit);
  }
  plan.limit =
      std::clamp<std::int64_t>(plan.limit, 1, std::max<std::int64_t>(1, pagination.max_size));
  if (expanded) plan.limit = std::min(plan.limit, kMaxExpandedRecords);
  plan.at.size = plan.limit;

  auto order = choose_order(call);
  if (!order) return std::unexpected(std::move(order.error()));
  plan.order = std::move(*order);
  if (!plan.order.empty()) plan.order_text = call.filter_dialect()->write_order(plan.order);
  plan.keyset = can_continue_by_value(call, plan.order);
  std::vector<std::string> order_fields;
  for (const auto& key : plan.order) order_fields.push_back(key.field);
  auto fields = choose_fields(call, call.method().default_fields, order_fields);
  if (!fields) return std::unexpected(std::move(fields.error()));
  plan.fields = std::move(*fields);

  plan.digest = digest_query(call.tool.name, call.context.account->id(), call.arguments);
  const auto* cursor = call.arguments.find("next_cursor");
  const auto* text = cursor != nullptr ? cursor->if_string() : nullptr;
  if (text == nullptr || text->empty()) return plan;
  auto place = call.services.cursors.open(*text, plan.digest, call.context.scope_id,
                                          call.services.clock.now());
  if (!place) {
    ToolError error{place.error().code, place.error().message, place.error().hint, {}, 0, {}, {}};
    error.field_errors.push_back({"next_cursor", place.error().message});
    return std::unexpected(std::move(error));
  }
  if (auto* keyset = std::get_if<KeysetPlace>(&*place)) {
    if (!plan.keyset || keyset->order != plan.order_text) {
      return stop(ErrorCode::invalid_argument,
                  "next_cursor belongs to an older version of this list",
                  "Leave next_cursor out to begin the listing again.");
    }
    plan.after = std::move(*keyset);
  } else {
    plan.at = std::get<PagePlace>(*place);
    plan.keyset = false;
  }
  return plan;
}

// Of a request for `size` records of page `page`, beyond `after` if given.
Step<upstream::Request> make_request(const Call& call, const Plan& plan,
                                     const std::optional<KeysetPlace>& after, std::int64_t page,
                                     std::int64_t size, const std::string& fields) {
  const auto& pagination = call.integration().pagination;
  upstream::Request request;
  request.path = call.path;
  request.query = call.query;
  std::string filter = call.filter;
  if (after) {
    auto beyond = call.filter_dialect()->beyond(plan.order, after->position);
    if (!beyond) return stop(beyond.error());
    filter = call.filter_dialect()->both(filter, *beyond);
  }
  add_parameter(request.query, pagination.filter_parameter, filter);
  add_parameter(request.query, pagination.order_parameter, plan.order_text);
  add_parameter(request.query, pagination.fields_parameter, fields);
  if (pagination.style != PaginationStyle::none) {
    add_parameter(request.query, pagination.size_parameter, std::to_string(size));
    const bool offset = pagination.style == PaginationStyle::offset;
    if (page > 1) {
      add_parameter(request.query, pagination.page_parameter,
                    std::to_string(offset ? (page - 1) * size : page));
    }
  }
  if (request.query.size() > kMaxQueryBytes) {
    return stop(ErrorCode::invalid_argument, "The filters are too long for one request.",
                "Ask in several calls, each with part of the values.");
  }
  return request;
}

// Whether the API has a record at that place. For full pages, where nothing else tells.
io::Task<Step<bool>> has_record(Call& call, const Plan& plan, std::optional<KeysetPlace> after,
                                std::int64_t number) {
  auto request = make_request(call, plan, after, number, 1, call.integration().pagination.id_field);
  if (!request) co_return std::unexpected(std::move(request.error()));
  const auto answer = co_await send(call, std::move(*request), false);
  if (!answer) co_return std::unexpected(answer.error());
  const auto records = json::parse(answer->body);
  co_return records && records->if_array() != nullptr && !records->if_array()->empty();
}

// The values of the order's keys in one record: in its shaped form if that still has them all.
dialect::Position position_of(const Call& call, const Plan& plan, std::string_view shaped,
                              std::string_view source) {
  const auto read = [&](const json::Value& record, dialect::Position& position) {
    bool complete = true;
    for (const auto& key : plan.order) {
      const auto* value = member_at(record, key.field);
      if (value == nullptr) {
        if (const auto* info = record.find(call.integration().shape.info_name)) {
          value = member_at(*info, key.field);
        }
      }
      complete = complete && value != nullptr;
      position.push_back(value != nullptr ? *value : json::Value());
    }
    return complete;
  };
  dialect::Position position;
  if (const auto record = json::parse(shaped); record && read(*record, position)) return position;
  position.clear();
  if (const auto record = json::parse(source)) read(*record, position);
  return position;
}

class Page {
 public:
  Page(Call& call, Plan plan) : call_(call), plan_(std::move(plan)) {}

  io::Task<Step<>> run() {
    const auto& pagination = call_.integration().pagination;
    const bool whole = pagination.style == PaginationStyle::none;
    const auto size = plan_.keyset ? std::min(plan_.limit + 1, pagination.max_size) : plan_.at.size;
    auto request = make_request(call_, plan_, plan_.after, plan_.keyset ? 1 : plan_.at.page, size,
                                plan_.fields);
    if (!request) co_return std::unexpected(std::move(request.error()));
    auto answer = co_await send(call_, std::move(*request), false);
    if (!answer) co_return std::unexpected(std::move(answer.error()));
    body_ = std::move(answer->body);
    auto shaped = co_await shape_list_of(call_, body_);
    if (!shaped) {
      co_return stop(ErrorCode::upstream, "The API's answer was no list.",
                     "Try again once; if it stays so, whoever runs this server must look into it.");
    }
    shaped_ = std::move(*shaped);

    const auto count = static_cast<std::int64_t>(shaped_.records.size());
    first_ = plan_.keyset ? 0 : std::min(plan_.at.skip, count);
    if (plan_.after && repeats_the_last()) {
      co_return stop(ErrorCode::upstream,
                     "This list cannot be continued: the API answered with records that were given "
                     "before.",
                     "Leave next_cursor out and ask for more at once, with limit up to " +
                         std::to_string(pagination.max_size) + '.');
    }
    const auto take = std::min(count - first_, plan_.limit);
    const bool full = !whole && count >= size;
    if (take < count - first_) {
      more_ = true;
    } else if (full && take > 0) {
      auto more = co_await look_beyond(answer->headers, take);
      if (!more) co_return std::unexpected(std::move(more.error()));
      more_ = *more;
    }
    if (count == 0 && !plan_.after && plan_.at.page == 1) {
      if (auto known = co_await check_filters_name_something(call_); !known) {
        co_return std::unexpected(std::move(known.error()));
      }
    }
    for (std::int64_t i = first_; i < first_ + take; ++i) {
      const auto& record = shaped_.records[static_cast<std::size_t>(i)];
      texts_.push_back(
          std::string_view(shaped_.text).substr(record.begin, record.end - record.begin));
    }
    const auto expansions = active_expansions(call_);
    const auto* limit = call_.arguments.find("limit");
    if (more_ && !expansions.empty() && limit != nullptr &&
        limit->as_int64().value_or(0) > kMaxExpandedRecords) {
      call_.add_notice("With what is included a page has " + std::to_string(kMaxExpandedRecords) +
                       " records at most: go on with next_cursor before adding them up.");
    }
    const auto& custom = call_.integration().custom_fields.field;
    const bool compacts =
        !custom.empty() && shaped_.text.contains('"' + custom + "\":[") && !call_.verbose();
    if (compacts || !expansions.empty()) {
      expanded_.assign(texts_.begin(), texts_.end());
      if (compacts) {
        for (auto& text : expanded_) text = compact_custom_fields(call_, std::move(text));
      }
      if (!expansions.empty()) {
        if (auto expanded = co_await expand(call_, expansions, expanded_); !expanded) {
          co_return std::unexpected(std::move(expanded.error()));
        }
      }
      texts_.assign(expanded_.begin(), expanded_.end());
    }
    co_return Step<>();
  }

  // The result, in at most `cap` bytes.
  std::string assemble(std::size_t cap) {
    static constexpr std::string_view kHead = "{\"result\":[";
    auto kept = static_cast<std::int64_t>(texts_.size());
    std::vector<std::size_t> size_of = {kHead.size()};  // of the first n records
    for (const auto& text : texts_) {
      size_of.push_back(size_of.back() + text.size() + (size_of.size() > 1 ? 1 : 0));
    }
    bool cut = false;
    std::string end = tail(kept, false);
    while (size_of[static_cast<std::size_t>(kept)] + end.size() > cap && kept > 1) {
      cut = true;
      // Downwards until the records fit beside a tail of about this size, then look again.
      do {
        --kept;
      } while (kept > 1 && size_of[static_cast<std::size_t>(kept)] + end.size() > cap);
      end = tail(kept, true);
    }
    if (kept == 1 && size_of[1] + end.size() > cap) {
      call_.add_notice("The record was too large; its longest texts are cut.");
      end = tail(1, cut);
      const auto taken = kHead.size() + end.size();
      fitted_ = fit_record(std::string(texts_.front()), cap > taken ? cap - taken : 0).text;
      texts_.front() = fitted_;
    }
    std::string out;
    out.reserve(size_of[static_cast<std::size_t>(kept)] + end.size());
    out += kHead;
    for (std::int64_t i = 0; i < kept; ++i) {
      if (i > 0) out += ',';
      out += texts_[static_cast<std::size_t>(i)];
    }
    out += end;
    return out;
  }

 private:
  io::Task<Step<bool>> look_beyond(const http::Headers& headers, std::int64_t take) {
    if (plan_.keyset) {
      co_return co_await has_record(call_, plan_,
                                    KeysetPlace{plan_.order_text, position_after(take)}, 1);
    }
    if (const auto link = headers.find("Link")) co_return link->contains("rel=\"next\"");
    co_return co_await has_record(call_, plan_, std::nullopt, plan_.at.page * plan_.at.size + 1);
  }

  // Whether the record from which to go on is here again: an API that takes no notice of the filter
  // would give the same page without end.
  bool repeats_the_last() const {
    const auto& last = plan_.after->position.back();
    for (std::size_t i = 0; i < shaped_.records.size(); ++i) {
      if (position_at(i).back() == last) return true;
    }
    return false;
  }

  // Of the last of `kept` records.
  dialect::Position position_after(std::int64_t kept) const {
    return position_at(static_cast<std::size_t>(first_ + kept - 1));
  }
  dialect::Position position_at(std::size_t index) const {
    const auto& record = shaped_.records[index];
    return position_of(
        call_, plan_,
        std::string_view(shaped_.text).substr(record.begin, record.end - record.begin),
        std::string_view(body_).substr(record.source_begin,
                                       record.source_end - record.source_begin));
  }

  // "" if there is nothing beyond, or no way to say where.
  std::string cursor_after(std::int64_t kept) {
    const bool rest = first_ + kept < first_ + static_cast<std::int64_t>(texts_.size());
    if (!rest && !more_) return {};
    ListPlace place;
    if (plan_.keyset) {
      KeysetPlace keyset{plan_.order_text, position_after(kept)};
      if (!call_.filter_dialect()->beyond(plan_.order, keyset.position)) {
        unspeakable_ = true;
        return {};
      }
      place = std::move(keyset);
    } else {
      PagePlace page = plan_.at;
      page.skip = first_ + kept;
      if (page.skip >= static_cast<std::int64_t>(shaped_.records.size()) &&
          call_.integration().pagination.style != PaginationStyle::none) {
        page = {page.page + 1, page.size, 0};
      }
      place = page;
    }
    return call_.services.cursors.seal(place, plan_.digest, call_.context.scope_id,
                                       call_.services.clock.now());
  }

  // What follows the records in the result.
  std::string tail(std::int64_t kept, bool cut) {
    std::string out = "]";
    unspeakable_ = false;
    const auto cursor = cursor_after(kept);
    if (!cursor.empty()) {
      out += ",\"next_cursor\":\"" + cursor + '"';
    }
    out += ",\"result_count\":" + std::to_string(kept);
    std::string notice = call_.notice;
    const auto say = [&](std::string_view text) {
      notice += (notice.empty() ? "" : " ");
      notice += text;
    };
    if (cut) {
      say("Cut at " + std::to_string(kept) + " of " + std::to_string(texts_.size()) +
          " records to stay within the size limit; next_cursor goes on from there. Ask for fewer "
          "fields to see more at once.");
    }
    if (!cursor.empty() && !plan_.keyset) {
      say("This list is paged by number: records that come or go meanwhile may be missed or seen "
          "twice.");
    }
    if (unspeakable_) {
      say("There are more, but this order cannot be continued from here; order by id instead.");
    }
    if (!notice.empty()) {
      out += ",\"notice\":";
      json::append_string(out, notice);
    }
    return out + '}';
  }

  Call& call_;
  Plan plan_;
  std::string body_;
  ShapedList shaped_;
  std::int64_t first_ = 0;  // of shaped_, the first that was not given before
  std::vector<std::string> expanded_;
  std::vector<std::string_view> texts_;  // the records of this page, in shaped_ or expanded_
  std::string fitted_;                   // the first of them, if it was too large alone
  bool more_ = false;                    // there are records beyond texts_
  bool unspeakable_ = false;
};

}  // namespace

io::Task<Step<PageWriter>> read_page(Call& call) {
  auto plan = make_plan(call, !active_expansions(call).empty());
  if (!plan) co_return std::unexpected(std::move(plan.error()));
  const auto page = std::make_shared<Page>(call, std::move(*plan));
  if (auto read = co_await page->run(); !read) co_return std::unexpected(std::move(read.error()));
  co_return PageWriter([page](std::size_t room) { return page->assemble(room); });
}

io::Task<Step<std::string>> list(Call& call) {
  auto write = co_await read_page(call);
  if (!write) co_return std::unexpected(std::move(write.error()));
  co_return (*write)(call.context.max_result_bytes);
}

}  // namespace patchbay::gateway
