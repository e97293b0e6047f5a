// What the shipped pack says to a model names only what there is: an argument, a field or a tool
// that a sentence speaks of and nobody has costs a call that must fail.
#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "base/text.h"
#include "catalog/tool.h"
#include "integration/report.h"
#include "pack/loader.h"

namespace patchbay::pack {
namespace {

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// "includeNotes", "next_cursor": names of programs, which no prose has.
bool is_name(std::string_view word) {
  const bool begins = !word.empty() && word.front() >= 'a' && word.front() <= 'z';
  const bool within =
      std::ranges::any_of(word, [](char c) { return c == '_' || (c >= 'A' && c <= 'Z'); });
  return begins && within;
}

std::vector<std::string> names_in(std::string_view text) {
  std::vector<std::string> names;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && is_word(text[end])) ++end;
    if (is_name(text.substr(at, end - at))) names.emplace_back(text.substr(at, end - at));
    at = end + 1;
  }
  return names;
}

void add_fields(const std::vector<integration::Field>& fields, std::set<std::string>& names) {
  for (const auto& field : fields) {
    names.insert(field.name);
    names.insert(field.values.begin(), field.values.end());
    add_fields(field.children, names);
  }
}

// All that is called something, in any tool of the pack.
struct Known {
  std::set<std::string> names;
  std::vector<std::string> tools;

  explicit Known(const catalog::ToolCatalog& catalog) {
    for (const auto& resource : catalog.integration().resources) add_fields(resource.fields, names);
    for (const auto& tool : catalog.tools()) {
      tools.push_back(tool->name);
      names.insert(tool->argument_names.begin(), tool->argument_names.end());
      if (const auto report = integration::report_of(*tool->method)) {
        for (const auto& dimension : report->dimensions) names.insert(dimension.name);
        for (const auto& amount : report->amounts) names.insert(amount.name);
      }
      if (!tool->method->composite) continue;
      for (const auto& step : tool->method->composite->steps) names.insert(step.name);
    }
    // What results have beside their records.
    names.insert(
        {"next_cursor", "result_count", "was_applied", "retry_after_seconds", "rate_limited"});
  }
  // A tool's name may be told without the integration's prefix.
  bool has(const std::string& name) const {
    return names.contains(name) || std::ranges::any_of(tools, [&](const std::string& tool) {
             return tool == name || tool.ends_with('_' + name);
           });
  }
};

const std::shared_ptr<const catalog::ToolCatalog>& shipped() {
  static const auto kCatalog = [] {
    auto loaded = load_pack(embedded_pack("connectwise_psa"));
    REQUIRE(loaded.integration != nullptr);
    return catalog::ToolCatalog::generate(loaded.integration).value();
  }();
  return kCatalog;
}

}  // namespace

TEST_CASE("every name in a sentence of the shipped pack is one of an argument, a field or a tool") {
  const Known known(*shipped());
  std::size_t seen = 0;
  const auto check = [&](std::string_view text, const std::string& where) {
    for (const auto& name : names_in(text)) {
      ++seen;
      CHECK_MESSAGE(known.has(name), where << " speaks of " << name << ": " << text);
    }
  };
  for (const auto& tool : shipped()->tools()) {
    check(tool->method->description, tool->name);
    for (const auto& [name, text] : tool->method->instead_of) {
      check(text, tool->name + ", instead of " + name);
    }
    for (const auto& remark : tool->method->remarks) check(remark.text, tool->name);
    for (const auto& argument : tool->method->arguments) {
      check(argument.schema.string_or("description", ""), tool->name + '.' + argument.name);
    }
    if (tool->method->composite) check(tool->method->composite->notice, tool->name);
  }
  for (const auto& prompt : shipped()->integration().prompts) {
    check(prompt.description, prompt.name);
    for (const auto& part : prompt.parts) {
      if (part.kind == integration::PromptPart::Kind::text) check(part.text, prompt.name);
    }
  }
  CHECK(seen > 200);
}

TEST_CASE("no sentence of the shipped pack promises what the API is not known to hold to") {
  // Each was said once, of something that only a setting or another version of the API decides.
  const std::vector<std::string_view> promises = {"Nobody is e-mailed", "billable again",
                                                  "are refused.",       "is refused.",
                                                  "opens the invoice",  "stands on the invoice"};
  // Of these the API's own documentation and captures say it.
  const std::set<std::string> known = {
      "create_a_connect_wise_psa_time_entry",        // the time period must be open
      "delete_a_connect_wise_psa_time_entry_by_id",  // billed entries cannot be deleted
  };
  for (const auto& tool : shipped()->tools()) {
    if (known.contains(tool->name)) continue;
    for (const auto promise : promises) {
      CHECK_MESSAGE(!tool->method->description.contains(promise),
                    tool->name << ": " << tool->method->description);
    }
  }
}

}  // namespace patchbay::pack
