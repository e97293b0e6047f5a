#include "catalog/field_guide.h"

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace patchbay::catalog {
namespace {

using integration::Argument;
using integration::ArgumentPlace;
using integration::Field;
using integration::FieldType;
using integration::MethodKind;

constexpr std::string_view kScheme = "patchbay://";
constexpr std::string_view kFolder = "/fields/";
constexpr std::size_t kMostValueBytes = 90;  // of an enumeration's values, said beside the field

// Whether a tool answers with records of its resource, or writes them: what sums up others' has
// none of its own.
bool has_records(const Tool& tool) {
  return !tool.method->composite && tool.method->kind != MethodKind::delete_ &&
         tool.method->kind != MethodKind::custom && !tool.resource->fields.empty();
}

std::string_view head_of(std::string_view path) {
  return path.substr(0, path.find('/'));
}

// What the server's tools do with the fields of one resource.
class Uses {
 public:
  Uses(const Toolset& toolset, const integration::Resource& resource, const reach::Reach* reach)
      : reach_(reach) {
    for (const Tool* tool : toolset.tools()) {
      if (tool->resource != &resource || tool->method->composite) continue;
      if (tool->method->kind == MethodKind::list) list_ = tool;
      if (tool->method->kind == MethodKind::create || tool->method->kind == MethodKind::update) {
        writes_.push_back(tool);
      }
    }
  }

  const Tool* list() const { return list_; }
  bool writes() const { return !writes_.empty(); }

  bool is_written(const Field& field) const {
    return std::ranges::any_of(writes_, [&](const Tool* tool) {
      return std::ranges::any_of(tool->method->arguments, [&](const Argument& argument) {
        const bool is_body = argument.place == ArgumentPlace::body ||
                             argument.name == tool->integration->custom_fields.field;
        return is_body && head_of(argument.field()) == field.name && is_free(*tool, argument);
      });
    });
  }

  // The list's filters that compare it.
  std::vector<std::string> filters(const Field& field) const {
    std::vector<std::string> names;
    if (list_ == nullptr) return names;
    for (const Argument& argument : list_->method->arguments) {
      const bool compares =
          argument.place == ArgumentPlace::filter && head_of(argument.field()) == field.name;
      if (compares && is_free(*list_, argument)) names.push_back(argument.name);
    }
    return names;
  }

  // Whether a list compares fields that none of its filters names (gateway/unlisted.h).
  bool compares_unlisted() const {
    return list_ != nullptr && reach_ == nullptr && !list_->integration->dialects.filter.empty();
  }
  static bool is_comparable(const Field& field) {
    if (!field.filterable || field.type == FieldType::array || field.type == FieldType::object) {
      return false;
    }
    return field.type != FieldType::reference || field.lookup ||
           std::ranges::any_of(field.children, &Field::filterable);
  }

 private:
  // A value that the server fixes is no argument of its tools.
  bool is_free(const Tool& tool, const Argument& argument) const {
    const reach::Limit* limit =
        reach_ != nullptr ? reach_->limit_of(*tool.resource, *tool.method, argument) : nullptr;
    return limit == nullptr || !limit->fixed();
  }

  const reach::Reach* reach_;
  const Tool* list_ = nullptr;
  std::vector<const Tool*> writes_;
};

std::string members_of(const Field& field) {
  std::vector<std::string> names;
  for (const Field& child : field.children) {
    if (child.returned) names.push_back(child.name);
  }
  return names.empty() ? "" : " {" + join(names, ", ") + "}";
}

std::string kind_of(const Field& field) {
  switch (field.type) {
    case FieldType::string:
      return "text";
    case FieldType::integer:
      return "whole number";
    case FieldType::number:
      return "number";
    case FieldType::boolean:
      return "true or false";
    case FieldType::date_time:
      return "time";
    case FieldType::date:
      return "day";
    case FieldType::reference:
      return "record" + members_of(field);
    case FieldType::object:
      return "object" + members_of(field);
    case FieldType::array:
      return "list" + (field.children.empty() ? "" : " of" + members_of(field));
  }
  return "text";
}

// "status+(status)": its name, whether it is written, and what compares it.
std::string said(const Field& field, const Uses& uses) {
  std::string out = field.name;
  if (const std::string values = join(field.values, "|");
      !values.empty() && values.size() <= kMostValueBytes) {
    out += '=' + values;
  }
  if (uses.is_written(field)) out += '+';
  const auto filters = uses.filters(field);
  if (!filters.empty()) {
    out += '(' + join(filters, ", ") + ')';
  } else if (uses.compares_unlisted() && !Uses::is_comparable(field)) {
    out += '-';
  }
  return out;
}

struct Line {
  std::string kind;
  std::vector<std::string> fields;
};

std::vector<Line> lines_of(const integration::Resource& resource, const Uses& uses) {
  std::vector<Line> lines;
  for (const Field& field : resource.fields) {
    if (!field.returned) continue;
    const std::string kind = kind_of(field);
    auto line = std::ranges::find(lines, kind, &Line::kind);
    if (line == lines.end()) line = lines.insert(lines.end(), {kind, {}});
    line->fields.push_back(said(field, uses));
  }
  return lines;
}

std::string written(const std::vector<Line>& lines, std::size_t left_out) {
  std::string out;
  for (const Line& line : lines) out += '\n' + line.kind + ": " + join(line.fields, ", ");
  if (left_out > 0) {
    out += "\nAnd " + std::to_string(left_out) +
           " more: a get without fields answers with all that a record has.";
  }
  return out;
}

// Takes from the longest line until it fits: what stands last in a definition is asked for least.
std::string fitted(std::vector<Line> lines, std::size_t room) {
  std::size_t left_out = 0;
  std::string text = written(lines, left_out);
  while (text.size() > room) {
    const auto longest =
        std::ranges::max_element(lines, {}, [](const Line& line) { return line.fields.size(); });
    if (longest == lines.end() || longest->fields.size() < 2) break;
    longest->fields.pop_back();
    ++left_out;
    text = written(lines, left_out);
  }
  return text;
}

std::string about_custom_fields(const integration::Integration& integration,
                                const integration::Resource& resource, const Toolset& toolset,
                                const Uses& uses) {
  const auto& known = integration.custom_fields;
  if (known.field.empty() || resource.find_field(known.field) == nullptr) return {};
  std::string out =
      "\nWhich " + known.field + " there are, the account decides: records tell their captions.";
  if (uses.is_written(*resource.find_field(known.field))) {
    out += " A write takes [\"caption: value\"].";
  }
  if (uses.list() != nullptr &&
      std::ranges::any_of(uses.list()->method->arguments, [](const Argument& argument) {
        return argument.name == integration::kCustomFieldFilter;
      })) {
    out += ' ' + toolset.shown(*uses.list()) + " compares them by " +
           std::string(integration::kCustomFieldFilter) + '.';
  }
  return out;
}

std::string legend(const Toolset& toolset, const integration::Resource& resource,
                   const Uses& uses) {
  std::string out = resource.label + ": their fields by what they hold, as `fields` takes them; " +
                    "of a record or object a member as well (owner/name, if it has that).";
  if (uses.writes()) out += " +: create or update takes it.";
  if (uses.list() == nullptr) return out;
  out += " (…): the filters of " + toolset.shown(*uses.list()) + " that compare it.";
  if (!uses.compares_unlisted()) return out;
  out +=
      " The others compare all the same: a text as name or nameContains, a number as name, nameMin "
      "or nameMax, a time or day as nameAfter or nameBefore, true or false and a record as name; "
      "each but times also as nameNot. -: nothing compares it.";
  return out;
}

}  // namespace

std::string field_guide_template(const integration::Integration& integration) {
  return std::string(kScheme) + integration.name + std::string(kFolder) + "{resource}";
}

std::string field_guide_uri(const integration::Integration& integration,
                            const integration::Resource& resource) {
  return std::string(kScheme) + integration.name + std::string(kFolder) + resource.name;
}

bool has_field_guides(const Toolset& toolset) {
  return std::ranges::any_of(toolset.tools(), [](const Tool* tool) { return has_records(*tool); });
}

std::vector<std::string> field_guide_names(const Toolset& toolset) {
  std::vector<std::string> names;
  for (const Tool* tool : toolset.tools()) {
    if (!has_records(*tool)) continue;
    if (std::ranges::find(names, tool->resource->name) == names.end()) {
      names.push_back(tool->resource->name);
    }
  }
  return names;
}

const integration::Resource* find_field_guide(const Toolset& toolset, std::string_view uri) {
  const integration::Integration& integration = toolset.catalog().integration();
  for (const Tool* tool : toolset.tools()) {
    if (has_records(*tool) && field_guide_uri(integration, *tool->resource) == uri) {
      return tool->resource;
    }
  }
  return nullptr;
}

std::string field_guide(const Toolset& toolset, const integration::Resource& resource,
                        const reach::Reach* reach) {
  const Uses uses(toolset, resource, reach);
  const integration::Integration& integration = toolset.catalog().integration();
  const std::string head = legend(toolset, resource, uses);
  const std::string tail = about_custom_fields(integration, resource, toolset, uses);
  const std::size_t taken = std::min(kMostGuideBytes, head.size() + tail.size());
  return head + fitted(lines_of(resource, uses), kMostGuideBytes - taken) + tail;
}

}  // namespace patchbay::catalog
