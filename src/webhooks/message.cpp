#include "webhooks/message.h"

#include <utility>

#include "base/iso8601.h"
#include "base/random.h"
#include "json/write.h"

namespace patchbay::webhooks {
namespace {

std::string place_of(std::string_view id, std::string_view environment_id) {
  return "webhook_message/" + std::string(environment_id) + "/" + std::string(id);
}

}  // namespace

store::Message make_message(const vault::Vault& vault, NewMessage message, WallTime at) {
  store::Message made{.id = random_id("msg"),
                      .environment_id = std::move(message.environment_id),
                      .event = bit_of(message.event),
                      .name = std::string(to_string(message.event)),
                      .payload = {},
                      .once = std::move(message.once),
                      .at = at};
  json::Object payload;
  payload.append("type", made.name);
  payload.append("timestamp", format_utc_millis(at));
  payload.append("data", std::move(message.data));
  made.payload =
      vault.seal(Secret(json::to_string(payload)), place_of(made.id, made.environment_id));
  return made;
}

store::DeliveryRow delivery_of(store::Message message, std::string_view webhook_id) {
  return {.id = store::delivery_id(webhook_id, message.id),
          .webhook_id = std::string(webhook_id),
          .message_id = std::move(message.id),
          .event = std::move(message.name),
          .payload = std::move(message.payload),
          .once = std::move(message.once),
          .due_at = message.at,
          .claim = {},
          .created_at = message.at,
          .updated_at = message.at};
}

Result<Secret> open_payload(const vault::Vault& vault, const store::DeliveryRow& row,
                            std::string_view environment_id) {
  auto opened = vault.unseal(row.payload, place_of(row.message_id, environment_id));
  if (opened) return opened;
  return fail(ErrorCode::internal, "The message is not as it was written.");
}

}  // namespace patchbay::webhooks
