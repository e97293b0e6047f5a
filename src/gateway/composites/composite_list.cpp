// A step's list read through, page by page, and summed up.
#include "gateway/composites/composite_list.h"

#include <algorithm>

#include "base/text.h"
#include "gateway/composites/composite_each.h"
#include "gateway/composites/composite_reduce.h"
#include "gateway/sending/off_loop.h"
#include "gateway/sending/read_answer.h"

namespace patchbay::gateway {

namespace {

struct PageTaken {
  std::string cursor;  // of the next; "" if there is none
  std::size_t records = 0;
};

PageTaken take_in(const std::string& text, const Intake& intake) {
  PageTaken out;
  auto page = parse_part(text);
  if (!page) return out;
  if (auto* result = page->if_object()->find("result"); result != nullptr && result->is_array()) {
    out.records = result->if_array()->size();
    for (auto& record : *result->if_array()) intake.take(std::move(record));
  }
  out.cursor = page->string_or("next_cursor", "");
  return out;
}

ReduceTerms terms_of(const Composition& all, const catalog::Tool& tool,
                     const integration::Reduction& reduction) {
  ReduceTerms terms;
  terms.reduction = &reduction;
  terms.keep = known_tests(all, tool, reduction.keep);
  for (const auto& value : reduction.values) {
    terms.where.push_back(known_tests(all, tool, value.where));
  }
  if (reduction.records) {
    const auto count = value_of(all, *reduction.records);
    terms.records = static_cast<std::size_t>(std::clamp<std::int64_t>(
        count ? count->as_int64().value_or(0) : 0, 0, reduction.read_at_most));
  }
  terms.now = all.call.services.clock.now();
  return terms;
}

// `first`: how much of the list it is made of.
Summary summary_of(Reducer& reducer, const integration::Reduction& reduction, bool more,
                   std::string first) {
  reducer.settle();
  Summary out;
  out.read = reducer.seen();
  out.matching = reducer.kept();
  out.more = more;
  out.notice = std::move(first);
  out.gives_records = reduction.records.has_value();
  out.records = reducer.take_records();
  out.kept = reducer.take_kept();
  out.total = reducer.totals();
  out.groups = reducer.groups();
  if (out.gives_records && out.records.size() < out.matching) {
    add_sentence(out.notice, std::to_string(out.matching) +
                                 " match; raise limit or narrow the call to see the others.");
  }
  if (const auto names = reducer.incomplete(); !names.empty()) {
    add_sentence(out.notice,
                 join(names, " and ") + " left out where a record lacks what the sum is made of.");
  }
  return out;
}

}  // namespace

void add_sentence(std::string& notice, std::string_view sentence) {
  if (sentence.empty()) return;
  if (!notice.empty()) notice += ' ';
  notice += sentence;
}

std::string told_of_more(std::size_t read) {
  return "Only " + std::to_string(read) +
         " records were read and there are more, so this is not all of it. Narrow the call.";
}

io::Task<Outcome<bool>> read_through(Composition& all, Part& part, const json::Object& arguments,
                                     Intake intake) {
  const auto& reduction = *part.step->reduce;
  const auto page_size =
      std::clamp<std::int64_t>(all.call.integration().pagination.max_size, 1, 1'000);
  part.most_pages = (reduction.read_at_most + page_size - 1) / page_size;
  std::string cursor;
  do {
    const auto left = reduction.read_at_most - static_cast<std::int64_t>(*intake.seen);
    if (left <= 0) co_return true;
    ++part.page_number;
    tell_place(all);
    auto asked = arguments;
    asked.append("limit", std::min(left, page_size));
    if (!cursor.empty()) asked.append("next_cursor", cursor);
    if (auto read = co_await take_page(all, part, std::move(asked)); !read) {
      co_return std::unexpected(std::move(read.error()));
    }
    const auto& told = part.call->notice;
    if (!intake.notices->contains(told)) add_sentence(*intake.notices, told);
    // All of it: what is cut is the answer, not what it is made of.
    const auto page = std::exchange(part.page, {});
    part.bytes += page.bytes;
    auto taken = co_await off_loop(all.call, page.bytes, [&page, &intake] {
      return take_in(page.write(static_cast<std::size_t>(-1)), intake);
    });
    *intake.seen += taken.records;
    cursor = std::move(taken.cursor);
    if (taken.records == 0) break;
  } while (!cursor.empty());
  co_return !cursor.empty();
}

io::Task<Outcome<>> reduce_list(Composition& all, Part& part, json::Object arguments) {
  Reducer reducer(terms_of(all, *part.tool, *part.step->reduce));
  std::string notices;  // of all pages
  if (!part.step->each) {
    std::size_t seen = 0;
    const Intake intake{.take = [&reducer](json::Value record) { reducer.add(std::move(record)); },
                        .seen = &seen,
                        .notices = &notices};
    const auto more = co_await read_through(all, part, arguments, intake);
    if (!more) co_return std::unexpected(more.error());
    auto first = *more && !is_looked_through(all, part) ? told_of_more(seen) : std::string();
    part.summary = co_await off_loop(all.call, part.bytes, [&] {
      return summary_of(reducer, *part.step->reduce, *more, std::move(first));
    });
  } else {
    Lists lists(all, part, std::move(arguments));
    if (auto read = co_await lists.read(); !read) co_return read;
    part.summary = co_await off_loop(all.call, part.bytes, [&] {
      lists.give_to(reducer);
      return summary_of(reducer, *part.step->reduce, lists.more(), lists.told());
    });
    notices = lists.notices();
  }
  add_sentence(part.summary->notice, notices);
  co_return Outcome<>();
}

}  // namespace patchbay::gateway
