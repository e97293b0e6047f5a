// What a person who tries a tool is shown of its request: what went out, and what came back as it
// came. Filled on the call's loop; a call that nobody watches pays a comparison for each request.
//
// Of a call's requests one is shown: of a write the first that changes something, of a read the
// first that is not a look-up of names. Without the sign-in, which the sender adds later, and with
// the account's secrets masked wherever an API echoes them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "json/value.h"

namespace patchbay::upstream {
struct Answer;
struct Request;
}  // namespace patchbay::upstream

namespace patchbay::gateway {

struct Call;

struct Witness {
  static constexpr std::size_t kMostBytes = 200'000;  // of what was sent, and of what came

  struct Sent {
    std::string method;
    std::string url;
    json::Value body;  // null: none; a text where it is no JSON
  };
  bool looks_up = true;      // what goes out now finds out whom names mean
  std::optional<Sent> sent;  // nothing: no such request went out
  std::string raw;           // the beginning of its answer; "": none, or it is no text
  std::size_t raw_bytes = 0;
  int status = 0;  // of that answer; 0: none came

  // How a call carries it: as who is told of its progress (CallContext::on_progress), which a call
  // on trial has no use for. So whatever else a call is given stays as it is.
  struct Tap {
    Witness* to;
    void operator()(std::int64_t, std::int64_t, std::string_view) const {}
  };
  // Null: nobody watches.
  static Witness* of(const Call& call);

  // Whether it is the one that is shown: then what comes of it is too.
  bool sees(const Call& call, const upstream::Request& request);
  void sees(const Call& call, const upstream::Answer& answer);
};

}  // namespace patchbay::gateway
