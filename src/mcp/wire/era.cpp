#include "mcp/wire/era.h"

#include <utility>

namespace patchbay::mcp {
namespace {

using VersionHeader = std::optional<std::string_view>;

// The revision that a legacy message is spoken in, or a fault for one that nobody knows.
std::variant<Revision, Fault> legacy_revision(VersionHeader header) {
  if (!header) return kAssumedLegacy;
  const std::optional<Revision> revision = parse_revision(*header);
  if (!revision || *revision > kNewestLegacy) return unknown_legacy_version(*header);
  return *revision;
}

bool is_modern(VersionHeader header) {
  return header && names_modern_revision(*header);
}

Classified classify_call(const MethodCall& call, VersionHeader header) {
  const json::Value* claim = call.meta(kMetaVersion);
  if (call.method == "initialize") {
    const std::string* claimed = claim != nullptr ? claim->if_string() : nullptr;
    if (claimed != nullptr && names_modern_revision(*claimed)) return ModernMessage{};
    if (is_modern(header)) {
      Fault fault = header_mismatch(kVersionHeader,
                                    "initialize belongs to revisions before 2026-07-28, but the "
                                    "header names " +
                                        std::string(*header) + ".");
      fault.id = call.id;
      return fault;
    }
    // Whatever else the header says: the handshake is where versions are negotiated.
    return LegacyMessage{kNewestLegacy};
  }
  if (claim != nullptr) return ModernMessage{};
  if (is_modern(header)) {
    Fault fault =
        bad_envelope("params._meta must have \"" + std::string(kMetaVersion) + "\" and \"" +
                     std::string(kMetaCapabilities) + "\" in revision 2026-07-28.");
    fault.id = call.id;
    return fault;
  }
  std::variant<Revision, Fault> revision = legacy_revision(header);
  if (Fault* fault = std::get_if<Fault>(&revision)) {
    fault->id = call.id;
    return std::move(*fault);
  }
  return LegacyMessage{std::get<Revision>(revision)};
}

Classified classify_message(const Message& message, VersionHeader header) {
  if (const MethodCall* call = std::get_if<MethodCall>(&message))
    return classify_call(*call, header);
  // Neither notifications nor replies are answered, so that an unknown version harms nobody.
  const Revision spoken =
      header ? parse_revision(*header).value_or(kAssumedLegacy) : kAssumedLegacy;
  if (const Notification* notification = std::get_if<Notification>(&message)) {
    if (notification->meta(kMetaVersion) != nullptr || is_modern(header)) return ModernMessage{};
  }
  return LegacyMessage{spoken > kNewestLegacy ? kNewestLegacy : spoken};
}

// Batches came with 2025-03-26 (and JSON-RPC before it), and left with 2025-06-18.
Classified classify_batch(const Batch& batch, VersionHeader header) {
  if (is_modern(header)) return not_a_message("this revision has no batches.");
  std::variant<Revision, Fault> revision = legacy_revision(header);
  if (Fault* fault = std::get_if<Fault>(&revision)) return std::move(*fault);
  if (std::get<Revision>(revision) > Revision::r2025_03_26) {
    return not_a_message("batches were removed in revision 2025-06-18.");
  }
  for (const Message& message : batch) {
    const MethodCall* call = std::get_if<MethodCall>(&message);
    if (call != nullptr && call->method == "initialize") {
      return not_a_message("initialize must not be part of a batch.");
    }
    if (std::holds_alternative<ModernMessage>(classify_message(message, std::nullopt))) {
      return not_a_message("a batch must not hold messages of revision 2026-07-28.");
    }
  }
  return LegacyBatch{std::get<Revision>(revision)};
}

}  // namespace

Classified classify(const Incoming& incoming, std::optional<std::string_view> version_header) {
  if (const Batch* batch = std::get_if<Batch>(&incoming)) {
    return classify_batch(*batch, version_header);
  }
  return classify_message(std::get<Message>(incoming), version_header);
}

}  // namespace patchbay::mcp
