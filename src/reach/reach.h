// What a server that is held to some records may reach: its limits, and what they mean for the
// records of each resource and the arguments of each tool. Pure; who asks stands in the gateway.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "base/mutex.h"
#include "integration/model.h"
#include "json/value.h"
#include "reach/ways.h"

namespace patchbay::reach {

// An argument, and the only values that it may have: whole numbers, or texts.
struct Limit {
  std::string argument;
  json::Array values;
  bool owner = false;  // the argument that says whose records: integers, and held everywhere

  bool fixed() const { return values.size() == 1; }
  bool allows(const json::Value& value) const;  // an array: each of its elements
  std::string told() const;                     // "4, 7"
};

// What the records of a list must have.
struct Term {
  std::string field;  // "company/id"
  bool number = false;
  const Limit* limit = nullptr;
};

// The records that were found to be within, for a moment. Thread-safe, and bounded.
class Known {
 public:
  bool has(const std::string& path, MonotonicTime not_before) const;
  void add(const std::string& path, MonotonicTime now) const;

 private:
  mutable Mutex mutex_;
  mutable std::map<std::string, MonotonicTime, std::less<>> within_ PATCHBAY_GUARDED_BY(mutex_);
};

class Reach {
 public:
  // Errors: invalid_argument (a value that is no whole number or text, no value, the owner named by
  // anything but ids, more than 50 values).
  static Result<std::shared_ptr<const Reach>> make(std::shared_ptr<const Ways> ways,
                                                   const json::Object& limits);

  const Ways& ways() const { return *ways_; }
  const std::vector<Limit>& limits() const { return limits_; }
  // Null: only arguments are narrowed.
  const Limit* owner() const;
  // Which limits these are: what was learnt within some is not known within others.
  const std::string& digest() const { return digest_; }

  // Of a list's records, each to hold. Empty: nothing of their own holds them.
  std::vector<Term> terms(const integration::Resource& resource) const;
  // Whether a record by its own fields is within. `parent_id`: of the record before it in its path.
  bool holds(const integration::Resource& resource, const json::Value& record,
             std::string_view parent_id) const;
  // The fields that say so.
  std::vector<std::string> telling_fields(const integration::Resource& resource) const;
  // Takes out what may be another owner's: of references to owners the others, of references that
  // may lead to another's record all but their id, and what the definition does not describe.
  void cut(const integration::Resource& resource, json::Value& record) const;
  // References whose fields a caller may not compare or sort by, since they are cut.
  std::vector<std::string> hidden(const integration::Resource& resource) const;

  // The limit that an argument of the method stands under, or null.
  const Limit* limit_of(const integration::Resource& resource, const integration::Method& method,
                        const integration::Argument& argument) const;

  Known known;

 private:
  enum class Shown : std::uint8_t { whole, id_only, if_owner };
  Shown shown(const integration::Resource& resource, const integration::Field& field) const;
  void cut_field(const integration::Resource& resource, const integration::Field& field,
                 json::Value& value) const;
  void cut_members(const integration::Resource& resource,
                   const std::vector<integration::Field>& fields, json::Object& members) const;
  std::optional<Term> narrowed_by(const integration::Resource& resource, const Limit& limit) const;
  bool names_owner(const integration::Resource& resource, const integration::Method& method,
                   const integration::Argument& argument) const;

  std::shared_ptr<const Ways> ways_;
  std::vector<Limit> limits_;
  std::string digest_;
};

}  // namespace patchbay::reach
