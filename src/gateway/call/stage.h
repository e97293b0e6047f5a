// A stage of the corridor as a span: what is sent while it lasts is recorded under it.
#pragma once

#include <string_view>

#include "gateway/call/call.h"
#include "telemetry/trace.h"

namespace patchbay::gateway {

// A call's stages follow each other; each ends before that which it stands in.
class Stage {
 public:
  Stage(Call& call, std::string_view name) : call_(call), around_(call.span), span_(around_, name) {
    if (span_.ref()) call.span = span_.ref();
  }
  ~Stage() { call_.span = around_; }
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;

 private:
  Call& call_;
  const telemetry::SpanRef around_;
  const telemetry::Span span_;
};

}  // namespace patchbay::gateway
