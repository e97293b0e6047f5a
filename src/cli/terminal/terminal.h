// What commands share when they talk to a person.
#pragma once

#include <csignal>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "json/value.h"

namespace patchbay::cli {

// Styled text where standard output is a terminal and NO_COLOR is not set; else the text as it is.
std::string bold(std::string_view text);
std::string faint(std::string_view text);
std::string red(std::string_view text);
std::string yellow(std::string_view text);
std::string green(std::string_view text);

// How wide the terminal at standard output is; nothing: it is none, and lines are never cut.
std::optional<std::size_t> terminal_width();
bool output_is_styled();

// "patchbay: <message>" and the hint below it, on standard error. Returns the exit code 1.
int report(const Error& error);
// Runs a command, and gives its exit code; 1 where what it printed could not be written, which it
// says unless the reader of a pipe has left.
int run_and_flush(const std::function<int()>& command);
// A sentence for a person, beside the output that a program may read: on standard error.
void remark(std::string_view text);
// The value on one line, in which no character steers a terminal; with the line's end.
std::string json_line(const json::Value& value);
// That line, on standard output.
void print_json(const json::Value& value);

// SIGINT and SIGTERM.
sigset_t stop_signals();
// Blocks SIGINT and SIGTERM for this thread and all that it starts afterwards, so that
// wait_for_stop_signal can take them.
void block_stop_signals();
// Returns when one of them arrives.
void wait_for_stop_signal();

// The same with SIGHUP, for who can read its configuration again.
void block_signals();
enum class Asked : std::uint8_t { stop, reload };
Asked wait_for_signal();

}  // namespace patchbay::cli
