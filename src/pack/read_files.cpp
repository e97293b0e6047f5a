// Files: bodies that carry one, answers that are one, and what a request must have whichever of
// several arguments gives it.
#include "pack/read_files.h"

#include <algorithm>

#include "catalog/argument_schema.h"
#include "pack/read_arguments.h"

namespace patchbay::pack {
namespace {

void add_file_argument(Method& method, std::string name, std::string_view description,
                       bool required) {
  Argument argument;
  argument.name = argument.target = std::move(name);
  argument.place = ArgumentPlace::file;
  argument.required = required;
  argument.schema = catalog::argument_schema(FieldType::string, {}, description, false);
  method.arguments.push_back(std::move(argument));
}

void read_multipart(MappingReader& reader, Method& method, Definition& definition) {
  const std::string what = "method '" + method.name + "'";
  const Node* parts = reader.find("parts");
  const Node* file = reader.find("file");
  if (method.encoding != Encoding::multipart) {
    for (const Node* node : {parts, file}) {
      if (node == nullptr) continue;
      definition.problems.error(node->line, what + ": only a multipart body has parts",
                                "add `encoding: multipart`, or write `body:`");
    }
    return;
  }
  if (method.verb != Verb::post && method.verb != Verb::put) {
    definition.problems.error(reader.line(), what + ": a multipart body needs a verb that takes it",
                              "use post or put");
  }
  if (parts != nullptr) read_parameters(*parts, "parts", method, definition, ArgumentPlace::body);
  method.file_part = reader.text("file", "file");
  // The file by its bytes; a text may stand as it is, since models miscount base64.
  add_file_argument(method, "fileName", "With extension: report.pdf", true);
  add_file_argument(method, "content", "The file in base64", false);
  add_file_argument(method, "text", "A text file's content, in place of content", false);
  add_file_argument(method, "mimeType", "Else from name and content", false);
}

}  // namespace

void read_files(MappingReader& reader, Method& method, Definition& definition) {
  const std::string what = "method '" + method.name + "'";
  method.encoding = reader.word("encoding", kEncodings, Encoding::json);
  method.answer = reader.word("answer", kAnswers, AnswerKind::json);
  read_multipart(reader, method, definition);
  if (method.answer == AnswerKind::file &&
      (method.kind != MethodKind::custom || method.verb != Verb::get)) {
    definition.problems.error(reader.find("answer")->line,
                              what + ": only a custom method that gets may answer with a file",
                              "name it `download`, with `verb: get`");
  }
}

void read_needs(MappingReader& reader, Method& method, Definition& definition) {
  method.needs = reader.texts("needs");
  std::vector<std::string> known;
  for (const Argument& argument : method.arguments) {
    if (argument.place == ArgumentPlace::query || argument.place == ArgumentPlace::body) {
      known.push_back(argument.target);
    }
  }
  for (const std::string& name : method.needs) {
    if (std::ranges::find(known, name) != known.end()) continue;
    definition.problems.error(
        reader.find("needs")->line,
        "method '" + method.name + "': nothing gives the needed '" + name + "'",
        suggest(name, known));
  }
}

}  // namespace patchbay::pack
