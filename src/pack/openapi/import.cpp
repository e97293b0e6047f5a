// The door. Nothing is thrown across it.
#include "pack/openapi/import.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "catalog/tool.h"
#include "integration/naming.h"
#include "pack/openapi/conventions.h"
#include "pack/openapi/document.h"
#include "pack/openapi/faults.h"
#include "pack/openapi/outline.h"
#include "pack/openapi/plain_schema.h"
#include "pack/openapi/words.h"
#include "pack/openapi/write_pack.h"
#include "yaml/yaml.h"

namespace patchbay::openapi {
namespace {

constexpr std::size_t kMaxName = 32;
constexpr std::size_t kMaxFileBytes = yaml::Limits().max_bytes;
// A million operations' worth of the largest known documents: what needs more multiplies itself.
constexpr std::size_t kMaxSteps = 30'000'000;

class Import {
 public:
  Import(const Document& document, const ImportRequest& request)
      : document_(document),
        request_(request),
        faults_(document),
        work_(kMaxSteps),
        schemas_(document, work_) {}

  ImportOutcome run() {
    ImportOutcome outcome;
    tell("reading the operations");
    check_references(document_, faults_);
    if (!faults_.has_errors()) make(outcome);
    if (work_.is_spent()) {
      faults_.error("", "its schemas multiply each other beyond 30,000,000 steps",
                    "import a part of the document");
    }
    check_sizes(outcome);
    const bool faulty = faults_.has_errors();
    if (!faulty) check(outcome);
    auto problems = faults_.take();
    std::ranges::move(problems, std::back_inserter(outcome.problems));
    if (faulty) outcome.files.clear();
    return outcome;
  }

 private:
  void tell(std::string_view step) const {
    if (request_.progress) request_.progress(step);
  }

  void make(ImportOutcome& outcome) {
    Operations operations = read_operations(document_, faults_);
    outcome.operations = operations.in_document;
    Shapes shapes = shapes_of(operations);
    tell("finding its conventions");
    const Conventions conventions =
        find_conventions(operations, lists_of(shapes), schemas_.gatherer());
    leave_out(operations, conventions);
    shapes = shapes_of(operations);  // the operations have moved
    const auto resources = outline(document_, operations, shapes, conventions, request_.name);
    outcome.left_out = std::move(operations.left_out);
    std::ranges::sort(outcome.left_out, {}, &LeftOut::operation);
    if (resources.empty() && !faults_.has_errors()) {
      faults_.error("/paths", "none of its operations makes a tool", "see those that are left out");
    }
    tell("writing the definition");
    outcome.files = write_pack(document_, request_.name, conventions, resources, schemas_, faults_);
  }

  Shapes shapes_of(const Operations& operations) {
    Shapes shapes;
    for (const Operation& operation : operations.all) {
      const auto end = operation.path.find_last_not_of('/');
      const auto trimmed = operation.path.substr(0, end == operation.path.npos ? 0 : end + 1);
      ListShape shape;
      shape.record = operation.answer.schema;
      if (operation.verb == integration::Verb::get) {
        shape = shape_of(operation, trimmed.substr(trimmed.rfind('/') + 1), schemas_.gatherer());
      }
      shapes.emplace(&operation, std::move(shape));
    }
    return shapes;
  }

  static std::vector<ListOperation> lists_of(const Shapes& shapes) {
    std::vector<ListOperation> lists;
    for (const auto& [operation, shape] : shapes) {
      if (shape.is_list) lists.push_back({operation, &shape});
    }
    return lists;
  }

  void leave_out(Operations& operations, const Conventions& conventions) {
    std::erase_if(operations.all, [&](const Operation& operation) {
      auto why = why_left_out(operation, conventions, schemas_.gatherer());
      if (!why) return false;
      operations.leave_out(document_, told(operation), std::move(*why), operation.pointer);
      return true;
    });
  }

  // What a reader of packs takes: one resource may have more operations than fit into its file.
  void check_sizes(const ImportOutcome& outcome) {
    for (const pack::PackFile& file : outcome.files) {
      if (file.text.size() <= kMaxFileBytes) continue;
      faults_.error("/paths", "what it says of one resource is larger than 1 MiB: " + file.path,
                    "import a part of the document");
    }
  }

  // As the server will read it.
  void check(ImportOutcome& outcome) {
    tell("checking the definition");
    pack::LoadOutcome loaded = pack::load_pack(outcome.files);
    outcome.problems = std::move(loaded.problems);
    if (!loaded.integration) {
      outcome.files.clear();
      return;
    }
    const auto tools = catalog::ToolCatalog::generate(loaded.integration);
    if (!tools) {
      outcome.problems.push_back({request_.name, 0, tools.error().message, tools.error().hint});
      outcome.files.clear();
      return;
    }
    outcome.integration = std::move(loaded.integration);
  }

  const Document& document_;
  const ImportRequest& request_;
  Faults faults_;
  Work work_;
  PlainSchemas schemas_;
};

ImportOutcome refuse(pack::Problem problem) {
  ImportOutcome outcome;
  outcome.problems.push_back(std::move(problem));
  return outcome;
}

}  // namespace

ImportOutcome import_document(std::string_view text, const ImportRequest& request) {
  if (!integration::is_snake_name(request.name) || request.name.size() > kMaxName) {
    return refuse({request.file, 0,
                   "'" + request.name.substr(0, 100) + "' is no name of an integration",
                   "use a-z, 0-9 and single _, at most 32"});
  }
  try {
    if (request.progress) request.progress("reading the document");
    auto document = Document::parse(text, request.file);
    if (!document) return refuse(std::move(document.error()));
    return Import(*document, request).run();
  } catch (const std::exception& error) {
    // Out of memory, most likely.
    return refuse({request.file, 0, std::string("could not be read: ") + error.what(),
                   "import a part of the document"});
  }
}

}  // namespace patchbay::openapi
