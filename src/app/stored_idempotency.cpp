#include "app/stored_idempotency.h"

namespace patchbay::app {

namespace {

using State = gateway::IdempotencyStore::State;

std::string place_of(const gateway::IdempotencyStore::Key& key) {
  return "idempotency\n" + key.account_id + '\n' + key.key;
}

std::string_view to_string(State state) {
  switch (state) {
    case State::started:
      return "started";
    case State::done:
      return "done";
    case State::unknown:
      return "unknown";
  }
  return "unknown";
}

}  // namespace

Result<std::optional<StoredIdempotency::Attempt>> StoredIdempotency::begin(const Key& key,
                                                                           std::string_view digest,
                                                                           WallTime now,
                                                                           WallTime valid_from) {
  store::IdempotencyRow row;
  row.account_id = key.account_id;
  row.key = key.key;
  row.digest = digest;
  row.started_at = now;
  auto found = repository_.begin_idempotent(row, valid_from);
  if (!found) return std::unexpected(found.error());
  if (!*found) return std::nullopt;
  Attempt attempt;
  attempt.digest = (*found)->digest;
  attempt.started_at = (*found)->started_at;
  if ((*found)->state == to_string(State::started)) return attempt;
  attempt.state = State::unknown;
  if ((*found)->state == to_string(State::done)) {
    // What a replaced master key sealed may not open any more: then the result is lost, not the
    // fact that there was one.
    if (const auto text = vault_->unseal((*found)->result, place_of(key))) {
      attempt.state = State::done;
      attempt.result = text->reveal();
    }
  }
  return attempt;
}

Result<> StoredIdempotency::finish(const Key& key, State state, std::string_view result) {
  store::IdempotencyRow row;
  row.account_id = key.account_id;
  row.key = key.key;
  row.state = to_string(state);
  if (state == State::done) {
    row.result = vault_->seal(Secret(std::string(result)), place_of(key));
  }
  return repository_.finish_idempotent(row);
}

Result<> StoredIdempotency::forget(const Key& key) {
  return repository_.delete_idempotent(key.account_id, key.key);
}

}  // namespace patchbay::app
