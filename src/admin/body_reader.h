// Reads the members of a request's body, and keeps the first error: what is read after it counts
// for nothing, so that whoever reads need ask once only.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/clock.h"
#include "base/error.h"
#include "base/secret.h"
#include "control/edit.h"
#include "json/value.h"

namespace patchbay::admin {

class BodyReader {
 public:
  explicit BodyReader(const json::Object& body) : body_(body) {}

  // A new record's members. null is as good as absent.
  std::string required_text(std::string_view member);
  std::string text(std::string_view member);              // absent: empty
  std::string chosen_text(std::string_view member);       // the same; given empty is an error
  std::optional<WallTime> time(std::string_view member);  // ISO 8601, UTC where no offset is given
  std::chrono::seconds seconds(std::string_view member, std::chrono::seconds most);  // absent: 0
  json::Object object(std::string_view member);         // absent: empty
  json::Object chosen_object(std::string_view member);  // the same; null is an error

  // A change's members: nothing where they are absent.
  std::optional<std::string> changed_text(std::string_view member);     // null is an error
  std::optional<std::string> clearable_text(std::string_view member);   // null: empty
  control::Edit<WallTime> changed_time(std::string_view member);        // null: cleared
  std::optional<json::Object> changed_object(std::string_view member);  // null is an error

  // Who or what is named, by a text or by an id as a number. Absent and null: empty.
  std::string name_or_id(std::string_view member);
  control::Edit<std::string> changed_name_or_id(std::string_view member);  // null: cleared
  // Secrets by their names. Given empty is an error; absent and null: none.
  std::map<std::string, Secret> secrets(std::string_view member);
  control::Edit<std::map<std::string, Secret>> changed_secrets(std::string_view member);

  // For what is read otherwise.
  void refuse(std::string message, std::string hint = {});
  void refuse(Error error);

  // `read`, unless something was wrong (invalid_argument).
  template <class T>
  Result<T> give(T read) {
    if (error_) return std::unexpected(std::move(*error_));
    return read;
  }

 private:
  // Null: absent.
  const json::Value* find(std::string_view member) const { return body_.find(member); }
  std::string text_of(const json::Value& value, std::string_view member);
  std::optional<WallTime> time_of(const json::Value& value, std::string_view member);
  json::Object object_of(const json::Value& value, std::string_view member);

  const json::Object& body_;
  std::optional<Error> error_;
};

}  // namespace patchbay::admin
