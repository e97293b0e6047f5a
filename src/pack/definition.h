// What the files of a pack share while they are read: the named types, the problems, and the checks
// that must wait until every resource is known. Seen by this room only.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "integration/model.h"
#include "pack/lint.h"
#include "pack/reader.h"

namespace patchbay::pack {

// What is read is the model: its words are this room's own.
using integration::Aggregate;
using integration::Annotations;
using integration::AnswerKind;
using integration::Argument;
using integration::ArgumentPlace;
using integration::Auth;
using integration::AuthStyle;
using integration::Combination;
using integration::Composite;
using integration::CompositeStep;
using integration::Condition;
using integration::CountWhen;
using integration::CredentialField;
using integration::CustomFields;
using integration::Dialects;
using integration::DuplicateGuard;
using integration::Encoding;
using integration::ErrorShape;
using integration::Expansion;
using integration::Field;
using integration::field_paths;
using integration::FieldType;
using integration::Figure;
using integration::FilterOperator;
using integration::find_field_in;
using integration::Integration;
using integration::kCustomFieldFilter;
using integration::KnownBy;
using integration::makes_tool;
using integration::Method;
using integration::MethodKind;
using integration::OutOfUse;
using integration::Overlapping;
using integration::Pagination;
using integration::PaginationStyle;
using integration::Probe;
using integration::Prompt;
using integration::PromptArgument;
using integration::PromptPart;
using integration::RateLimitHeaders;
using integration::Reduction;
using integration::Reference;
using integration::Resource;
using integration::Scope;
using integration::StepValue;
using integration::Verb;
using integration::WrittenAs;
using yaml::Node;

inline constexpr std::size_t kMaxFiles = 5'000;  // of a pack
inline constexpr std::size_t kMostFactors = 4;   // that are multiplied with each other

// Before a boolean of `out_of_use`: that it is false.
inline constexpr std::string_view kNot = "not";

// A named kind of reference (integration.yaml, `references`): which resource it names, how it is
// looked up, and what a record shows of it.
struct ReferenceType {
  Reference reference;          // resource empty: taken by id only
  std::vector<Field> children;  // id and name, unless it says otherwise
};

// An argument that list methods may ask for by name (integration.yaml, `expressions`).
struct Expression {
  std::string description;
};

// A type as a definition writes it: a basic type, a `references` name or an `enums` name.
struct TypeUse {
  FieldType type = FieldType::string;
  std::vector<std::string> values;
  const ReferenceType* reference = nullptr;
};

// What does the job of an argument that tools do not take (`instead_of`).
struct InsteadOf {
  std::string resource;  // empty: of all resources
  std::string method;    // empty: of all methods
  std::string name;      // the argument that is not taken
  std::vector<PromptPart> parts;
  std::string file;
  std::size_t line = 0;
};

class Definition {
 public:
  explicit Definition(ProblemList& problem_list, bool known_sound = false)
      : problems(problem_list), is_known_sound(known_sound) {}

  ProblemList& problems;
  const bool is_known_sound;          // what takes long to check is not checked again
  std::string folder;                 // what paths of this pack begin with: "connectwise_psa/"
  bool names_filter_dialect = false;  // one that there is or not: what needs one is not told again
  bool unreadable_file = false;       // a file is no YAML: what it would have said is unknown
  Integration integration;
  std::map<std::string, ReferenceType, std::less<>> references;
  std::map<std::string, std::vector<std::string>, std::less<>> enums;
  std::map<std::string, Expression> expressions;
  // What says of records that they are out of use: those of these that a resource has.
  std::vector<std::string> out_of_use;
  std::vector<std::string> personal_fields;  // names of fields that are personal in all resources
  std::vector<InsteadOf> instead_of;
  std::vector<std::string> order;  // of resources in listings; the others follow by name
  std::size_t order_line = 0;
  MethodLines method_lines;

  // A problem and `string` if there is no such type.
  TypeUse resolve_type(std::string_view name, std::size_t line, const std::string& what);

  // One that knows what integration.yaml said, to read some of the resources into beside others.
  Definition part(ProblemList& problem_list) const;
  // What a part was told.
  void add(Definition part);

  // Runs after all files are read, where it is not known that nothing is wrong; problems that it
  // reports stand in the file that is read now.
  void later(std::function<void()> check);
  void run_late_checks();

 private:
  struct LateCheck {
    std::string file;
    std::function<void()> check;
  };
  std::vector<LateCheck> late_checks_;
};

// The fields of one resource, with what the model does not keep: how its references are looked up.
struct FieldSet {
  std::vector<Field> fields;
  std::map<std::string, ReferenceType> references;  // by field
};

// "connectwise_psa/resources/tickets.yaml" → "resources/tickets.yaml"
std::string_view below_pack(std::string_view path);
// Whether its values are moments or days.
bool is_time(const Field& field);

}  // namespace patchbay::pack
