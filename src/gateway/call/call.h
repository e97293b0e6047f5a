// One tool call under way: what it was given, which does not change, and what is gathered of it for
// its result and its records. What one stage makes for the next is no part of it: that is handed on
// (arguments.h, names.h, bound.h).
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "catalog/tool.h"
#include "dialect/conventions.h"
#include "dialect/filter.h"
#include "gateway/call/context.h"
#include "gateway/call/services.h"
#include "integration/model.h"
#include "telemetry/trace.h"

namespace patchbay::gateway {

struct Call {
  Call(Services& shared, LoopState loop_state, const catalog::Tool& called,
       const CallContext& call_context)
      : services(shared),
        loop(loop_state),
        tool(called),
        context(call_context),
        began(shared.clock.monotonic()),
        span(call_context.span),
        identity_(call_context.member ? connection() + me() : std::string()) {}
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  // Given; constant.
  Services& services;
  LoopState loop;
  const catalog::Tool& tool;
  const CallContext& context;
  const MonotonicTime began;

  // What is done now is recorded under it (stage.h).
  telemetry::SpanRef span;

  // Gathered on the way.
  std::string notice;
  bool only_shown = false;  // a dry run
  bool recorded = false;    // its event was begun; else it is recorded when it has ended
  std::optional<std::array<std::uint8_t, 16>> digest;  // of its arguments
  std::string record_id;  // of the record that it is about, or has made
  json::Array touches;    // the records that a write touches, as they stand (writes/looked_at.h)
  json::Value shown_now;  // of a write that is not any more what was allowed (writes/approved.h)
  std::optional<upstream::RateLimit> rate_limit;
  int upstream_status = 0;
  std::uint64_t upstream_bytes = 0;
  std::chrono::milliseconds waited{0};       // for rate limits to pass
  MonotonicTime::duration upstream_time{0};  // while at least one request was on its way
  MonotonicTime asked_since{};
  int under_way = 0;                      // requests
  MonotonicTime::duration turn_time{0};   // while at least one waited for its turn at the account
  MonotonicTime::duration shape_time{0};  // of answers
  MonotonicTime in_line_since{};
  int in_line = 0;  // requests
  bool credentials_refused = false;
  bool change_sent = false;      // from here on it is not given up any more
  bool not_allowed = false;      // any more; told before the next request
  bool write_is_within = false;  // of a server that is held to some records (sending/held.h)
  std::vector<std::string>
      lookup_keys;  // what was believed of names, to be dropped if contradicted

  const integration::Method& method() const { return *tool.method; }
  const integration::Resource& resource() const { return *tool.resource; }
  const integration::Integration& integration() const { return *tool.integration; }
  const dialect::FilterDialect* filter_dialect() const {
    const auto& spoken = integration().dialects;
    return dialect::find_filter_dialect(spoken.filter, spoken.wildcards);
  }
  const dialect::Conventions& conventions() const {
    return dialect::find_conventions(integration().dialects.errors);
  }

  // Whether the upstream may be changed by it.
  bool is_write() const { return method().writes(); }
  // Whether it answers with a page of records.
  bool is_list() const;

  // Null: the server is held to nothing.
  const reach::Reach* reach() const { return context.reach.get(); }
  // Under what an answer is remembered of the call: what is learnt within limits is not known
  // within others. "" without any.
  std::string_view within() const {
    return context.reach ? std::string_view(context.reach->digest()) : std::string_view();
  }

  // By whose keys it asks: what is learnt or done with some is not known or done with others.
  const std::string& connection() const { return context.account->connection(); }
  // Who "me" is, as a part of what an outcome is remembered under; "": nobody.
  std::string me() const;
  const std::string& identity() const { return identity_.empty() ? connection() : identity_; }

  // Whether what allowed it is gone.
  bool revoked() const { return not_allowed || context.revoked.cancelled(); }
  // Whether that or its caller is gone, and nothing was done that must be carried to its end.
  bool given_up() const { return revoked() || (!change_sent && context.cancel.cancelled()); }

  // The name of a tool as an answer may give it: "" where the caller's server has none such.
  std::string_view told(std::string_view tool_name) const;
  // What an answer calls a tool that the caller's server may also lack: a step's.
  std::string_view shown(const catalog::Tool& tool) const;
  // Whether the tool that lists these records is denied there: nothing is looked up among them.
  bool may_not_list(const integration::Resource& resource) const;

  // Null: the tool has no such argument.
  const integration::Argument* find_argument(std::string_view name) const;

  void add_notice(std::string_view text) {
    if (!notice.empty()) notice += ' ';
    notice += text;
  }

 private:
  const std::string identity_;  // empty: the connection's
};

}  // namespace patchbay::gateway
