#include "catalog/instructions.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "base/text.h"
#include "catalog/limits.h"
#include "integration/naming.h"
#include "integration/report.h"
#include "json/write.h"

namespace patchbay::catalog {
namespace {

using integration::Argument;
using integration::ArgumentPlace;
using integration::FieldType;
using integration::Method;
using integration::MethodKind;

template <class Test>
bool any_argument(const Toolset& toolset, Test test) {
  return std::ranges::any_of(toolset.tools(), [&](const Tool* tool) {
    return std::ranges::any_of(tool->method->arguments, test);
  });
}

template <class Test>
bool any_method(const Toolset& toolset, Test test) {
  return std::ranges::any_of(toolset.tools(),
                             [&](const Tool* tool) { return test(*tool->method); });
}

// Patchbay's own argument of that name; an API's may be called alike and mean something else.
bool has_own(const Toolset& toolset, std::string_view name) {
  return any_argument(toolset, [&](const Argument& argument) {
    return argument.place == ArgumentPlace::platform && argument.name == name;
  });
}

bool has_kind(const Toolset& toolset, MethodKind kind) {
  return any_method(toolset, [&](const Method& method) { return method.kind == kind; });
}

// ---- names of records --------------------------------------------------------------------------

// A name that an example gives to the argument, if there is one.
const std::string* sample_of(const std::vector<const Tool*>& tools, const Argument& argument) {
  for (const Tool* tool : tools) {
    for (const json::Value& example : tool->method->examples) {
      const json::Value* given = example.find(argument.name);
      const std::string* text = given != nullptr ? given->if_string() : nullptr;
      if (text != nullptr) return text;
    }
  }
  return nullptr;
}

// "board: \"Triage\" or board: \"7\"", of the first argument that names a record and has an
// example; without any, of the first. Nothing if no argument takes names. The id is a text there,
// as the schema has it: clients that check first would not send a number (decision 4).
std::optional<std::string> naming_example(const Toolset& toolset) {
  const Argument* first = nullptr;
  const auto said = [](const Argument& argument, std::string_view name) {
    std::string out = argument.name + ": ";
    json::append_string(out, name);
    return out + " or " + argument.name + ": \"7\"";
  };
  for (const Tool* tool : toolset.tools()) {
    for (const Argument& argument : tool->method->arguments) {
      if (!argument.reference || argument.type == FieldType::array) continue;
      if (first == nullptr) first = &argument;
      if (const std::string* name = sample_of(toolset.tools(), argument)) {
        return said(argument, *name);
      }
    }
  }
  if (first == nullptr) return std::nullopt;
  return said(*first, "its name");
}

// ---- lists -------------------------------------------------------------------------------------

// Whether a list that is asked for nothing else begins with what was made last.
bool begins_with_newest(const Tool& tool) {
  const Method& method = *tool.method;
  const auto& pagination = tool.integration->pagination;
  if (method.kind != MethodKind::list || pagination.order_parameter.empty()) return false;
  return method.default_order.empty() ||
         equal_ignoring_case(method.default_order, pagination.id_field + " desc");
}

std::string about_lists(const Toolset& toolset) {
  const auto& pagination = toolset.catalog().integration().pagination;
  std::string out;
  if (has_kind(toolset, MethodKind::list)) {
    out = "Lists return {result_count, next_cursor, result}, " +
          std::to_string(std::min(kDefaultLimit, pagination.max_size)) +
          " unless limit says otherwise";
    if (std::ranges::any_of(toolset.tools(),
                            [](const Tool* tool) { return begins_with_newest(*tool); })) {
      out += ", newest first";
    }
    out += "; go on with next_cursor and the same arguments.";
  }
  std::vector<std::string> switches;
  if (has_own(toolset, "fields")) switches.emplace_back("fields asks for few");
  if (has_own(toolset, "verbose")) switches.emplace_back("verbose: true keeps all but nulls");
  if (has_own(toolset, "count")) switches.emplace_back("count: true tells only how many");
  if (!switches.empty()) out += (out.empty() ? "" : " ") + join(switches, "; ") + '.';
  return out;
}

// Whoever adds up rows by hand goes wrong, and pays for each of them.
std::string about_reports(const Toolset& toolset) {
  if (!has_own(toolset, integration::kGroupBy)) return {};
  return "Never add up rows yourself: a list with groupBy (up to 3; dates as "
         "created:month) or measures (count; sum, avg, min, max, median, p90, share before a name) "
         "tells exact groups and totals, each with the filters of its "
         "rows. where tests rows (ageDays > 7), having groups (count >= 5), orderBy names a "
         "measure or group.";
}

std::string about_ids(const Toolset& toolset) {
  std::vector<std::string> verbs;
  if (has_kind(toolset, MethodKind::get)) verbs.emplace_back("get");
  if (has_kind(toolset, MethodKind::update)) verbs.emplace_back("update");
  if (has_kind(toolset, MethodKind::delete_)) verbs.emplace_back("delete");
  if (verbs.empty()) return {};
  if (!has_kind(toolset, MethodKind::list)) return "Never guess an id.";
  const std::string last = verbs.back();
  verbs.pop_back();
  return "Search before you " + join(verbs, ", ") + (verbs.empty() ? "" : " or ") + last +
         " by id; never guess one.";
}

// ---- updates -----------------------------------------------------------------------------------

std::string about_clearing(const Toolset& toolset) {
  for (const Tool* tool : toolset.tools()) {
    if (tool->method->clearable.empty()) continue;
    return "An update changes only what it is given, and null is nothing; clear: [\"" +
           tool->method->clearable.front() + "\"] empties a field.";
  }
  return {};
}

// Of which records a call may write many. No listing shows it (gateway/many/asked.h), and who has
// read "notes" knows that it is so of notes of all kinds.
std::string about_many(const Toolset& toolset) {
  std::vector<std::string> kinds;
  std::vector<std::string> verbs;
  bool is_filtered = false;
  for (const Tool* tool : toolset.tools()) {
    if (!tool->method->many) continue;
    is_filtered =
        is_filtered || (tool->list != nullptr && toolset.find(tool->list->name) != nullptr);
    const std::string label = to_lower(tool->resource->label);
    std::string kind = label.substr(label.rfind(' ') + 1);
    if (std::ranges::find(kinds, kind) == kinds.end()) kinds.push_back(std::move(kind));
    std::string verb = tool->method->kind == MethodKind::create ? "Creates" : "Updates";
    if (std::ranges::find(verbs, verb) == verbs.end()) verbs.push_back(std::move(verb));
  }
  if (kinds.empty()) return {};
  std::string out = verbs.size() == 1 ? verbs.front() : std::string("Creates and updates");
  out += " of " + join(kinds) +
         " take records: [{…}, …], up to 100; what stands beside holds for all.";
  if (is_filtered) {
    out +=
        " An update also takes filter: {filters of its list}: it tells how many, and changes them "
        "given expect: that number.";
  }
  return out;
}

// ---- custom fields -----------------------------------------------------------------------------

std::string about_custom_fields(const Toolset& toolset) {
  const std::string& field = toolset.catalog().integration().custom_fields.field;
  if (field.empty()) return {};
  const bool writes = has_own(toolset, field);
  const bool compares = has_own(toolset, integration::kCustomFieldFilter);
  if (!writes && !compares) return {};
  std::string out = "Custom fields go by caption: ";
  if (writes) out += field + ": [\"Region: South\"] sets one (\"Region:\" empties it)";
  if (writes && compares) out += ", ";
  if (compares) {
    out += std::string(integration::kCustomFieldFilter) +
           (writes ? " compares one." : ": [\"Region: South\"] compares one.");
  } else {
    out += '.';
  }
  return out;
}

// Which creates take along what belongs to the record, in lists that no listing shows either.
std::string about_nested(const Toolset& toolset) {
  std::vector<std::string> makers;
  for (const Tool* tool : toolset.tools()) {
    std::vector<std::string> lists;
    for (std::size_t i = 0; i < tool->nested.size(); ++i) {
      if (toolset.find(tool->nested[i]->name) == nullptr) continue;
      lists.push_back(tool->method->nested[i].argument);
    }
    if (lists.empty()) continue;
    makers.push_back(to_lower(tool->resource->label) + " (" + join(lists) + ')');
  }
  if (makers.empty()) return {};
  return "Creates take lists along: " + join(makers) + '.';
}

// ---- the integration's own ---------------------------------------------------------------------

// The line with its names filled in; nothing if these tools lack one.
std::optional<std::string> filled(const Toolset& toolset,
                                  const integration::Instruction& instruction) {
  using Kind = integration::PromptPart::Kind;
  const integration::Integration& integration = toolset.catalog().integration();
  std::string out;
  for (const integration::PromptPart& part : instruction.parts) {
    if (part.kind == Kind::text) {
      out += part.text;
      continue;
    }
    std::string name = part.text;
    if (part.kind == Kind::tool) {
      const auto* resource = integration.find_resource(part.text);
      const auto* method = resource != nullptr ? resource->find_method(part.method) : nullptr;
      if (method == nullptr) return std::nullopt;
      name = integration::tool_name(integration.tool_prefix, *resource, *method);
      const Tool* const tool = toolset.find(name);
      if (tool == nullptr) return std::nullopt;
      name = toolset.shown(*tool);
    } else if (!any_argument(toolset,
                             [&](const Argument& argument) { return argument.name == name; })) {
      return std::nullopt;
    }
    out += name;
  }
  return out;
}

}  // namespace

std::string instructions(const Toolset& toolset, std::string_view time_zone) {
  const integration::Integration& integration = toolset.catalog().integration();
  std::string out = "Tools of " + integration.label + ".";
  const auto add = [&](std::string_view line) {
    if (!line.empty()) out.append("\n- ").append(line);
  };
  if (toolset.exposure() == Exposure::discovery) {
    add("Its tools are not listed: search_tools finds them by what you want to do, and tells their "
        "main arguments; get_tool_schema tells all arguments of one. call_read_tool calls those "
        "that read, call_write_tool those that change something, also where these lines, an error "
        "or a prompt name a tool.");
  }
  if (const auto example = naming_example(toolset)) {
    add("Name other records by name or id (" + *example +
        "); a name that fits none or several is refused.");
  }
  add(about_lists(toolset));
  add(about_reports(toolset));
  add(about_clearing(toolset));
  add(about_many(toolset));
  add(about_nested(toolset));
  add(about_custom_fields(toolset));
  if (has_own(toolset, "dry_run")) {
    add("dry_run: true shows what a write would send.");
  }
  if (has_own(toolset, "idempotency_key")) {
    add("A write repeated with its idempotency_key is done once.");
  }
  add(about_ids(toolset));
  const bool takes_times = any_argument(toolset, [](const Argument& argument) {
    return argument.type == FieldType::date_time || argument.type == FieldType::date;
  });
  if (takes_times) {
    add("Times are ISO 8601, without an offset of " + std::string(time_zone) + '.');
  }
  for (const integration::Instruction& instruction : integration.instructions) {
    if (const auto line = filled(toolset, instruction)) add(*line);
  }
  const bool writes = any_method(toolset, [](const Method& method) { return method.writes(); });
  add("An error says what to change; on rate_limited wait retry_after_seconds" +
      std::string(writes ? "; was_applied says whether a write happened." : "."));
  return out;
}

}  // namespace patchbay::catalog
