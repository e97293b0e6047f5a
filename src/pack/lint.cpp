#include "pack/lint.h"

#include <algorithm>

#include "base/text.h"
#include "catalog/listing.h"
#include "catalog/tool.h"

namespace patchbay::pack {
namespace {

constexpr std::size_t kThinDescription = 40;  // characters: less says no more than the name
constexpr std::size_t kMaxToolTokens = 600;   // of one tool in a listing, at four bytes a token

// Problems of a resource stand in its file.
void enter(const std::string& folder, const integration::Resource& resource,
           ProblemList& problems) {
  problems.begin_file(folder + "resources/" + resource.name + ".yaml");
}

void lint_method(const integration::Integration& integration, const integration::Resource& resource,
                 const integration::Method& method, std::size_t line, ProblemList& problems) {
  const std::string what = "method '" + method.name + "'";
  if (method.only_looks_up) return;
  if (!integration::makes_tool(method)) {
    problems.warning(line, what + " has no description, so it makes no tool",
                     "say what it does, when to use it and what to call first");
    return;
  }
  if (method.description.size() < kThinDescription) {
    problems.warning(line, what + " is hardly described",
                     "say what it does, when to use it and what to call first");
  }
  if (method.kind == integration::MethodKind::list && !resource.fields.empty() &&
      method.default_fields.empty() && !integration.pagination.fields_parameter.empty()) {
    problems.warning(line, what + " has no default_fields, so that lists carry whole records",
                     "name the dozen fields that a reader needs");
  }
  const bool writes = method.kind == integration::MethodKind::create ||
                      method.kind == integration::MethodKind::update;
  if (writes && method.examples.empty()) {
    problems.warning(line, what + " has no example", "add `examples:` with arguments that work");
  }
}

void lint_tool(const catalog::Tool& tool, std::size_t line, ProblemList& problems) {
  for (const json::Value& example : tool.method->examples) {
    const auto violations = tool.validator->check(example);
    if (violations.empty()) continue;
    problems.warning(line,
                     "method '" + tool.method->name + "': its example is refused: " +
                         violations[0].path + " " + violations[0].message,
                     "correct the example");
  }
  const std::size_t bytes = catalog::listing_bytes(tool);
  if (bytes / 4 > kMaxToolTokens) {
    problems.warning(line,
                     "method '" + tool.method->name + "' costs about " + std::to_string(bytes / 4) +
                         " tokens in every listing",
                     "shorten descriptions, or leave arguments out that are seldom used");
  }
}

// What such fields hold is about people nearly everywhere.
constexpr std::string_view kOfPeople[] = {"email", "phone",    "firstname",  "lastname",
                                          "fax",   "birthday", "addressline"};

// "contactEmail", "email_address", and not "iphoneXref": where a word of the name begins.
bool looks_personal(const std::string& name) {
  const std::string lower = to_lower(name);
  return std::ranges::any_of(kOfPeople, [&](std::string_view word) {
    const auto at = lower.find(word);
    if (at == std::string::npos) return false;
    return at == 0 || name[at - 1] == '_' || (name[at] >= 'A' && name[at] <= 'Z');
  });
}

void lint_personal(const std::vector<integration::Field>& fields, ProblemList& problems) {
  for (const integration::Field& field : fields) {
    const bool is_text = field.type == integration::FieldType::string && field.values.empty();
    if (is_text && !field.personal && looks_personal(field.name)) {
      problems.warning(
          0, "field '" + field.name + "' looks as if it were about people",
          "name it in `personal_fields` of integration.yaml, or say `personal: false`");
    }
    lint_personal(field.children, problems);
  }
}

std::size_t line_of(const MethodLines& lines, const integration::Resource& resource,
                    const integration::Method& method) {
  const auto found = lines.find(resource.name + "." + method.name);
  return found == lines.end() ? 0 : found->second;
}

}  // namespace

void lint(const std::shared_ptr<const integration::Integration>& integration,
          const std::string& folder, const MethodLines& lines, ProblemList& problems) {
  for (const integration::Resource& resource : integration->resources) {
    enter(folder, resource, problems);
    if (resource.tags.empty()) {
      problems.warning(0, "resource '" + resource.name + "' has no tags",
                       "add `tags: [...]`, so that servers can be scoped");
    }
    lint_personal(resource.fields, problems);
    for (const integration::Method& method : resource.methods) {
      lint_method(*integration, resource, method, line_of(lines, resource, method), problems);
    }
  }
  const auto catalog = catalog::ToolCatalog::generate(integration);
  if (!catalog) {
    problems.begin_file(folder);
    problems.error(0, catalog.error().message, catalog.error().hint);
    return;
  }
  for (const auto& tool : (*catalog)->tools()) {
    enter(folder, *tool->resource, problems);
    lint_tool(*tool, line_of(lines, *tool->resource, *tool->method), problems);
  }
}

}  // namespace patchbay::pack
