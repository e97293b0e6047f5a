#include "gateway/reports/list_reader.h"

#include <algorithm>
#include <utility>

#include "dialect/field_path.h"
#include "dialect/filter.h"
#include "gateway/answers/shape.h"
#include "gateway/arguments/fields.h"
#include "gateway/sending/ask.h"
#include "gateway/sending/off_loop.h"
#include "gateway/sending/pages.h"
#include "json/raw.h"

namespace patchbay::gateway::report {

using integration::PaginationStyle;

namespace {

// What comes later stands behind what was read, so that nothing moves from page to page.
std::string order_by_id(const Call& call) {
  const auto& pagination = call.integration().pagination;
  const auto* dialect = call.filter_dialect();
  const auto id = dialect::find_path(call.resource().fields, pagination.id_field);
  if (dialect == nullptr || !id || !usable(*id, dialect::FieldUse::sort)) return {};
  return dialect->write_order({{id->path, id->field->type, false}});
}

// Out of what shaping left of a record.
void take_record(std::string_view record, const std::string& id_field,
                 const std::vector<std::string>& paths,
                 const std::function<void(const ReadRecord&)>& take, ReadRecord& read) {
  const auto token = [record](const std::string& path) {
    const auto found = json::shaped_value_at(record, path);
    return found == "null" ? std::string_view() : found;
  };
  read.id = token(id_field);
  read.cells.clear();
  for (const auto& path : paths) read.cells.push_back(token(path));
  take(read);
}

}  // namespace

ListReader::ListReader(Call& call, const Prepared& prepared, const std::vector<std::string>& paths,
                       std::string also)
    : call_(call),
      prepared_(prepared),
      paths_(paths),
      also_(std::move(also)),
      fields_(fields_for(call, paths)),
      order_(order_by_id(call)),
      page_size_(std::clamp<std::int64_t>(call.integration().pagination.max_size, 1, 1'000)) {}

bool ListReader::has_numbers() const {
  const auto style = call_.integration().pagination.style;
  return style == PaginationStyle::page || style == PaginationStyle::offset;
}

Outcome<upstream::Request> ListReader::request_for(std::int64_t number,
                                                   const std::string& token) const {
  const auto& pagination = call_.integration().pagination;
  upstream::Request request;
  request.path = prepared_.bound.path;
  request.query = prepared_.bound.query;
  const auto* dialect = call_.filter_dialect();
  const auto filter =
      dialect != nullptr ? dialect->both(prepared_.bound.filter, also_) : prepared_.bound.filter;
  add_parameter(request.query, pagination.filter_parameter, filter);
  add_parameter(request.query, pagination.order_parameter, order_);
  add_parameter(request.query, pagination.fields_parameter, fields_);
  add_page_parameters(request, pagination, {number, token}, page_size_);
  if (std::ssize(request.query) > call_.integration().max_query_bytes) {
    return refuse(ErrorCode::invalid_argument, "The filters are too long for one request.",
                  "Ask in several calls, each with part of the values.");
  }
  return request;
}

io::Task<Outcome<ListReader::PageRead>> ListReader::read_page(
    std::int64_t number, const std::string& token, std::function<void(const ReadRecord&)> take) {
  auto request = request_for(number, token);
  if (!request) co_return std::unexpected(std::move(request.error()));
  auto answer = co_await read_upstream(call_, prepared_.arguments, std::move(*request));
  if (!answer) co_return std::unexpected(std::move(answer.error()));
  auto shaped = co_await shape_list_of(call_, prepared_.arguments, *answer, &call_.method());
  if (!shaped) {
    co_return refuse(ErrorCode::upstream, "The API's answer was no list.",
                     "Try again once; if it stays so, whoever runs this server must look into it.");
  }
  const auto& pagination = call_.integration().pagination;
  co_await off_loop(call_, answer->body.size(), [&] {
    ReadRecord read;
    for (const auto& place : shaped->records) {
      const auto record =
          std::string_view(shaped->text).substr(place.begin, place.end - place.begin);
      take_record(record, pagination.id_field, paths_, take, read);
    }
    return true;
  });
  PageRead read{.came = shaped->came, .next = {}};
  if (has_numbers()) co_return read;
  auto next = next_page(pagination, *answer, call_.context.account->base_url().path,
                        prepared_.bound.path, {number, token}, page_size_, read.came);
  if (!next) co_return std::unexpected(std::move(next.error()));
  if (next->is == NextPage::Is::there) read.next = std::move(next->token);
  co_return read;
}

io::Task<Outcome<std::int64_t>> ListReader::read_all(std::int64_t most,
                                                     std::function<void(const ReadRecord&)> take) {
  std::int64_t all = 0;
  std::string token;
  for (std::int64_t number = 1;; ++number) {
    auto page = co_await read_page(number, token, take);
    if (!page) co_return std::unexpected(std::move(page.error()));
    all += page->came;
    token = page->next;
    const bool more = has_numbers() ? page->came >= page_size_ : !token.empty();
    if (!more) co_return all;
    if (all >= most) {
      co_return refuse(ErrorCode::too_large,
                       "There are more than " + std::to_string(most) + " records to read.",
                       "Narrow the call with its filters.");
    }
  }
}

io::Task<Outcome<std::int64_t>> ListReader::read_one(std::function<void(const ReadRecord&)> take) {
  upstream::Request request;
  request.path = prepared_.bound.path;
  request.query = prepared_.bound.query;
  auto answer = co_await read_upstream(call_, prepared_.arguments, std::move(request));
  if (!answer && answer.error().code == ErrorCode::not_found) co_return 0;
  if (!answer) co_return std::unexpected(std::move(answer.error()));
  auto shaped = co_await shape_record_of(call_, prepared_.arguments, *answer);
  if (!shaped) {
    co_return refuse(ErrorCode::upstream, "The API's answer was no record.",
                     "Try again once; if it stays so, whoever runs this server must look into it.");
  }
  ReadRecord read;
  take_record(*shaped, call_.integration().pagination.id_field, paths_, take, read);
  co_return 1;
}

}  // namespace patchbay::gateway::report
