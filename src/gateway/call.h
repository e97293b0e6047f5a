// One tool call under way: what it was given, and what the stages have made of it so far.
#pragma once

#include <array>
#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "catalog/tool.h"
#include "dialect/conventions.h"
#include "dialect/filter.h"
#include "gateway/cursor.h"
#include "gateway/gateway.h"
#include "gateway/tool_error.h"
#include "io/task.h"
#include "json/value.h"
#include "upstream/account.h"

namespace patchbay::gateway {

class Lookups;
class Plans;

// What every call shares. Constant, or synchronised by itself.
struct Services {
  io::Runtime& runtime;
  upstream::Sender& sender;
  const Clock& clock;
  CursorSealer cursors;
  GatewayOptions options;
  // How often the upstream contradicted what was remembered of an account's names; what was
  // remembered before on any loop is no longer believed. Accounts that share a place only ask more.
  std::array<std::atomic<std::uint64_t>, 64> contradictions = {};

  std::atomic<std::uint64_t>& contradictions_of(const upstream::Account& account);
};

// What the calls of one event loop share; only its thread touches it.
struct LoopState {
  Lookups& lookups;
  Plans& plans;
};

// A record that an argument names.
struct Named {
  json::Value id;           // as the upstream wrote it
  std::string name;         // what to call it; empty if only its id is known
  std::string match_field;  // the field by which a filter may name it alone; empty: by id only
};

// A file that the caller sends along.
struct Upload {
  std::string name;
  std::string media_type;
  std::string bytes;
};

// An argument that names records, looked up. Several where the argument is an array.
struct Resolution {
  const integration::Argument* argument = nullptr;
  std::vector<Named> records;
  bool by_name = false;   // the caller gave a name, and wants to know what it became
  bool looked_up = true;  // false: nothing to look it up by; the upstream compares the name
};

struct Call {
  Call(Services& shared, LoopState loop_state, const catalog::Tool& called,
       const CallContext& call_context, json::Object given)
      : services(shared),
        loop(loop_state),
        tool(called),
        context(call_context),
        began(shared.clock.monotonic()),
        arguments(std::move(given)) {}
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  // Given; constant.
  Services& services;
  LoopState loop;
  const catalog::Tool& tool;
  const CallContext& context;
  const MonotonicTime began;

  // Mended by validate and times; what they cannot mend is gathered, so that all of it is told at
  // once.
  json::Object arguments;
  std::vector<FieldError> violations;

  // By take_file.
  std::optional<Upload> upload;

  // By references.
  std::vector<Resolution> resolutions;
  std::vector<std::string> lookup_keys;  // dropped if the upstream contradicts them
  json::Object current;                  // of an update: the fields of the record that were needed

  // By custom_fields: what the body takes beside the arguments.
  json::Object further;

  // By bind.
  std::string path;
  std::string query;
  std::string filter;
  json::Value body;  // null: none
  bool has_body = false;

  // By download.
  std::optional<FileContent> file;

  // Gathered on the way, for the result and the records of the call.
  std::string notice;
  std::optional<upstream::RateLimit> rate_limit;
  int upstream_status = 0;
  std::uint64_t upstream_bytes = 0;
  std::chrono::milliseconds waited{0};  // for rate limits to pass
  bool credentials_refused = false;

  const integration::Method& method() const { return *tool.method; }
  const integration::Resource& resource() const { return *tool.resource; }
  const integration::Integration& integration() const { return *tool.integration; }
  const dialect::FilterDialect* filter_dialect() const {
    return dialect::find_filter_dialect(integration().dialects.filter);
  }
  const dialect::Conventions& conventions() const {
    return dialect::find_conventions(integration().dialects.errors);
  }

  // Whether the upstream may be changed by it.
  bool is_write() const { return method().writes(); }
  // Whether it answers with a page of records.
  bool is_list() const;
  bool verbose() const;
  // Whether the caller has set one of Patchbay's own switches.
  bool flag(std::string_view name) const;

  const integration::Argument* find_argument(std::string_view name) const;
  // The argument that sets or compares that upstream field ("status/name" → status).
  const integration::Argument* find_argument_of_field(std::string_view field_path) const;
  const Resolution* find_resolution(const integration::Argument& argument) const;

  void add_notice(std::string_view text) {
    if (!notice.empty()) notice += ' ';
    notice += text;
  }
};

// What a step of the upstream conversation returns: any HTTP answer of 2xx, or why the call ends.
using Received = Step<upstream::Answer>;

// Sends within the call: its deadline, its cancellation, its records. What is no 2xx becomes a
// ToolError (upstream_error.cpp). `may_change`: whether the request may change something, if it
// arrives.
// `about`: the resource that it is about, where that is not the call's own.
io::Task<Received> send(Call& call, upstream::Request request, bool may_change,
                        const integration::Resource* about = nullptr);

}  // namespace patchbay::gateway
