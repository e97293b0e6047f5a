// POST /session: the one operation that nobody has to be known for. An API token or a sign-in link
// becomes a session, whose secret goes into a cookie.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "admin/operation.h"
#include "admin/sign_in_attempts.h"
#include "control/sign_ins.h"
#include "http/message.h"
#include "http/router.h"
#include "io/runtime.h"
#include "vault/token.h"

namespace patchbay::admin {

bool is_sign_in(const http::Request& request);

// Of the page that signs in with the link. It stands behind the '#', which browsers keep to
// themselves: it is in no log on the way.
std::string sign_in_url(std::string_view public_url, const vault::Token& link);

class SignInDoor {
 public:
  // Told of an attempt that failed or was one too many (401), by address.
  using Refused = std::function<void(int status, std::string_view who, std::string_view operation)>;

  // All outlive it.
  SignInDoor(io::Runtime& runtime, Context& context, Refused refused)
      : runtime_(runtime), context_(context), refused_(std::move(refused)) {}

  io::Task<http::Response> answer(const Operation& operation, const http::Request& request,
                                  const http::PathParameters& path);

 private:
  struct Wanted;
  static Result<Wanted> read(const json::Object& body);
  io::Task<Result<control::Principal>> who_signs_in(const Wanted& wanted);
  Result<json::Value> begin(const Wanted& wanted, const control::Principal& principal,
                            const http::Request& request, std::string& secret);

  io::Runtime& runtime_;
  Context& context_;
  const Refused refused_;
  SignInAttempts attempts_;
};

}  // namespace patchbay::admin
