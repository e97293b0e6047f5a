// Answers of this API as HTTP.
#pragma once

#include "base/error.h"
#include "http/message.h"
#include "json/value.h"

namespace patchbay::admin {

http::Response json_response(int status, const json::Value& body);

// {"statusCode", "error", "message", "details"}
http::Response error_response(const Error& error);
http::Response error_response(int status, const Error& error);

// 422: a definition has faults, which stand in the details.
http::Response faulty_response(const Error& error, const json::Array& faults);

// Headers of every answer: nothing here is for caches or for a browser to guess at.
void add_common_headers(http::Response& response);

}  // namespace patchbay::admin
