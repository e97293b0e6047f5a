#include "store/webhook_questions.h"

#include <limits>
#include <utility>

#include "store/rows.h"

namespace patchbay::store {
namespace {

class SqlWebhooks final : public WebhookRows {
 public:
  explicit SqlWebhooks(Database& database) : database_(database) {}

  Result<> insert(WebhookRow& row) override {
    const auto inserted = change(Question::insert_webhook, parameters_of(row, 1));
    if (!inserted) return std::unexpected(inserted.error());
    row.version = 1;
    return {};
  }
  Result<> update(WebhookRow& row) override;
  Result<> remove(std::string_view id) override {
    const auto gone = change(Question::delete_webhook, Parameters().text(id));
    if (!gone) return std::unexpected(gone.error());
    return *gone > 0 ? Result<>() : no_such_record();
  }
  Result<std::optional<WebhookRow>> webhook(std::string_view id) override {
    return row<WebhookRow>(Question::webhook, Parameters().text(id));
  }
  Result<std::vector<WebhookRow>> webhooks(std::string_view environment_id,
                                           const Page& page) override {
    Parameters parameters;
    if (!environment_id.empty()) parameters.text(environment_id);
    begin_page(parameters, page).integer(to_limit(page.limit));
    return rows<WebhookRow>(
        environment_id.empty() ? Question::webhooks : Question::webhooks_of_environment,
        parameters);
  }
  Result<std::int64_t> count(std::string_view environment_id) override {
    const auto answer =
        ask(Question::count_webhooks_of_environment, Parameters().text(environment_id));
    if (!answer) return std::unexpected(answer.error());
    return answer->at(0, 0).integer;
  }
  Result<bool> anybody_hears_of_expiry() override {
    const auto answer = ask(Question::webhook_that_hears_of_expiry, {});
    if (!answer) return std::unexpected(answer.error());
    return answer->rows() > 0;
  }

  Result<> insert(const DeliveryRow& row) override {
    const auto inserted = change(Question::insert_webhook_delivery, parameters_of(row));
    if (!inserted) return std::unexpected(inserted.error());
    told();
    return {};
  }
  Result<std::optional<DeliveryRow>> delivery(std::string_view id) override {
    return row<DeliveryRow>(Question::webhook_delivery, Parameters().text(id));
  }
  Result<std::vector<DeliveryRow>> deliveries(std::string_view webhook_id, std::string_view state,
                                              const Page& page) override {
    Parameters parameters;
    parameters.text(webhook_id);
    begin_page(parameters, page).text(state).integer(to_limit(page.limit));
    return rows<DeliveryRow>(Question::deliveries_of_webhook, parameters);
  }
  Result<bool> send_again(std::string_view delivery_id, WallTime at) override {
    const auto again = change(Question::send_delivery_again,
                              Parameters().integer(to_millis(at)).text(delivery_id));
    if (!again) return std::unexpected(again.error());
    if (*again > 0) told();
    return *again > 0;
  }

  Result<std::optional<Waiting>> next_waiting(std::string_view after_webhook) override {
    const auto answer = ask(Question::next_waiting_webhook, Parameters().text(after_webhook));
    if (!answer) return std::unexpected(answer.error());
    if (answer->rows() == 0) return std::nullopt;
    return Waiting{.webhook_id = answer->at(0, 0).bytes,
                   .due_at = WallTime(std::chrono::milliseconds(answer->at(0, 1).integer))};
  }
  Result<std::vector<DeliveryRow>> due(std::string_view webhook_id, WallTime by,
                                       std::size_t limit) override {
    return rows<DeliveryRow>(
        Question::deliveries_due,
        Parameters().text(webhook_id).integer(to_millis(by)).integer(to_limit(limit)));
  }
  Result<bool> claim(DeliveryRow& row, std::string_view claim, WallTime until) override {
    const auto claimed = change(Question::claim_delivery, Parameters()
                                                              .integer(to_millis(until))
                                                              .text(claim)
                                                              .text(row.id)
                                                              .integer(to_millis(row.due_at))
                                                              .text(row.claim));
    if (!claimed) return std::unexpected(claimed.error());
    if (*claimed == 0) return false;
    row.due_at = until;
    row.claim = claim;
    return true;
  }
  Result<bool> finish(const DeliveryRow& row) override {
    const auto finished = change(Question::finish_delivery, Parameters()
                                                                .text(row.state)
                                                                .integer(row.tries)
                                                                .integer(to_millis(row.due_at))
                                                                .text(row.attempts)
                                                                .integer(to_millis(row.updated_at))
                                                                .text(row.id)
                                                                .text(row.claim));
    if (!finished) return std::unexpected(finished.error());
    return *finished > 0;
  }
  Result<std::int64_t> release_claims(WallTime now) override {
    return change(Question::release_claims, Parameters().integer(to_millis(now)));
  }
  Result<std::int64_t> delete_deliveries(WallTime made_by, std::size_t limit) override {
    return change(Question::delete_old_deliveries,
                  Parameters().integer(to_millis(made_by)).integer(to_limit(limit)));
  }

  Result<std::vector<WebhookRow>> webhooks_after(const std::optional<std::string>& id,
                                                 std::size_t limit) override {
    return rows<WebhookRow>(Question::webhooks_after, after(id, limit));
  }
  Result<std::vector<DeliveryRow>> deliveries_after(const std::optional<std::string>& id,
                                                    std::size_t limit) override {
    return rows<DeliveryRow>(Question::webhook_deliveries_after, after(id, limit));
  }

 private:
  static Parameters& begin_page(Parameters& parameters, const Page& page) {
    return parameters
        .integer(page.after ? to_millis(page.after->created_at)
                            : std::numeric_limits<std::int64_t>::max())
        .text(page.after ? page.after->id : "");
  }
  static Parameters after(const std::optional<std::string>& id, std::size_t limit) {
    return Parameters().text(id.value_or("")).integer(id ? 0 : 1).integer(to_limit(limit));
  }
  Result<Answer> ask(Question question, const Parameters& parameters) {
    Answer answer;
    const auto read = database_.read([&](Session& session) -> Result<> {
      auto given = session.run(question, parameters);
      if (!given) return std::unexpected(std::move(given.error()));
      answer = std::move(*given);
      return {};
    });
    if (!read) return std::unexpected(read.error());
    return answer;
  }
  template <class Row>
  Result<std::vector<Row>> rows(Question question, const Parameters& parameters) {
    const auto answer = ask(question, parameters);
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
  // How many rows it changed.
  Result<std::int64_t> change(Question question, const Parameters& parameters) {
    std::int64_t changed = 0;
    const auto done = database_.change([&](Session& session) -> Result<> {
      const auto answer = session.run(question, parameters);
      if (!answer) return std::unexpected(answer.error());
      changed = answer->changed();
      return {};
    });
    if (!done) return std::unexpected(done.error());
    return changed;
  }

  Database& database_;
};

Result<> SqlWebhooks::update(WebhookRow& row) {
  const std::int64_t next = row.version + 1;
  auto done = database_.change([&](Session& session) -> Result<> {
    const auto updated =
        session.run(Question::update_webhook, parameters_of(row, next).integer(row.version));
    if (!updated) return std::unexpected(updated.error());
    if (updated->changed() > 0) return {};
    const auto present = session.run(Question::webhook, Parameters().text(row.id));
    if (!present) return std::unexpected(present.error());
    if (present->rows() == 0) return no_such_record();
    return fail(ErrorCode::conflict, "It was changed by somebody else meanwhile.",
                "Read it again, then repeat the change.");
  });
  if (done) row.version = next;
  return done;
}

}  // namespace

std::string delivery_id(std::string_view webhook_id, std::string_view message_id) {
  return std::string(webhook_id) + "." + std::string(message_id);
}

void WebhookRows::on_told(std::function<void()> callback) {
  const MutexLock lock(mutex_);
  callback_ = std::move(callback);
}

void WebhookRows::told() const {
  const MutexLock lock(mutex_);
  if (callback_) callback_();
}

std::unique_ptr<WebhookRows> make_webhooks(Database& database) {
  return std::make_unique<SqlWebhooks>(database);
}

Result<std::int64_t> tell(Session& session, const Message& message) {
  const auto told = session.run(Question::tell_webhooks, Parameters()
                                                             .text(message.id)
                                                             .text(message.name)
                                                             .blob(message.payload.bytes)
                                                             .null_if_empty(message.once)
                                                             .integer(to_millis(message.at))
                                                             .text(message.environment_id)
                                                             .integer(message.event));
  if (!told) return std::unexpected(told.error());
  return told->changed();
}

Result<> Telling::put(Session& session, const std::optional<Message>& message) {
  if (!message) return {};
  const auto told = tell(session, *message);
  if (!told) return std::unexpected(told.error());
  told_ += *told;
  return {};
}

}  // namespace patchbay::store
