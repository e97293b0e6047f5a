#include "servers/discovery_answers.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/nearest.h"
#include "base/text.h"
#include "json/write.h"
#include "search/words.h"

namespace patchbay::servers {
namespace {

constexpr std::size_t kMostOfValues = 80;      // bytes of an enumeration
constexpr std::size_t kMostOfAnArgument = 70;  // bytes of its description
constexpr std::size_t kLeastDescription = 70;  // of a tool's, however many are told
constexpr std::size_t kMostDescription = 300;
constexpr std::size_t kMostQueryWords = 40;

std::string cut(std::string_view text, std::size_t most) {
  if (text.size() <= most) return std::string(text);
  std::string_view head = cut_utf8(text, most);
  if (const auto blank = head.rfind(' '); blank != std::string_view::npos)
    head = head.substr(0, blank);
  return std::string(head) + "…";
}

const json::Object* properties_of(const json::Value& schema) {
  const json::Value* const properties = schema.find("properties");
  return properties != nullptr ? properties->if_object() : nullptr;
}

// ---- search_tools ------------------------------------------------------------------------------

std::string values_of(const json::Array& values) {
  std::string text = "one of ";
  bool is_first = true;
  for (const json::Value& value : values) {
    const std::string one = value.is_string() ? *value.if_string() : json::to_string(value);
    if (text.size() + one.size() > kMostOfValues) return text + ", …";
    text += (is_first ? "" : ", ") + one;
    is_first = false;
  }
  return text;
}

// "string: Name or id", "one of Open, Closed", "object {id, name}", "array of string".
std::string in_words(const json::Value& schema) {
  const json::Value* const values = schema.find("enum");
  std::string text(schema.string_or("type", "any"));
  if (values != nullptr && values->if_array() != nullptr) {
    text = values_of(*values->if_array());
  } else if (const json::Value* const items = schema.find("items")) {
    text += " of " + cut(in_words(*items), kMostOfValues);
  } else if (const json::Object* const members = properties_of(schema)) {
    std::vector<std::string> names;
    for (const auto& [name, member] : *members) names.push_back(name);
    text += " {" + cut(join(names), kMostOfValues) + "}";
  }
  const std::string_view description = schema.string_or("description", "");
  if (!description.empty()) text += ": " + cut(description, kMostOfAnArgument);
  return text;
}

std::set<std::string> stems_of(std::string_view text) {
  std::set<std::string> stems;
  for (const std::string& word : search::words_of(text, kMostQueryWords)) {
    if (!search::is_filler(word)) stems.insert(search::stem(word));
  }
  return stems;
}

bool speaks_of(const std::set<std::string>& query, std::string_view argument) {
  return std::ranges::any_of(stems_of(argument),
                             [&](const std::string& stem) { return query.contains(stem); });
}

// Of the call, and not of what it is about: every list has them, and the first words say so.
bool is_shared(const catalog::Tool* tool, std::string_view name) {
  if (tool == nullptr) return false;
  const auto& arguments = tool->method->arguments;
  const auto found = std::ranges::find(arguments, name, &integration::Argument::name);
  return found != arguments.end() && !found->required &&
         found->place == integration::ArgumentPlace::platform;
}

using Property = std::pair<std::string_view, const json::Value*>;

// What one needs most first. The listing has what must be given first already.
std::vector<Property> in_order_of_need(const ListedTool& listed, std::size_t required,
                                       const std::set<std::string>& query) {
  std::vector<Property> needed;
  std::vector<Property> others;
  const json::Value* const schema = listed.entry.find("inputSchema");
  const json::Object* const properties = schema != nullptr ? properties_of(*schema) : nullptr;
  if (properties == nullptr) return needed;
  for (const auto& [name, property] : *properties) {
    if (is_shared(listed.tool, name)) continue;
    const bool comes_first = needed.size() < required || speaks_of(query, name);
    (comes_first ? needed : others).emplace_back(name, &property);
  }
  needed.insert(needed.end(), others.begin(), others.end());
  return needed;
}

json::Value found_tool(const ListedTool& listed, const std::set<std::string>& query,
                       std::size_t most_bytes) {
  const json::Value& entry = listed.entry;
  json::Object told{
      {"tool", entry.string_or("name", "")},
      {"title", entry.string_or("title", "")},
      {"call_with", listed.call_with},
      {"description", cut(entry.string_or("description", ""),
                          std::clamp(most_bytes / 4, kLeastDescription, kMostDescription))}};
  const json::Value* const schema = entry.find("inputSchema");
  const json::Value* const required = schema != nullptr ? schema->find("required") : nullptr;
  if (required != nullptr) told["required"] = *required;
  const std::size_t must =
      required != nullptr && required->if_array() != nullptr ? required->if_array()->size() : 0;
  const auto needed = in_order_of_need(listed, must, query);
  std::size_t bytes = json::to_string(json::Value(told)).size();
  json::Object arguments;
  for (const auto& [name, property] : needed) {
    const std::string words = in_words(*property);
    bytes += name.size() + words.size() + std::string_view(R"("":"",)").size();
    if (bytes > most_bytes) break;
    arguments.append(std::string(name), words);
  }
  const std::size_t left = needed.size() - arguments.size();
  told["arguments"] = json::Value(std::move(arguments));
  if (left > 0) told["more_arguments"] = left;
  return told;
}

// ---- get_tool_schema ---------------------------------------------------------------------------

// How much of a schema is told.
struct Measure {
  std::size_t description;  // bytes
  bool nested;              // what objects within it have
  std::size_t values;       // of an enumeration
};

void shrink(json::Value& schema, const Measure& to, bool is_argument) {
  json::Object* const members = schema.if_object();
  if (members == nullptr) return;
  if (json::Value* const text = members->find("description");
      text != nullptr && text->is_string()) {
    *text = json::Value(cut(*text->if_string(), to.description));
  }
  const json::Value* const values = members->find("enum");
  if (values != nullptr && values->if_array() != nullptr &&
      values->if_array()->size() > to.values) {
    const std::string words = values_of(*values->if_array());
    members->erase("enum");
    (*members)["description"] = words;
  }
  if (json::Value* const items = members->find("items")) shrink(*items, to, is_argument);
  json::Value* const properties = members->find("properties");
  if (properties == nullptr || properties->if_object() == nullptr) return;
  if (is_argument && !to.nested) {
    (*members)["description"] = in_words(schema);
    members->erase("properties");
    members->erase("required");
    (*members)["additionalProperties"] = json::Value(true);
    return;
  }
  for (auto& [name, property] : *properties->if_object()) shrink(property, to, true);
}

std::size_t bytes_of(const json::Object& told) {
  return json::to_string(json::Value(told)).size();
}

Result<> keep_only(json::Object& properties, const std::vector<std::string>& wanted) {
  std::vector<std::string> known;
  for (const auto& [name, property] : properties) known.push_back(name);
  for (const std::string& name : wanted) {
    if (properties.contains(name)) continue;
    const auto near = nearest(name, known, 3, true);
    return fail(ErrorCode::invalid_argument,
                "It has no argument '" + std::string(cut_utf8(name, 100)) + "'.",
                near.empty() ? "It takes none." : "Nearest: " + join(near) + ".");
  }
  for (const std::string& name : known) {
    if (std::ranges::find(wanted, name) == wanted.end()) properties.erase(name);
  }
  return {};
}

// Leaves out from the end what has no room, and names it.
void leave_out(json::Object& told, const std::vector<std::string>& required,
               std::size_t most_bytes) {
  told["more_arguments"] = json::Array();
  told["notice"] =
      "Not all of it has room here. Call get_tool_schema again with `arguments`, the names of "
      "those that you need.";
  json::Object* const properties = told["inputSchema"]["properties"].if_object();
  std::vector<std::string> names;
  for (const auto& [name, property] : *properties) names.push_back(name);
  json::Array left;
  while (!names.empty() && bytes_of(told) > most_bytes) {
    // Several at a time: each look at the size writes all of it.
    const std::size_t many = std::max<std::size_t>(1, names.size() / 8);
    for (std::size_t i = 0; i < many && !names.empty(); ++i) {
      const std::string name = names.back();
      names.pop_back();
      if (std::ranges::find(required, name) != required.end()) continue;
      properties->erase(name);
      left.emplace_back(name);
      told["more_arguments"].push_back(json::Value(name));
    }
  }
  std::ranges::reverse(left);
  if (left.empty()) {
    told.erase("more_arguments");
  } else {
    told["more_arguments"] = json::Value(std::move(left));
  }
}

std::vector<std::string> required_of(const json::Value& schema) {
  std::vector<std::string> names;
  const json::Value* const required = schema.find("required");
  if (required == nullptr || required->if_array() == nullptr) return names;
  for (const json::Value& name : *required->if_array()) names.push_back(*name.if_string());
  return names;
}

}  // namespace

std::string tell_found(const std::vector<ListedTool>& found, std::string_view query,
                       std::size_t most_bytes) {
  constexpr std::size_t kFrame = 200;  // the count, and a notice
  const auto stems = stems_of(query);
  json::Array result;
  std::size_t left = most_bytes - std::min(most_bytes, kFrame);
  for (std::size_t i = 0; i < found.size(); ++i) {
    json::Value told = found_tool(found[i], stems, left / (found.size() - i));
    const std::size_t bytes = json::to_string(told).size() + 1;
    if (bytes > left) break;
    left -= bytes;
    result.push_back(std::move(told));
  }
  const std::size_t count = result.size();
  json::Object told{{"result", std::move(result)}, {"result_count", count}};
  if (found.empty()) {
    told["notice"] =
        "Nothing fits. Name what it is about and what is to be done with it in other words.";
  } else if (count < found.size()) {
    told["notice"] = "There was no room for more; ask for fewer, or more exactly.";
  }
  return json::to_string(json::Value(std::move(told)));
}

Result<std::string> tell_schema(ListedTool listed, const std::vector<std::string>& arguments,
                                std::size_t most_bytes) {
  json::Value& entry = listed.entry;
  json::Object told{{"tool", entry.string_or("name", "")},
                    {"title", entry.string_or("title", "")},
                    {"call_with", listed.call_with},
                    {"description", entry.string_or("description", "")},
                    {"inputSchema", std::move(entry["inputSchema"])}};
  json::Value& schema = told["inputSchema"];
  json::Object* const members = schema.if_object();
  json::Value* const listing = members != nullptr ? members->find("properties") : nullptr;
  json::Object* const properties = listing != nullptr ? listing->if_object() : nullptr;
  if (properties != nullptr && !arguments.empty()) {
    if (auto kept = keep_only(*properties, arguments); !kept) {
      return std::unexpected(std::move(kept.error()));
    }
    members->erase("required");
  }
  for (const Measure& measure : {Measure{80, true, 40}, Measure{50, false, 12}}) {
    if (bytes_of(told) <= most_bytes) break;
    shrink(schema, measure, false);
  }
  if (properties != nullptr && bytes_of(told) > most_bytes) {
    leave_out(told, required_of(schema), most_bytes);
  }
  return json::to_string(json::Value(std::move(told)));
}

}  // namespace patchbay::servers
