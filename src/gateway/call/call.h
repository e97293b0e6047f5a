// One tool call under way: what it was given, which does not change, and what is gathered of it for
// its result and its records. What one stage makes for the next is no part of it: that is handed on
// (arguments.h, names.h, bound.h).
#pragma once

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
        span(call_context.span) {}
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
  json::Array touches;    // the records that a write touches, as they stand (writes/looked_at.h)
  json::Value shown_now;  // of a write that is not any more what was allowed (writes/approved.h)
  std::optional<upstream::RateLimit> rate_limit;
  int upstream_status = 0;
  std::uint64_t upstream_bytes = 0;
  std::chrono::milliseconds waited{0};  // for rate limits to pass
  bool credentials_refused = false;
  bool change_sent = false;  // from here on it is not given up any more
  bool not_allowed = false;  // any more; told before the next request
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

  // Whether what allowed it is gone.
  bool revoked() const { return not_allowed || context.revoked.cancelled(); }
  // Whether that or its caller is gone, and nothing was done that must be carried to its end.
  bool given_up() const { return revoked() || (!change_sent && context.cancel.cancelled()); }

  // Null: the tool has no such argument.
  const integration::Argument* find_argument(std::string_view name) const;

  void add_notice(std::string_view text) {
    if (!notice.empty()) notice += ' ';
    notice += text;
  }
};

}  // namespace patchbay::gateway
