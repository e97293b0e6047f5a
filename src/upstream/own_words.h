// What an upstream says itself of a call that it refuses: cleaned, bounded and without the
// account's secrets, so that a person or a model may read it beside what we make of it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "json/value.h"
#include "upstream/account.h"

namespace patchbay::upstream {

struct FieldWords {
  std::string code;
  std::string message;
  std::string field;  // in the upstream's words: "status/name"
};

struct OwnWords {
  std::string code;
  std::string message;
  std::vector<FieldWords> fields;
  std::string title;  // of a page that stands where these are due
};

// A short text of an upstream's: no markup, no traces, no control characters, no secrets. "" for
// what tells nothing.
std::string cleaned(const Account& account, std::string_view text);

// Of an answer's body, as the integration's `errors` tell where they stand; or the body itself
// where it is a short plain text.
OwnWords read_own_words(const Account& account, const Answer& answer);

// What a page calls itself, or a short plain text as it stands: cleaned, 200 bytes at most.
std::string title_of(const Account& account, std::string_view page);

// Where a redirect leads: "https://other.example/sign-in"; "" where it does not say. Without its
// query, which may hold what nobody else is to see.
std::string place_of(const Account& account, const Answer& redirect);

// Whether a record can be known by its id: null, 0 and "" are none.
bool has_id(const integration::Integration& integration, const json::Value& record);

// Whether a body is an error although its status may say otherwise: an object without an id that
// has the code and the message of one, or nothing but words of an error, or a `success` that is
// false; or a list of nothing but such. Names are taken in any case.
bool says_error(const integration::Integration& integration, std::string_view body);

}  // namespace patchbay::upstream
