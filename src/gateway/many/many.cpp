#include "gateway/many/many.h"

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "gateway/call/turns.h"
#include "gateway/many/asked.h"
#include "gateway/many/found.h"
#include "gateway/many/told.h"
#include "gateway/sending/fan_out.h"
#include "io/event.h"
#include "json/write.h"

namespace patchbay::gateway {
namespace {

// Of a record's own answer, of which a line is made.
constexpr std::size_t kMostOfOne = 4'000;

// What two records share that must not be written side by side: the record that they change, or
// all that they say.
std::string same_as(const catalog::Tool& tool, const json::Object& record) {
  std::map<std::string_view, const json::Value*> known_by;
  if (tool.method->kind == integration::MethodKind::update) {
    for (const auto& name : tool.method->path.names()) known_by[name] = record.find(name);
  } else {
    for (const auto& [name, value] : record) known_by[name] = &value;
  }
  std::string text;
  for (const auto& [name, value] : known_by) {
    text.append(name).append("=");
    if (value == nullptr) continue;
    // "7" and 7 name one record.
    const auto* said = value->if_string();
    text += said != nullptr ? *said : json::to_string(*value);
    text += '\n';
  }
  return text;
}

class Many {
 public:
  Many(const catalog::Tool& tool, const CallContext& context, const SingleCall& call,
       std::vector<json::Object> records)
      : tool_(tool),
        context_(context),
        call_(call),
        records_(std::move(records)),
        turns_(records_.size()),
        told_(tool, records_),
        before_(records_.size()) {
    std::map<std::string, std::shared_ptr<io::Event>> last;
    for (std::size_t i = 0; i < records_.size(); ++i) {
      over_.push_back(std::make_shared<io::Event>());
      auto& same = last[same_as(tool, records_[i])];
      before_[i] = std::exchange(same, over_[i]);
    }
  }
  Many(const Many&) = delete;
  Many& operator=(const Many&) = delete;

  io::Task<CallResult> run(io::Runtime& runtime) {
    std::vector<std::function<io::Task<>()>> jobs;
    jobs.reserve(records_.size());
    for (std::size_t i = 0; i < records_.size(); ++i) {
      jobs.emplace_back([this, i] { return write(i); });
    }
    co_await fan_out(runtime, std::move(jobs));
    CallResult result = told_.result(context_.max_result_bytes, context_.request_id);
    result.rate_limit = rate_limit_;
    result.upstream_status = upstream_status_;
    result.upstream_bytes = upstream_bytes_;
    result.credentials_refused = credentials_refused_;
    co_return result;
  }

 private:
  // However it ends: others wait for it.
  class Ending {
   public:
    Ending(Many& many, std::size_t index) : many_(many), index_(index) {}
    Ending(const Ending&) = delete;
    Ending& operator=(const Ending&) = delete;
    ~Ending() {
      many_.turns_.end(index_);
      many_.over_[index_]->set();
    }

   private:
    Many& many_;
    const std::size_t index_;
  };

  io::Task<> write(std::size_t index) {
    const Ending ending(*this, index);
    if (before_[index]) co_await before_[index]->wait();
    if (context_.cancel.cancelled() || context_.revoked.cancelled()) {
      told_.not_begun(index);
    } else {
      const CallResult result = co_await write_one(index);
      take(index, result);
    }
    ++done_;
    if (context_.on_progress) {
      context_.on_progress(
          static_cast<std::int64_t>(done_), std::ssize(records_),
          std::to_string(done_) + " of " + std::to_string(records_.size()) + " records");
    }
  }

  io::Task<CallResult> write_one(std::size_t index) {
    CallContext own = context_;
    own.on_progress = nullptr;
    own.turns = &turns_;
    own.place = index;
    own.max_result_bytes = std::min(context_.max_result_bytes, kMostOfOne);
    co_return co_await call_(tool_, std::move(records_[index]), std::move(own));
  }

  void take(std::size_t index, const CallResult& result) {
    told_.take(index, result);
    if (result.rate_limit) rate_limit_ = result.rate_limit;
    if (result.upstream_status != 0) upstream_status_ = result.upstream_status;
    upstream_bytes_ += result.upstream_bytes;
    credentials_refused_ = credentials_refused_ || result.credentials_refused;
  }

  const catalog::Tool& tool_;
  const CallContext& context_;
  const SingleCall& call_;
  std::vector<json::Object> records_;
  Turns turns_;
  Told told_;
  std::vector<std::shared_ptr<io::Event>> before_;  // the end of the last that is the same, or null
  std::vector<std::shared_ptr<io::Event>> over_;
  std::size_t done_ = 0;
  std::optional<upstream::RateLimit> rate_limit_;
  int upstream_status_ = 0;
  std::uint64_t upstream_bytes_ = 0;
  bool credentials_refused_ = false;
};

}  // namespace

io::Task<CallResult> call_many(io::Runtime& runtime, const catalog::Tool& tool, json::Object given,
                               const CallContext& context, const SingleCall& call) {
  auto asked = read_asked(tool, std::move(given));
  if (!asked) {
    CallResult refused;
    refused.text = to_json(asked.error(), context.request_id);
    refused.is_error = true;
    co_return refused;
  }
  if (asked->filtered) {
    auto found = co_await find_filtered(tool, *asked->filtered, context, call);
    if (auto* const told = std::get_if<CallResult>(&found)) co_return std::move(*told);
    for (const auto id : std::get<Ids>(found)) {
      asked->records.push_back(change_of(tool, *asked->filtered, id));
    }
  }
  co_return co_await write_records(runtime, tool, std::move(asked->records), context, call);
}

io::Task<CallResult> write_records(io::Runtime& runtime, const catalog::Tool& tool,
                                   std::vector<json::Object> records, const CallContext& context,
                                   const SingleCall& call) {
  Many many(tool, context, call, std::move(records));
  co_return co_await many.run(runtime);
}

}  // namespace patchbay::gateway
