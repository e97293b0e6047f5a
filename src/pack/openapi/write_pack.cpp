#include "pack/openapi/write_pack.h"

#include <algorithm>
#include <utility>

#include "integration/naming.h"
#include "pack/openapi/describe.h"
#include "pack/openapi/import.h"
#include "pack/openapi/records.h"
#include "pack/openapi/sign_in.h"
#include "pack/openapi/words.h"
#include "pack/openapi/write_method.h"
#include "pack/openapi/yaml_text.h"

namespace patchbay::openapi {
namespace {

std::string file_text(const json::Object& value) {
  return std::string(kMark) + " Another import writes it anew.\n" + to_yaml(value);
}

void write_about(const Document& document, const std::string& name, json::Object& out) {
  out.append("name", name);
  const json::Value* info = document.root().find("info");
  if (info == nullptr) return;
  if (auto title = one_line(info->string_or("title", ""), 100); !title.empty()) {
    out.append("label", std::move(title));
  }
  if (auto text = one_line(info->string_or("description", ""), 300); !text.empty()) {
    out.append("description", std::move(text));
  }
  if (auto version = one_line(info->string_or("version", ""), 60); !version.empty()) {
    out.append("version", std::move(version));
  }
}

// A list that every account may ask for proves a connection.
void write_probe(const std::vector<ResourceOutline>& resources, json::Object& out) {
  std::string best;
  for (const ResourceOutline& resource : resources) {
    for (const MethodOutline& method : resource.methods) {
      const Operation& operation = *method.operation;
      const bool asks_nothing =
          operation.verb == integration::Verb::get && !operation.answer.is_file &&
          method.path.placeholders.empty() &&
          std::ranges::none_of(operation.parameters, [](const Parameter& each) {
            return each.required && each.place == Place::query;
          });
      if (!asks_nothing) continue;
      if (best.empty() || method.path.text.size() < best.size()) best = method.path.text;
    }
  }
  if (!best.empty()) out.append("probe", json::Object{{"path", best}});
}

json::Object about_integration(const Document& document, const std::string& name,
                               const Conventions& conventions,
                               const std::vector<ResourceOutline>& resources, Faults& faults) {
  json::Object out;
  write_about(document, name, out);
  if (conventions.family) {
    for (const auto& [key, section] : conventions.family->sections) out.append(key, section);
    return out;
  }
  write_sign_in(document, conventions, faults, out);
  if (!conventions.pages.section.is_null()) out.append("pagination", conventions.pages.section);
  write_probe(resources, out);
  out.append("dialects", json::Object{{"update", conventions.update}});
  return out;
}

}  // namespace

std::vector<pack::PackFile> write_pack(const Document& document, const std::string& name,
                                       const Conventions& conventions,
                                       const std::vector<ResourceOutline>& resources,
                                       PlainSchemas& schemas, Faults& faults) {
  std::vector<pack::PackFile> files;
  const References references =
      References::find(document, conventions, resources, schemas.gatherer());
  const Descriptions words(resources, name);
  MethodWriter writer(conventions, schemas, words);
  for (const ResourceOutline& resource : resources) {
    const RecordFields record = fields_of(resource, conventions, references, schemas.gatherer());
    json::Object out;
    out.append("resource", resource.name);
    if (resource.singular != integration::singular(resource.name)) {
      out.append("singular", resource.singular);
    }
    if (!resource.tags.empty()) {
      json::Array tags;
      for (const std::string& tag : resource.tags) tags.emplace_back(tag);
      out.append("tags", std::move(tags));
    }
    if (!record.fields.empty()) out.append("fields", record.fields);
    json::Object methods;
    for (const MethodOutline& method : resource.methods) {
      methods.append(method.name, writer.write(resource, record, method));
    }
    // Each method has its own; that of the list is what `count: true` is below.
    const MethodOutline* list = resource.find("list");
    out.append("path", (list != nullptr ? *list : resource.methods.front()).path.text);
    out.append("methods", std::move(methods));
    files.push_back({name + "/resources/" + resource.name + ".yaml", file_text(out)});
  }
  json::Object about = about_integration(document, name, conventions, resources, faults);
  if (auto section = references.section(); !section.empty()) {
    about.append("references", std::move(section));
  }
  files.push_back({name + "/integration.yaml", file_text(about)});
  return files;
}

}  // namespace patchbay::openapi
