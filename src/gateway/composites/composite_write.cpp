#include "gateway/composites/composite_write.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include "base/text.h"
#include "gateway/answers/envelope.h"
#include "gateway/answers/size.h"
#include "gateway/call/absorb.h"
#include "gateway/composites/composite.h"
#include "gateway/sending/held.h"
#include "gateway/writes/approved.h"
#include "gateway/writes/dry_run.h"
#include "gateway/writes/repeated.h"
#include "json/parse.h"
#include "json/write.h"

namespace patchbay::gateway {

namespace {

constexpr std::size_t kMaxKeyBytes = 150;  // a key may have 200, and a step's name stands behind it

// By which each of the writes is done once; nothing where nobody gave one.
Outcome<> name_keys(Composition& all) {
  const auto* given = all.prepared.arguments.text("idempotency_key");
  const std::string& key = given != nullptr ? *given : all.call.context.write_key;
  if (given != nullptr && (key.empty() || key.size() > kMaxKeyBytes)) {
    return refuse(ErrorCode::invalid_argument, "idempotency_key takes 1 to 150 characters here.",
                  "A random one for each write will do.");
  }
  for (auto& part : all.parts) {
    part.context.approved = nullptr;
    part.context.write_key = key.empty() ? std::string() : key + '/' + part.step->name;
  }
  return {};
}

// The writes that the call asks for, with nothing left that could be refused before they are sent.
io::Task<Outcome<std::vector<Part*>>> make_ready(Composition& all) {
  if (auto named = name_keys(all); !named) co_return std::unexpected(std::move(named.error()));
  for (const auto& part : all.parts) {
    if (part.tool != nullptr || part.step->given.empty() || !is_asked_for(all, part.step->given))
      continue;
    co_return refuse(ErrorCode::unsupported,
                     "step " + part.step->name + " is not within this server's scope, and " +
                         join(part.step->given, ", ") + " would be of no effect.",
                     "Leave them out. Nothing was written.");
  }
  if (auto failed = co_await read_steps(all)) co_return std::unexpected(std::move(*failed));
  std::vector<Part*> writes;
  for (auto& part : all.parts) {
    if (part.tool == nullptr || !part.tool->method->writes()) continue;
    if (!is_asked_for(all, part.step->given)) continue;
    auto ready = co_await begin_step(all, part);
    if (ready && part.call->reach() != nullptr) {
      ready = co_await check_within(*part.call, *part.prepared);
    }
    if (part.call) absorb(all.call, *part.call);
    if (!ready) co_return std::unexpected(in_step(all, part, std::move(ready.error())));
    writes.push_back(&part);
  }
  co_return writes;
}

// ---- what is only shown ------------------------------------------------------------------------

io::Task<Outcome<std::string>> show_writes(Composition& all, const std::vector<Part*>& writes) {
  const Envelope envelope{.resolved = resolved_names(all.prepared.arguments, all.prepared.names),
                          .notice = all.call.notice};
  std::string out = R"({"dry_run":true)";
  if (const auto members = envelope.members(); !members.empty()) out += ',' + members;
  for (Part* part : writes) {
    auto shown = co_await show_request(*part->call, *part->prepared);
    absorb(all.call, *part->call);
    if (!shown) co_return std::unexpected(in_step(all, *part, std::move(shown.error())));
    out += ",\n\"" + part->step->name + "\":" + *shown;
  }
  out += '}';
  const auto cap = all.call.context.max_result_bytes;
  co_return out.size() <= cap ? out : fit_record(std::move(out), cap).text;
}

io::Task<Outcome<json::Value>> show_all(Composition& all, const std::vector<Part*>& writes) {
  json::Value to;
  json::Object requests;
  json::Object before;
  json::Array touches;
  json::Object names;
  for (Part* part : writes) {
    auto shown = co_await show_for_approval(*part->call, *part->prepared);
    absorb(all.call, *part->call);
    if (!shown) co_return std::unexpected(in_step(all, *part, std::move(shown.error())));
    const auto take = [&](std::string_view member) {
      const auto* found = shown->find(member);
      return found != nullptr ? *found : json::Value();
    };
    to = take("to");
    requests.append(part->step->name, take("request"));
    if (auto was = take("before"); !was.is_null()) before.append(part->step->name, std::move(was));
    if (auto known = take("names"); !known.is_null()) {
      names.append(part->step->name, std::move(known));
    }
    const auto touched = take("touches");
    if (const auto* list = touched.if_array()) {
      touches.insert(touches.end(), list->begin(), list->end());
    }
  }
  json::Object shown{{"to", std::move(to)}, {"request", std::move(requests)}};
  if (!before.empty()) shown.append("before", std::move(before));
  if (!touches.empty()) shown.append("touches", std::move(touches));
  if (!names.empty()) shown.append("names", std::move(names));
  co_return json::Value(std::move(shown));
}

// ---- what is done ------------------------------------------------------------------------------

json::Object told_step(const Composition& all, const Part& part, Applied applied) {
  json::Object step{{"step", part.step->name},
                    {"tool", all.call.shown(*part.tool)},
                    {"was_applied", said(applied)}};
  if (applied == Applied::yes && !part.call->record_id.empty()) {
    step.append("record_id", part.call->record_id);
  }
  return step;
}

// What became of each, where the one at `at` failed.
ToolError told(const Composition& all, const std::vector<Part*>& writes, std::size_t at,
               ToolError error) {
  error = in_step(all, *writes[at], std::move(error));
  std::vector<std::string> done;
  std::vector<std::string> left;
  std::vector<std::string> arguments;
  for (std::size_t i = 0; i < writes.size(); ++i) {
    const auto applied = i < at ? Applied::yes : i == at ? error.was_applied : Applied::no;
    error.steps.emplace_back(told_step(all, *writes[i], applied));
    if (i > at) left.push_back(writes[i]->step->name);
    if (i >= at) continue;
    done.push_back(writes[i]->step->name);
    const auto& given = writes[i]->step->given;
    std::ranges::copy_if(given, std::back_inserter(arguments),
                         [&](const std::string& name) { return all.prepared.arguments.has(name); });
  }
  if (!left.empty()) error.message += " Not done after it: " + join(left, ", ") + '.';
  if (done.empty()) return error;
  error.message += " Done before it, and not taken back: " + join(done, ", ") + '.';
  error.hint += error.hint.empty() ? "" : " ";
  if (all.prepared.arguments.has("idempotency_key")) {
    error.hint += "The same call with the same idempotency_key goes on where this one stopped.";
  } else {
    error.hint += "To go on, call again" +
                  (arguments.empty() ? std::string(".")
                                     : " without what is done (" + join(arguments, ", ") + ").");
  }
  error.was_applied = Applied::yes;
  return error;
}

std::string written(const Composition& all, const std::vector<Part*>& writes) {
  const Envelope envelope{.resolved = resolved_names(all.prepared.arguments, all.prepared.names),
                          .notice = all.call.notice};
  std::string out = "{" + envelope.members();
  const auto cap = all.call.context.max_result_bytes;
  std::size_t overhead = out.size() + 4;
  for (const Part* part : writes) overhead += part->step->name.size() + 5;
  auto room = cap > overhead ? cap - overhead : 0;
  auto left = writes.size();
  for (Part* part : writes) {
    auto text = fit_record(std::move(part->record), room / left--).text;
    room -= std::min(room, text.size());
    out += (out.size() > 1 ? ",\n\"" : "\n\"") + part->step->name + "\":" + text;
  }
  return out + "\n}";
}

io::Task<Outcome<std::string>> write_all(Composition& all, const std::vector<Part*>& writes) {
  for (std::size_t i = 0; i < writes.size(); ++i) {
    Part& part = *writes[i];
    part.begun = true;
    part.call->notice.clear();
    tell_place(all);
    auto done = co_await write_unless_repeated(*part.call, *part.prepared);
    part.ended = true;
    absorb(all.call, *part.call);
    if (!done) co_return std::unexpected(told(all, writes, i, std::move(done.error())));
    part.record = std::move(*done);
    // Whoever has begun it is not there any more to be told how far it came: it goes to its end.
    for (std::size_t next = i + 1; next < writes.size(); ++next) writes[next]->context.cancel = {};
  }
  co_return written(all, writes);
}

}  // namespace

io::Task<Outcome<std::string>> write_composite(Call& call, const Prepared& prepared) {
  Composition all(call, prepared);
  auto writes = co_await make_ready(all);
  if (!writes) co_return std::unexpected(std::move(writes.error()));
  if (prepared.arguments.flag("dry_run")) co_return co_await show_writes(all, *writes);
  if (call.context.approved != nullptr) {
    auto shown = co_await show_all(all, *writes);
    if (!shown) co_return std::unexpected(std::move(shown.error()));
    if (*shown != *call.context.approved) co_return refuse_changed(call, std::move(*shown));
  }
  co_return co_await write_all(all, *writes);
}

io::Task<Outcome<json::Value>> show_composite_for_approval(Call& call, const Prepared& prepared) {
  Composition all(call, prepared);
  auto writes = co_await make_ready(all);
  if (!writes) co_return std::unexpected(std::move(writes.error()));
  co_return co_await show_all(all, *writes);
}

}  // namespace patchbay::gateway
