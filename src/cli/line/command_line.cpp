#include "cli/line/command_line.h"

#include <algorithm>
#include <cstdio>
#include <span>
#include <string_view>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "base/nearest.h"
#include "base/text.h"

namespace patchbay::cli {
namespace {

constexpr int kWrongUsage = 2;

void replace_all(std::string& text, std::string_view what, std::string_view with) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
}

// Messages quote what was not expected, and that may be an address with a password.
std::string without_addresses(std::string message, std::span<const char* const> arguments) {
  constexpr std::string_view kHidden = "…";
  for (const std::string_view argument : arguments) {
    if (!argument.contains("://")) continue;
    // Of "--name=value" the value may be quoted alone.
    const std::size_t equals = argument.starts_with("--") ? argument.find('=') : argument.npos;
    replace_all(message, argument.substr(equals == argument.npos ? 0 : equals + 1), kHidden);
  }
  // Pieces of lists.
  std::string told;
  for (const std::string_view word : split(message, ' ')) {
    if (!told.empty()) told += ' ';
    told += word.contains("://") ? kHidden : word;
  }
  return told;
}

// "admin|read" is all that an option takes; anything else only says of what kind it is.
std::vector<std::string> values_of(std::string_view type) {
  std::vector<std::string> values;
  if (!type.contains('|')) return values;
  for (const std::string_view each : split(type, '|')) values.emplace_back(each);
  return values;
}

CommandOutline outline_of(const CLI::App& app) {
  CommandOutline outline{
      .name = app.get_name(), .help = app.get_description(), .takes = {}, .commands = {}};
  for (const CLI::Option* const option : app.get_options()) {
    CommandOutline::Taken taken{
        .names = {},
        .help = option->get_description(),
        .value = option->get_type_size() == 0 ? "" : option->get_type_name(),
        .values = values_of(option->get_type_name())};
    for (const std::string& name : option->get_lnames()) taken.names.push_back("--" + name);
    outline.takes.push_back(std::move(taken));
  }
  for (const CLI::App* const inner : app.get_subcommands([](const CLI::App*) { return true; })) {
    outline.commands.push_back(outline_of(*inner));
  }
  return outline;
}

// The parser would say of a slip that a command is missing.
struct UnknownCommand {
  std::string within;  // "patchbay server"
  std::string word;
  std::vector<std::string> there_are;
};

std::optional<UnknownCommand> unknown_command(const CLI::App& root,
                                              std::span<const char* const> arguments) {
  const CLI::App* app = &root;
  std::string within = root.get_name();
  for (const std::string_view word : arguments.subspan(1)) {
    const auto commands = app->get_subcommands([](const CLI::App*) { return true; });
    if (commands.empty() || word.starts_with('-')) return std::nullopt;
    const auto named = std::ranges::find_if(
        commands, [&](const CLI::App* one) { return one->get_name() == word; });
    if (named == commands.end()) {
      UnknownCommand unknown{within, std::string(word), {}};
      for (const CLI::App* const one : commands) unknown.there_are.push_back(one->get_name());
      return unknown;
    }
    app = *named;
    within.append(" ").append(word);
  }
  return std::nullopt;
}

std::string said_of(const UnknownCommand& unknown) {
  const auto near = nearest(unknown.word, unknown.there_are, 1);
  return unknown.within + " has no command '" + unknown.word + "'" +
         (near.empty() ? ".\n" : "; did you mean " + near.front() + "?\n") + "Run " +
         unknown.within + " --help for what there is.\n";
}

}  // namespace

Option& Option::required() {
  option_->required();
  return *this;
}

Option& Option::within(std::int64_t least, std::int64_t most) {
  option_->check(CLI::Range(static_cast<int>(least), static_cast<int>(most)));
  return *this;
}

Option& Option::placeholder(std::string_view what) {
  option_->type_name(std::string(what));
  return *this;
}

Option& Option::show_default() {
  option_->capture_default_str();
  return *this;
}

Option& Option::show_default(std::string_view text) {
  option_->default_str(std::string(text));
  return *this;
}

Option& Option::separated_by(char delimiter) {
  option_->delimiter(delimiter)->expected(1, -1);
  return *this;
}

Option& Option::last_wins() {
  option_->take_last();
  return *this;
}

Option& Option::one_of(std::vector<std::string> values) {
  const std::string all = join(values, "|");
  option_->type_name(all);
  option_->check(CLI::Validator(
      [values = std::move(values)](const std::string& text) {
        return std::ranges::find(values, text) != values.end()
                   ? std::string()
                   : "takes one of " + join(values) + ", not " + text;
      },
      ""));
  return *this;
}

Option& Option::repeatable() {
  option_->allow_extra_args(false);
  return *this;
}

Option& Option::filled() {
  option_->check(CLI::Validator(
      [](const std::string& text) {
        return trim(text).empty() ? std::string("is given empty; leave it out") : std::string();
      },
      ""));
  return *this;
}

Option& Option::needs(const Option& other) {
  option_->needs(other.option_);
  return *this;
}

Option& Option::excludes(const Option& other) {
  option_->excludes(other.option_);
  return *this;
}

Command Command::add_command(std::string_view name, std::string_view help) {
  CLI::App* const added = app_->add_subcommand(std::string(name), std::string(help));
  // Which it would have from the command above.
  added->group("Commands");
  added->footer("");
  return {added, chosen_};
}

void Command::require_command() {
  app_->require_subcommand(1);
}

void Command::under(std::string_view heading) {
  app_->group(std::string(heading));
}

void Command::footer(std::string_view text) {
  app_->footer(std::string(text));
}

void Command::action(std::function<int()> run) {
  app_->callback([chosen = chosen_, run = std::move(run)] { *chosen = run; });
}

template <class T>
Option Command::option(std::string_view name, T& variable, std::string_view help) {
  return Option(app_->add_option(std::string(name), variable, std::string(help)));
}
template Option Command::option(std::string_view, std::string&, std::string_view);
template Option Command::option(std::string_view, std::vector<std::string>&, std::string_view);
template Option Command::option(std::string_view, int&, std::string_view);
template Option Command::option(std::string_view, std::uint64_t&, std::string_view);
template Option Command::option(std::string_view, std::uint16_t&, std::string_view);
template Option Command::option(std::string_view, std::optional<std::uint16_t>&, std::string_view);
template Option Command::option(std::string_view, std::optional<std::int64_t>&, std::string_view);
template Option Command::option(std::string_view, std::optional<std::string>&, std::string_view);

Option Command::option(std::string_view name, std::function<void(const std::string&)> take,
                       std::string_view help) {
  return Option(app_->add_option_function<std::string>(std::string(name), take, std::string(help)));
}

Option Command::number(std::string_view name, std::function<void(std::int64_t)> take,
                       std::string_view help) {
  const std::function<void(const std::int64_t&)> given = [take](std::int64_t value) {
    take(value);
  };
  return Option(
      app_->add_option_function<std::int64_t>(std::string(name), given, std::string(help)));
}

Option Command::flag(std::string_view name, bool& variable, std::string_view help) {
  return Option(app_->add_flag(std::string(name), variable, std::string(help)));
}

Option Command::flag(std::string_view name, std::function<void()> take, std::string_view help) {
  return Option(app_->add_flag_callback(std::string(name), take, std::string(help)));
}

Option Command::on_or_off(std::string_view name, std::function<void(bool)> take,
                          std::string_view help) {
  // "--name=false" counts backwards.
  const std::function<void(std::int64_t)> given = [take](std::int64_t times) { take(times > 0); };
  return Option(app_->add_flag_function(std::string(name), given, std::string(help)));
}

CommandLine::CommandLine(std::string_view about, std::string_view program, std::string_view version)
    : app_(std::make_unique<CLI::App>(std::string(about), std::string(program))),
      root_(app_.get(), &chosen_) {
  app_->set_version_flag("--version", std::string(version));
  app_->get_formatter()->column_width(34);
}

CommandLine::~CommandLine() = default;

CommandOutline CommandLine::outline() const {
  return outline_of(*app_);
}

int CommandLine::run(int argc, const char* const* argv) {
  if (argc <= 1) {
    std::fputs(app_->help().c_str(), stdout);
    return 0;
  }
  const std::span arguments(argv, static_cast<std::size_t>(argc));
  if (const auto unknown = unknown_command(*app_, arguments)) {
    std::fputs(without_addresses(said_of(*unknown), arguments).c_str(), stderr);
    return kWrongUsage;
  }
  try {
    app_->failure_message([&](const CLI::App* app, const CLI::Error& error) {
      return without_addresses(CLI::FailureMessage::simple(app, error), arguments);
    });
    app_->parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app_->exit(error) == 0 ? 0 : kWrongUsage;
  }
  return chosen_();
}

}  // namespace patchbay::cli
