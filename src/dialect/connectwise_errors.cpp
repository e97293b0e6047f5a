#include <algorithm>

#include "base/text.h"
#include "dialect/connectwise.h"
#include "dialect/field_path.h"

namespace patchbay::dialect {

namespace {

Advice advise_on_condition(const UpstreamRefusal& refusal, const integration::Resource& resource) {
  Advice advice;
  advice.code = ErrorCode::invalid_argument;
  static constexpr std::string_view kUnknown = " is not a recognized name.";
  if (refusal.message.ends_with(kUnknown)) {
    const auto name =
        std::string_view(refusal.message).substr(0, refusal.message.size() - kUnknown.size());
    advice.message =
        "The API cannot filter " + to_lower(resource.label) + " by '" + std::string(name) + "'.";
    auto near = nearest_paths(resource.fields, name, FieldUse::filter, 5);
    if (std::ranges::any_of(
            near, [&](std::string_view path) { return equal_ignoring_case(path, name); })) {
      advice.hint = "This version of the API does not know it: leave that filter out.";
      return advice;
    }
    advice.hint = did_you_mean(near);
    if (advice.hint.empty()) advice.hint = "Use the typed filter arguments of this tool.";
    return advice;
  }
  advice.message = refusal.message;
  advice.hint = refusal.message.starts_with("Enum value")
                    ? "One of the compared values is not among those that its field knows."
                    : "Correct the conditions, or use the typed filter arguments of this tool.";
  return advice;
}

// "configuration object is invalid" says nothing; what stands in `fields` does.
Advice advise_on_object(const UpstreamRefusal& refusal, const integration::Resource& resource) {
  Advice advice = advise_by_status(refusal, resource);
  advice.code = ErrorCode::invalid_argument;
  std::vector<std::string> messages;
  for (const auto& field : refusal.fields) {
    if (field.code == "NotFound") advice.unknown_references.push_back(field.field);
    if (field.code == "MissingRequiredField" && !field.field.empty()) {
      advice.missing_fields.push_back(field.field);
    }
    if (field.code == "ObjectExists") advice.code = ErrorCode::conflict;
    if (!field.message.empty()) messages.push_back(field.message);
  }
  if (!messages.empty()) advice.message = join(messages, " ");
  if (!advice.missing_fields.empty()) {
    advice.hint.clear();
  } else if (advice.code == ErrorCode::conflict) {
    advice.hint = "Such a record exists already: list " + to_lower(resource.label) +
                  " and update that one instead.";
  } else if (!advice.unknown_references.empty()) {
    const bool of_board = std::ranges::any_of(advice.unknown_references, [](const auto& field) {
      const auto head = std::string_view(field).substr(0, field.find('/'));
      return head == "status" || head == "type" || head == "subType" || head == "item" ||
             head == "team";
    });
    advice.hint = of_board
                      ? "A record that is named does not exist, or not in that place: statuses, "
                        "types, subtypes and items belong to one board."
                      : "A record that is named does not exist: check its id.";
  }
  return advice;
}

constexpr std::string_view kNoSuchEndpoint = "The endpoint does not exist";

// A record that is not there is told by the code NotFound. Any other 404 is about the address, and
// no list has what would mend it.
Advice advise_on_address(const UpstreamRefusal& refusal, const integration::Resource& resource) {
  Advice advice = advise_by_status(refusal, resource);
  if (refusal.message.starts_with(kNoSuchEndpoint)) {
    advice.code = ErrorCode::unsupported;
    advice.message =
        "This ConnectWise has no such endpoint: its version is older, or it lacks the module of " +
        to_lower(resource.label) + '.';
    advice.hint = "No argument can mend it; use another tool.";
    return advice;
  }
  advice.code = ErrorCode::upstream;
  advice.message =
      "ConnectWise answered 404 without naming a record: so its cloud refuses keys that it does "
      "not know, "
      "and a wrong address.";
  advice.hint =
      "Whoever runs this server must check the account's keys, company id and site; no argument "
      "can mend "
      "it.";
  return advice;
}

class ConnectwiseConventions final : public Conventions {
 public:
  Advice advise(const UpstreamRefusal& refusal,
                const integration::Resource& resource) const override {
    if (refusal.code == "ApiFindCondition") return advise_on_condition(refusal, resource);
    if (refusal.code == "InvalidObject" && (refusal.status == 400 || refusal.status == 0)) {
      return advise_on_object(refusal, resource);
    }
    if (refusal.message.starts_with("Cannot route")) {
      Advice advice = advise_by_status(refusal, resource);
      advice.code = ErrorCode::upstream;
      advice.message = "ConnectWise does not know the address that this account is set up with.";
      advice.hint =
          "Whoever runs this server must check the account's site, codebase and company "
          "id; no argument can mend it.";
      return advice;
    }
    const bool of_address = refusal.message.starts_with(kNoSuchEndpoint);
    if (refusal.status == 404 && (refusal.code != "NotFound" || of_address)) {
      return advise_on_address(refusal, resource);
    }
    if (refusal.code == "Unauthorized" ||
        (refusal.code == "ConnectWiseApi" && refusal.message.contains("UserNotAuthenticated"))) {
      UpstreamRefusal unauthorized{401, refusal.code, "", {}};
      return advise_by_status(unauthorized, resource);
    }
    if (refusal.status == 500 && refusal.message.starts_with("Error converting value")) {
      Advice advice = advise_by_status(refusal, resource);
      advice.code = ErrorCode::invalid_argument;
      advice.message = "ConnectWise could not read one of the values: it has the wrong type.";
      advice.hint = "Check the types of the values in the tool's schema.";
      advice.certainly_not_applied = true;
      return advice;
    }
    if (contains_ignoring_case(refusal.message, "report period")) {
      Advice advice = advise_by_status(refusal, resource);
      advice.code = ErrorCode::invalid_argument;
      advice.message = refusal.message;
      advice.hint =
          "The time period of that date is closed or was never opened; use a date in an "
          "open period, or ask an administrator to open it.";
      return advice;
    }
    Advice advice = advise_by_status(refusal, resource);
    for (const auto& field : refusal.fields) {
      if (field.code == "NotFound") advice.unknown_references.push_back(field.field);
    }
    return advice;
  }
};

}  // namespace

const Conventions& connectwise_conventions() {
  static const ConnectwiseConventions conventions;
  return conventions;
}

}  // namespace patchbay::dialect
