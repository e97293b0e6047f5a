#include "gateway/names/known_filters.h"

#include <algorithm>
#include <memory>
#include <set>
#include <utility>

#include "base/blanks.h"
#include "base/nearest.h"
#include "base/text.h"
#include "gateway/call/labels.h"
#include "gateway/names/lookups.h"
#include "gateway/names/scopes.h"
#include "gateway/sending/fan_out.h"
#include "gateway/sending/off_loop.h"
#include "json/write.h"

namespace patchbay::gateway {

namespace {

// More scopes than that are not asked one by one.
constexpr std::size_t kMaxScopes = 40;

class FilterCheck {
 public:
  FilterCheck(Call& call, const Arguments& arguments, const Names& names)
      : call_(call), arguments_(arguments), names_(names) {}

  // Those that cannot be told from what a list finds.
  io::Task<> run_doubtful() {
    for (const auto& resolution : names_.resolutions) {
      if (resolution.looked_up || !resolution.unknown.empty()) continue;
      const auto& argument = *resolution.argument;
      const bool excludes = argument.filter_operator != integration::FilterOperator::equal;
      for (const auto& record : resolution.records) {
        const bool both = !record.id.is_null() && !record.name.empty();
        if (resolution.records.size() > 1 || excludes || both) {
          co_await check_in_scopes(argument, *argument.reference, record);
        }
      }
    }
  }

  io::Task<> run() {
    for (const auto& argument : call_.method().arguments) {
      const auto* given = arguments_.find(argument.name);
      if (const auto* named = names_.find(argument); named && !named->unknown.empty()) {
        refuse(argument, argument.reference->list_tool, named->unknown);
        continue;
      }
      if (given == nullptr || argument.place != integration::ArgumentPlace::filter ||
          argument.filter_operator != integration::FilterOperator::equal) {
        continue;
      }
      const auto* resolution = names_.find(argument);
      if (resolution == nullptr) {
        if (const auto* reference = reference_of_id(argument); reference && given->as_int64()) {
          co_await check_id(argument, *reference, *given);
        }
      } else if (!resolution->looked_up) {
        for (const auto& record : resolution->records)
          co_await check_in_scopes(argument, *argument.reference, record);
      } else {
        for (const auto& record : resolution->records) {
          if (record.name.empty()) co_await check_id(argument, *argument.reference, record.id);
        }
      }
    }
  }

  Outcome<> outcome() {
    if (wrong_.empty()) return {};
    ToolError error;
    error.code = ErrorCode::invalid_argument;
    error.message = wrong_.size() == 1
                        ? wrong_.front().message
                        : std::to_string(wrong_.size()) + " filters name what does not exist.";
    const std::vector<std::string> tools(tools_.begin(), tools_.end());
    error.hint = tools.empty() ? "Correct the filter and call again."
                               : join(tools, " and ") + (tools.size() == 1 ? " lists" : " list") +
                                     " all there are.";
    error.field_errors = std::move(wrong_);
    return std::unexpected(std::move(error));
  }

 private:
  // "companyId" compares what "company" names.
  const integration::Reference* reference_of_id(const integration::Argument& argument) const {
    const std::string_view target = argument.target;
    const auto slash = target.find('/');
    if (slash == std::string_view::npos ||
        target.substr(slash + 1) != call_.integration().pagination.id_field) {
      return nullptr;
    }
    for (const auto& other : call_.method().arguments) {
      if (other.reference && other.target == target.substr(0, slash)) return &*other.reference;
    }
    const auto* field = call_.resource().find_field(target.substr(0, slash));
    return field != nullptr && field->lookup ? &*field->lookup : nullptr;
  }

  void refuse(const integration::Argument& argument, const std::string& list_tool,
              std::string message) {
    wrong_.push_back({argument.name, std::move(message)});
    if (const auto told = call_.told(list_tool); !told.empty()) tools_.emplace(told);
  }

  io::Task<> check_id(const integration::Argument& argument,
                      const integration::Reference& reference, json::Value id) {
    const auto* resource = call_.integration().find_resource(reference.resource);
    if (resource == nullptr || call_.filter_dialect() == nullptr) co_return;
    if (call_.may_not_list(*resource)) co_return;
    // What a name must be looked up within, an id need not be, unless its list stands below that.
    auto query = lookup_query(call_, *resource, {}, {name_field(call_.integration())});
    const auto filter = call_.filter_dialect()->write(
        {{call_.integration().pagination.id_field, integration::FilterOperator::equal,
          integration::FieldType::integer, id}});
    if (!query && std::ranges::any_of(reference.scopes, &integration::Scope::required)) {
      co_await check_in_scopes(argument, reference, Named{std::move(id), "", ""});
      co_return;
    }
    if (!query || !filter) co_return;
    query->filter = *filter;
    // Nobody is refused by what is remembered.
    const auto found = co_await call_.loop.lookups.get(call_, std::move(*query), Freshness::own);
    if (!found || !(*found)->records.empty()) co_return;
    refuse(argument, reference.list_tool,
           argument.name + ' ' + json::to_string(id) + " does not exist");
  }

  static bool is_of(const Call& call, const json::Value& record, const Named& wanted) {
    const auto* id = record.find(call.integration().pagination.id_field);
    const bool same_id = id != nullptr && id->as_int64() == wanted.id.as_int64();
    const bool same_name = equal_ignoring_case(trim_blanks(label_in(call.integration(), record)),
                                               trim_blanks(wanted.name));
    return wanted.id.is_null() ? same_name : same_id && (wanted.name.empty() || same_name);
  }

  // A status is one of some board; which, the caller did not say.
  io::Task<> check_in_scopes(const integration::Argument& argument,
                             const integration::Reference& reference, Named wanted) {
    const auto meant = [&](const json::Value& record) { return is_of(call_, record, wanted); };
    auto all = co_await records_of_all_scopes(reference, Freshness::remembered);
    const auto is_there = [&] { return any_is(*all, meant); };
    bool there = all && co_await off_loop(call_, bytes_of(*all), is_there);
    if (all && !there && remembered_ &&
        call_.loop.lookups.may_ask_again(
            call_.connection() + '\n' + reference.resource + "\nof all", call_.began)) {
      all = co_await records_of_all_scopes(reference, Freshness::own);
      there = all && co_await off_loop(call_, bytes_of(*all), is_there);
    }
    if (!all) {
      const std::string list_tool(call_.told(reference.list_tool));
      call_.add_notice(argument.name + " may not exist: it was not looked up." +
                       (list_tool.empty() ? "" : ' ' + list_tool + " lists what there is."));
      co_return;
    }
    if (there) co_return;
    const auto [near, total] = co_await off_loop(call_, bytes_of(*all), [&] {
      std::set<std::string> names;
      for (const auto& part : *all) {
        for (const auto& record : part->records) {
          const auto name = trim_blanks(label_in(call_.integration(), record));
          if (!name.empty()) names.emplace(cut_utf8(name, 80));
        }
      }
      const std::vector<std::string> list(names.begin(), names.end());
      return std::pair(nearest(wanted.name, list, kMaxCandidates, true), list.size());
    });
    const std::string& scope = reference.scopes.front().argument;
    const bool by_id = !wanted.id.is_null();
    refuse(argument, reference.list_tool,
           argument.name + ' ' +
               (by_id ? json::to_string(wanted.id)
                      : '\'' + std::string(cut_utf8(wanted.name, 80)) + '\'') +
               (by_id && !wanted.name.empty()
                    ? " of the name '" + std::string(cut_utf8(wanted.name, 80)) + '\''
                    : std::string()) +
               " does not exist on any " + scope + "; there are: " + join(near) +
               (total > kMaxCandidates ? ", …" : ""));
  }

  // The records of each scope.
  using OfAllScopes = std::vector<std::shared_ptr<const Collection>>;

  static std::size_t bytes_of(const OfAllScopes& all) {
    std::size_t bytes = 0;
    for (const auto& part : all) bytes += part->bytes;
    return bytes;
  }
  template <class Meant>
  static bool any_is(const OfAllScopes& all, Meant meant) {
    return std::ranges::any_of(
        all, [&](const auto& part) { return std::ranges::any_of(part->records, meant); });
  }

  // Nothing where that would take too much, or failed.
  io::Task<std::optional<OfAllScopes>> records_of_all_scopes(
      const integration::Reference& reference, Freshness freshness) {
    const auto* resource = call_.integration().find_resource(reference.resource);
    const auto required = std::ranges::find_if(reference.scopes, &integration::Scope::required);
    if (resource == nullptr || required == reference.scopes.end()) co_return std::nullopt;
    if (call_.may_not_list(*resource)) co_return std::nullopt;
    const auto* of = call_.find_argument(required->argument);
    const auto* outer = of != nullptr && of->reference
                            ? call_.integration().find_resource(of->reference->resource)
                            : nullptr;
    auto query = outer != nullptr
                     ? lookup_query(call_, *outer, {}, {name_field(call_.integration())})
                     : std::nullopt;
    if (!query || call_.may_not_list(*outer)) co_return std::nullopt;
    remembered_ = false;
    const auto scopes = co_await call_.loop.lookups.get(call_, std::move(*query), freshness);
    if (!scopes || !(*scopes)->complete || (*scopes)->records.size() > kMaxScopes) {
      co_return std::nullopt;
    }
    OfAllScopes all;
    bool failed = false;
    std::vector<std::function<io::Task<>()>> jobs;
    for (const auto& record : (*scopes)->records) {
      const auto* id = record.find(call_.integration().pagination.id_field);
      if (id == nullptr) continue;
      ScopeValues values;
      values.values.emplace_back(&*required, Named{*id, "", ""});
      auto inner = lookup_query(call_, *resource, values, {name_field(call_.integration())});
      if (!inner) co_return std::nullopt;
      jobs.emplace_back([this, &all, &failed, freshness, ask = std::move(*inner)] {
        return gather(ask, freshness, all, failed);
      });
    }
    co_await fan_out(call_.services.runtime, std::move(jobs));
    if (failed) co_return std::nullopt;
    co_return all;
  }

  io::Task<> gather(LookupQuery query, Freshness freshness, OfAllScopes& all, bool& failed) {
    auto found = co_await call_.loop.lookups.get(call_, std::move(query), freshness);
    if (!found || !(*found)->complete) {
      failed = true;
      co_return;
    }
    if ((*found)->asked < call_.began) remembered_ = true;
    all.push_back(std::move(*found));
  }

  Call& call_;
  const Arguments& arguments_;
  const Names& names_;
  std::vector<FieldError> wrong_;
  std::set<std::string> tools_;
  bool remembered_ = false;  // some of what was looked through was known before the call began
};

}  // namespace

io::Task<Outcome<>> check_filters_name_something(Call& call, const Arguments& arguments,
                                                 const Names& names) {
  FilterCheck check(call, arguments, names);
  co_await check.run();
  co_return check.outcome();
}

io::Task<Outcome<>> check_doubtful_filters(Call& call, const Arguments& arguments,
                                           const Names& names) {
  FilterCheck check(call, arguments, names);
  co_await check.run_doubtful();
  co_return check.outcome();
}

}  // namespace patchbay::gateway
