// A JSON object as it is typed, word by word:
//
//   name=text      a string; given twice, a list of both
//   name:=json     any other value: limit:=5, closed:=false, tags:='["a"]'
//   @file          all members of the JSON object in that file ("@-": standard input)
#pragma once

#include <span>
#include <string>

#include "base/error.h"
#include "json/value.h"

namespace patchbay::cli {

// Errors: invalid_argument, naming the word.
Result<json::Object> read_members(std::span<const std::string> words);

// Where what these words made was refused: the same, with how a value is written that is no text,
// if one of them looks like it (limit=5).
Error with_hint_on_types(Error refused, std::span<const std::string> words);

}  // namespace patchbay::cli
