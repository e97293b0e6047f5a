#include "store/event_session.h"

#include <algorithm>
#include <utility>

#include "store/rows.h"

namespace patchbay::store {
namespace {

class SqlEventSession final : public EventSession {
 public:
  explicit SqlEventSession(Session& session) : session_(session) {}

  Result<std::optional<ChainRow>> lock_chain(std::string_view id) override {
    return row<ChainRow>(Question::lock_audit_chain, Parameters().text(id));
  }
  Result<> make_chain(std::string_view id) override {
    return run(Question::insert_audit_chain, parameters_of(ChainRow{.id = std::string(id)}));
  }
  Result<> update(const ChainRow& chain) override {
    return run(Question::update_audit_chain, parameters_of(chain));
  }

  Result<> insert(const EventRow& row) override {
    return run(Question::insert_event, parameters_of(row));
  }
  Result<> insert(const CallsRow& row) override {
    return run(Question::insert_calls, parameters_of(row));
  }
  Result<bool> end(const EventRow& row) override {
    return changes(Question::end_event, Parameters()
                                            .text(row.outcome)
                                            .text(row.ended)
                                            .optional_integer(row.ended_number)
                                            .text(row.ended_link)
                                            .text(row.id));
  }
  Result<std::vector<EventRow>> open_events(WallTime before, std::size_t limit) override {
    return rows<EventRow>(
        Question::open_events,
        Parameters().integer(to_millis(before)).integer(static_cast<std::int64_t>(limit)));
  }

  Result<std::optional<EventRow>> event_of_key(std::string_view account_id,
                                               std::string_view key) override {
    return row<EventRow>(Question::event_of_key, Parameters().text(account_id).text(key));
  }
  Result<> keep_result(std::string_view id, std::string_view state,
                       const vault::SealedBytes& result) override {
    return run(Question::keep_result, Parameters().text(state).blob(result.bytes).text(id));
  }
  Result<> free_key(std::string_view id) override {
    return run(Question::free_key, Parameters().text(id));
  }
  Result<bool> take_key(std::string_view id, WallTime then) override {
    return changes(Question::take_key, Parameters().text(id).integer(to_millis(then)));
  }
  Result<> free_keys_before(WallTime at) override {
    return run(Question::free_old_keys, Parameters().integer(to_millis(at)));
  }

  Result<std::optional<std::string>> audit_settings(std::string_view environment_id) override {
    auto answer = session_.run(Question::audit_settings, Parameters().text(environment_id));
    if (!answer) return std::unexpected(std::move(answer.error()));
    if (answer->rows() == 0) return std::nullopt;
    return answer->at(0, 0).bytes;
  }
  Result<std::int64_t> last_number_before(std::string_view chain, WallTime at) override {
    std::int64_t last = 0;
    for (const Question question : {Question::last_number_before, Question::last_calls_before}) {
      const auto answer = session_.run(question, Parameters().text(chain).integer(to_millis(at)));
      if (!answer) return std::unexpected(answer.error());
      if (answer->rows() > 0) last = std::max(last, answer->at(0, 0).integer);
    }
    return last;
  }
  Result<std::string> link_of(std::string_view chain, std::int64_t number) override {
    const auto parameters = Parameters().text(chain).integer(number - 1).integer(1);
    auto begun = row<EventRow>(Question::events_by_number, parameters);
    if (!begun) return std::unexpected(std::move(begun.error()));
    if (*begun && (*begun)->number == number) return std::move((*begun)->link);
    auto ended = row<EventRow>(Question::events_by_end, parameters);
    if (!ended) return std::unexpected(std::move(ended.error()));
    if (*ended && (*ended)->ended_number == number) return std::move((*ended)->ended_link);
    auto calls = calls_around(chain, number);
    if (!calls) return std::unexpected(std::move(calls.error()));
    if (*calls && (*calls)->number == number) return std::move((*calls)->link);
    return std::string();
  }
  Result<std::optional<CallsRow>> calls_around(std::string_view chain,
                                               std::int64_t number) override {
    auto next = row<CallsRow>(Question::calls_around, Parameters().text(chain).integer(number));
    if (next && *next && (*next)->first_number() > number) next->reset();
    return next;
  }
  Result<std::int64_t> delete_events(std::string_view chain, std::int64_t number) override {
    const auto answer = session_.run(Question::delete_events,
                                     Parameters().text(chain).integer(number).integer(number));
    if (!answer) return std::unexpected(answer.error());
    const auto calls =
        session_.run(Question::delete_calls_of_chain, Parameters().text(chain).integer(number));
    if (!calls) return std::unexpected(calls.error());
    return answer->changed() + calls->changed();
  }

 private:
  Result<> run(Question question, const Parameters& parameters) {
    auto answer = session_.run(question, parameters);
    return answer ? Result<>() : std::unexpected(std::move(answer.error()));
  }
  Result<bool> changes(Question question, const Parameters& parameters) {
    auto answer = session_.run(question, parameters);
    if (!answer) return std::unexpected(std::move(answer.error()));
    return answer->changed() > 0;
  }
  template <class Row>
  Result<std::vector<Row>> rows(Question question, const Parameters& parameters) {
    const auto answer = session_.run(question, parameters);
    if (!answer) return std::unexpected(answer.error());
    return read_rows<Row>(*answer);
  }
  template <class Row>
  Result<std::optional<Row>> row(Question question, const Parameters& parameters) {
    auto found = rows<Row>(question, parameters);
    if (!found) return std::unexpected(std::move(found.error()));
    if (found->empty()) return std::nullopt;
    return std::move(found->front());
  }

  Session& session_;
};

}  // namespace

Parameters parameters_of(const EventPage& page) {
  Parameters parameters;
  if (!page.chain.empty()) parameters.text(page.chain);
  parameters.integer(to_millis(page.before_at))
      .text(page.before_id)
      .integer(to_millis(page.from))
      .integer(to_limit(page.limit));
  return parameters;
}

Parameters parameters_of(const CallsPage& page) {
  Parameters parameters;
  if (!page.chain.empty()) parameters.text(page.chain);
  parameters.integer(to_millis(page.before_last_at))
      .text(page.before_id)
      .integer(to_millis(page.from))
      .integer(to_millis(page.first_until))
      .integer(to_limit(page.limit));
  return parameters;
}

Parameters numbers_after(std::string_view chain, std::int64_t after, std::size_t limit) {
  return Parameters().text(chain).integer(after).integer(to_limit(limit));
}

Result<> change_events_of(Database& database, const std::function<Result<>(EventSession&)>& work) {
  return database.change([&](Session& session) -> Result<> {
    SqlEventSession events(session);
    return work(events);
  });
}

}  // namespace patchbay::store
