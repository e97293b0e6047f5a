// Asking the person at the terminal. Questions go to standard error, so that what is printed can be
// passed on; answers come from standard input.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "base/secret.h"

namespace patchbay::cli {

// Whether there is anybody to ask: standard input and standard error are terminals.
bool can_ask();

// A line, without the spaces around it; `otherwise` where nothing is typed. Errors: cancelled.
Result<std::string> ask(std::string_view question, std::string_view otherwise = "");
// The same without an echo; the terminal is put back as it was. Errors: cancelled.
Result<Secret> ask_hidden(std::string_view question);

// Before what cannot be undone. `yes`: it was agreed to on the command line. Else the person types
// the name. Errors: cancelled (another name, or none), invalid_argument (nobody is there to ask).
Result<> confirm(std::string_view what_goes, std::string_view name, bool yes);
// The same with a word of the question's own instead of a name.
Result<> confirm_by_word(std::string_view what_happens, std::string_view word, bool yes);

// All of standard input or of a file ("-" is standard input), at most a mebibyte. Errors:
// not_found, too_large.
Result<Secret> read_input(const std::string& file);
// The first line of it, which must have something on it.
Result<Secret> read_first_line(const std::string& file, std::string_view what);

}  // namespace patchbay::cli
