// Callbacks: which entries of /system/callbacks a change concerns, and what they are to be told.
// Pure: callback_sender.h takes it to the receivers.
//
// A delivery is a POST to the entry's URL with `id` and `action` in the query. Its body is
//   {"Action","CompanyId","Entity","FromUrl","ID","MemberId","Metadata":{"key_url"},"Type"}
// where Entity is the record as JSON in a string (null after a deletion). `x-content-signature` is
// base64(HMAC-SHA256(SHA256(signing key), body)); GET key_url gives {"signing_key": "..."}.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sandbox/records/changes.h"

namespace patchbay::sandbox {

// What signs the deliveries of one sandbox. Made anew at each start: whoever has seen one key can
// forge nothing later.
struct SigningKey {
  std::string id;      // part of key_url, not to be guessed
  std::string secret;  // what key_url answers

  static SigningKey make();
  std::string sign(std::string_view body) const;
};

struct Delivery {
  std::int64_t callback = 0;
  std::string url;  // with id and action
  std::string body;
  std::string signature;
};

// Who changed it, and the addresses by which the client called.
struct CallbackContext {
  const Database& db;
  std::int64_t member = 0;
  std::string company_id;
  std::string from;      // "psa.example:8081"
  std::string base_url;  // of the API, for links in the entity
  std::string key_url;
};

std::vector<Delivery> deliveries_for(const RecordChange& change, const CallbackContext& context,
                                     const SigningKey& key);

// Receivers stand on this machine: 127.0.0.0/8, [::1] or localhost. The sandbox is no means to
// reach other addresses.
bool is_loopback_url(std::string_view url);

}  // namespace patchbay::sandbox
