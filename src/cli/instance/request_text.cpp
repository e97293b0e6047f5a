#include "cli/instance/request_text.h"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "cli/terminal/display_text.h"
#include "cli/terminal/terminal.h"
#include "json/write.h"

namespace patchbay::cli {
namespace {

constexpr std::string_view kNothing = "-";

// Text as it is; another record as its name and its id; the rest as JSON.
std::string readable(const json::Value* value) {
  if (value == nullptr || value->is_null()) return std::string(kNothing);
  if (const std::string* const text = value->if_string()) {
    return text->empty() ? "\"\"" : *text;
  }
  const json::Object* const members = value->if_object();
  const json::Value* const id = value->find("id");
  if (members != nullptr && id != nullptr && members->size() == 2) {
    if (const auto name = value->string_or("name", ""); !name.empty()) {
      return fmt::format("{} ({})", name, json::to_string(*id));
    }
  }
  return members != nullptr || value->is_array() ? json::to_pretty_string(*value)
                                                 : json::to_string(*value);
}

Compared& row_of(std::vector<Compared>& rows, std::string_view name) {
  const auto found = std::ranges::find(rows, name, &Compared::name);
  if (found != rows.end()) return *found;
  return rows.emplace_back(std::string(name), std::string(kNothing), "(stays)");
}

// "/status/id", "status": the operation's place within the record.
void apply(std::vector<Compared>& rows, const json::Value& operation) {
  std::string_view path = operation.string_or("path", "");
  if (path.starts_with('/')) path.remove_prefix(1);
  const bool takes_away = operation.string_or("op", "") == "remove";
  row_of(rows, path).after = takes_away ? "(taken away)" : readable(operation.find("value"));
}

bool is_operations(const json::Array& list) {
  return std::ranges::all_of(list, [](const json::Value& each) {
    return !each.string_or("op", "").empty() && !each.string_or("path", "").empty();
  });
}

void add_title(std::string& text, std::string_view title) {
  text += fmt::format("\n{}\n", bold(title));
}

void add_json(std::string& text, std::string_view title, const json::Value* value) {
  if (value == nullptr || value->is_null()) return;
  add_title(text, title);
  text += many_lines(json::to_pretty_string(*value)) + "\n";
}

// What of the request the columns do not tell.
void add_rest(std::string& text, const json::Value& request, bool has_columns) {
  json::Object rest;
  if (const json::Object* const members = request.if_object()) {
    for (const auto& [name, value] : *members) {
      const bool told = name == "method" || name == "path" || (name == "body" && has_columns);
      if (!told) rest.append(name, value);
    }
  }
  if (!rest.empty()) text += many_lines(json::to_pretty_string(rest)) + "\n";
}

}  // namespace

std::vector<Compared> compared(const json::Value* before, const json::Value& request) {
  std::vector<Compared> rows;
  const json::Object* const record = before == nullptr ? nullptr : before->if_object();
  const bool deletes = request.string_or("method", "") == "DELETE";
  if (record != nullptr) {
    for (const auto& [name, value] : *record) {
      rows.push_back({name, readable(&value), deletes ? "(deleted)" : "(stays)"});
    }
  }
  const json::Value* const body = request.find("body");
  if (body == nullptr) return rows;
  if (const json::Object* const members = body->if_object()) {
    for (const auto& [name, value] : *members) row_of(rows, name).after = readable(&value);
  } else if (const json::Array* const list = body->if_array();
             list != nullptr && is_operations(*list)) {
    for (const json::Value& operation : *list) apply(rows, operation);
  } else {
    row_of(rows, "body").after = readable(body);
  }
  return rows;
}

std::string shown_parts(const json::Value& approval, std::optional<std::size_t> width) {
  std::string text;
  if (const json::Value* const request = approval.find("request");
      request != nullptr && request->is_object()) {
    add_title(text, "What would be sent");
    text += one_line(fmt::format("{} {}", request->string_or("method", ""),
                                 request->string_or("path", ""))) +
            "\n";
    const auto rows = compared(approval.find("before"), *request);
    if (!rows.empty()) text += side_by_side(rows, width);
    add_rest(text, *request, !rows.empty());
  }
  add_json(text, "What it touches", approval.find("touches"));
  add_json(text, "What names became", approval.find("names"));
  add_json(text, "What the call said", approval.find("arguments"));
  add_json(text, "How it is now", approval.find("changed"));
  add_json(text, "What came of it", approval.find("result"));
  add_json(text, "Why it was not done", approval.find("error"));
  return text;
}

}  // namespace patchbay::cli
