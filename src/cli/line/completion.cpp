#include "cli/line/completion.h"

#include <functional>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"

namespace patchbay::cli {
namespace {

// In single quotes, as both shells read it.
std::string shell_quoted(std::string_view text) {
  std::string quoted = "'";
  for (const char each : text) {
    if (each == '\'') {
      quoted += "'\\''";
    } else {
      quoted += each;
    }
  }
  return quoted + "'";
}

bool takes_file(std::string_view value) {
  return value.starts_with("FILE") || value.starts_with("DIR") || value.starts_with("FOLDER");
}

using Visit = std::function<void(const std::string& place, const CommandOutline& command)>;

// Each command with the words that lead to it ("account add"); the root's are none.
void walk(const CommandOutline& command, const std::string& place, const Visit& visit) {
  visit(place, command);
  for (const CommandOutline& inner : command.commands) {
    walk(inner, place.empty() ? inner.name : place + " " + inner.name, visit);
  }
}

// "' account'|'account add'|…": what the words so far and the next one make, if that is a command.
std::string steps(const CommandOutline& root) {
  std::vector<std::string> steps;
  walk(root, "", [&](const std::string& place, const CommandOutline& command) {
    for (const CommandOutline& inner : command.commands) {
      steps.push_back(shell_quoted(place + " " + inner.name));
    }
  });
  return join(steps, "|");
}

// What the value of an option may be: `offer` says it in the shell's words.
struct Offer {
  std::function<std::string(const std::vector<std::string>&)> words;
  std::string files;
  std::string profiles;
};

std::string value_cases(const CommandOutline& command, const Offer& offer) {
  std::string cases;
  for (const CommandOutline::Taken& taken : command.takes) {
    if (taken.names.empty() || taken.value.empty()) continue;
    const std::string offered = !taken.values.empty()      ? offer.words(taken.values)
                                : takes_file(taken.value)  ? offer.files
                                : taken.value == "PROFILE" ? offer.profiles
                                                           : ":";
    cases += fmt::format("        {}) {}; return ;;\n", join(taken.names, "|"), offered);
  }
  return cases.empty() ? "" : "      case \"$prev\" in\n" + cases + "      esac\n";
}

// What stands without a name: its values, or whether it is a file.
struct Placed {
  std::vector<std::string> values;
  bool file = false;
};

Placed placed(const CommandOutline& command) {
  Placed placed;
  for (const CommandOutline::Taken& taken : command.takes) {
    if (!taken.names.empty()) continue;
    placed.values.insert(placed.values.end(), taken.values.begin(), taken.values.end());
    placed.file = placed.file || takes_file(taken.value);
  }
  return placed;
}

std::string bash_case(const std::string& place, const CommandOutline& command) {
  const Offer offer{
      .words =
          [](const std::vector<std::string>& words) {
            return fmt::format("mapfile -t COMPREPLY < <(compgen -W {} -- \"$cur\")",
                               shell_quoted(join(words, " ")));
          },
      .files = "compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- \"$cur\")",
      .profiles =
          "mapfile -t COMPREPLY < <(compgen -W "
          "\"$(\"${COMP_WORDS[0]}\" profile list --names 2>/dev/null)\" -- \"$cur\")"};
  std::vector<std::string> options;
  for (const CommandOutline::Taken& taken : command.takes) {
    options.insert(options.end(), taken.names.begin(), taken.names.end());
  }
  const Placed others = placed(command);
  std::vector<std::string> words = others.values;
  for (const CommandOutline& inner : command.commands) words.push_back(inner.name);
  std::string text = fmt::format("    {})\n", shell_quoted(place));
  text += value_cases(command, offer);
  text += fmt::format("      if [[ $cur == -* ]]; then {}\n", offer.words(options));
  if (!words.empty()) {
    text += fmt::format("      else {}\n", offer.words(words));
  } else if (others.file) {
    text += fmt::format("      else {}\n", offer.files);
  }
  return text + "      fi ;;\n";
}

// For _describe: "name:what it is", in which a colon of the name or of the text would end it.
std::string described(std::string_view name, std::string_view help) {
  std::string text(help.substr(0, help.find('\n')));
  for (std::size_t at = 0; (at = text.find(':', at)) != std::string::npos; at += 2) {
    text.insert(at, 1, '\\');
  }
  return shell_quoted(fmt::format("{}:{}", name, text));
}

std::string zsh_case(const std::string& place, const CommandOutline& command) {
  const Offer offer{
      .words =
          [](const std::vector<std::string>& words) {
            std::string text = "compadd --";
            for (const std::string& word : words) text += " " + shell_quoted(word);
            return text;
          },
      .files = "_files",
      .profiles = "compadd -- ${(f)\"$(\"${words[1]}\" profile list --names 2>/dev/null)\"}"};
  std::string text = fmt::format("    {})\n", shell_quoted(place));
  text += value_cases(command, offer);
  text += "      options=(";
  for (const CommandOutline::Taken& taken : command.takes) {
    for (const std::string& name : taken.names) text += " " + described(name, taken.help);
  }
  text += " )\n      commands=(";
  for (const CommandOutline& inner : command.commands) {
    text += " " + described(inner.name, inner.help);
  }
  text += " )\n";
  const Placed others = placed(command);
  if (!others.values.empty()) text += fmt::format("      {}\n", offer.words(others.values));
  if (others.file) text += "      [[ $PREFIX == -* ]] || _files\n";
  return text + "      ;;\n";
}

std::string cases(const CommandOutline& root,
                  std::string (*one)(const std::string&, const CommandOutline&)) {
  std::string text;
  walk(root, "", [&](const std::string& place, const CommandOutline& command) {
    text += one(place, command);
  });
  return text;
}

constexpr std::string_view kBash =
    R"sh(# bash completion of patchbay: eval "$(patchbay completion bash)"
_patchbay() {{
  local cur=${{COMP_WORDS[COMP_CWORD]}} prev=${{COMP_WORDS[COMP_CWORD-1]}} place='' at
  COMPREPLY=()
  # bash makes three words of --name=value.
  if [[ $cur == '=' ]]; then cur=''
  elif [[ $prev == '=' ]]; then prev=${{COMP_WORDS[COMP_CWORD-2]}}
  fi
  for ((at = 1; at < COMP_CWORD; at++)); do
    case "$place ${{COMP_WORDS[at]}}" in
      {steps})
        place="${{place:+$place }}${{COMP_WORDS[at]}}" ;;
      *) break ;;
    esac
  done
  case "$place" in
{cases}  esac
}}
complete -F _patchbay patchbay
)sh";

constexpr std::string_view kZsh = R"sh(#compdef patchbay
# zsh completion of patchbay: eval "$(patchbay completion zsh)"
_patchbay() {{
  local prev=${{words[CURRENT-1]}} place='' at
  local -a commands options
  for ((at = 2; at < CURRENT; at++)); do
    case "$place ${{words[at]}}" in
      {steps})
        place="${{place:+$place }}${{words[at]}}" ;;
      *) break ;;
    esac
  done
  case "$place" in
{cases}  esac
  if [[ $PREFIX == -* ]]; then _describe -o option options
  elif (( $#commands )); then _describe command commands
  fi
}}
if [[ ${{funcstack[1]}} == _patchbay ]]; then _patchbay "$@"; else compdef _patchbay patchbay; fi
)sh";

}  // namespace

std::string bash_completion(const CommandOutline& root) {
  return fmt::format(kBash, fmt::arg("steps", steps(root)),
                     fmt::arg("cases", cases(root, bash_case)));
}

std::string zsh_completion(const CommandOutline& root) {
  return fmt::format(kZsh, fmt::arg("steps", steps(root)),
                     fmt::arg("cases", cases(root, zsh_case)));
}

}  // namespace patchbay::cli
