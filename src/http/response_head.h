// The head of a response as bytes.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "http/message.h"

namespace patchbay::http {

// "Sun, 22 Nov 2026 14:03:05 GMT", formed anew once a second. Per thread.
std::string_view http_date();

enum class Framing : std::uint8_t { length, chunked, until_close, none };

struct HeadFacts {
  Framing framing = Framing::length;
  std::size_t length = 0;
  bool http_11 = true;  // of the request
  bool keep_alive = true;
  std::string_view server_name;
  std::string_view request_id;
};

// Appends status line, the response's headers (save those that are the server's to set; line breaks
// in values become spaces, so that no value can add a header) and the server's.
void append_head(std::string& out, const Response& response, const HeadFacts& facts);

// A body for a refusal or failure: {"error":{"code":…,"message":…}}
std::string error_body(std::string_view code, std::string_view message);

}  // namespace patchbay::http
