// A command line: commands, what they take, and the help that comes of the same words.
//
// CLI11 reads it, in command_line.cpp and nowhere else: it takes ten seconds to compile, and so
// depends on nothing of ours that changes.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {  // NOLINT(readability-identifier-naming): the library's
class App;
class Option;
}  // namespace CLI

namespace patchbay::cli {

// What a command takes. A handle: it belongs to its command line.
class Option {
 public:
  explicit Option(CLI::Option* option) : option_(option) {}

  Option& required();
  Option& within(std::int64_t least, std::int64_t most);
  Option& placeholder(std::string_view what);  // what it takes, for the help: "FILE"
  Option& show_default();                      // the value that its variable has now
  Option& show_default(std::string_view text);
  Option& separated_by(char delimiter);  // a list, also over several arguments
  Option& last_wins();                   // may be given again
  Option& one_of(std::vector<std::string> values);
  Option& repeatable();  // one value each time, of a list that may be given again
  // Not the empty text: a variable of a script that was not set.
  Option& filled();
  Option& needs(const Option& other);
  Option& excludes(const Option& other);

 private:
  CLI::Option* option_;
};

// A handle: it belongs to its command line.
class Command {
 public:
  Command(CLI::App* app, std::function<int()>* chosen) : app_(app), chosen_(chosen) {}

  Command add_command(std::string_view name, std::string_view help);
  void require_command();
  // Under what heading the help of the command above lists it.
  void under(std::string_view heading);
  void footer(std::string_view text);
  // What is done if this command is chosen.
  void action(std::function<int()> run);

  // `name` is as it is typed ("--port"), or without dashes for what is told by its place. The value
  // goes to `variable`, which outlives the parsing. For std::string, std::vector<std::string>, int,
  // std::uint64_t, std::uint16_t, and optionals of text, std::int64_t and std::uint16_t.
  template <class T>
  Option option(std::string_view name, T& variable, std::string_view help);
  Option option(std::string_view name, std::function<void(const std::string&)> take,
                std::string_view help);
  Option number(std::string_view name, std::function<void(std::int64_t)> take,
                std::string_view help);
  Option flag(std::string_view name, bool& variable, std::string_view help);
  Option flag(std::string_view name, std::function<void()> take, std::string_view help);
  // A flag that can also be taken back: "--name=false".
  Option on_or_off(std::string_view name, std::function<void(bool)> take, std::string_view help);

 private:
  CLI::App* app_;
  std::function<int()>* chosen_;
};

// A command as data: what shells complete is made from it.
struct CommandOutline {
  struct Taken {
    std::vector<std::string> names;  // "--port"; of what is told by its place: none
    std::string help;
    std::string value;                // "FILE"; empty: a switch
    std::vector<std::string> values;  // all that it takes, if these are few
  };
  std::string name;
  std::string help;
  std::vector<Taken> takes;
  std::vector<CommandOutline> commands;
};

class CommandLine {
 public:
  CommandLine(std::string_view about, std::string_view program, std::string_view version);
  ~CommandLine();
  CommandLine(const CommandLine&) = delete;
  CommandLine& operator=(const CommandLine&) = delete;

  Command& root() { return root_; }
  CommandOutline outline() const;
  // Reads what was typed and runs the chosen command: its exit code. Without any argument, and for
  // --help and --version, prints what they ask for: 0. If it cannot be understood, says why on
  // standard error: 2.
  int run(int argc, const char* const* argv);

 private:
  std::unique_ptr<CLI::App> app_;
  std::function<int()> chosen_;
  Command root_;
};

}  // namespace patchbay::cli
